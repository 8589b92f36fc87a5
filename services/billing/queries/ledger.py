"""The ledger read: transactions with their entries."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.billing.models import LedgerPosting, LedgerTransaction


def of_payment(tx: Session, practice_id: UUID, payment_id: UUID) -> Sequence[LedgerTransaction]:
    """A payment's transactions, oldest first."""
    mine = (
        LedgerTransaction.practice_id == practice_id,
        LedgerTransaction.payment_id == payment_id,
    )
    ordered = select(LedgerTransaction).where(*mine)
    by_time = (LedgerTransaction.occurred_at, LedgerTransaction.id)
    return tx.scalars(ordered.order_by(*by_time)).all()


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
