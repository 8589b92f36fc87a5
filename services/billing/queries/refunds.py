"""Refunds for lists and for what is told of them; and what a payment's money stands at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.models import LedgerPosting, LedgerTransaction, Payment, Refund

Values = tuple[Any, ...]
After = tuple[datetime, UUID]


def holdings(tx: Session, payment: Payment) -> dict[str, int]:
    """What each account holds of a payment, in the payment's currency; debits positive."""
    its_entries = (LedgerPosting.practice_id == LedgerTransaction.practice_id) & (
        LedgerPosting.transaction_id == LedgerTransaction.id
    )
    query = (
        select(LedgerPosting.account, func.sum(LedgerPosting.amount))
        .join(LedgerTransaction, its_entries)
        .where(
            LedgerTransaction.practice_id == payment.practice_id,
            LedgerTransaction.payment_id == payment.id,
            LedgerPosting.currency == payment.currency,
        )
    )
    return {account: int(held) for account, held in tx.execute(query.group_by(_ACCOUNT))}


_ACCOUNT = LedgerPosting.account


def refunds(
    tx: Session,
    practice_id: UUID,
    *,
    state: str | None,
    payment_id: UUID | None,
    after: After | None,
    limit: int,
) -> Sequence[Row[*Values]]:
    """Refunds with their payments, the latest first."""
    query = _listed().where(Refund.practice_id == practice_id)
    if state:
        query = query.where(Refund.state == state)
    if payment_id:
        query = query.where(Refund.payment_id == payment_id)
    if after:
        query = query.where(tuple_(Refund.created_at, Refund.id) < after)
    latest_first = query.order_by(Refund.created_at.desc(), Refund.id.desc())
    return tx.execute(latest_first.limit(limit)).all()


def refund(tx: Session, practice_id: UUID, refund_id: UUID) -> Row[*Values] | None:
    """One of the practice's refunds, with its payment."""
    wanted = (Refund.practice_id == practice_id, Refund.id == refund_id)
    return tx.execute(_listed().where(*wanted)).first()


def checkable(tx: Session, payment_id: UUID) -> Sequence[UUID]:
    """Refunds of a payment of which Stripe may have something new to tell."""
    live = Refund.state.in_(("promised", "made"))
    query = select(Refund.id).where(
        Refund.payment_id == payment_id, live, Refund.sent_at.is_not(None)
    )
    return tx.scalars(query).all()


def _listed() -> Select[*Values]:
    its_payment = (Payment.id == Refund.payment_id) & (Payment.practice_id == Refund.practice_id)
    return select(Refund, Payment).join(Payment, its_payment)
