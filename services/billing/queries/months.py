"""Months of the books: closed ones, what each brought, what keeps one from being closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select, text
from sqlalchemy.orm import Session

from services.billing.domain.months import Span
from services.billing.models import (
    BalanceTransaction,
    ClosedBalance,
    ClosedMonth,
    Dispute,
    DueWork,
    LedgerPosting,
    LedgerTransaction,
    Payment,
    Refund,
)
from services.billing.models import ReconciliationDifference as Difference
from services.contracts.billing.reconciliation import DifferenceState

Values = tuple[Any, ...]
#: Work that tells whether money came, or went back. All else waits for what others decide.
DECIDES = ("settle_payment", "make_refund", "check_refund", "settle_refunds")


def lock(tx: Session, practice_id: UUID) -> None:
    """Wait for whoever posts, and keep everybody else from it until the transaction ends."""
    alone = text("SELECT pg_advisory_xact_lock(billing.months_lock(:practice_id))")
    tx.execute(alone, {"practice_id": practice_id})


def closed(tx: Session, practice_id: UUID) -> Sequence[ClosedMonth]:
    """The closed months, the earliest first."""
    mine = select(ClosedMonth).where(ClosedMonth.practice_id == practice_id)
    return tx.scalars(mine.order_by(ClosedMonth.month_on)).all()


def closed_balances(tx: Session, found: ClosedMonth) -> Sequence[ClosedBalance]:
    """The balances with which a month was closed."""
    mine = (
        ClosedBalance.practice_id == found.practice_id,
        ClosedBalance.closed_month_id == found.id,
    )
    ordered = select(ClosedBalance).where(*mine)
    return tx.scalars(ordered.order_by(ClosedBalance.account, ClosedBalance.currency)).all()


def first_entry_at(tx: Session, practice_id: UUID) -> datetime | None:
    """When the books began."""
    mine = LedgerTransaction.practice_id == practice_id
    return tx.scalar(select(func.min(LedgerTransaction.occurred_at)).where(mine))


def balances(
    tx: Session, practice_id: UUID, of: Span, *, since: datetime | None
) -> Sequence[Row[*Values]]:
    """`account, currency, opening, debit, credit` of accounts with entries until a month's end.

    With `since` earlier entries are not read, and `opening` knows nothing of them.
    """
    amount, is_before = LedgerPosting.amount, LedgerTransaction.occurred_at < of.from_at
    query = (
        select(
            LedgerPosting.account,
            LedgerPosting.currency,
            _sum(amount, is_before).label("opening"),
            _sum(amount, ~is_before & (amount > 0)).label("debit"),
            _sum(-amount, ~is_before & (amount < 0)).label("credit"),
        )
        .join(
            LedgerTransaction,
            (LedgerTransaction.id == LedgerPosting.transaction_id)
            & (LedgerTransaction.practice_id == LedgerPosting.practice_id),
        )
        .where(
            LedgerPosting.practice_id == practice_id, LedgerTransaction.occurred_at < of.until_at
        )
        .group_by(LedgerPosting.account, LedgerPosting.currency)
    )
    if since is not None:
        query = query.where(LedgerTransaction.occurred_at >= since)
    return tx.execute(query).all()


def open_differences(tx: Session, practice_id: UUID, until_at: datetime) -> int:
    """How many differences from Stripe nobody settled, of what happened before then."""
    query = select(func.count()).select_from(Difference)
    return tx.scalars(
        query.where(
            Difference.practice_id == practice_id,
            Difference.state == DifferenceState.OPEN.value,
            Difference.happened_at < until_at,
        )
    ).one()


def failed_refunds(tx: Session, practice_id: UUID, until_at: datetime) -> int:
    """How many refunds that were promised before then have failed, and are not settled."""
    query = select(func.count()).select_from(Refund)
    return tx.scalars(
        query.where(
            Refund.practice_id == practice_id,
            Refund.state == "failed",
            Refund.created_at < until_at,
        )
    ).one()


def open_disputes(tx: Session, practice_id: UUID, until_at: datetime) -> int:
    """How many disputes that were opened before then are not decided."""
    query = select(func.count()).select_from(Dispute)
    return tx.scalars(
        query.where(
            Dispute.practice_id == practice_id,
            Dispute.closed_at.is_(None),
            Dispute.opened_at < until_at,
        )
    ).one()


def has_money_at_stripe(tx: Session, practice_id: UUID) -> bool:
    """Whether any money of the practice is known to have been at Stripe, ever."""
    moved = exists().where(BalanceTransaction.practice_id == practice_id)
    paid = exists().where(
        Payment.practice_id == practice_id, Payment.payment_intent_id.is_not(None)
    )
    return bool(tx.scalar(select(moved | paid)))


def work_of(tx: Session, practice_id: UUID, until_at: datetime) -> tuple[int, int]:
    """`given_up, under_way`: work that was given up by then, or whose outcome decides about money
    of before then; and such that is still tried. Invoices move none. Due work has no policy of its
    own."""
    begun = func.coalesce(
        Payment.captured_at,
        Payment.attempted_at,
        Payment.created_at,
        Refund.created_at,
        DueWork.created_at,
    )
    decides = DueWork.kind.in_(DECIDES) & (begun < until_at)
    is_parked = DueWork.parked_at.is_not(None)
    query = (
        select(func.count().filter(is_parked), func.count().filter(~is_parked))
        .select_from(DueWork)
        .outerjoin(Payment, (DueWork.kind == "settle_payment") & _is_about(Payment))
        .outerjoin(Refund, (DueWork.kind == "make_refund") & _is_about(Refund))
        .where(
            DueWork.practice_id == practice_id,
            decides | (DueWork.parked_at < until_at),
            DueWork.kind != "invoice_run",
        )
    )
    given_up, under_way = tx.execute(query).one()
    return given_up, under_way


def _is_about(model: type[Payment | Refund]) -> Any:
    return (model.id == DueWork.subject_id) & (model.practice_id == DueWork.practice_id)


def _sum(amount: Any, where: Any) -> Any:
    return func.coalesce(func.sum(amount).filter(where), 0)
