"""Mails to the owners of accounts: made once a day, claimed in batches. The database's clock."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.notify.models import Notice

LEASE = timedelta(seconds=30)


def insert_new(tx: Session, values: dict[str, object]) -> bool:
    """Insert a notice; no second one of its kind and fact to the account on its day."""
    once = insert(Notice).values(**values, due_at=func.now(), tries=0).on_conflict_do_nothing()
    return tx.execute(once.returning(Notice.id)).first() is not None


def claim(tx: Session, lease: UUID, limit: int) -> list[Notice]:
    """Up to `limit` due notices under `lease` for 30 s."""
    due = (
        select(Notice.id)
        .where(Notice.sent_at.is_(None), Notice.parked_at.is_(None), Notice.due_at <= func.now())
        .order_by(Notice.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = (
        update(Notice)
        .where(Notice.id == due.c.id)
        .values(due_at=func.now() + LEASE, lease=lease)
        .returning(Notice)
        .execution_options(synchronize_session=False)
    )
    return list(tx.scalars(claimed))


def begin(tx: Session, notice_id: UUID, lease: UUID) -> int | None:
    """Count a try that is about to be made; which one it is. None if it is no longer ours."""
    mine = update(Notice).where(
        Notice.id == notice_id, Notice.lease == lease, Notice.due_at > func.now()
    )
    one_more = mine.values(tries=Notice.tries + 1).returning(Notice.tries)
    return tx.scalar(one_more.execution_options(synchronize_session=False))


def settle(tx: Session, notice_id: UUID, lease: UUID, **values: object) -> None:
    """Write down how it went, if it is still ours; `wait` is until another try."""
    mine = update(Notice).where(Notice.id == notice_id, Notice.lease == lease)
    wait = values.pop("wait", None)
    if isinstance(wait, timedelta):
        values["due_at"] = func.now() + wait
    tx.execute(mine.values(lease=None, **values).execution_options(synchronize_session=False))


def forget(tx: Session, notice_id: UUID) -> None:
    """There is nobody to tell."""
    tx.execute(delete(Notice).where(Notice.id == notice_id))


def forget_made_before(tx: Session, day: date) -> None:
    """Old notices say nothing to anybody any more."""
    old = delete(Notice).where(Notice.made_on < day)
    tx.execute(old.execution_options(synchronize_session=False))
