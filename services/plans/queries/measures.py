"""What was filled in, alerts, reviews, and what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from services.plans.models import Alert, Due, DueKind, Filling, Plan, Review

MOST_FILLINGS = 200
MOST_REVIEWS = 100
MOST_ALERTS = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a plan waits to be done."""

    measures: int = 0
    reviews: int = 0


NOTHING = Waiting()


def fillings(tx: Session, found: Plan) -> Sequence[Filling]:
    """All that was filled in, the latest first."""
    query = select(Filling).where(
        Filling.practice_id == found.practice_id, Filling.plan_id == found.id
    )
    latest = query.order_by(Filling.filled_at.desc(), Filling.id.desc())
    return tx.scalars(latest.limit(MOST_FILLINGS)).all()


def filling(tx: Session, practice_id: UUID, filling_id: UUID) -> Filling | None:
    """One of the practice, of whichever plan."""
    return tx.get(Filling, (practice_id, filling_id))


def unseen_alerts(tx: Session, found: Plan) -> Sequence[Alert]:
    """What its practitioner has not looked at yet, the latest first."""
    query = select(Alert).where(Alert.practice_id == found.practice_id, Alert.plan_id == found.id)
    open_ = query.where(Alert.seen_at.is_(None)).order_by(Alert.raised_at.desc(), Alert.id.desc())
    return tx.scalars(open_.limit(MOST_ALERTS)).all()


def alert(tx: Session, found: Plan, alert_id: UUID) -> Alert | None:
    """One alert of the plan."""
    query = select(Alert).where(Alert.practice_id == found.practice_id, Alert.id == alert_id)
    return tx.scalar(query.where(Alert.plan_id == found.id))


def alert_looks(tx: Session, found: Plan, filling_ids: Iterable[UUID]) -> list[datetime | None]:
    """When the alerts for these fillings were looked at; None for those that nobody has yet."""
    query = select(Alert.seen_at).where(
        Alert.practice_id == found.practice_id, Alert.plan_id == found.id
    )
    return list(tx.scalars(query.where(Alert.filling_id.in_(filling_ids))))


def alert_counts(tx: Session, practice_id: UUID, plan_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many alerts of each plan nobody has looked at yet."""
    query = select(Alert.plan_id, func.count()).where(
        Alert.practice_id == practice_id, Alert.plan_id.in_(plan_ids), Alert.seen_at.is_(None)
    )
    return dict(iter(tx.execute(query.group_by(Alert.plan_id))))


def reviews(tx: Session, found: Plan) -> Sequence[Review]:
    """The reviews of a plan, the latest first."""
    query = select(Review).where(
        Review.practice_id == found.practice_id, Review.plan_id == found.id
    )
    latest = query.order_by(Review.recorded_at.desc(), Review.id.desc())
    return tx.scalars(latest.limit(MOST_REVIEWS)).all()


def review(tx: Session, practice_id: UUID, review_id: UUID) -> Review | None:
    """One of the practice, of whichever plan."""
    return tx.get(Review, (practice_id, review_id))


def dues(tx: Session, found: Plan) -> Sequence[Due]:
    """When each measure and the review of a plan come round."""
    query = select(Due).where(Due.practice_id == found.practice_id, Due.plan_id == found.id)
    return tx.scalars(query.order_by(Due.kind, Due.number)).all()


def forget_dues(tx: Session, found: Plan) -> None:
    """Nothing of the plan comes round any more."""
    tx.execute(delete(Due).where(Due.practice_id == found.practice_id, Due.plan_id == found.id))


def dues_of_client(
    tx: Session, practice_id: UUID, client_id: UUID, practitioner_id: UUID
) -> Sequence[Due]:
    """What comes round by sessions in the plans of a client with a practitioner."""
    is_of_plan = (Due.practice_id == Plan.practice_id) & (Due.plan_id == Plan.id)
    query = (
        select(Due)
        .join(Plan, is_of_plan)
        .where(
            Plan.practice_id == practice_id,
            Plan.client_id == client_id,
            Plan.practitioner_id == practitioner_id,
            Due.sessions.is_not(None),
        )
    )
    return tx.scalars(query.with_for_update(of=Due)).all()


def waiting(tx: Session, plan_ids: Iterable[UUID], now: datetime) -> dict[UUID, Waiting]:
    """What of each plan is due now, as the policies show it to the transaction."""
    of_measures = func.sum(case((Due.kind == DueKind.MEASURE, 1), else_=0))
    of_reviews = func.sum(case((Due.kind == DueKind.REVIEW, 1), else_=0))
    query = select(Due.plan_id, of_measures, of_reviews).where(
        Due.plan_id.in_(plan_ids), Due.due_at <= now
    )
    return {
        plan_id: Waiting(measures, reviews)
        for plan_id, measures, reviews in tx.execute(query.group_by(Due.plan_id))
    }


def lock_client(tx: Session, practice_id: UUID, client_id: UUID) -> None:
    """One at a time writes the sessions of a client, and what is due by them."""
    key = func.hashtextextended(f"plans.sessions:{practice_id}:{client_id}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))
