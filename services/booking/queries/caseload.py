"""Clients by their bookings: whose were and will be in a calendar or a practice, and each one's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import LIVE, BookingState
from services.booking.models import Booking, Participant
from services.booking.queries.bookings import TAKEN_PLACE

GOES_ON = (BookingState.CONFIRMED, BookingState.ATTENDED)


def seen_clients(
    tx: Transaction,
    practice_id: UUID,
    now: datetime,
    *,
    practitioner_id: UUID | None,
    client_ids: Sequence[UUID] | None,
    limit: int,
) -> Sequence[Row[*tuple[Any, ...]]]:
    """`client_id, last_at, next_at` of clients with a booking, those seen latest first.

    In one calendar or in all of the practice, of these clients or of all.
    """
    took_place = and_(Booking.state.in_(TAKEN_PLACE), Booking.starts_at <= now)
    is_to_come = and_(Booking.state.in_(LIVE), Booking.starts_at > now)
    query = select(
        Booking.client_id,
        func.max(Booking.starts_at).filter(took_place).label("last_at"),
        func.min(Booking.starts_at).filter(is_to_come).label("next_at"),
    ).where(Booking.practice_id == practice_id, is_counted(now))
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    if client_ids is not None:
        query = query.where(Booking.id.in_(_bookings_of(practice_id, client_ids)))
    latest = func.max(Booking.starts_at).desc()
    return tx.execute(query.group_by(Booking.client_id).order_by(latest).limit(limit)).all()


def of_client(
    tx: Transaction,
    practice_id: UUID,
    client_id: UUID,
    now: datetime,
    *,
    practitioner_id: UUID | None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 1,
) -> Sequence[Booking]:
    """A client's bookings after the one named, the latest first."""
    query = _counted(practice_id, client_id, practitioner_id, now)
    if after is not None:
        place = tuple_(literal(after[0]), literal(after[1]))
        query = query.where(tuple_(Booking.starts_at, Booking.id) < place)
    ordered = query.order_by(Booking.starts_at.desc(), Booking.id.desc())
    return tx.scalars(ordered.limit(limit)).all()


def latest_to_go_on_from(
    tx: Transaction, practice_id: UUID, client_id: UUID, *, practitioner_id: UUID | None
) -> UUID | None:
    """The client's latest session of their own from which a course can go on."""
    query = select(Booking.id).where(
        Booking.practice_id == practice_id,
        Booking.id.in_(_bookings_of(practice_id, [client_id])),
        Booking.state.in_(GOES_ON),
        Booking.seats == 1,
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return tx.scalar(query.order_by(Booking.starts_at.desc(), Booking.id.desc()).limit(1))


def is_counted(now: datetime) -> ColumnElement[bool]:
    """What was firm once, and what holds its seat still; a hold that lapsed was no booking."""
    is_held = and_(
        Booking.state.in_(LIVE), or_(Booking.deadline_at.is_(None), Booking.deadline_at > now)
    )
    return or_(Booking.confirmed_at.is_not(None), is_held)


def _counted(
    practice_id: UUID, client_id: UUID, practitioner_id: UUID | None, now: datetime
) -> Any:
    query = select(Booking).where(
        Booking.practice_id == practice_id,
        Booking.id.in_(_bookings_of(practice_id, [client_id])),
        is_counted(now),
    )
    if practitioner_id is not None:
        query = query.where(Booking.practitioner_id == practitioner_id)
    return query


def _bookings_of(practice_id: UUID, client_ids: Sequence[UUID]) -> Any:
    """By who sits in them, which is what there is an index of."""
    return select(Participant.booking_id).where(
        Participant.practice_id == practice_id, Participant.client_id.in_(client_ids)
    )
