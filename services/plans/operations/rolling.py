"""Plans without an end roll forward: booking is asked for the next dates before they run out.

The plan is locked before its row of what is due, here as where dates are settled.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.common import outbox
from services.contracts.booking.planned import CourseBooked
from services.contracts.plans.content import Shape, Stretch
from services.contracts.plans.courses import CourseState, CourseTerms, added_course_id
from services.contracts.plans.events import CourseRanShort
from services.plans.domain import course as domain
from services.plans.domain.lifecycle import UNDER_WAY
from services.plans.models import Course, Plan, RollDue, plumbing
from services.plans.operations.course_views import (
    EVER_BOOKED,
    Sessions,
    booked,
    course_id,
    is_rolling,
    last_booked,
    sessions_of,
)
from services.plans.queries import courses, plans

AGAIN = timedelta(days=1)
"""So long after a try that had no answer, or no place, the next one follows."""
OPEN = frozenset({CourseState.CHOSEN, CourseState.AGREED})


def roll(tx: Session, practice_id: UUID, plan_id: UUID, now: datetime) -> bool:
    """Ask booking for the next dates of a plan, if that is due still; whether it was."""
    plan = plans.lock_plan(tx, practice_id, plan_id)
    due = courses.roll_due(tx, plan_id)
    if due is None or due.due_at > now:
        return False
    found = courses.courses(tx, plan)
    last = last_booked(found)
    if plan.state not in UNDER_WAY or last is None or not is_rolling(last):
        tx.delete(due)
    else:
        due.due_at = now + AGAIN
        if not _has_open(found):
            short = _ran_short(plan, found, last, _given_back(tx, last), now)
            outbox.emit(tx, plumbing.outbox, short)
    tx.flush()
    return True


def remember(tx: Session, plan: Plan, course: Course) -> None:
    """Have further dates added after a booked course in time, if its plan has no end: by the last
    session that takes place, or at once where none does."""
    if not course.rhythm_after:
        if due := courses.roll_due(tx, course.plan_id):
            tx.delete(due)
        return
    next_one = Stretch.model_validate(course.rhythm_after[0])
    last_at = last_taking_place(tx, plan)
    due_at = course.chosen_at
    if last_at is not None:
        due_at = domain.rolls_at(last_at, next_one.weeks_apart)
    row = insert(RollDue).values(
        plan_id=course.plan_id, practice_id=course.practice_id, due_at=due_at
    )
    later = {"due_at": row.excluded.due_at}
    tx.execute(row.on_conflict_do_update(index_elements=["plan_id"], set_=later))


def last_taking_place(tx: Session, plan: Plan) -> datetime | None:
    """When the last session of a plan is, as far as is known."""
    found = courses.courses(tx, plan)
    return domain.last_kept(booked(found, sessions_of(tx, found)))


def look_again(tx: Session, plan: Plan) -> None:
    """Another session of the plan is its last one now: it runs short sooner or later by that."""
    last = last_booked(courses.courses(tx, plan))
    if last is not None and is_rolling(last):
        remember(tx, plan, last)


def rhythm_json(shape: Shape, done: int) -> list[dict[str, Any]] | None:
    """The rhythm after so many sessions as a course keeps it; None for a plan with an end."""
    return _as_json(domain.rhythm_after(shape, done))


def follow(tx: Session, plan: Plan, found: Sequence[Course], known: Sessions, shape: Shape) -> None:
    """Both agreed to another rhythm: what is booked stays, what is added from now on follows."""
    last = last_booked(found)
    if last is not None and last.state == CourseState.BOOKED:
        last.rhythm_after = rhythm_json(shape, domain.kept(booked(found, known)))
        last.runs_short, last.gone = None, []
        tx.flush()
        remember(tx, plan, last)


def goes_on(tx: Session, found: Sequence[Course], id_: UUID) -> Course | None:
    """The course after which another one was to be added under that id; None where its place was
    taken meanwhile, by dates that were chosen."""
    last = last_booked(found)
    if last is None or not last.rhythm_after or _has_open(found):
        return None
    wanted = added_course_id(last.plan_id, last.starts[-1], _given_back(tx, last))
    return last if wanted == id_ else None


def added_to(last: Course, choice: int, event: CourseBooked, now: datetime) -> Course:
    """The row of the dates that were added after a course."""
    last.runs_short, last.gone = None, []
    rhythm = [Stretch.model_validate(one) for one in last.rhythm_after or []]
    return Course(
        practice_id=last.practice_id,
        plan_id=last.plan_id,
        choice=choice,
        chart_id=last.chart_id,
        account_id=last.account_id,
        version=last.version,
        state=CourseState.BOOKED.value,
        course_id=event.course_id,
        terms=last.terms,
        starts=event.starts,
        gone=[],
        rhythm_after=_as_json(domain.rest_of(rhythm, len(event.starts))),
        added_at=now,
        chosen_at=now,
        agreed_at=last.agreed_at,
        settled_at=now,
    )


def _as_json(rhythm: Sequence[Stretch]) -> list[dict[str, Any]] | None:
    return [one.model_dump(mode="json") for one in rhythm] or None


def _has_open(found: Sequence[Course]) -> bool:
    return any(one.state in OPEN for one in found)


def _given_back(tx: Session, last: Course) -> int:
    """How many courses were booked to go on from that one and were given back since they belonged
    nowhere by then: what is booked under their ids stays as it is."""
    ids = (added_course_id(last.plan_id, last.starts[-1], number) for number in count())
    return next(
        number
        for number, id_ in enumerate(ids)
        if not courses.is_cancelled(tx, last.practice_id, id_)
    )


def _ran_short(
    plan: Plan, found: Sequence[Course], last: Course, given_back: int, now: datetime
) -> CourseRanShort:
    if plan.account_id is None or not last.rhythm_after:
        raise LookupError("only who has an account agrees, and only such courses are asked for")
    next_ones = Stretch.model_validate(last.rhythm_after[0])
    return CourseRanShort(
        occurred_at=now,
        practice_id=plan.practice_id,
        plan_id=plan.id,
        plan_version=last.version,
        choice=last.choice,
        practitioner_id=plan.practitioner_id,
        client_id=plan.client_id,
        account_id=plan.account_id,
        terms=CourseTerms.model_validate(last.terms),
        follows=[course_id(one) for one in found if one.state in EVER_BOOKED],
        last_at=last.starts[-1],
        weeks_apart=next_ones.weeks_apart,
        sessions=domain.added_at_once(next_ones),
        given_back=given_back,
    )
