"""In which sessions exercises were rehearsed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.plans.models import KnownSession, Plan, Rehearsal

MOST = 200


def rehearsals(tx: Session, found: Plan) -> Sequence[tuple[UUID, UUID, datetime]]:
    """Exercise, session and when that began, the latest first."""
    is_in = (KnownSession.practice_id == Rehearsal.practice_id) & (
        KnownSession.booking_id == Rehearsal.booking_id
    )
    query = (
        select(Rehearsal.exercise_id, Rehearsal.booking_id, KnownSession.starts_at)
        .join(KnownSession, is_in)
        .where(Rehearsal.practice_id == found.practice_id, Rehearsal.plan_id == found.id)
        .order_by(KnownSession.starts_at.desc(), Rehearsal.exercise_id)
    )
    return [(one, where, at) for one, where, at in tx.execute(query.limit(MOST))]


def keep(tx: Session, found: Plan, exercise_id: UUID, booking_id: UUID, now: datetime) -> None:
    """It was rehearsed in the session; known already, nothing changes."""
    row = insert(Rehearsal).values(
        practice_id=found.practice_id,
        plan_id=found.id,
        exercise_id=exercise_id,
        booking_id=booking_id,
        chart_id=found.chart_id,
        marked_at=now,
    )
    tx.execute(row.on_conflict_do_nothing(constraint="rehearsals_pkey"))


def forget(tx: Session, found: Plan, exercise_id: UUID, booking_id: UUID) -> None:
    """It was not rehearsed there."""
    tx.execute(
        delete(Rehearsal).where(
            Rehearsal.practice_id == found.practice_id,
            Rehearsal.plan_id == found.id,
            Rehearsal.exercise_id == exercise_id,
            Rehearsal.booking_id == booking_id,
        )
    )
