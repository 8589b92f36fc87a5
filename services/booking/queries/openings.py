"""Whose soonest free times must be worked out again, and what was told last."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, Uuid, bindparam, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import OpeningsAnnounced, OpeningsDue


def lock_due(tx: Transaction, now: datetime) -> OpeningsDue | None:
    """One practitioner whose openings are due and whom nobody else works on."""
    return tx.scalar(_SOONEST, {"now": now})


def announced(tx: Transaction, practitioner_id: UUID) -> list[dict[str, Any]] | None:
    """What the directory was told last; None if nothing yet."""
    return tx.scalar(_ANNOUNCED, {"practitioner": practitioner_id})


# Built once, because building them costs as much as running them.
_NOW = bindparam("now", type_=DateTime(timezone=True))
DUE: Select[UUID] = select(OpeningsDue.practitioner_id).where(OpeningsDue.due_at <= _NOW).limit(1)
"""The query that finds a row while somebody's openings are due at `now`."""
_SOONEST = (
    select(OpeningsDue)
    .where(OpeningsDue.due_at <= _NOW)
    .order_by(OpeningsDue.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_ANNOUNCED = select(OpeningsAnnounced.openings).where(
    OpeningsAnnounced.practitioner_id == bindparam("practitioner", type_=Uuid)
)
