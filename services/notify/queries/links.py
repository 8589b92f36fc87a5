"""Links in mails, found by the hash of their token."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from services.notify.models import Link


def find(tx: Session, key: str) -> Link | None:
    """The link under this hash, living or not."""
    return tx.scalar(select(Link).where(Link.key == key))


def align_expiry(tx: Session, practice_id: UUID, booking_id: UUID, expires_at: datetime) -> None:
    """All links of a booking live equally long, also those sent before it was moved."""
    tx.execute(
        update(Link)
        .where(Link.practice_id == practice_id, Link.booking_id == booking_id)
        .where(Link.expires_at != expires_at)
        .values(expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


def revoke(tx: Session, practice_id: UUID, booking_id: UUID) -> int:
    """End the living links of a booking; how many."""
    ended = tx.execute(
        update(Link)
        .where(Link.practice_id == practice_id, Link.booking_id == booking_id)
        .where(Link.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(Link.key)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def forget_expired_before(tx: Session, before: datetime) -> None:
    """Links past their time answer as if unknown anyway."""
    tx.execute(
        delete(Link).where(Link.expires_at < before).execution_options(synchronize_session=False)
    )
