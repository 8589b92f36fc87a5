"""What becomes of chosen dates: agreed with a version or alone, booked or refused by booking.

Every message may come twice and late: what is settled already stays.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.common import outbox
from services.contracts.booking.planned import CourseBooked, CourseRefused, PlannedCourseEvent
from services.contracts.plans.content import PlanContent, PlanState
from services.contracts.plans.courses import CourseState, CourseTerms
from services.contracts.plans.events import PlanAgreed, PlanStopped
from services.contracts.plans.refusals import PlanChanged
from services.plans.domain import course as domain
from services.plans.domain.lifecycle import course_booked
from services.plans.models import Course, Plan, plumbing
from services.plans.operations.course_views import EVER_BOOKED, booked, chosen, course_id
from services.plans.operations.writing import touch
from services.plans.queries import courses, plans

STALE = "The plan has another number of sessions now. Choose their dates anew."


def flaws(found: Sequence[Course], content: PlanContent) -> dict[str, str]:
    """What is wrong with chosen dates for a version that is to be proposed."""
    dates = chosen(found)
    left = domain.count(domain.to_place(content.shape, booked(found)))
    return {"dates": STALE} if dates and len(dates.starts) != left else {}


def check_read(found: Sequence[Course], choice: int | None) -> None:
    """Raises PlanChanged unless these are the dates that were read with the version."""
    dates = chosen(found)
    if (dates.choice if dates else None) != choice:
        raise PlanChanged("The dates were changed since you read them.")


def agree(tx: Session, plan: Plan, course: Course, version: int, now: datetime) -> None:
    """The client has agreed: booking hears of it with this transaction."""
    if plan.account_id is None:
        raise LookupError("only who has an account agrees")
    course.state, course.version, course.agreed_at = CourseState.AGREED.value, version, now
    terms = CourseTerms.model_validate(course.terms)
    agreed = PlanAgreed(
        occurred_at=now,
        practice_id=plan.practice_id,
        plan_id=plan.id,
        plan_version=version,
        choice=course.choice,
        practitioner_id=plan.practitioner_id,
        client_id=plan.client_id,
        account_id=plan.account_id,
        offering_id=terms.offering_id,
        format=terms.format,
        price_id=terms.price_id,
        starts=course.starts,
    )
    outbox.emit(tx, plumbing.outbox, agreed)


def stop(
    tx: Session,
    plan: Plan,
    found: Sequence[Course],
    from_at: datetime,
    *,
    is_by_client: bool,
    now: datetime,
) -> None:
    """Sessions from a moment on are given back, and dates that nobody agreed to are taken back."""
    if dates := chosen(found):
        dates.state = CourseState.DROPPED.value
    going_on = [one for one in found if _goes_on(one, from_at)]
    for course in going_on:
        course.state, course.stopped_from = CourseState.STOPPED.value, from_at
    if going_on:
        stopped = PlanStopped(
            occurred_at=now,
            practice_id=plan.practice_id,
            plan_id=plan.id,
            practitioner_id=plan.practitioner_id,
            client_id=plan.client_id,
            course_ids=[course_id(one) for one in going_on],
            from_at=from_at,
            is_by_client=is_by_client,
        )
        outbox.emit(tx, plumbing.outbox, stopped)


def _goes_on(course: Course, from_at: datetime) -> bool:
    is_booked = course.state in EVER_BOOKED
    return is_booked and (course.stopped_from is None or course.stopped_from > from_at)


def settle_booked(tx: Session, event: CourseBooked, *, now: datetime) -> None:
    """The course is booked: the plan is active. What ended meanwhile gives it back."""
    plan, course = _waiting(tx, event)
    if course is None:
        return
    course.state, course.settled_at = CourseState.BOOKED.value, now
    plan.state = course_booked(PlanState(plan.state)).value
    if plan.state == PlanState.ENDED:
        stop(tx, plan, [course], now, is_by_client=False, now=now)
    touch(plan, now)


def settle_refused(tx: Session, event: CourseRefused, *, now: datetime) -> None:
    """Nothing was booked: back to choosing dates, with those that are gone."""
    plan, course = _waiting(tx, event)
    if course is None:
        return
    course.state, course.settled_at = CourseState.REFUSED.value, now
    course.flaw, course.gone = event.reason.value, event.gone
    touch(plan, now)


def _waiting(tx: Session, event: PlannedCourseEvent) -> tuple[Plan, Course | None]:
    """The plan, locked, and the course that the event is about if it waits for it still."""
    plan = plans.lock_plan(tx, event.practice_id, event.plan_id)
    agreed = (one for one in courses.courses(tx, plan) if one.state == CourseState.AGREED)
    return plan, next((one for one in agreed if one.choice == event.choice), None)
