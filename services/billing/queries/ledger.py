"""The ledger read: transactions with their entries."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
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
