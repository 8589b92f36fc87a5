"""What an account paid, in all practices."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from services.billing.models import Payment


def of_account(
    tx: Session, account_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Payment]:
    """Captured payments after the one named, the latest first."""
    query = select(Payment).where(
        Payment.account_id == account_id, Payment.captured_at.is_not(None)
    )
    if after is not None:
        place = tuple_(literal(after[0]), literal(after[1]))
        query = query.where(tuple_(Payment.captured_at, Payment.id) < place)
    ordered = query.order_by(Payment.captured_at.desc(), Payment.id.desc())
    return tx.scalars(ordered.limit(limit)).all()
