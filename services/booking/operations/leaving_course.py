"""A session of a course that moves by itself: what that breaks of the course."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.series import Break
from services.booking.models import Booking
from services.booking.operations.access import visible_booking
from services.booking.operations.series import begun_of, series_to_come
from services.common.auth import Actor
from services.contracts.booking.refusals import SeriesBroken
from services.contracts.booking.series import PreviewReschedule


def preview_reschedule(
    tx: Transaction, command: PreviewReschedule, *, actor: Actor, now: datetime
) -> Sequence[Break]:
    """What it would break; nothing is written.

    Raises NotFound, and NotReschedulable for a session of a course that is over or given back.
    """
    booking = visible_booking(tx, command.booking_id, actor)
    return _breaks(tx, booking, command.starts_at, now)


def check_breaks(tx: Transaction, booking: Booking, starts_at: datetime, now: datetime) -> None:
    """Raises SeriesBroken where order or spacing would not be as before."""
    if _breaks(tx, booking, starts_at, now):
        raise SeriesBroken("This would break the order or the spacing of the course.")


def _breaks(
    tx: Transaction, booking: Booking, starts_at: datetime, now: datetime
) -> Sequence[Break]:
    if booking.course_id is None:
        return []
    series = series_to_come(tx, begun_of(tx, booking, now), now)
    return series.breaks({booking.id: starts_at})
