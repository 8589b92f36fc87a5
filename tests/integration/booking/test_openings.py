"""The directory hears of soonest free times: when they change, and only then."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from deploy.local.stack import Stack
from services.booking.models import OpeningsDue, ScheduleOverride
from services.booking.operations import openings, setup, slots
from services.booking.operations.book import SETTLING
from services.common.auth import Actor
from services.contracts.base import Format, PartOfDay
from services.contracts.booking.offerings import ListNextSlots
from tests.integration.booking.owner import as_owner
from tests.integration.booking.practice import NOW, Practice, at

LATER = datetime.max.replace(tzinfo=NOW.tzinfo)


def tick(practice: Practice, now: datetime = NOW) -> datetime:
    """Work out this practitioner if due; when it is due next."""
    with practice.database.plumbing() as tx:
        others = OpeningsDue.practitioner_id != practice.practitioner_id
        tx.execute(update(OpeningsDue).where(others).values(due_at=LATER - timedelta(days=1)))
        openings.announce_next(tx, now=now)
    with practice.database.plumbing() as tx:
        row = tx.get(OpeningsDue, practice.practitioner_id)
        assert row is not None
        return row.due_at


def told(practice: Practice) -> list[list[object]]:
    """The soonest times of each event, as (part of day, start)."""
    return [
        [(one["part_of_day"], one["next_free_at"]) for one in event["openings"]]  # type: ignore[attr-defined]
        for event in practice.events("openings_changed")
    ]


def test_the_soonest_start_per_part_of_day_is_told(practice: Practice) -> None:
    """Today 9:00 and 12:00 in Berlin; nobody works in the evening."""
    tick(practice)
    assert told(practice) == [
        [("morning", "2093-11-23T08:00:00Z"), ("afternoon", "2093-11-23T11:00:00Z")]
    ]
    [event] = practice.events("openings_changed")
    assert event["openings"][0]["formats"] == ["in_person", "online"]  # type: ignore[index]


def test_nothing_is_told_while_the_soonest_times_stay(practice: Practice) -> None:
    """A booking later in the day makes it due, and no event."""
    tick(practice)
    practice.book(at(14, days=2))
    assert tick(practice, NOW + SETTLING) > NOW + SETTLING
    assert len(told(practice)) == 1


def test_a_booking_of_the_soonest_start_moves_it(practice: Practice) -> None:
    """And its lapse, by the clock alone, moves it back."""
    tick(practice)
    practice.book(at(9, days=-1))
    due_at = tick(practice, NOW + SETTLING)
    assert due_at == NOW + timedelta(minutes=10)
    tick(practice, due_at)
    mornings = [openings[0] for openings in told(practice)]
    assert mornings == [
        ("morning", "2093-11-23T08:00:00Z"),
        ("morning", "2093-11-23T09:00:00Z"),
        ("morning", "2093-11-23T08:00:00Z"),
    ]


def test_an_opening_ends_with_its_notice_and_not_only_with_its_start(practice: Practice) -> None:
    """With two hours of notice the 10:00 opening is due to end just after 8:00."""
    with practice.transaction() as tx:
        offering = replace(practice.offering, notice_minutes=120)
        setup.add_offering(tx, offering, now=NOW)
    due_at = tick(practice)
    assert due_at == NOW + timedelta(milliseconds=1)
    tick(practice, due_at)
    mornings = [openings[0] for openings in told(practice)]
    assert mornings == [
        ("morning", "2093-11-23T09:00:00Z"),
        ("morning", "2093-11-23T09:30:00Z"),
    ]


def test_who_has_no_opening_leaves_the_directory(practice: Practice) -> None:
    """An empty list is told once."""
    tick(practice)
    with practice.transaction() as tx:
        year = setup.NewClosure(practice.id, uuid4(), NOW.date(), NOW.date() + timedelta(days=365))
        setup.add_closure(tx, year, now=NOW)
    tick(practice)
    assert told(practice)[-1] == []
    assert practice.starts() == []


def test_a_calendar_that_cannot_be_read_keeps_nobody_else_waiting(practice: Practice) -> None:
    """It is put off for a minute; whoever is due next is worked out."""
    with practice.transaction() as tx:
        broken = [[600, 540]]
        row = {"practitioner_id": practice.practitioner_id, "applies_on": NOW.date()}
        tx.add(ScheduleOverride(practice_id=practice.id, windows=broken, **row))
    assert tick(practice) == NOW + timedelta(minutes=1)
    assert told(practice) == []


def test_cards_of_many_practices_are_read_together(practice: Practice) -> None:
    """Each one's own next starts, in the order asked; the tenant of the call does not matter."""
    other = Practice(practice.database).open()
    practice.book(at(9, days=-1))
    ids = [other.practitioner_id, practice.practitioner_id, uuid4()]
    asked = ListNextSlots(practitioner_ids=ids)
    with practice.database.transaction(Actor()) as tx:
        found = slots.list_next_slots(tx, asked, now=NOW)
    starts = [[(start - int(NOW.timestamp())) / 3600 for start in card.starts] for card in found]
    assert [card.practitioner_id for card in found] == ids[:2]
    assert starts == [[1.0, 1.5, 2.0], [2.0, 2.5, 3.0]]


@pytest.mark.parametrize(
    ("filters", "hours"),
    [
        ({"part_of_day": PartOfDay.AFTERNOON}, [4.0, 4.5, 5.0]),
        ({"before": NOW + timedelta(hours=2)}, [1.0, 1.5]),
        ({"format": Format.ONLINE, "count": 1}, [1.0]),
        ({"part_of_day": PartOfDay.EVENING}, []),
        ({"is_spread": True}, [1.0, 2.0, 3.0]),
    ],
)
def test_cards_show_what_was_searched_for(
    practice: Practice, filters: dict[str, object], hours: list[float]
) -> None:
    """Part of day, latest start, format and count."""
    asked = ListNextSlots(practitioner_ids=[practice.practitioner_id], **filters)
    with practice.database.transaction(Actor()) as tx:
        [card] = slots.list_next_slots(tx, asked, now=NOW)
    assert [(start - int(NOW.timestamp())) / 3600 for start in card.starts] == hours


def test_cards_show_the_offering_that_is_asked_for_while_it_is_offered(practice: Practice) -> None:
    """Else the first one: a retired offering, or one of somebody else, shows nobody's times."""
    longer = replace(practice.offering, id=uuid4(), minutes=90, position=1)
    other = Practice(practice.database).open()
    with practice.transaction() as tx:
        setup.add_offering(tx, longer, now=NOW)
    for wanted, shown in (
        ([longer.id], longer.id),
        ([other.offering_id, uuid4()], practice.offering_id),
        ([], practice.offering_id),
    ):
        asked = ListNextSlots(practitioner_ids=[practice.practitioner_id], offering_ids=wanted)
        with practice.database.transaction(Actor()) as tx:
            [card] = slots.list_next_slots(tx, asked, now=NOW)
        assert card.offering_id == shown


def test_an_error_of_the_database_keeps_nobody_else_waiting_either(
    practice: Practice, servers: Stack
) -> None:
    """What cannot be written for one practitioner is put off; the poller's transaction goes on."""
    refuses = f"CHECK (practitioner_id <> '{practice.practitioner_id}') NOT VALID"
    table = "ALTER TABLE booking.openings_announced"
    as_owner(servers, f"{table} ADD CONSTRAINT refuses_one {refuses}")
    try:
        assert tick(practice) == NOW + timedelta(minutes=1)
    finally:
        as_owner(servers, f"{table} DROP CONSTRAINT refuses_one")
    assert told(practice) == []
    assert tick(practice, NOW + timedelta(minutes=1)) > NOW + timedelta(minutes=1)
    assert len(told(practice)) == 1
