"""Months of the books: closed ones, what each brought, what keeps one from being closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from services.billing.domain.months import Span
from services.billing.models import (
    ClosedBalance,
    ClosedMonth,
    DueWork,
    LedgerPosting,
    LedgerTransaction,
)
from services.billing.models import ReconciliationDifference as Difference
from services.contracts.billing.reconciliation import DifferenceState

Values = tuple[Any, ...]


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


def given_up(tx: Session, practice_id: UUID, until_at: datetime) -> int:
    """How much work on the practice's money was given up before then."""
    query = select(func.count()).select_from(DueWork)
    return tx.scalars(
        query.where(DueWork.practice_id == practice_id, DueWork.parked_at < until_at)
    ).one()


def _sum(amount: Any, where: Any) -> Any:
    return func.coalesce(func.sum(amount).filter(where), 0)
