"""A calendar for who edits it: its hours, and what clients would see of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import schedule as domain
from services.booking.domain.calendar import DAY, Span, day_number, local_clock
from services.booking.domain.hours import text_of, today_in
from services.booking.models import Schedule, ScheduleChange, ScheduleHours, TimeOff
from services.booking.operations import changing, leave
from services.booking.operations.access import SEES_ALL, check_staff
from services.booking.operations.free import free_of
from services.booking.operations.schedules import checked_week
from services.booking.operations.slots import shown_format
from services.booking.queries import calendars, offerings, schedules
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.hours import (
    AvailabilityView,
    DateHours,
    GetAvailability,
    Hours,
    PreviewSlots,
    ScheduleChangeView,
    ScheduleSubject,
    TimeOffView,
    WeekdayHours,
)

MOST_DAYS = 31


def list_calendars(tx: Transaction, *, actor: Actor) -> list[UUID]:
    """Whose calendars the actor may edit in their practice."""
    if actor.kind != "person" or actor.practice_id is None:
        return []
    if actor.roles & SEES_ALL:
        return calendars.practitioners_of(tx, actor.practice_id)
    if "practitioner" not in actor.roles or actor.account_id is None:
        return []
    return calendars.practitioners_of(tx, actor.practice_id, actor.account_id)


def get_availability(
    tx: Transaction, command: GetAvailability, *, actor: Actor, now: datetime
) -> AvailabilityView:
    """The hours as they stand; raises NotFound for who may not edit them."""
    practice_id = check_staff(tx, command.practitioner_id, actor)
    found = schedules.schedule(tx, practice_id, command.practitioner_id)
    if found is None:
        raise NotFound("There is no such practitioner.")
    ids = practice_id, command.practitioner_id
    today = today_in(found.zone, now)
    off = [time_off_view(one, found.zone) for one in schedules.time_off_from(tx, *ids, today, now)]
    spans = leave.spans_off(tx, *ids, now)
    last = schedules.change(tx, *ids, found.version)
    return AvailabilityView(
        practice_id=practice_id,
        practitioner_id=command.practitioner_id,
        time_zone=found.zone,
        version=found.version,
        weekly=_weekly(schedules.weekly(tx, *ids)),
        dates=[
            DateHours(on=one.applies_on, windows=_windows(one.windows))
            for one in schedules.overrides_from(tx, *ids, today)
        ],
        time_off=sorted(off, key=lambda one: one.starts_at),
        last_change=_change_view(tx, last, found, now) if last else None,
        in_time_off=[
            leave.touched_view(one, now) for one in leave.touched_by(tx, *ids, spans, now)
        ],
    )


def _weekly(rows: Sequence[ScheduleHours]) -> list[WeekdayHours]:
    return [
        WeekdayHours(
            weekday=weekday,
            windows=_windows([[row.opens, row.closes] for row in rows if row.weekday == weekday]),
        )
        for weekday in range(1, 8)
    ]


def _windows(windows: Sequence[list[int]]) -> list[Hours]:
    return [
        Hours(opens=text_of(opens), closes=text_of(closes)) for opens, closes in sorted(windows)
    ]


def time_off_view(off: TimeOff, zone: str) -> TimeOffView:
    """Time off as instants, whether it is kept as dates or not."""
    starts_at, ends_at = (datetime.fromtimestamp(at, UTC) for at in leave.span_of(off, zone))
    return TimeOffView(
        id=off.id, starts_at=starts_at, ends_at=ends_at, first_on=off.first_on, last_on=off.last_on
    )


def _change_view(
    tx: Transaction, change: ScheduleChange, schedule: Schedule, now: datetime
) -> ScheduleChangeView:
    kind, _, name = change.subject.partition(":")
    subject = ScheduleSubject(kind)
    on = date.fromisoformat(name) if subject is ScheduleSubject.DATE else None
    if subject is ScheduleSubject.TIME_OFF:
        on = _begins_on(change.after or change.before, schedule.zone)
    touched = changing.touched_by(tx, schedule, change.subject, change.before, now)
    return ScheduleChangeView(
        version=change.version,
        subject=subject,
        on=on,
        is_removal=change.after is None,
        made_at=change.made_at,
        touched=[leave.touched_view(one, now) for one in touched],
        sessions_seen=leave.seen(touched) if touched else None,
    )


def _begins_on(time_off: Any, zone: str) -> date:
    if "first_on" in time_off:
        return date.fromisoformat(time_off["first_on"])
    return today_in(zone, datetime.fromisoformat(time_off["starts_at"]))


def preview_slots(
    tx: Transaction, command: PreviewSlots, *, actor: Actor, now: datetime
) -> tuple[Offered, list[int]]:
    """The starts that clients would see, epoch seconds; raises NotFound, InvalidInput."""
    practice_id = check_staff(tx, command.practitioner_id, actor)
    _check_dates(command)
    found = offerings.offered(tx, practice_id, command.offering_id, now)
    if found is None or found.offering.practitioner_id != command.practitioner_id:
        raise NotFound("There is no such offering.")
    wanted = found if command.weekly is None else _with_hours(found, checked_week(command.weekly))
    span = _dates(command, found.calendar.schedule.zone)
    until = datetime.fromtimestamp(span.end, UTC) + timedelta(days=1)
    [free] = free_of(tx, [wanted], [shown_format(found, None)], now=now, until=until)
    return wanted, [start for start in free if span.start <= start < span.end]


def _with_hours(offered: Offered, week: list[list[int]]) -> Offered:
    weekly = tuple(domain.WeeklyHours(day, domain.Window(*window)) for day, *window in week)
    schedule = replace(offered.calendar.schedule, weekly=weekly)
    return replace(offered, calendar=replace(offered.calendar, schedule=schedule))


def _dates(command: PreviewSlots, zone: str) -> Span:
    first, end = day_number(command.from_on) * DAY, (day_number(command.until_on) + 1) * DAY
    clock = local_clock(zone, first, end)
    return Span(clock.instant_of(first), clock.instant_of(end))


def _check_dates(command: PreviewSlots) -> None:
    if not 0 <= (command.until_on - command.from_on).days < MOST_DAYS:
        told: dict[str, Any] = {"until_on": f"must be from_on or up to {MOST_DAYS - 1} days later"}
        raise InvalidInput("Please choose a shorter range.", told)
