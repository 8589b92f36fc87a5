"""The ledger read: transactions with their entries, accounts with their balances."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.cursors import Position
from services.billing.models import LedgerPosting, LedgerTransaction

Values = tuple[Any, ...]
_PLACE = tuple_(LedgerTransaction.occurred_at, LedgerTransaction.id)
_ITS_TRANSACTION = (
    (LedgerTransaction.id == LedgerPosting.transaction_id)
    & (LedgerTransaction.practice_id == LedgerPosting.practice_id)
)  # fmt: skip


def of_payment(tx: Session, practice_id: UUID, payment_id: UUID) -> Sequence[LedgerTransaction]:
    """A payment's transactions, oldest first."""
    mine = (
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.payment_id == payment_id,
    )
    ordered = select(LedgerTransaction).where(*mine)
    by_time = (LedgerTransaction.occurred_at, LedgerTransaction.id)
    return tx.scalars(ordered.order_by(*by_time)).all()


def one(tx: Session, practice_id: UUID, transaction_id: UUID) -> LedgerTransaction | None:
    """A transaction of the practice."""
    mine = (
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.id == transaction_id,
    )
    return tx.scalar(select(LedgerTransaction).where(*mine))


def entries(
    tx: Session, practice_id: UUID, transaction_ids: Sequence[UUID]
) -> dict[UUID, list[LedgerPosting]]:
    """The entries of each transaction, debits first."""
    mine = (
        LedgerPosting.practice_id == practice_id,
        LedgerPosting.transaction_id.in_(transaction_ids),
    )
    found: dict[UUID, list[LedgerPosting]] = defaultdict(list)
    by_side = (LedgerPosting.amount.desc(), LedgerPosting.account)
    for entry in tx.scalars(select(LedgerPosting).where(*mine).order_by(*by_side)):
        found[entry.transaction_id].append(entry)
    return found


def of_payout(tx: Session, practice_id: UUID, payout_id: UUID) -> Sequence[LedgerTransaction]:
    """The transactions of a payout, oldest first."""
    return _of(tx, practice_id, LedgerTransaction.payout_id == payout_id)


def of_difference(
    tx: Session, practice_id: UUID, difference_id: UUID
) -> Sequence[LedgerTransaction]:
    """What settling a difference wrote, oldest first."""
    return _of(tx, practice_id, LedgerTransaction.difference_id == difference_id)


def _of(tx: Session, practice_id: UUID, cause: ColumnElement[bool]) -> Sequence[LedgerTransaction]:
    wanted = select(LedgerTransaction).where(LedgerTransaction.practice_id == practice_id, cause)
    order = (LedgerTransaction.occurred_at, LedgerTransaction.id)
    return tx.scalars(wanted.order_by(*order)).all()


def journal(
    tx: Session,
    practice_id: UUID,
    from_at: datetime,
    until_at: datetime,
    at: Position | None,
    limit: int,
) -> Sequence[LedgerTransaction]:
    """Transactions of `[from_at, until_at)`, the oldest first, after the position."""
    query = select(LedgerTransaction).where(
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.occurred_at >= from_at,
        LedgerTransaction.occurred_at < until_at,
    )
    if at is not None:
        query = query.where((at.at, at.id) < _PLACE)
    by_time = (LedgerTransaction.occurred_at, LedgerTransaction.id)
    return tx.scalars(query.order_by(*by_time).limit(limit)).all()


def balances(tx: Session, practice_id: UUID, until_at: datetime | None) -> Sequence[Row[*Values]]:
    """`account, currency, debit, credit` of each account and currency with entries before then."""
    is_debit = LedgerPosting.amount > 0
    query = select(
        LedgerPosting.account,
        LedgerPosting.currency,
        func.coalesce(func.sum(LedgerPosting.amount).filter(is_debit), 0).label("debit"),
        func.coalesce(func.sum(-LedgerPosting.amount).filter(~is_debit), 0).label("credit"),
    ).where(LedgerPosting.practice_id == practice_id)
    if until_at is not None:
        query = query.join(LedgerTransaction, _ITS_TRANSACTION)
        query = query.where(LedgerTransaction.occurred_at < until_at)
    grouped = query.group_by(LedgerPosting.account, LedgerPosting.currency)
    return tx.execute(grouped.order_by(LedgerPosting.account, LedgerPosting.currency)).all()


def account_part(
    tx: Session, on: Sequence[ColumnElement[bool]], at: Position | None, limit: int
) -> Sequence[Row[*Values]]:
    """`transaction_id, kind, occurred_at, amount` of an account, the latest first; see `on`."""
    query = (
        select(
            LedgerTransaction.id,
            LedgerTransaction.kind,
            LedgerTransaction.occurred_at,
            LedgerPosting.amount,
        )
        .join(LedgerPosting, _ITS_TRANSACTION)
        .where(*on)
    )
    forth = (LedgerTransaction.occurred_at, LedgerTransaction.id)
    if at is not None and at.is_back:
        back = query.where((at.at, at.id) < _PLACE).order_by(*forth).limit(limit)
        return tx.execute(back).all()[::-1]
    if at is not None:
        query = query.where((at.at, at.id) > _PLACE)
    return tx.execute(query.order_by(*(one.desc() for one in forth)).limit(limit)).all()


def balance_at(tx: Session, on: Sequence[ColumnElement[bool]], at: Position) -> int:
    """The account's balance once the entry at the position was made."""
    query = select(func.coalesce(func.sum(LedgerPosting.amount), 0))
    until = (at.at, at.id) >= _PLACE
    joined = query.join(LedgerTransaction, _ITS_TRANSACTION).where(*on, until)
    return int(tx.scalar(joined) or 0)


def on(
    practice_id: UUID, account: str, currency: str, until_at: datetime | None
) -> list[ColumnElement[bool]]:
    """The conditions of one account in one currency, before then."""
    conditions: list[ColumnElement[bool]] = [
        LedgerPosting.practice_id == practice_id,
        LedgerTransaction.practice_id == practice_id,
        LedgerPosting.account == account,
        LedgerPosting.currency == currency,
    ]
    if until_at is not None:
        conditions.append(LedgerTransaction.occurred_at < until_at)
    return conditions
