"""A practitioner's week for the practice's staff: sessions, hours, what is in the way of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span
from services.booking.domain.hours import today_in
from services.booking.domain.week import Week, week_of, within
from services.booking.models import Booking, Schedule
from services.booking.operations import availability, leave
from services.booking.queries import bookings, calendars, schedules, weeks
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.weeks import GetWeek, WeekSpan, WeekView


@dataclass(frozen=True, slots=True)
class Found:
    """A week as it was read, and whose calendars its reader may see."""

    schedule: Schedule
    week: Week
    bookings: Sequence[Booking]
    in_time_off: list[UUID]
    busy: tuple[Span, ...]
    practitioner_ids: list[UUID]


def get_week(tx: Transaction, command: GetWeek, *, actor: Actor, now: datetime) -> Found:
    """The week of a calendar that the actor may see; raises NotFound."""
    visible = availability.list_calendars(tx, actor=actor)
    schedule = _chosen(tx, command.practitioner_id, visible, actor)
    ids = schedule.practice_id, schedule.practitioner_id
    on = command.on or today_in(schedule.zone, now)
    # What is read for bookings leaves out what is long past, which is shown here.
    since = min(now, datetime.combine(on, time(), UTC))
    calendar = calendars.calendar(tx, *ids, since)
    if calendar is None:
        raise LookupError("a schedule is a calendar")
    week = week_of(calendar.schedule, on)
    from_at, until_at = (datetime.fromtimestamp(at, UTC) for at in week.span)
    found = bookings.of_practitioner(tx, *ids, from_at=from_at, until_at=until_at, now=now)
    return Found(
        schedule=schedule,
        week=week,
        bookings=found,
        in_time_off=leave.marked(tx, *ids, found, now),
        busy=within(week.span, weeks.busy(tx, *ids, week.span)),
        practitioner_ids=visible,
    )


def _chosen(
    tx: Transaction, practitioner_id: UUID | None, visible: Sequence[UUID], actor: Actor
) -> Schedule:
    """The calendar that is asked for, else the actor's own, else the first."""
    chosen = practitioner_id
    if chosen is None and actor.practice_id and actor.account_id:
        own = calendars.practitioner_of(tx, actor.practice_id, actor.account_id)
        chosen = own if own in visible else next(iter(visible), None)
    if chosen not in visible or chosen is None or actor.practice_id is None:
        raise NotFound("There is no such practitioner.")
    found = schedules.schedule(tx, actor.practice_id, chosen)
    if found is None:
        raise NotFound("There is no such practitioner.")
    return found


def week_view(found: Found, booked: list[BookingView]) -> WeekView:
    """The week as it is told; `booked` are its bookings, told already."""
    return WeekView(
        practice_id=found.schedule.practice_id,
        practitioner_id=found.schedule.practitioner_id,
        time_zone=found.schedule.zone,
        monday=found.week.monday,
        bookings=booked,
        in_time_off=found.in_time_off,
        hours=_told(found.week.hours),
        time_off=_told(found.week.off),
        busy=_told(found.busy),
        practitioner_ids=found.practitioner_ids,
    )


def _told(spans: Iterable[Span]) -> list[WeekSpan]:
    return [
        WeekSpan(
            starts_at=datetime.fromtimestamp(start, UTC), ends_at=datetime.fromtimestamp(end, UTC)
        )
        for start, end in spans
    ]
