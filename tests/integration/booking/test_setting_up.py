"""Setting a practice up: repeatable, named refusals, a year of sessions in sets."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.booking.domain.schedule import Override, Window
from services.booking.models import Booking, BusyTime, Offering, OpeningsDue, Schedule, Session
from services.booking.operations import history, setup
from tests.integration.booking.practice import NOW, Practice, at


def known(practice: Practice, starts_at: datetime, state: str = "attended") -> history.KnownSession:
    return history.KnownSession(
        id=uuid4(),
        booking_id=uuid4(),
        offering_id=practice.offering_id,
        practitioner_id=practice.practitioner_id,
        client_id=uuid4(),
        starts_at=starts_at,
        format="online",
        state=state,
        booked_at=starts_at - timedelta(days=7),
        cancelled_at=starts_at - timedelta(days=3) if state == "cancelled" else None,
    )


def take_over(practice: Practice, *sessions: history.KnownSession) -> None:
    with practice.transaction() as tx:
        history.take_over_sessions(tx, practice.id, sessions, now=NOW)


def count(practice: Practice, table: type[Booking | Session | Offering]) -> int:
    with practice.transaction() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_set_up_twice_leaves_the_same_rows(practice: Practice) -> None:
    """The video room keeps its address, too."""
    with practice.transaction() as tx:
        before = tx.scalar(select(Schedule.video_url))
    practice.open()
    with practice.transaction() as tx:
        assert tx.scalars(select(Schedule.video_url)).all() == [before]
    assert count(practice, Offering) == 1


def test_set_up_again_changes_all_but_the_price(practice: Practice) -> None:
    """Prices are published by billing alone."""
    with practice.transaction() as tx:
        changed = replace(practice.offering, name="Long session", minutes=80, price_id=uuid4())
        setup.add_offering(tx, changed, now=NOW)
    with practice.transaction() as tx:
        offering = tx.scalars(select(Offering)).one()
    assert (offering.name, offering.minutes) == ("Long session", 80)
    assert offering.price_id == practice.price_id


def test_a_past_year_is_taken_over_once_and_in_sets(practice: Practice) -> None:
    """Past, cancelled and coming sessions; repeating it changes nothing and tells nobody."""
    year = [known(practice, NOW + timedelta(days=-7 * week, hours=2)) for week in range(1, 53)]
    gone = known(practice, at(10, days=-7), "cancelled")
    coming = known(practice, at(10), "confirmed")
    for _ in range(2):
        take_over(practice, *year, gone, coming)
    assert (count(practice, Session), count(practice, Booking)) == (54, 54)
    assert practice.stored(gone.booking_id).seat_no is None
    assert at(10) not in practice.starts()
    assert practice.events("booking_confirmed") == []


def test_only_firm_sessions_of_known_offerings_are_taken_over(practice: Practice) -> None:
    """The refusal names the field, and nothing is written."""
    with pytest.raises(ValueError, match="state"):
        take_over(practice, known(practice, at(10)), known(practice, at(12), "held"))
    with pytest.raises(ValueError, match="offering_id"):
        take_over(practice, replace(known(practice, at(10)), offering_id=uuid4()))
    assert count(practice, Session) == 0


def test_an_override_replaces_the_hours_of_its_date(practice: Practice) -> None:
    """An hour in the evening instead of the day; then nothing at all."""
    for windows, starts in (((Window(18 * 60, 19 * 60),), [at(18)]), ((), [])):
        with practice.transaction() as tx:
            override = Override(at(9).date(), windows)
            setup.set_override(tx, practice.id, practice.practitioner_id, override, now=NOW)
        assert practice.starts() == starts


def test_time_off_closures_and_busy_times_are_no_slots(practice: Practice) -> None:
    """Each by its own rule; what a practice closes marks the calendar for the directory."""
    tuesday, wednesday = date(2093, 11, 24), date(2093, 11, 25)
    with practice.transaction() as tx:
        due = tx.get(OpeningsDue, practice.practitioner_id)
        assert due is not None
        due.due_at = datetime(2100, 1, 1, tzinfo=UTC)
    with practice.transaction() as tx:
        off = setup.NewTimeOff(practice.id, uuid4(), practice.practitioner_id, tuesday, tuesday)
        setup.add_time_off(tx, off, now=NOW)
        setup.add_closure(tx, setup.NewClosure(practice.id, uuid4(), wednesday, wednesday), now=NOW)
        tx.add(
            BusyTime(
                practice_id=practice.id,
                id=uuid4(),
                practitioner_id=practice.practitioner_id,
                starts_at=at(9, days=2),
                ends_at=at(16, days=2),
            )
        )
    assert practice.starts() == practice.starts(on=at(9, days=1)) == []
    assert practice.starts(on=at(9, days=2)) == [at(16, days=2)]
    with practice.transaction() as tx:
        marked = tx.get(OpeningsDue, practice.practitioner_id)
        assert marked is not None
        assert marked.due_at == NOW


def test_a_policy_under_which_waiting_would_pay_is_refused(practice: Practice) -> None:
    """The field is named and nothing is written."""
    with practice.transaction() as tx, pytest.raises(ValueError, match="tiers"):
        setup.add_policy(tx, setup.NewPolicy(practice.id, uuid4(), ((24, 50), (48, 100))))


def test_an_offering_that_needs_a_room_where_there_is_none_is_refused(practice: Practice) -> None:
    """By name, before it is written; online, not offered, or with a room it is taken."""
    new = replace(practice.offering, id=uuid4(), needs_room=True)
    with practice.transaction() as tx, pytest.raises(ValueError, match="needs_room"):
        setup.add_offering(tx, new, now=NOW)
    assert count(practice, Offering) == 1
    with practice.transaction() as tx:
        setup.add_offering(tx, replace(new, formats=("online",)), now=NOW)
        setup.add_offering(tx, replace(new, is_active=False), now=NOW)
        setup.add_room(tx, setup.NewRoom(practice.id, practice.room_id, "Room 1"))
        setup.add_offering(tx, new, now=NOW)
    assert count(practice, Offering) == 2
