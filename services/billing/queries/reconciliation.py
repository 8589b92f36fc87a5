"""Looks at Stripe's balance, what they found, and both balances."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account
from services.billing.models import (
    BalanceTransaction,
    DueWork,
    LedgerPosting,
    LedgerTransaction,
    Payment,
    Payout,
    ReconciliationBalance,
    ReconciliationDecision,
    Refund,
)
from services.billing.models import ReconciliationDifference as Difference
from services.billing.models import ReconciliationRun as Run
from services.billing.queries.payouts import Place
from services.contracts.billing.reconciliation import DifferenceState


def run_under_way(tx: Session, practice_id: UUID) -> Run | None:
    """The look that is not finished, kept from everybody else until the transaction ends."""
    wanted = select(Run).where(Run.practice_id == practice_id, Run.finished_at.is_(None))
    return tx.scalar(wanted.with_for_update().execution_options(populate_existing=True))


def seen_run_under_way(tx: Session, practice_id: UUID) -> Run | None:
    """The look that is not finished, for who only looks."""
    return tx.scalar(select(Run).where(Run.practice_id == practice_id, Run.finished_at.is_(None)))


def last_run(tx: Session, practice_id: UUID, *, is_thorough: bool | None = None) -> Run | None:
    """The last look that was finished; with `is_thorough` the last that went far back."""
    wanted = select(Run).where(Run.practice_id == practice_id, Run.finished_at.is_not(None))
    if is_thorough is not None:
        wanted = wanted.where(Run.is_thorough == is_thorough)
    return tx.scalar(wanted.order_by(Run.started_at.desc()).limit(1))


def movements_by_id(tx: Session, ids: Iterable[UUID]) -> Sequence[BalanceTransaction]:
    """Those that Stripe still has."""
    wanted = select(BalanceTransaction).where(
        BalanceTransaction.id.in_(list(ids)), ~BalanceTransaction.is_gone
    )
    return tx.scalars(wanted).all()


def payments_without_movement(
    tx: Session, practice_id: UUID, account: str, within: tuple[datetime | None, datetime]
) -> Sequence[Payment]:
    """Captured at this account, and Stripe's balance transactions know nothing of the charge."""
    its = and_(
        BalanceTransaction.practice_id == Payment.practice_id,
        ~BalanceTransaction.is_gone,
        BalanceTransaction.type.in_(("charge", "payment")),
        or_(
            BalanceTransaction.source_id == Payment.charge_id,
            BalanceTransaction.payment_intent_id == Payment.payment_intent_id,
        ),
    )
    wanted = select(Payment).where(
        Payment.practice_id == practice_id,
        Payment.stripe_account_id == account,
        Payment.payment_intent_id.is_not(None),
        _between(Payment.captured_at, within),
        ~exists().where(its),
    )
    return tx.scalars(wanted).all()


def refunds_without_movement(
    tx: Session, practice_id: UUID, within: tuple[datetime | None, datetime]
) -> Sequence[Refund]:
    """Made through Stripe, which knows nothing of it."""
    its = _movement_of(Refund.practice_id, Refund.stripe_refund_id)
    wanted = select(Refund).where(
        Refund.practice_id == practice_id,
        Refund.state == "made",
        Refund.stripe_refund_id.is_not(None),
        _between(Refund.made_at, within),
        ~exists().where(its),
    )
    return tx.scalars(wanted).all()


def payouts_without_movement(
    tx: Session, practice_id: UUID, within: tuple[datetime | None, datetime]
) -> Sequence[Payout]:
    """Posted here, and Stripe's balance transactions know nothing of it."""
    its = _movement_of(Payout.practice_id, Payout.stripe_payout_id)
    wanted = select(Payout).where(
        Payout.practice_id == practice_id,
        Payout.amount.is_not(None),
        _between(Payout.created_at, within),
        ~exists().where(its),
    )
    return tx.scalars(wanted).all()


def _movement_of(practice_id: Any, source_id: Any) -> Any:
    return and_(
        BalanceTransaction.practice_id == practice_id,
        ~BalanceTransaction.is_gone,
        BalanceTransaction.source_id == source_id,
    )


def _between(column: Any, within: tuple[datetime | None, datetime]) -> Any:
    since, until = within
    return and_(column < until, column >= since) if since else column < until


def lock_differences(
    tx: Session, practice_id: UUID, subjects: Iterable[str]
) -> Sequence[Difference]:
    """All that was ever found of these subjects, in one order."""
    wanted = select(Difference).where(
        Difference.practice_id == practice_id, Difference.subject.in_(sorted(set(subjects)))
    )
    locked = wanted.order_by(Difference.id).with_for_update(key_share=True)
    return tx.scalars(locked.execution_options(populate_existing=True)).all()


def lock_difference(tx: Session, practice_id: UUID, difference_id: UUID) -> Difference | None:
    """The difference, kept from everybody else until the transaction ends."""
    wanted = select(Difference).where(
        Difference.practice_id == practice_id, Difference.id == difference_id
    )
    return tx.scalar(
        wanted.with_for_update(key_share=True).execution_options(populate_existing=True)
    )


def difference(tx: Session, practice_id: UUID, difference_id: UUID) -> Difference | None:
    """The difference, for who only looks."""
    return tx.scalar(
        select(Difference).where(
            Difference.practice_id == practice_id, Difference.id == difference_id
        )
    )


def unseen(tx: Session, practice_id: UUID, since: datetime) -> Sequence[Difference]:
    """Open differences that nobody has found since then."""
    wanted = select(Difference).where(
        Difference.practice_id == practice_id,
        Difference.state == DifferenceState.OPEN,
        Difference.last_seen_at < since,
    )
    locked = wanted.order_by(Difference.id).with_for_update(key_share=True)
    return tx.scalars(locked.execution_options(populate_existing=True)).all()


def is_posted(tx: Session, practice_id: UUID, difference_id: UUID) -> bool:
    """Whether settling it wrote an entry of its own."""
    wanted = select(LedgerTransaction.id).where(
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.difference_id == difference_id,
    )
    return tx.scalar(wanted.limit(1)) is not None


def differences(
    tx: Session, practice_id: UUID, state: str, before: Place | None, limit: int
) -> list[Difference]:
    """Those in a state, the latest first."""
    place = tuple_(Difference.first_seen_at, Difference.id)
    wanted = select(Difference).where(
        Difference.practice_id == practice_id, Difference.state == state
    )
    if before:
        wanted = wanted.where(place < before)
    latest = (Difference.first_seen_at.desc(), Difference.id.desc())
    return list(tx.scalars(wanted.order_by(*latest).limit(limit)))


def open_count(tx: Session, practice_id: UUID) -> int:
    """How many differences wait for somebody."""
    wanted = select(func.count()).where(
        Difference.practice_id == practice_id, Difference.state == DifferenceState.OPEN
    )
    return int(tx.scalar(wanted) or 0)


def decisions(tx: Session, practice_id: UUID, ids: list[UUID]) -> Sequence[ReconciliationDecision]:
    """What people decided of these differences, the oldest first."""
    wanted = select(ReconciliationDecision).where(
        ReconciliationDecision.practice_id == practice_id,
        ReconciliationDecision.difference_id.in_(ids),
    )
    return tx.scalars(wanted.order_by(ReconciliationDecision.decided_at)).all()


def balances_of_run(
    tx: Session, practice_id: UUID, run_id: UUID
) -> Sequence[ReconciliationBalance]:
    """Both balances as they were at the end of a look."""
    wanted = select(ReconciliationBalance).where(
        ReconciliationBalance.practice_id == practice_id, ReconciliationBalance.run_id == run_id
    )
    return tx.scalars(wanted.order_by(ReconciliationBalance.currency)).all()


def ledger_balances(tx: Session, practice_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """`currency, here, brought_in`: what the ledger has at Stripe, and what it has of payments
    that came in from elsewhere."""
    its_payment = and_(
        Payment.id == LedgerTransaction.payment_id,
        Payment.is_history,
        Payment.payment_intent_id.is_(None),
    )
    is_elsewhere = Payment.id.is_not(None)
    amount = LedgerPosting.amount
    wanted = (
        select(
            LedgerPosting.currency,
            func.sum(case((is_elsewhere, 0), else_=amount)).label("here"),
            func.sum(case((is_elsewhere, amount), else_=0)).label("brought_in"),
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerPosting.transaction_id)
        .outerjoin(Payment, its_payment)
        .where(
            LedgerPosting.practice_id == practice_id,
            LedgerPosting.account == Account.STRIPE_BALANCE,
        )
    )
    return tx.execute(wanted.group_by(LedgerPosting.currency)).all()


def due_at(tx: Session, kind: str, practice_id: UUID) -> datetime | None:
    """When work of that kind is due for a practice."""
    wanted = select(DueWork.due_at).where(
        DueWork.kind == kind, DueWork.subject_id == practice_id, DueWork.parked_at.is_(None)
    )
    return tx.scalar(wanted)
