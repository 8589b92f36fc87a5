"""What staff do to a calendar: weekly hours, other hours of a date, time off, and undoing it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import hours
from services.booking.domain.calendar import Span, second_of
from services.booking.domain.hours import Pair, minutes_of
from services.booking.models import Booking, Schedule
from services.booking.operations import changing, leave
from services.booking.operations.access import check_staff
from services.booking.queries import schedules
from services.booking.queries.schedules import WEEKLY
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.hours import (
    AddTimeOff,
    Hours,
    PreviewTimeOff,
    RemoveTimeOff,
    SetDateHours,
    SetWeeklyHours,
    UndoScheduleChange,
    WeekdayHours,
)
from services.contracts.booking.refusals import ScheduleChanged

FLAWED = "Some fields need another look."


def set_weekly_hours(
    tx: Transaction, command: SetWeeklyHours, *, actor: Actor, now: datetime
) -> None:
    """Replace the weekly hours; raises NotFound, InvalidInput, ScheduleChanged."""
    schedule = changing.begin(tx, command, actor)
    if not changing.is_done(tx, schedule, command, actor):
        after = checked_week(command.weekly)
        changing.change(tx, schedule, command, WEEKLY, after, actor=actor, now=now)


def checked_week(weekly: Sequence[WeekdayHours]) -> list[list[int]]:
    """`[weekday, opens, closes]` in their order; raises InvalidInput naming each field."""
    days = [(one.weekday, _pairs(one.windows)) for one in weekly]
    flaws = hours.week_flaws(days)
    _refuse({f"weekly.{name}": message for name, message in flaws.items()})
    return sorted([weekday, *pair] for weekday, pairs in days for pair in pairs)


def set_date_hours(tx: Transaction, command: SetDateHours, *, actor: Actor, now: datetime) -> None:
    """Other hours on one date; raises NotFound, InvalidInput, ScheduleChanged, SessionsTouched."""
    schedule = changing.begin(tx, command, actor)
    if changing.is_done(tx, schedule, command, actor):
        return
    after = None if command.windows is None else _checked_date(command, schedule, now)
    subject, told = changing.date_subject(command.on), command.sessions_seen
    changing.change(tx, schedule, command, subject, after, actor=actor, now=now, sessions_seen=told)


def _checked_date(command: SetDateHours, schedule: Schedule, now: datetime) -> list[list[int]]:
    pairs = _pairs(command.windows or [])
    flaws = hours.window_flaws(pairs)
    today = hours.today_in(schedule.zone, now)
    _refuse(
        {f"windows.{name}": message for name, message in flaws.items()}
        | hours.date_flaws(command.on, today, "on")
    )
    return sorted([*pair] for pair in pairs)


def preview_time_off(
    tx: Transaction, command: PreviewTimeOff, *, actor: Actor, now: datetime
) -> list[Booking]:
    """The bookings that it would overlap; raises NotFound, InvalidInput."""
    practice_id = check_staff(tx, command.practitioner_id, actor)
    schedule = schedules.schedule(tx, practice_id, command.practitioner_id)
    if schedule is None:
        raise NotFound("There is no such practitioner.")
    span = _checked_span(command, schedule.zone, now)
    return leave.touched_by(tx, practice_id, command.practitioner_id, [span], now)


def add_time_off(tx: Transaction, command: AddTimeOff, *, actor: Actor, now: datetime) -> None:
    """Be away; sessions within it stay.

    Raises NotFound, InvalidInput, DifferentContent, or SessionsTouched where its author was not
    told of them.
    """
    schedule = changing.begin(tx, command, actor)
    if changing.is_done(tx, schedule, command, actor):
        return
    after = _as_kept(command, _checked_span(command, schedule.zone, now))
    subject, told = changing.time_off_subject(command.id), command.sessions_seen
    changing.change(tx, schedule, command, subject, after, actor=actor, now=now, sessions_seen=told)


def _checked_span(command: AddTimeOff | PreviewTimeOff, zone: str, now: datetime) -> Span:
    """The instants of time off, which may have begun; raises InvalidInput naming each field."""
    first_on, last_on = command.first_on, command.last_on
    from_, until = _minutes(command.from_time), _minutes(command.until_time)
    _refuse(hours.time_off_flaws(first_on, last_on, from_, until, hours.today_in(zone, now)))
    span = hours.instants_off(zone, first_on, last_on, from_, until)
    if span.end <= span.start:
        _refuse({"until_time": "is skipped by the clocks on that day"})
    if span.end <= second_of(now, "now"):
        _refuse({"until_time": hours.OVER})
    return span


def _as_kept(command: AddTimeOff, span: Span) -> dict[str, str]:
    """Whole days as dates, anything else as instants."""
    if command.from_time is None and command.until_time is None:
        return {
            "first_on": command.first_on.isoformat(),
            "last_on": command.last_on.isoformat(),
        }
    starts_at, ends_at = (datetime.fromtimestamp(at, UTC) for at in span)
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}


def remove_time_off(
    tx: Transaction, command: RemoveTimeOff, *, actor: Actor, now: datetime
) -> None:
    """Be there after all; raises NotFound, ScheduleChanged."""
    schedule = changing.begin(tx, command, actor)
    if changing.is_done(tx, schedule, command, actor):
        return
    subject = changing.time_off_subject(command.time_off_id)
    ids = schedule.practice_id, schedule.practitioner_id
    is_known = schedules.time_off(tx, *ids, command.time_off_id) is not None
    if not is_known and not schedules.first_change_after(tx, *ids, command.version, subject):
        raise NotFound("There is no such time off.")
    changing.change(tx, schedule, command, subject, None, actor=actor, now=now)


def undo_schedule_change(
    tx: Transaction, command: UndoScheduleChange, *, actor: Actor, now: datetime
) -> None:
    """Set back what the last change replaced.

    Raises NotFound, ScheduleChanged, or SessionsTouched where time off or a closed date comes back
    over bookings that its author was not told of.
    """
    schedule = changing.begin(tx, command, actor)
    if changing.is_done(tx, schedule, command, actor):
        return
    if command.version != schedule.version:
        raise ScheduleChanged(changing.MEANWHILE, {"version": str(schedule.version)})
    ids = schedule.practice_id, schedule.practitioner_id
    last = schedules.change(tx, *ids, command.version)
    if last is None:
        raise NotFound("There is no change to undo.")
    changing.change(
        tx,
        schedule,
        command,
        last.subject,
        last.before,
        actor=actor,
        now=now,
        sessions_seen=command.sessions_seen,
    )


def _pairs(windows: Sequence[Hours]) -> list[Pair]:
    return [Pair(minutes_of(one.opens), minutes_of(one.closes)) for one in windows]


def _minutes(text: str | None) -> int | None:
    return None if text is None else minutes_of(text)


def _refuse(flaws: dict[str, Any]) -> None:
    if flaws:
        raise InvalidInput(FLAWED, flaws)
