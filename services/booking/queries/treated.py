"""Whom a calendar's practitioner treats, and its sessions by what became of them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased

from services.booking.models import Booking
from services.booking.queries.bookings import TAKEN_PLACE
from services.contracts.booking.bookings import BookingState

MOST_ATTENDED = MOST_TREATED = 200


def clients(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    client_id: UUID | None,
    *,
    is_by_choice: bool = False,
) -> Sequence[UUID]:
    """Clients with a firm session of the practitioner, past or to come; the latest first.

    `is_by_choice`: that they booked or paid for themselves or came to, or else were never booked
    with anybody else of the practice.
    """
    query = select(Booking.client_id).where(
        Booking.practice_id == practice_id,
        Booking.practitioner_id == practitioner_id,
        Booking.state.in_(TAKEN_PLACE),
    )
    if client_id is not None:
        query = query.where(Booking.client_id == client_id)
    if is_by_choice:
        query = query.where(_by_choice(practitioner_id))
    latest = func.max(Booking.starts_at).desc()
    return tx.scalars(query.group_by(Booking.client_id).order_by(latest).limit(MOST_TREATED)).all()


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


def _by_choice(practitioner_id: UUID) -> ColumnElement[bool]:
    other = aliased(Booking)
    has_others = exists().where(
        other.practice_id == Booking.practice_id,
        other.client_id == Booking.client_id,
        other.practitioner_id != practitioner_id,
        other.confirmed_at.is_not(None),
    )
    is_by_client = Booking.is_on_account.is_(False)
    return or_(is_by_client, Booking.state == BookingState.ATTENDED, ~has_others)
