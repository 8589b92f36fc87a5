"""The dates that were chosen for plans."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, null, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from services.contracts.plans.courses import CourseState
from services.plans.models import CancelledCourse, Course, Plan, RollDue

MOST_AT_ONCE = 100


def courses(tx: Session, found: Plan) -> Sequence[Course]:
    """All choices of dates of a plan, the first one first, as they are now."""
    query = select(Course).where(
        Course.practice_id == found.practice_id, Course.plan_id == found.id
    )
    fresh = query.order_by(Course.choice).execution_options(populate_existing=True)
    return tx.scalars(fresh).all()


def of_plans(tx: Session, practice_id: UUID, plan_ids: Iterable[UUID]) -> Sequence[Course]:
    """The choices of dates of plans that were booked, those of a plan in their order."""
    query = select(Course).where(
        Course.practice_id == practice_id,
        Course.plan_id.in_(plan_ids),
        Course.state.in_([CourseState.BOOKED, CourseState.STOPPED]),
    )
    return tx.scalars(query.order_by(Course.plan_id, Course.choice)).all()


def last_states(tx: Session, plan_ids: Iterable[UUID]) -> dict[UUID, CourseState]:
    """Where the last choice of each plan stands that was not taken back, as the policies show it
    to the transaction."""
    query = (
        select(Course.plan_id, Course.state)
        .ext(distinct_on(Course.plan_id))
        .where(Course.plan_id.in_(plan_ids), Course.state != CourseState.DROPPED)
        .order_by(Course.plan_id, Course.choice.desc())
    )
    return {plan_id: CourseState(state) for plan_id, state in tx.execute(query)}


def plan_of(tx: Session, practice_id: UUID, course_id: UUID) -> UUID | None:
    """The plan whose course it is in booking; None for a course of no plan."""
    is_it = (Course.practice_id == practice_id) & (Course.course_id == course_id)
    return tx.scalars(select(Course.plan_id).where(is_it)).one_or_none()


def lock_course(tx: Session, practice_id: UUID, course_id: UUID) -> None:
    """One at a time hears of a course and its sessions; before the plan is locked."""
    key = func.hashtextextended(f"plans.courses:{practice_id}:{course_id}", 0)
    tx.execute(select(func.pg_advisory_xact_lock(key)))


def keep_cancelled(tx: Session, practice_id: UUID, course_id: UUID, cancelled_at: datetime) -> None:
    """Remember that a course was given back which no plan has heard of yet, or ever has."""
    told = {"practice_id": practice_id, "course_id": course_id, "cancelled_at": cancelled_at}
    tx.execute(insert(CancelledCourse).values(told).on_conflict_do_nothing())


def is_cancelled(tx: Session, practice_id: UUID, course_id: UUID) -> bool:
    """Whether it is one of those."""
    return tx.get(CancelledCourse, (practice_id, course_id), populate_existing=True) is not None


def take_cancelled(tx: Session, practice_id: UUID, course_id: UUID) -> datetime | None:
    """When a course was given back before it was heard of; from now on its plan knows."""
    is_it = (CancelledCourse.practice_id == practice_id, CancelledCourse.course_id == course_id)
    return tx.scalar(delete(CancelledCourse).where(*is_it).returning(CancelledCourse.cancelled_at))


def running_short(tx: Session, practice_id: UUID, plan_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the plans to which no further dates could be added, or are while those that were
    added last were given back and others stand; and none were chosen since."""
    last = (
        select(Course.plan_id, Course.state, Course.runs_short, Course.rhythm_after)
        .ext(distinct_on(Course.plan_id))
        .where(Course.practice_id == practice_id, Course.plan_id.in_(plan_ids))
        .where(Course.state != CourseState.DROPPED)
        .order_by(Course.plan_id, Course.choice.desc())
        .subquery()
    )
    is_short = (last.c.state == CourseState.BOOKED) & last.c.runs_short.is_not(None)
    stands = select(Course.choice).where(
        Course.practice_id == practice_id,
        Course.plan_id == last.c.plan_id,
        Course.state == CourseState.BOOKED,
    )
    was_to_roll = (last.c.state == CourseState.STOPPED) & last.c.rhythm_after.is_not(null())
    is_it = is_short | (was_to_roll & stands.exists())
    return set(tx.scalars(select(last.c.plan_id).where(is_it)))


def due_to_roll(now: datetime) -> Select[UUID, UUID]:
    """The query that finds plans to which dates are to be added, each with its practice."""
    due = select(RollDue.practice_id, RollDue.plan_id).where(RollDue.due_at <= now)
    return due.order_by(RollDue.due_at).limit(MOST_AT_ONCE)


def roll_due(tx: Session, plan_id: UUID) -> RollDue | None:
    """When dates are to be added to a plan, as it is now."""
    return tx.get(RollDue, plan_id, populate_existing=True)
