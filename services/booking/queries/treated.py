"""Sessions of one calendar, by what became of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.booking.queries.bookings import TAKEN_PLACE
from services.contracts.booking.bookings import BookingState

MOST_ATTENDED = 200


def firm_session(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, booking_id: UUID
) -> Booking | None:
    """The booking, where it is one of the calendar and stands."""
    query = _of_calendar(practice_id, practitioner_id).where(Booking.id == booking_id)
    return tx.scalar(query.where(Booking.state.in_(TAKEN_PLACE)))


def attended(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    from_at: datetime,
    until_at: datetime,
    without: Collection[UUID] = (),
) -> Sequence[Booking]:
    """Bookings whose client came and that start in `[from_at, until_at)`, the latest first."""
    query = _of_calendar(practice_id, practitioner_id).where(
        Booking.state == BookingState.ATTENDED,
        Booking.starts_at >= from_at,
        Booking.starts_at < until_at,
        Booking.id.not_in(without),
    )
    latest = query.order_by(Booking.starts_at.desc(), Booking.id)
    return tx.scalars(latest.limit(MOST_ATTENDED)).all()


def _of_calendar(practice_id: UUID, practitioner_id: UUID) -> Select[Booking]:
    return select(Booking).where(
        Booking.practice_id == practice_id, Booking.practitioner_id == practitioner_id
    )
