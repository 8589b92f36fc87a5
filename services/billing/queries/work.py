"""Due rows, claimed in batches: leased, and left alone by a second claimer."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.billing.models import DueWork, StripeEvent

#: About the slowest usual piece of work, a call of 8 s and its repeat. Whoever takes longer is
#: repeated under the same keys; whoever dies delays the work by no more than this.
LEASE = timedelta(seconds=20)


def claim_work(tx: Session, now: datetime, limit: int) -> list[Any]:
    """Rows of `due_work` whose time has come, oldest first."""
    due = (
        select(DueWork.id)
        .where(DueWork.parked_at.is_(None), DueWork.due_at <= now)
        .order_by(DueWork.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(tx.scalars(due))
    table: Any = DueWork.__table__
    lease = update(table).where(table.c.id.in_(ids)).values(due_at=now + LEASE)
    return list(tx.execute(lease.returning(*table.c))) if ids else []


def claim_stripe_events(tx: Session, now: datetime, limit: int) -> list[Any]:
    """Webhooks nobody has dealt with yet, oldest first."""
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
    lease = update(table).where(table.c.id.in_(ids)).values(due_at=now + LEASE)
    return list(tx.execute(lease.returning(*table.c))) if ids else []
