"""Charts, their keys, and who looked at them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.plans.domain.looks import Look, Looker
from services.plans.domain.notes import Erased
from services.plans.models import Access, Chart, ChartKey, EncryptionKey

UNTOLD = ("private_note", "private_addendum", Erased.PRIVATE_NOTE.value)


def chart(tx: Session, practice_id: UUID, chart_id: UUID) -> Chart:
    """The chart that a record names."""
    query = select(Chart).where(Chart.practice_id == practice_id, Chart.id == chart_id)
    return tx.execute(query).scalar_one()


def chart_of_client(tx: Session, practice_id: UUID, client_id: UUID) -> Chart:
    """The chart of a client of the practice."""
    query = select(Chart).where(Chart.practice_id == practice_id, Chart.client_id == client_id)
    return tx.execute(query).scalar_one()


def chart_known(tx: Session, practice_id: UUID, client_id: UUID) -> Chart | None:
    """The chart of a client of the practice, where one was opened."""
    query = select(Chart).where(Chart.practice_id == practice_id, Chart.client_id == client_id)
    return tx.scalars(query).first()


def accesses(
    tx: Session, practice_id: UUID, chart_id: UUID, limit: int, before: datetime | None
) -> list[Look]:
    """The latest accesses to a chart that its client is told of, or the latest before a moment;
    those of one kind at one moment are one.

    Private notes are their author's alone, who alone opens them.
    """
    looker = (
        Access.party,
        Access.practitioner_id,
        Access.is_supervisor,
        Access.by_account_id,
        Access.by_booking_id,
    )
    query = select(Access.at, Access.is_write, Access.kind, *looker).where(
        Access.practice_id == practice_id,
        Access.chart_id == chart_id,
        Access.kind.not_in(UNTOLD),
    )
    if before is not None:
        query = query.where(Access.at < before)
    latest = query.distinct().order_by(Access.at.desc(), Access.is_write, Access.kind).limit(limit)
    return [Look(row.at, _looker(row), row.is_write, row.kind) for row in tx.execute(latest)]


def _looker(row: Any) -> Looker:
    return Looker(
        party=row.party,
        practitioner_id=row.practitioner_id,
        is_supervisor=row.is_supervisor,
        account_id=row.by_account_id,
        booking_id=row.by_booking_id,
    )


def under_older_key(current: int) -> Select[UUID]:
    """The query that finds a chart whose data key is wrapped under a key before the current one."""
    return select(ChartKey.chart_id).where(ChartKey.key_version < current).limit(1)


def lock_under_older_key(tx: Session, current: int, limit: int) -> Sequence[ChartKey]:
    """Some such charts, for this transaction alone."""
    found = select(ChartKey).where(ChartKey.key_version < current).limit(limit)
    return tx.scalars(found.with_for_update(skip_locked=True)).all()


def key_versions(tx: Session) -> set[int]:
    """The keys without which a chart does not open."""
    return set(tx.scalars(select(ChartKey.key_version).distinct()))


def fingerprints(tx: Session) -> dict[int, str]:
    """The keys that were ever in use, by version."""
    return {one.version: one.fingerprint for one in tx.scalars(select(EncryptionKey))}
