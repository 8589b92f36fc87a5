"""Staff edit a calendar: who may, what stands afterwards, what two browsers do to each other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg2.errors
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from services.booking.models import OpeningsDue, ScheduleChange
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.booking.hours import (
    AddTimeOff,
    RemoveTimeOff,
    ScheduleCommand,
    SetDateHours,
    SetWeeklyHours,
    UndoScheduleChange,
    WeekdayHours,
)
from services.contracts.booking.refusals import ScheduleChanged
from tests.integration.booking.editing import (
    TUESDAY,
    calendars_of,
    do,
    hours,
    on_tuesdays,
    preview,
    seen,
    send,
    treating,
)
from tests.integration.booking.practice import NOW, Practice, at


def test_saved_hours_are_slots_at_once_and_mark_the_directory(practice: Practice) -> None:
    """Until midnight, too; the version counts on, and who changed it is kept."""
    with practice.transaction() as tx:
        tx.execute(update(OpeningsDue).values(due_at=datetime(2100, 1, 1, tzinfo=UTC)))
    do(practice, SetWeeklyHours, weekly=on_tuesdays("10:00-11:00", "23:00-24:00"))
    assert practice.starts() == [at(10), at(23)]
    found = seen(practice)
    assert found.version == 2
    assert found.weekly[1] == WeekdayHours(weekday=2, windows=hours("10:00-11:00", "23:00-24:00"))
    assert [one.windows for one in found.weekly if one.weekday != 2] == [[]] * 6
    with practice.transaction() as tx:
        due = tx.get(OpeningsDue, practice.practitioner_id)
        assert due is not None
        assert due.due_at == NOW
        assert tx.scalars(select(ScheduleChange.account_id)).all() == [
            practice.practitioner_account
        ]


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        (SetWeeklyHours, {"weekly": on_tuesdays("12:00-10:00")}, "weekly.0.windows.0.closes"),
        (SetWeeklyHours, {"weekly": on_tuesdays("09:03-10:00")}, "weekly.0.windows.0.opens"),
        (
            SetWeeklyHours,
            {"weekly": on_tuesdays("09:00-12:00", "11:00-13:00")},
            "weekly.0.windows.1.opens",
        ),
        (SetDateHours, {"on": TUESDAY, "windows": hours("12:00-10:00")}, "windows.0.closes"),
        (SetDateHours, {"on": TUESDAY - timedelta(days=9), "windows": []}, "on"),
        (AddTimeOff, {"first_on": TUESDAY, "last_on": TUESDAY - timedelta(days=1)}, "last_on"),
        (
            AddTimeOff,
            {
                "first_on": date(2094, 3, 28),
                "last_on": date(2094, 3, 28),
                "from_time": "02:00",
                "until_time": "03:00",
            },
            "until_time",
        ),
        (SetDateHours, {"on": TUESDAY, "windows": [], "version": 7}, "version"),
    ],
)
def test_a_flaw_names_its_field_and_nothing_is_saved(
    practice: Practice, kind: type[ScheduleCommand], fields: dict[str, Any], named: str
) -> None:
    """The hour that the clocks skip is no time off either."""
    with pytest.raises(InvalidInput) as refused:
        do(practice, kind, **fields)
    assert set(refused.value.detail) == {named}
    assert seen(practice).version == 1


def test_a_date_has_other_hours_or_is_closed_or_has_the_weekly_ones_again(
    practice: Practice,
) -> None:
    """Only the last two are a removal's undoing of each other."""
    do(practice, SetDateHours, on=TUESDAY, windows=hours("18:00-19:00"))
    assert practice.starts() == [at(18)]
    do(practice, SetDateHours, on=TUESDAY, windows=[])
    assert practice.starts() == []
    assert [(one.on, one.windows) for one in seen(practice).dates] == [(TUESDAY, [])]
    do(practice, SetDateHours, on=TUESDAY)
    assert len(practice.starts()) > 10
    last = seen(practice).last_change
    assert last is not None
    assert (last.on, last.is_removal) == (TUESDAY, True)


def test_time_off_is_days_or_a_part_of_them(practice: Practice) -> None:
    """In the schedule's zone; what is over is not listed."""
    do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY, from_time="10:00")
    assert practice.starts() == [at(9)]
    do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY + timedelta(days=1))
    assert practice.starts() == practice.starts(on=at(9, days=1)) == []
    days, part = seen(practice).time_off
    assert (days.first_on, days.last_on) == (TUESDAY, TUESDAY + timedelta(days=1))
    assert (days.starts_at, days.ends_at) == (at(0), at(0, days=2))
    assert (part.first_on, part.starts_at, part.ends_at) == (None, at(10), at(0, days=1))
    do(practice, RemoveTimeOff, time_off_id=days.id)
    assert [one.id for one in seen(practice).time_off] == [part.id]
    assert seen(practice, now=NOW + timedelta(days=9)).time_off == []


def test_what_was_removed_comes_back_as_it_was(practice: Practice) -> None:
    """Undone once more it is gone again; only the last change can be undone."""
    off = do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY)
    before = seen(practice).time_off
    do(practice, RemoveTimeOff, time_off_id=off.id)
    undo = do(practice, UndoScheduleChange)
    assert seen(practice).time_off == before
    send(practice, undo, treating(practice))
    assert seen(practice).time_off == before
    do(practice, UndoScheduleChange)
    assert seen(practice).time_off == []
    with pytest.raises(ScheduleChanged):
        do(practice, UndoScheduleChange, version=2)


def test_a_calendar_that_nobody_changed_has_nothing_to_undo(practice: Practice) -> None:
    """Neither on the page nor by asking."""
    assert seen(practice).last_change is None
    with pytest.raises(NotFound):
        do(practice, UndoScheduleChange)


def test_two_browsers_do_not_overwrite_each_other(practice: Practice) -> None:
    """The later one is told what changed; what it did not touch is no conflict."""
    do(practice, SetWeeklyHours, weekly=on_tuesdays("10:00-11:00"), version=1)
    with pytest.raises(ScheduleChanged) as refused:
        do(practice, SetWeeklyHours, weekly=on_tuesdays("14:00-15:00"), version=1)
    told = refused.value.detail
    assert told["version"] == "2"
    assert told["weekly.2"] == "10:00-11:00 (was 09:00-17:00)"
    assert told["weekly.1"] == "closed (was 09:00-17:00)"
    assert practice.starts() == [at(10)]
    do(practice, SetDateHours, on=TUESDAY, windows=[], version=1)
    with pytest.raises(ScheduleChanged) as refused:
        do(practice, SetDateHours, on=TUESDAY, windows=hours("09:00-10:00"), version=2)
    assert refused.value.detail["on"] == "closed (was the weekly hours)"
    do(practice, SetWeeklyHours, weekly=on_tuesdays("14:00-15:00"), version=2)


def test_what_was_changed_and_changed_back_is_no_conflict(practice: Practice) -> None:
    """What the second browser saw is what stands."""
    off = do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY)
    do(practice, RemoveTimeOff, time_off_id=off.id)
    do(practice, UndoScheduleChange)
    do(practice, RemoveTimeOff, time_off_id=off.id, version=2)
    with pytest.raises(ScheduleChanged) as refused:
        do(practice, RemoveTimeOff, time_off_id=off.id, version=4)
    assert refused.value.detail["time_off_id"] == "is no longer there"


def test_the_same_change_twice_is_one(practice: Practice) -> None:
    """Under the same id; other content under it is refused, and so is another's time off."""
    command = do(practice, SetWeeklyHours, weekly=on_tuesdays("10:00-11:00"))
    send(practice, command, treating(practice))
    assert seen(practice).version == 2
    with pytest.raises(DifferentContent):
        do(practice, SetWeeklyHours, id=command.id, weekly=[])
    off = do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY)
    do(practice, RemoveTimeOff, time_off_id=off.id)
    with pytest.raises(DifferentContent):
        do(practice, AddTimeOff, id=off.id, first_on=TUESDAY, last_on=TUESDAY, version=1)
    with pytest.raises(NotFound):
        do(practice, RemoveTimeOff, time_off_id=uuid4())


def test_saving_what_stands_changes_nothing(practice: Practice) -> None:
    """No version, no event, nothing to undo."""
    do(practice, SetDateHours, on=TUESDAY)
    assert seen(practice).version == 1


@pytest.mark.parametrize("role", ["owner", "admin", "front_desk"])
def test_the_front_desk_edits_every_calendar_of_its_practice(practice: Practice, role: str) -> None:
    """And finds it listed."""
    desk = practice.person(uuid4(), role)
    do(practice, SetDateHours, desk, on=TUESDAY, windows=[])
    assert practice.starts() == []
    assert calendars_of(practice, desk) == [practice.practitioner_id]


@pytest.mark.parametrize("roles", [(), ("practitioner",), ("billing",), ("supervisor",)])
def test_for_everybody_else_there_is_no_such_calendar(
    practice: Practice, roles: tuple[str, ...]
) -> None:
    """Colleagues and admins of other practices included; nothing is listed for them either."""
    elsewhere = Practice(practice.database).open()
    for who in (practice.person(uuid4(), *roles), elsewhere.admin, Actor(practice_id=practice.id)):
        with pytest.raises(NotFound):
            seen(practice, who)
        with pytest.raises(NotFound):
            do(practice, SetDateHours, who, on=TUESDAY, windows=[])
        with pytest.raises(NotFound):
            preview(practice, who)
        assert practice.practitioner_id not in calendars_of(practice, who)
    assert seen(practice).version == 1


def test_a_practitioner_finds_their_own_calendar_listed(practice: Practice) -> None:
    """And nobody else's."""
    assert calendars_of(practice, treating(practice)) == [practice.practitioner_id]


def test_a_preview_is_what_clients_see(practice: Practice) -> None:
    """With what is booked and with time off; with typed hours as if they were saved."""
    practice.book(at(9))
    do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY, from_time="12:00")
    assert preview(practice) == practice.starts()
    assert preview(practice, weekly=on_tuesdays("10:00-15:00")) == [at(10), at(10, 30), at(11)]
    assert seen(practice).version == 2
    with pytest.raises(InvalidInput):
        preview(practice, weekly=on_tuesdays("10:00-09:00"))


def test_what_was_changed_is_never_rewritten(practice: Practice) -> None:
    """The runtime role may add to the record of changes and not touch it."""
    do(practice, SetDateHours, on=TUESDAY, windows=[])
    for statement in (
        "UPDATE booking.schedule_changes SET version = 9",
        "DELETE FROM booking.schedule_changes",
    ):
        with pytest.raises(ProgrammingError) as refused, practice.transaction() as tx:
            tx.execute(text(statement))
        assert isinstance(refused.value.orig, psycopg2.errors.InsufficientPrivilege)
