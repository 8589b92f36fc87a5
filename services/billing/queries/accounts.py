"""What a practice's clients paid, in sum and booking by booking."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from services.billing.models import Payment, Price

Values = tuple[Any, ...]


def sums_of_client(
    tx: Session, practice_id: UUID, client_id: UUID, practitioner_id: UUID | None
) -> Sequence[Row[*Values]]:
    """`currency, paid, refunded` of each currency in which the client paid."""
    query = select(
        Payment.currency,
        func.sum(Payment.captured).label("paid"),
        func.sum(Payment.refunded).label("refunded"),
    ).where(
        Payment.practice_id == practice_id, Payment.client_id == client_id, Payment.captured > 0
    )
    ordered = query.group_by(Payment.currency).order_by(Payment.currency)
    return tx.execute(_with(ordered, practitioner_id)).all()


def payments_of_client(
    tx: Session,
    practice_id: UUID,
    client_id: UUID,
    booking_ids: Sequence[UUID],
    practitioner_id: UUID | None,
) -> Sequence[Payment]:
    """The client's payments among those of the bookings."""
    query = select(Payment).where(
        Payment.practice_id == practice_id,
        Payment.client_id == client_id,
        Payment.booking_id.in_(booking_ids),
    )
    return tx.scalars(_with(query, practitioner_id)).all()


def _with(query: Select[*Values], practitioner_id: UUID | None) -> Select[*Values]:
    """Only what is for one practitioner's sessions."""
    if practitioner_id is None:
        return query
    its_price = Price.id == Payment.price_id
    return query.join(Price, its_price).where(Price.practitioner_id == practitioner_id)
