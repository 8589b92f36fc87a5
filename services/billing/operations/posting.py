"""Writing the ledger: one balanced transaction per kind and cause."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain.accounts import Kind
from services.billing.domain.ledger import Postings
from services.billing.models import (
    LedgerPosting,
    LedgerTransaction,
    Payment,
    Payout,
    Receivable,
    ReconciliationDifference,
)

Cause = Payment | Receivable | Payout | ReconciliationDifference


def post(
    tx: Session,
    kind: Kind,
    about: Cause,
    source_id: UUID,
    postings: Postings,
    now: datetime,
    *,
    credit_use_id: UUID | None = None,
) -> None:
    """Record what moved because of `source_id`; the database allows it once.

    `credit_use_id`: of a package's payment, the session that moved it.
    """
    if not postings:
        return
    entry = LedgerTransaction(
        id=uuid7(),
        practice_id=about.practice_id,
        kind=kind,
        payment_id=about.id if isinstance(about, Payment) else None,
        receivable_id=about.id if isinstance(about, Receivable) else None,
        payout_id=about.id if isinstance(about, Payout) else None,
        difference_id=about.id if isinstance(about, ReconciliationDifference) else None,
        credit_use_id=credit_use_id,
        source_id=source_id,
        occurred_at=now,
    )
    tx.add(entry)
    tx.flush()
    tx.execute(insert(LedgerPosting), rows(entry.id, about.practice_id, postings))


def rows(transaction_id: UUID, practice_id: UUID, postings: Postings) -> list[dict[str, object]]:
    """The postings of a transaction as rows."""
    return [
        {
            "transaction_id": transaction_id,
            "practice_id": practice_id,
            "account": posting.account,
            "amount": posting.money.amount,
            "currency": posting.money.currency,
        }
        for posting in postings
    ]
