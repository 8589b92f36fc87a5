"""Bookings that time off overlaps: told before it is saved, and marked until they are handled.

They stay where they are: only a person can decide whether to move, to cancel or to come after all.
A date on which the practitioner is closed is time off of that day.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span, second_of
from services.booking.domain.hours import instants_off, today_in
from services.booking.models import Booking, TimeOff
from services.booking.operations.views import state_of
from services.booking.queries import bookings, schedules
from services.contracts.booking.hours import TouchedSession
from services.contracts.booking.refusals import SessionsTouched


def touched_by(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    spans: Sequence[Span],
    now: datetime,
) -> list[Booking]:
    """The practitioner's bookings, still to come, that overlap one of the spans; by start."""
    if not spans:
        return []
    from_at = datetime.fromtimestamp(min(span.start for span in spans), UTC)
    until_at = datetime.fromtimestamp(max(span.end for span in spans), UTC)
    found = bookings.to_come_of_practitioner(
        tx, practice_id, practitioner_id, from_at=max(from_at, now), until_at=until_at, now=now
    )
    return [booking for booking in found if _is_within(booking, spans)]


def marked(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    listed: Iterable[Booking],
    now: datetime,
) -> list[UUID]:
    """Those of the bookings that are still to come and lie within time off."""
    spans = spans_off(tx, practice_id, practitioner_id, now)
    if not spans:
        return []
    return [
        booking.id
        for booking in listed
        if booking.state in bookings.UPCOMING
        and booking.ends_at > now
        and _is_within(booking, spans)
    ]


def spans_off(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, now: datetime
) -> list[Span]:
    """The time off and the closed dates that are not over, as instants."""
    schedule = schedules.schedule(tx, practice_id, practitioner_id)
    if schedule is None:
        return []
    today = today_in(schedule.zone, now)
    found = schedules.time_off_from(tx, practice_id, practitioner_id, today, now)
    dates = schedules.overrides_from(tx, practice_id, practitioner_id, today)
    closed = [closed_on(one.applies_on, schedule.zone) for one in dates if not one.windows]
    return [span_of(one, schedule.zone) for one in found] + closed


def closed_on(on: date, zone: str) -> Span:
    """The whole of a date."""
    return instants_off(zone, on, on)


def span_of(off: TimeOff, zone: str) -> Span:
    """Time off as instants, whether it is kept as dates or not."""
    if off.first_on is not None and off.last_on is not None:
        return instants_off(zone, off.first_on, off.last_on)
    if off.starts_at is None or off.ends_at is None:
        raise LookupError("time off is dates or instants")
    return Span(second_of(off.starts_at, "starts_at"), second_of(off.ends_at, "ends_at"))


def seen(touched: Iterable[Booking]) -> str:
    """What names just these bookings at just these times: SHA-256, hex."""
    named = sorted(f"{one.id} {one.starts_at.astimezone(UTC).isoformat()}" for one in touched)
    return hashlib.sha256("\n".join(named).encode()).hexdigest()


def check_seen(touched: Sequence[Booking], sessions_seen: str | None) -> None:
    """Raises SessionsTouched where there are bookings that the author has not been told of."""
    if touched and sessions_seen != seen(touched):
        told = {"count": str(len(touched))}
        raise SessionsTouched("Sessions are booked at that time.", told)


def touched_view(booking: Booking, now: datetime) -> TouchedSession:
    """A booking as a line of those that time off touches."""
    return TouchedSession(
        booking_id=booking.id,
        client_id=booking.client_id,
        offering_name=booking.offering_name,
        state=state_of(booking, now),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )


def _is_within(booking: Booking, spans: Sequence[Span]) -> bool:
    start, end = second_of(booking.starts_at, "starts_at"), second_of(booking.ends_at, "ends_at")
    return any(start < span.end and span.start < end for span in spans)
