"""Whose soonest free times must be worked out again, and what was told last."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import OpeningsAnnounced, OpeningsDue


def find_due(now: datetime) -> Select[UUID]:
    """The query that finds a row while somebody's openings are due."""
    return select(OpeningsDue.practitioner_id).where(OpeningsDue.due_at <= now).limit(1)


def lock_due(tx: Transaction, now: datetime) -> OpeningsDue | None:
    """One practitioner whose openings are due and whom nobody else works on."""
    soonest = select(OpeningsDue).where(OpeningsDue.due_at <= now).order_by(OpeningsDue.due_at)
    return tx.scalar(soonest.limit(1).with_for_update(skip_locked=True))


def announced(tx: Transaction, practitioner_id: UUID) -> list[dict[str, Any]] | None:
    """What the directory was told last; None if nothing yet."""
    return tx.scalar(
        select(OpeningsAnnounced.openings).where(
            OpeningsAnnounced.practitioner_id == practitioner_id
        )
    )
