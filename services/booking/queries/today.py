"""A day of one calendar or of a practice, and past sessions of which it was not said who came."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import LIVE, BookingState
from services.booking.models import Booking
from services.booking.queries.bookings import GIVEN_UP


def of_day(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID | None,
    *,
    from_at: datetime,
    until_at: datetime,
    now: datetime,
    limit: int,
) -> Sequence[Booking]:
    """Bookings that start in `[from_at, until_at)`, those too that were firm and given up."""
    was_firm = and_(Booking.state.in_(GIVEN_UP), Booking.confirmed_at.is_not(None))
    query = _of(practice_id, practitioner_id).where(
        Booking.starts_at >= from_at,
        Booking.starts_at < until_at,
        or_(Booking.state.in_(LIVE), was_firm),
        or_(Booking.deadline_at.is_(None), Booking.deadline_at > now),
    )
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id).limit(limit)).all()


def unmarked(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID | None,
    now: datetime,
    *,
    limit: int,
) -> tuple[Sequence[Booking], int]:
    """Firm sessions that are over, the oldest first, `limit` at most; and how many there are.

    However long ago: one that is never marked is never billed.
    """
    query = _of(practice_id, practitioner_id).where(
        Booking.starts_at < now,
        Booking.ends_at <= now,
        Booking.state == BookingState.CONFIRMED,
    )
    counted = query.add_columns(func.count().over())
    rows = tx.execute(counted.order_by(Booking.starts_at, Booking.id).limit(limit)).all()
    return [one for one, _ in rows], rows[0][1] if rows else 0


def _of(practice_id: UUID, practitioner_id: UUID | None) -> Any:
    query = select(Booking).where(Booking.practice_id == practice_id)
    if practitioner_id is None:
        return query
    return query.where(Booking.practitioner_id == practitioner_id)
