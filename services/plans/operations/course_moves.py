"""What becomes of chosen dates: agreed with a version or alone, booked or refused by booking.

Every message may come twice and late: what is settled already stays.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common import outbox
from services.contracts.booking.planned import (
    CourseBooked,
    CourseCancelled,
    CourseRefused,
    PlannedCourseEvent,
)
from services.contracts.plans.content import Party, PlanContent, PlanState, Shape
from services.contracts.plans.courses import CourseState, CourseTerms, course_id_of
from services.contracts.plans.events import DatesProposed, PlanAgreed, PlanStopped
from services.contracts.plans.refusals import PlanChanged
from services.plans.domain import course as domain
from services.plans.domain.lifecycle import course_booked
from services.plans.models import Course, Plan, plumbing
from services.plans.operations import rolling
from services.plans.operations.course_views import (
    Sessions,
    booked,
    chosen,
    course_id,
    to_place,
)
from services.plans.operations.writing import touch
from services.plans.queries import courses, plans

STALE = "The plan has another number of sessions now. Choose their dates anew."


def flaws(found: Sequence[Course], known: Sessions, content: PlanContent) -> dict[str, str]:
    """What is wrong with chosen dates for a version that is to be proposed."""
    dates = chosen(found)
    left = domain.count(to_place(found, known, content.shape))
    return {"dates": STALE} if dates and len(dates.starts) != left else {}


def tell(tx: Session, plan: Plan, found: Sequence[Course], now: datetime) -> None:
    """The client is before dates now, if some were chosen: they get a mail that these wait."""
    if (dates := chosen(found)) and plan.account_id is not None:
        proposed = DatesProposed(
            occurred_at=now,
            practice_id=plan.practice_id,
            plan_id=plan.id,
            course_id=course_id(dates),
            account_id=plan.account_id,
        )
        outbox.emit(tx, plumbing.outbox, proposed)


def check_read(found: Sequence[Course], choice: int | None) -> None:
    """Raises PlanChanged unless these are the dates that were read with the version."""
    dates = chosen(found)
    if (dates.choice if dates else None) != choice:
        raise PlanChanged("The dates were changed since you read them.")


def check_surplus(
    found: Sequence[Course], known: Sessions, shape: Shape, read: Sequence[datetime], now: datetime
) -> None:
    """Raises PlanChanged unless these are the sessions that were read to be given back."""
    if domain.surplus(shape, booked(found, known), now) != list(read):
        raise PlanChanged("What would be cancelled has changed since you read it.")


def agree(
    tx: Session,
    plan: Plan,
    found: Sequence[Course],
    known: Sessions,
    version: int,
    shape: Shape,
    now: datetime,
) -> None:
    """The client has agreed: booking hears of the chosen dates with this transaction. Where none
    are, those that roll forward do so as the version says, and the sessions for which it has no
    place are given back: both wanted that, so nothing is owed for them."""
    course, before = chosen(found), booked(found, known)
    if course is None:
        rolling.follow(tx, plan, found, known, shape)
        if surplus := domain.surplus(shape, before, now):
            stop(tx, plan, found, surplus[0], by=None, now=now)
        return
    done = domain.kept(before) + len(course.starts)
    course.state, course.version, course.agreed_at = CourseState.AGREED.value, version, now
    course.course_id = course_id_of(plan.id, version, course.choice)
    course.rhythm_after = rolling.rhythm_json(shape, done)
    outbox.emit(tx, plumbing.outbox, _agreed(plan, course, domain.last_kept(before), now))


def _agreed(plan: Plan, course: Course, after: datetime | None, now: datetime) -> PlanAgreed:
    if plan.account_id is None:
        raise LookupError("only who has an account agrees")
    terms = CourseTerms.model_validate(course.terms)
    return PlanAgreed(
        occurred_at=now,
        practice_id=plan.practice_id,
        plan_id=plan.id,
        plan_version=course.version,
        choice=course.choice,
        practitioner_id=plan.practitioner_id,
        client_id=plan.client_id,
        account_id=plan.account_id,
        offering_id=terms.offering_id,
        format=terms.format,
        price_id=terms.price_id,
        starts=course.starts,
        after=after,
    )


def stop(
    tx: Session,
    plan: Plan,
    found: Sequence[Course],
    from_at: datetime,
    *,
    by: Party | None,
    now: datetime,
) -> None:
    """Sessions from a moment on are given back, and dates that nobody agreed to are taken back;
    `by` None where it follows from what was said before."""
    if dates := chosen(found):
        dates.state = CourseState.DROPPED.value
    if going_on := _mark_stopped(found, from_at, now):
        ids = [course_id(one) for one in going_on]
        _give_back(tx, plan, ids, from_at, by=by, now=now)


def _mark_stopped(found: Sequence[Course], from_at: datetime, said_at: datetime) -> list[Course]:
    """Those that went on past a moment; from then on they do not any more."""
    going_on = [one for one in found if any(it.goes_on(from_at) for it in booked([one], {}))]
    for course in going_on:
        course.state, course.stopped_from = CourseState.STOPPED.value, from_at
        course.stopped_at = said_at
    return going_on


def _give_back(
    tx: Session,
    plan: Plan,
    course_ids: list[UUID],
    from_at: datetime,
    *,
    by: Party | None,
    now: datetime,
) -> None:
    stopped = PlanStopped(
        occurred_at=now,
        practice_id=plan.practice_id,
        plan_id=plan.id,
        practitioner_id=plan.practitioner_id,
        client_id=plan.client_id,
        course_ids=course_ids,
        from_at=from_at,
        is_by_client=by is Party.CLIENT,
        is_by_practitioner=by is Party.PRACTITIONER,
    )
    outbox.emit(tx, plumbing.outbox, stopped)


def settle_booked(tx: Session, event: CourseBooked, *, now: datetime) -> None:
    """The course is booked: the plan is active. What has no place in it any more is given back."""
    courses.lock_course(tx, event.practice_id, event.course_id)
    plan, found, course = _waiting(tx, event)
    if course is not None:
        _begin(plan, course, now)
        _keep(tx, plan, course, None, now)
    elif all(course_id(one) != event.course_id for one in found):
        _settle_rolled(tx, plan, found, event, now)


def _begin(plan: Plan, course: Course, now: datetime) -> None:
    course.state, course.settled_at = CourseState.BOOKED.value, now
    plan.state = course_booked(PlanState(plan.state)).value


def _settle_rolled(
    tx: Session, plan: Plan, found: Sequence[Course], event: CourseBooked, now: datetime
) -> None:
    """Dates that were added belong to the course that they go on from, also where that was paused
    meanwhile, or they were cancelled before this was heard; where other dates were chosen
    meanwhile, they belong nowhere."""
    cancelled_at = courses.take_cancelled(tx, event.practice_id, event.course_id)
    last = rolling.goes_on(tx, found, event.course_id)
    if last is not None:
        added = rolling.added_to(last, found[-1].choice + 1, event, now)
        tx.add(added)
        ends = [at for at in (last.stopped_from, cancelled_at) if at is not None]
        _keep(tx, plan, added, min(ends, default=None), now)
    else:
        courses.keep_cancelled(tx, event.practice_id, event.course_id, now)
        _give_back(tx, plan, [event.course_id], now, by=None, now=now)


def _keep(
    tx: Session, plan: Plan, course: Course, stopped_from: datetime | None, now: datetime
) -> None:
    tx.flush()
    rolling.remember(tx, plan, course)
    from_at = now if plan.state == PlanState.ENDED else stopped_from
    if from_at is not None:
        stop(tx, plan, [course], from_at, by=None, now=now)
    touch(plan, now)
    tx.flush()


def settle_refused(tx: Session, event: CourseRefused, *, now: datetime) -> None:
    """Nothing was booked: back to choosing dates, with those that are gone. Where dates were to
    be added to a plan without an end, its practitioner sees that it runs short."""
    plan, found, course = _waiting(tx, event)
    if course is not None:
        course.state, course.settled_at = CourseState.REFUSED.value, now
        course.flaw, course.gone = event.reason.value, event.gone
        touch(plan, now)
    elif last := rolling.goes_on(tx, found, event.course_id):
        # Tried again every day: it changes no revision, or who is writing would lose what they do.
        last.runs_short, last.gone = event.reason.value, event.gone
    tx.flush()


def settle_cancelled(tx: Session, event: CourseCancelled, *, now: datetime) -> None:
    """Its practice gave a course back in the calendar: what was to come is to be placed anew, and
    dates that were chosen for less are taken back. A course of no plan is passed over; one that was
    added is of a plan that has not heard of it yet."""
    courses.lock_course(tx, event.practice_id, event.course_id)
    plan_id = courses.plan_of(tx, event.practice_id, event.course_id)
    if plan_id is None:
        if event.is_added:
            courses.keep_cancelled(tx, event.practice_id, event.course_id, event.occurred_at)
        return
    plan = plans.lock_plan(tx, event.practice_id, plan_id)
    found = courses.courses(tx, plan)
    its = [one for one in found if one.course_id == event.course_id]
    for course in its:
        if course.state == CourseState.AGREED:
            # That it was booked is heard later: no order is promised.
            _begin(plan, course, now)
    if _mark_stopped(its, event.occurred_at, event.occurred_at):
        if dates := chosen(found):
            dates.state = CourseState.DROPPED.value
        touch(plan, now)
    tx.flush()


def _waiting(
    tx: Session, event: PlannedCourseEvent
) -> tuple[Plan, Sequence[Course], Course | None]:
    """The plan, locked, its choices, and the one that the event is about if it waits for it."""
    plan = plans.lock_plan(tx, event.practice_id, event.plan_id)
    found = courses.courses(tx, plan)
    agreed = (one for one in found if one.state == CourseState.AGREED)
    return plan, found, next((one for one in agreed if course_id(one) == event.course_id), None)
