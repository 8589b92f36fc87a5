"""Refunds for lists and for what is told of them; and what a payment's money stands at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.billing.models import (
    BalanceTransaction,
    LedgerPosting,
    LedgerTransaction,
    Payment,
    Refund,
)
from services.billing.models import ReconciliationDifference as Difference
from services.billing.queries import payments
from services.common.money import Money
from services.contracts.billing.reconciliation import DifferenceKind, DifferenceState, Outcome

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
    is_at_stripe = Refund.sent_at.is_not(None) | Refund.stripe_refund_id.is_not(None)
    query = select(Refund.id).where(Refund.payment_id == payment_id, live, is_at_stripe)
    return tx.scalars(query).all()


def back(tx: Session, payment: Payment) -> Money:
    """What went back of a payment by whatever way, or is promised: also what was refunded at
    Stripe itself and waits as a difference for a person."""
    return payments.promised_refunds(tx, payment) + _unsettled(tx, payment)


def known_at_stripe(tx: Session, payment: Payment) -> frozenset[str]:
    """The ids at Stripe of those of the payment's refunds that are in the books."""
    known = Refund.stripe_refund_id
    its = select(known).where(Refund.payment_id == payment.id, known.is_not(None))
    return frozenset(one for one in tx.scalars(its) if one)


def decided_at_stripe(tx: Session, payment: Payment) -> frozenset[str]:
    """The ids at Stripe of refunds that a person has settled, who may have left the books."""
    query = select(Difference.subject).where(
        Difference.practice_id == payment.practice_id,
        Difference.kind == DifferenceKind.REFUND_UNKNOWN_HERE,
        Difference.outcome.in_((Outcome.EXPLAINED, Outcome.IMPORTED)),
        BalanceTransaction.payment_intent_id == payment.payment_intent_id,
    )
    its_movement = Difference.balance_transaction_id == BalanceTransaction.id
    return frozenset(tx.scalars(query.join(BalanceTransaction, its_movement)))


def unsent(tx: Session, payment: Payment, money: Money) -> Refund | None:
    """The latest that is promised with at least so much, and of which Stripe has no call."""
    query = select(Refund).where(
        Refund.payment_id == payment.id,
        Refund.state == "promised",
        Refund.sent_at.is_(None),
        Refund.failed_at.is_(None),
        Refund.amount >= money.amount,
    )
    return tx.scalar(query.order_by(Refund.created_at.desc(), Refund.id.desc()).limit(1))


def sent_since(tx: Session, payment: Payment, since: datetime) -> bool:
    """Whether one of the payment's refunds is under way."""
    its = (Refund.payment_id == payment.id) & (Refund.state == "promised")
    query = select(Refund.id).where(its, Refund.sent_at > since)
    return tx.scalar(query.limit(1)) is not None


def _unsettled(tx: Session, payment: Payment) -> Money:
    """Open differences that are refunds of this payment, and not among ours by now."""
    if payment.payment_intent_id is None:
        return Money(0, payment.currency)
    is_ours = or_(
        Refund.stripe_refund_id == BalanceTransaction.source_id,
        Refund.id == BalanceTransaction.refund_id,
    )
    query = (
        select(func.coalesce(func.sum(BalanceTransaction.source_amount), 0))
        .join(Difference, Difference.balance_transaction_id == BalanceTransaction.id)
        .where(
            Difference.practice_id == payment.practice_id,
            Difference.kind == DifferenceKind.REFUND_UNKNOWN_HERE,
            Difference.state == DifferenceState.OPEN,
            BalanceTransaction.payment_intent_id == payment.payment_intent_id,
            BalanceTransaction.source_currency == payment.currency,
            ~BalanceTransaction.is_gone,
            ~exists().where(Refund.payment_id == payment.id, is_ours),
        )
    )
    return Money(int(tx.scalar(query) or 0), payment.currency)


def _listed() -> Select[*Values]:
    its_payment = (Payment.id == Refund.payment_id) & (Payment.practice_id == Refund.practice_id)
    return select(Refund, Payment).join(Payment, its_payment)
