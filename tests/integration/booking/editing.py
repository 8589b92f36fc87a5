"""Changing a test's calendar as its staff do."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.booking.operations import availability, schedules
from services.common.auth import Actor
from services.contracts.booking.hours import (
    AddTimeOff,
    AvailabilityView,
    GetAvailability,
    Hours,
    PreviewSlots,
    RemoveTimeOff,
    ScheduleCommand,
    SetDateHours,
    SetWeeklyHours,
    UndoScheduleChange,
    WeekdayHours,
)
from tests.integration.booking.practice import NOW, Practice

TUESDAY = date(2093, 11, 24)
OPERATIONS: dict[type[ScheduleCommand], Callable[..., None]] = {
    SetWeeklyHours: schedules.set_weekly_hours,
    SetDateHours: schedules.set_date_hours,
    AddTimeOff: schedules.add_time_off,
    RemoveTimeOff: schedules.remove_time_off,
    UndoScheduleChange: schedules.undo_schedule_change,
}


def treating(practice: Practice) -> Actor:
    return practice.person(practice.practitioner_account, "practitioner")


def hours(*spans: str) -> list[Hours]:
    return [Hours(opens=span[:5], closes=span[-5:]) for span in spans]


def on_tuesdays(*spans: str) -> list[WeekdayHours]:
    return [WeekdayHours(weekday=2, windows=hours(*spans))]


def seen(practice: Practice, actor: Actor | None = None, now: datetime = NOW) -> AvailabilityView:
    who = actor or treating(practice)
    asked = GetAvailability(practitioner_id=practice.practitioner_id)
    with practice.transaction(who) as tx:
        return availability.get_availability(tx, asked, actor=who, now=now)


def do(
    practice: Practice,
    kind: type[ScheduleCommand],
    actor: Actor | None = None,
    **fields: object,
) -> ScheduleCommand:
    """Change the calendar in a transaction of its own, having seen it as it is by default."""
    who = actor or treating(practice)
    told = {"id": uuid7(), "practitioner_id": practice.practitioner_id, **fields}
    if "version" not in told:
        told["version"] = seen(practice).version
    command = kind.model_validate(told)
    send(practice, command, who)
    return command


def send(practice: Practice, command: ScheduleCommand, who: Actor) -> None:
    with practice.transaction(who) as tx:
        OPERATIONS[type(command)](tx, command, actor=who, now=NOW)


def calendars_of(practice: Practice, who: Actor) -> list[UUID]:
    with practice.transaction(who) as tx:
        return availability.list_calendars(tx, actor=who)


def preview(
    practice: Practice, who: Actor | None = None, weekly: list[WeekdayHours] | None = None
) -> list[datetime]:
    asker = who or treating(practice)
    asked = PreviewSlots(
        practitioner_id=practice.practitioner_id,
        offering_id=practice.offering_id,
        from_on=TUESDAY,
        until_on=TUESDAY,
        weekly=weekly,
    )
    with practice.transaction(asker) as tx:
        _, starts = availability.preview_slots(tx, asked, actor=asker, now=NOW)
    return [datetime.fromtimestamp(start, UTC) for start in starts]
