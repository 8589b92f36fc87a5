"""The ledger for the wire."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.models import LedgerPosting, LedgerTransaction
from services.billing.queries import ledger
from services.common.money import Money
from services.contracts.billing.ledger import EntryView, TransactionView


def transaction_views(
    tx: Session, practice_id: UUID, moves: Sequence[LedgerTransaction]
) -> list[TransactionView]:
    """Transactions with their entries, in the order they have."""
    entries = ledger.entries(tx, practice_id, [one.id for one in moves])
    return [
        TransactionView(
            id=one.id,
            kind=one.kind,
            occurred_at=one.occurred_at,
            payment_id=one.payment_id,
            receivable_id=one.receivable_id,
            entries=[_entry(entry) for entry in entries.get(one.id, [])],
        )
        for one in moves
    ]


def _entry(entry: LedgerPosting) -> EntryView:
    return EntryView(account=entry.account, money=Money(entry.amount, entry.currency))
