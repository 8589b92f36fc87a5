"""Our payments and refunds as Stripe's movements name them, locked for a move of money."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account, Kind
from services.billing.domain.ledger import Posting
from services.billing.models import LedgerPosting, LedgerTransaction, Payment
from services.billing.queries.payments import lock_payment
from services.common.money import Money


def lock_by_intent(tx: Session, practice_id: UUID, payment_intent_id: str | None) -> Payment | None:
    """The payment that was charged by this PaymentIntent."""
    if payment_intent_id is None:
        return None
    found = tx.scalar(
        select(Payment.id).where(
            Payment.practice_id == practice_id, Payment.payment_intent_id == payment_intent_id
        )
    )
    return lock_payment(tx, found) if found else None


def surplus_postings(tx: Session, payment: Payment) -> list[Posting]:
    """What the ledger has of a payment's charge beyond the first entry of each kind."""
    entries = tx.scalars(
        select(LedgerTransaction)
        .where(
            LedgerTransaction.practice_id == payment.practice_id,
            LedgerTransaction.payment_id == payment.id,
            LedgerTransaction.kind.in_((Kind.CHARGED, Kind.PROCESSED)),
        )
        .order_by(LedgerTransaction.occurred_at, LedgerTransaction.id)
    ).all()
    seen: set[str] = set()
    surplus = []
    for entry in entries:
        if entry.kind in seen:
            surplus.append(entry.id)
        seen.add(entry.kind)
    return _postings(tx, payment.practice_id, surplus)


def _postings(tx: Session, practice_id: UUID, ids: Sequence[UUID]) -> list[Posting]:
    found = tx.scalars(
        select(LedgerPosting).where(
            LedgerPosting.practice_id == practice_id, LedgerPosting.transaction_id.in_(ids)
        )
    )
    return [Posting(Account(one.account), Money(one.amount, one.currency)) for one in found]
