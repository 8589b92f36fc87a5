"""Who looked, as far as it is not sealed yet, and the seals."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from services.plans.models import Access, AccessSeal, ChartKey

#: Practices that have a chart, so that somebody may have looked into one.
PRACTICES: Select[UUID] = select(ChartKey.practice_id).distinct()


def lock_seals(tx: Session, practice_id: UUID) -> None:
    """Be alone with the chain of a practice until the transaction ends."""
    key = func.hashtextextended(f"plans.access_seals:{practice_id}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))


def unsealed(tx: Session, practice_id: UUID, limit: int) -> Sequence[Access]:
    """Some looks that no seal covers, in the order of their ids."""
    query = select(Access).where(Access.practice_id == practice_id, Access.seal_number.is_(None))
    return tx.scalars(query.order_by(Access.id).limit(limit)).all()


def last_seal(tx: Session, practice_id: UUID) -> AccessSeal | None:
    """The end of the practice's chain."""
    query = select(AccessSeal).where(AccessSeal.practice_id == practice_id)
    return tx.scalars(query.order_by(AccessSeal.number.desc()).limit(1)).first()


def cover(tx: Session, seal: AccessSeal, ids: Sequence[UUID]) -> None:
    """Say of these looks that the seal covers them."""
    query = update(Access).where(Access.practice_id == seal.practice_id, Access.id.in_(ids))
    tx.execute(query.values(seal_number=seal.number).execution_options(synchronize_session=False))
