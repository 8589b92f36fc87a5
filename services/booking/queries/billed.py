"""Bookings of a practice by their ids, and its offerings."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Offering

MOST_OFFERINGS = 100


def sessions(tx: Transaction, practice_id: UUID, booking_ids: Sequence[UUID]) -> Sequence[Booking]:
    """Those that the practice has, by start."""
    query = select(Booking).where(Booking.practice_id == practice_id, Booking.id.in_(booking_ids))
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def offerings(tx: Transaction, practice_id: UUID) -> Sequence[Offering]:
    """Those that can be booked, by name."""
    query = select(Offering).where(Offering.practice_id == practice_id, Offering.is_active)
    return tx.scalars(query.order_by(Offering.name, Offering.id).limit(MOST_OFFERINGS)).all()
