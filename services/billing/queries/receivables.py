"""What is owed for sessions on account: found by booking, or locked for a change."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from services.billing.models import Price, Receivable
from services.common.auth import Actor

Values = tuple[Any, ...]


def lock_of_booking(tx: Session, practice_id: UUID, booking_id: UUID) -> Receivable:
    """The booking's receivable, kept from everybody else until the transaction ends."""
    one = select(Receivable).where(
        Receivable.practice_id == practice_id, Receivable.booking_id == booking_id
    )
    locked = one.with_for_update(key_share=True).execution_options(populate_existing=True)
    return tx.execute(locked).scalar_one()


def visible(
    tx: Session, booking_ids: Sequence[UUID], actor: Actor, readers: frozenset[str]
) -> Sequence[Receivable]:
    """Those of the bookings, for members of the practice with one of these roles."""
    if actor.kind != "person" or not actor.roles & readers:
        return []
    query = select(Receivable).where(
        Receivable.practice_id == actor.practice_id, Receivable.booking_id.in_(booking_ids)
    )
    return tx.scalars(query.order_by(Receivable.created_at, Receivable.id)).all()


def of_client(
    tx: Session,
    practice_id: UUID,
    client_id: UUID,
    booking_ids: Sequence[UUID],
    practitioner_id: UUID | None,
) -> Sequence[Receivable]:
    """The client's among those of the bookings."""
    query = select(Receivable).where(
        Receivable.practice_id == practice_id,
        Receivable.client_id == client_id,
        Receivable.booking_id.in_(booking_ids),
    )
    return tx.scalars(_with(query, practitioner_id)).all()


def sums_of_client(
    tx: Session, practice_id: UUID, client_id: UUID, practitioner_id: UUID | None
) -> Sequence[Row[*Values]]:
    """`currency, owed` of each currency in which the client owes anything."""
    query = select(Receivable.currency, func.sum(Receivable.owed).label("owed")).where(
        Receivable.practice_id == practice_id,
        Receivable.client_id == client_id,
        Receivable.owed > 0,
    )
    return tx.execute(_with(query.group_by(Receivable.currency), practitioner_id)).all()


def _with(query: Select[*Values], practitioner_id: UUID | None) -> Select[*Values]:
    """Only what is for one practitioner's sessions."""
    if practitioner_id is None:
        return query
    its_price = Price.id == Receivable.price_id
    return query.join(Price, its_price).where(Price.practitioner_id == practitioner_id)
