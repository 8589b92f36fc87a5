"""The dates that were chosen for plans."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.contracts.plans.courses import CourseState
from services.plans.models import Course, Plan, RollDue

MOST_AT_ONCE = 100


def courses(tx: Session, found: Plan) -> Sequence[Course]:
    """All choices of dates of a plan, the first one first, as they are now."""
    query = select(Course).where(
        Course.practice_id == found.practice_id, Course.plan_id == found.id
    )
    fresh = query.order_by(Course.choice).execution_options(populate_existing=True)
    return tx.scalars(fresh).all()


def plan_of(tx: Session, practice_id: UUID, course_id: UUID) -> UUID | None:
    """The plan whose course it is in booking; None for a course of no plan."""
    is_it = (Course.practice_id == practice_id) & (Course.course_id == course_id)
    return tx.scalars(select(Course.plan_id).where(is_it)).one_or_none()


def running_short(tx: Session, practice_id: UUID, plan_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the plans to which no further dates could be added, and none were chosen since."""
    last = (
        select(Course.plan_id, Course.state, Course.runs_short)
        .ext(distinct_on(Course.plan_id))
        .where(Course.practice_id == practice_id, Course.plan_id.in_(plan_ids))
        .where(Course.state != CourseState.DROPPED)
        .order_by(Course.plan_id, Course.choice.desc())
        .subquery()
    )
    is_short = (last.c.state == CourseState.BOOKED) & last.c.runs_short.is_not(None)
    return set(tx.scalars(select(last.c.plan_id).where(is_short)))


def due_to_roll(now: datetime) -> Select[UUID, UUID]:
    """The query that finds plans to which dates are to be added, each with its practice."""
    due = select(RollDue.practice_id, RollDue.plan_id).where(RollDue.due_at <= now)
    return due.order_by(RollDue.due_at).limit(MOST_AT_ONCE)


def roll_due(tx: Session, plan_id: UUID) -> RollDue | None:
    """When dates are to be added to a plan, as it is now."""
    return tx.get(RollDue, plan_id, populate_existing=True)
