"""Due work: claimed in batches, leased for a while, given back or done. One clock: the database's.

Only plumbing is read here, so a worker needs no tenant to find out what is due.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from services.notify.models import DueMessage

BATCH = 500
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A due message and whose it is."""

    message_id: UUID
    practice_id: UUID


def claim(tx: Session, lease: UUID, limit: int = BATCH) -> list[Claimed]:
    """Up to `limit` due messages, the longest due first, under `lease` for 30 s.

    Two claimers never get the same one; who is killed leaves it to others when the lease is over.
    """
    return [Claimed(row[0], row[1]) for row in tx.execute(claiming(lease, limit))]


def claiming(lease: UUID, limit: int) -> ReturningUpdate[UUID, UUID]:
    """The statement that claims; it passes over what another claimer holds."""
    due = (
        select(DueMessage.message_id)
        .where(DueMessage.parked_at.is_(None), DueMessage.due_at <= func.now())
        .order_by(DueMessage.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(DueMessage)
        .where(DueMessage.message_id == due.c.message_id)
        .values(due_at=func.now() + LEASE, lease=lease)
        .returning(DueMessage.message_id, DueMessage.practice_id)
        .execution_options(synchronize_session=False)
    )


def renew(tx: Session, message_id: UUID, lease: UUID) -> bool:
    """Hold the message for another 30 s; False where another worker has taken it."""
    mine = update(DueMessage).where(DueMessage.message_id == message_id, DueMessage.lease == lease)
    held = tx.execute(
        mine.values(due_at=func.now() + LEASE)
        .returning(DueMessage.message_id)
        .execution_options(synchronize_session=False)
    )
    return held.first() is not None


def give_back(tx: Session, message_ids: Collection[UUID], lease: UUID, wait: timedelta) -> None:
    """Let others have what is still held, after `wait`."""
    tx.execute(
        update(DueMessage)
        .where(DueMessage.message_id.in_(message_ids), DueMessage.lease == lease)
        .values(due_at=func.now() + wait, lease=None)
        .execution_options(synchronize_session=False)
    )


def park(tx: Session, message_id: UUID, *, template: str, error: str) -> None:
    """Nobody tries it again until a person looks at it, who is told what it is and what failed."""
    tx.execute(
        update(DueMessage)
        .where(DueMessage.message_id == message_id)
        .values(parked_at=func.now(), lease=None, kind=template, error=error)
        .execution_options(synchronize_session=False)
    )


def forget(tx: Session, message_ids: Collection[UUID]) -> None:
    """The messages have left, or never will."""
    tx.execute(
        delete(DueMessage)
        .where(DueMessage.message_id.in_(message_ids))
        .execution_options(synchronize_session=False)
    )
