"""Due rows, claimed in batches: leased, and left alone by a second claimer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from services.billing.models import DueWork, StripeAccount, StripeEvent


def claim_work(
    tx: Session, kinds: Sequence[str], now: datetime, limit: int, lease: timedelta
) -> list[Any]:
    """Rows of `due_work` of these kinds whose time has come, oldest first; nobody else's until the
    lease ends."""
    due = (
        select(DueWork.id)
        .where(DueWork.kind.in_(kinds), DueWork.parked_at.is_(None), DueWork.due_at <= now)
        .order_by(DueWork.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    table: Any = DueWork.__table__
    leased = update(table).where(table.c.id.in_(ids)).values(due_at=now + lease)
    return list(tx.execute(leased.returning(*table.c))) if ids else []


def accounts_without(tx: Session, kind: str) -> Sequence[UUID]:
    """Practices with an account at Stripe for which no work of this kind is owed."""
    owed = exists().where(DueWork.kind == kind, DueWork.subject_id == StripeAccount.practice_id)
    return tx.scalars(select(StripeAccount.practice_id).where(~owed)).all()


def given_up(tx: Session, kind: str, practice_id: UUID) -> Sequence[UUID]:
    """What a practice's parked work of this kind is about."""
    of_kind = (DueWork.kind == kind, DueWork.practice_id == practice_id)
    return tx.scalars(
        select(DueWork.subject_id).where(*of_kind, DueWork.parked_at.is_not(None))
    ).all()


def give_back_work(tx: Session, rows: Sequence[Any], due_at: datetime) -> None:
    """Let go of claimed rows that nobody has asked for anew meanwhile; due again at `due_at`."""
    if rows:
        ours = (DueWork.id.in_([row.id for row in rows]), DueWork.due_at == rows[0].due_at)
        tx.execute(update(DueWork).where(*ours).values(due_at=due_at))


def claim_stripe_events(tx: Session, now: datetime, limit: int, lease: timedelta) -> list[Any]:
    """Webhooks nobody has dealt with yet, oldest first; nobody else's until the lease ends."""
    due = (
        select(StripeEvent.id)
        .where(
            StripeEvent.handled_at.is_(None),
            StripeEvent.parked_at.is_(None),
            StripeEvent.due_at <= now,
        )
        .order_by(StripeEvent.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    table: Any = StripeEvent.__table__
    leased = update(table).where(table.c.id.in_(ids)).values(due_at=now + lease)
    return list(tx.execute(leased.returning(*table.c))) if ids else []
