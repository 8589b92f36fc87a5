"""A change of a calendar by its staff: no change of somebody else is lost unseen, each is kept.

A subject is what one change replaces: `weekly`, `date:<date>` or `time_off:<id>`. Its value is
plain JSON, None where there is none, so that undoing a change is setting its value of before.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import schedule as domain
from services.booking.domain.calendar import Span
from services.booking.domain.hours import Pair, Week, changed_days, shown
from services.booking.models import Booking, Schedule, ScheduleChange, TimeOff
from services.booking.operations import leave, setup
from services.booking.operations.access import check_staff
from services.booking.operations.repeat import fingerprint
from services.booking.operations.transitions import mark_openings, touch_calendar
from services.booking.queries import schedules
from services.booking.queries.locks import lock
from services.booking.queries.schedules import WEEKLY
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.booking.hours import ScheduleCommand
from services.contracts.booking.refusals import ScheduleChanged

MEANWHILE = "These hours were changed meanwhile. Nothing was saved."


def date_subject(on: date) -> str:
    """The hours of one date."""
    return f"date:{on}"


def time_off_subject(id_: UUID) -> str:
    """One time off."""
    return f"time_off:{id_}"


def begin(tx: Transaction, command: ScheduleCommand, actor: Actor) -> Schedule:
    """The calendar, locked against bookings and other changes; NotFound for who may not edit it.

    InvalidInput for a version that was never seen.
    """
    practice_id = check_staff(tx, command.practitioner_id, actor)
    lock(tx, practice_id, practitioners=[command.practitioner_id])
    schedule = schedules.lock_schedule(tx, practice_id, command.practitioner_id)
    if schedule is None:
        raise NotFound("There is no such practitioner.")
    if command.version > schedule.version:
        raise InvalidInput("Some fields need another look.", {"version": "is not known"})
    return schedule


def is_done(tx: Transaction, schedule: Schedule, command: ScheduleCommand, actor: Actor) -> bool:
    """Whether this very change was made before; DifferentContent where its id made another."""
    earlier = schedules.change_named(tx, schedule.practice_id, schedule.practitioner_id, command.id)
    if earlier is not None and earlier.fingerprint != fingerprint(command, actor.account_id):
        raise DifferentContent("This id was used for another change.")
    return earlier is not None


def change(
    tx: Transaction,
    schedule: Schedule,
    command: ScheduleCommand,
    subject: str,
    after: Any,
    *,
    actor: Actor,
    now: datetime,
    sessions_seen: str | None = None,
) -> None:
    """Give a subject another value.

    Raises ScheduleChanged where its author saw another one, and SessionsTouched where it takes
    time away from bookings that its author was not told of.
    """
    before = value_of(tx, schedule, subject)
    _check_seen(tx, schedule, command.version, subject, before)
    if before == after:
        return
    leave.check_seen(touched_by(tx, schedule, subject, after, now), sessions_seen)
    _write(tx, schedule, subject, after, now)
    if actor.account_id is None:
        raise LookupError("a person of the staff has an account")
    schedule.version += 1
    tx.add(
        ScheduleChange(
            practice_id=schedule.practice_id,
            practitioner_id=schedule.practitioner_id,
            version=schedule.version,
            id=command.id,
            subject=subject,
            before=before,
            after=after,
            fingerprint=fingerprint(command, actor.account_id),
            account_id=actor.account_id,
            made_at=now,
        )
    )
    tx.flush()
    touch_calendar(tx, schedule.practice_id, schedule.practitioner_id, now)
    mark_openings(tx, schedule.practice_id, [schedule.practitioner_id], now)


def value_of(tx: Transaction, schedule: Schedule, subject: str) -> Any:
    """What stands at present."""
    ids = schedule.practice_id, schedule.practitioner_id
    kind, _, name = subject.partition(":")
    if kind == WEEKLY:
        return [[one.weekday, one.opens, one.closes] for one in schedules.weekly(tx, *ids)]
    if kind == "date":
        found = schedules.override(tx, *ids, date.fromisoformat(name))
        return sorted(found.windows) if found else None
    off = schedules.time_off(tx, *ids, UUID(name))
    return _value_of_time_off(off) if off else None


def touched_by(
    tx: Transaction, schedule: Schedule, subject: str, value: Any, now: datetime
) -> list[Booking]:
    """The bookings to come that time off or a closed date of that value would lie over."""
    spans = _spans_away(subject, value, schedule.zone)
    return leave.touched_by(tx, schedule.practice_id, schedule.practitioner_id, spans, now)


def _spans_away(subject: str, value: Any, zone: str) -> list[Span]:
    kind, _, name = subject.partition(":")
    if kind == "date" and value == []:
        return [leave.closed_on(date.fromisoformat(name), zone)]
    if kind == "time_off" and value is not None:
        return [leave.span_of(TimeOff(**_moments(value)), zone)]
    return []


def _value_of_time_off(off: TimeOff) -> dict[str, str]:
    told = {name: getattr(off, name) for name in ("first_on", "last_on", "starts_at", "ends_at")}
    return {name: value.isoformat() for name, value in told.items() if value is not None}


def _check_seen(
    tx: Transaction, schedule: Schedule, version: int, subject: str, present: Any
) -> None:
    missed = schedules.first_change_after(
        tx, schedule.practice_id, schedule.practitioner_id, version, subject
    )
    if missed is not None and missed.before != present:
        told = _differences(subject, missed.before, present)
        raise ScheduleChanged(MEANWHILE, told | {"version": str(schedule.version)})


def _differences(subject: str, before: Any, present: Any) -> dict[str, str]:
    """By field, how it stands and how it was when it was seen."""
    kind = subject.partition(":")[0]
    if kind == WEEKLY:
        return changed_days(week_of(before), week_of(present))
    if kind == "date":
        return {"on": f"{_shown_date(present)} (was {_shown_date(before)})"}
    return {"time_off_id": "is no longer there" if present is None else "is there again"}


def _shown_date(windows: list[list[int]] | None) -> str:
    return "the weekly hours" if windows is None else shown(windows)


def week_of(value: list[list[int]]) -> Week:
    """Weekly hours as the domain compares them."""
    week: Week = {}
    for weekday, opens, closes in value:
        week.setdefault(weekday, []).append(Pair(opens, closes))
    return week


def _write(tx: Transaction, schedule: Schedule, subject: str, value: Any, now: datetime) -> None:
    kind, _, name = subject.partition(":")
    if kind == WEEKLY:
        hours = [domain.WeeklyHours(day, domain.Window(*window)) for day, *window in value]
        ids = schedule.practice_id, schedule.practitioner_id
        setup.set_weekly_hours(tx, *ids, hours, now=now)
    elif kind == "date":
        _write_date(tx, schedule, date.fromisoformat(name), value, now)
    else:
        _write_time_off(tx, schedule, UUID(name), value)


def _write_date(tx: Transaction, schedule: Schedule, on: date, windows: Any, now: datetime) -> None:
    ids = schedule.practice_id, schedule.practitioner_id
    if windows is None:
        tx.delete(schedules.override(tx, *ids, on))
        return
    override = domain.Override(on, tuple(domain.Window(*window) for window in windows))
    setup.set_override(tx, *ids, override, now=now)


def _write_time_off(tx: Transaction, schedule: Schedule, id_: UUID, value: Any) -> None:
    if value is None:
        tx.delete(schedules.time_off(tx, schedule.practice_id, schedule.practitioner_id, id_))
        return
    if tx.get(TimeOff, (schedule.practice_id, id_)) is not None:
        raise DifferentContent("This id was used for another time off.")
    tx.add(
        TimeOff(
            practice_id=schedule.practice_id,
            practitioner_id=schedule.practitioner_id,
            id=id_,
            **_moments(value),
        )
    )


def _moments(value: dict[str, str]) -> dict[str, Any]:
    """Time off's dates, or its instants, of what is kept of it."""
    return {
        name: date.fromisoformat(text) if name.endswith("_on") else datetime.fromisoformat(text)
        for name, text in value.items()
    }
