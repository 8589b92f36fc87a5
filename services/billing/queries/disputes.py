"""Disputes: of a payment, locked for a change, or listed with their payments and answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from services.billing.domain.disputes import NO_DEADLINE
from services.billing.models import (
    Dispute,
    DisputeAnswer,
    LedgerPosting,
    LedgerTransaction,
    Payment,
)

Values = tuple[Any, ...]
After = tuple[datetime, UUID]


def disputes(
    tx: Session,
    practice_id: UUID,
    *,
    is_open: bool,
    payment_id: UUID | None,
    after: After | None,
    limit: int,
) -> Sequence[Row[*Values]]:
    """The practice's, with payment and answer: open ones by their deadline, else latest first."""
    query = _listed().where(Dispute.practice_id == practice_id)
    if payment_id:
        query = query.where(Dispute.payment_id == payment_id)
    if is_open:
        deadline = func.coalesce(Dispute.due_at, NO_DEADLINE)
        query = query.where(Dispute.closed_at.is_(None))
        if after:
            query = query.where(tuple_(deadline, Dispute.id) > after)
        return tx.execute(query.order_by(deadline, Dispute.id).limit(limit)).all()
    if after:
        query = query.where(tuple_(Dispute.opened_at, Dispute.id) < after)
    latest_first = query.order_by(Dispute.opened_at.desc(), Dispute.id.desc())
    return tx.execute(latest_first.limit(limit)).all()


def dispute(tx: Session, practice_id: UUID, dispute_id: UUID) -> Row[*Values] | None:
    """One of the practice's disputes, with payment and answer."""
    wanted = (Dispute.practice_id == practice_id, Dispute.id == dispute_id)
    return tx.execute(_listed().where(*wanted)).first()


def lock_dispute(tx: Session, practice_id: UUID, dispute_id: UUID) -> Dispute | None:
    """The dispute, kept from everybody else until the transaction ends."""
    wanted = (Dispute.practice_id == practice_id, Dispute.id == dispute_id)
    locked = select(Dispute).where(*wanted).with_for_update(key_share=True)
    return tx.scalar(locked.execution_options(populate_existing=True))


def answer_of(tx: Session, dispute: Dispute) -> DisputeAnswer | None:
    """What was answered."""
    wanted = (
        DisputeAnswer.practice_id == dispute.practice_id,
        DisputeAnswer.dispute_id == dispute.id,
    )
    return tx.scalar(select(DisputeAnswer).where(*wanted))


def unsent_answers(tx: Session, payment: Payment) -> Sequence[Row[*Values]]:
    """Answers about a payment that Stripe does not have yet, with their disputes."""
    about = (DisputeAnswer.dispute_id == Dispute.id) & (
        DisputeAnswer.practice_id == Dispute.practice_id
    )
    query = select(DisputeAnswer, Dispute).join(Dispute, about)
    wanted = (
        Dispute.practice_id == payment.practice_id,
        Dispute.payment_id == payment.id,
        Dispute.closed_at.is_(None),
        DisputeAnswer.sent_at.is_(None),
    )
    return tx.execute(query.where(*wanted)).all()


def is_posted(tx: Session, payment: Payment, kind: str, source_id: UUID) -> bool:
    """Whether the ledger has this already."""
    wanted = (
        LedgerTransaction.practice_id == payment.practice_id,
        LedgerTransaction.kind == kind,
        LedgerTransaction.source_id == source_id,
    )
    return tx.scalar(select(LedgerTransaction.id).where(*wanted)) is not None


def entries_of(
    tx: Session, payment: Payment, kind: str, source_id: UUID
) -> Sequence[LedgerPosting]:
    """The entries that the ledger has of one cause."""
    its_transaction = (LedgerPosting.transaction_id == LedgerTransaction.id) & (
        LedgerPosting.practice_id == LedgerTransaction.practice_id
    )
    query = (
        select(LedgerPosting)
        .join(LedgerTransaction, its_transaction)
        .where(
            LedgerTransaction.practice_id == payment.practice_id,
            LedgerTransaction.kind == kind,
            LedgerTransaction.source_id == source_id,
        )
    )
    return tx.scalars(query).all()


def _listed() -> Select[*Values]:
    its_payment = (Payment.id == Dispute.payment_id) & (Payment.practice_id == Dispute.practice_id)
    about = (DisputeAnswer.dispute_id == Dispute.id) & (
        DisputeAnswer.practice_id == Dispute.practice_id
    )
    query = select(Dispute, Payment, DisputeAnswer).join(Payment, its_payment)
    return query.outerjoin(DisputeAnswer, about)
