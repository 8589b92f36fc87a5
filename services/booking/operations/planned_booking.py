"""Booking the course that both agreed on in a plan: all of its sessions, or none.

The answer leaves as an event with the sessions, or instead of them. What was agreed once more is
booked already; dates that went, another price, or what is no longer offered refuse the whole.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import second_of
from services.booking.domain.course_days import are_apart, refused
from services.booking.domain.slot_rules import Occupied
from services.booking.operations import course_booking, planned, transitions
from services.booking.operations.course import Beginning, instant
from services.booking.queries import bookings, courses
from services.contracts.booking.courses import BookCourse
from services.contracts.booking.planned import CourseBooked, CourseRefused, WhyRefused
from services.contracts.booking.refusals import NotBookable
from services.contracts.plans.events import PlanAgreed


def book_planned_course(tx: Transaction, event: PlanAgreed, *, now: datetime) -> None:
    """Book the course, or say why none of it could be; raises Busy for another try."""
    if courses.course(tx, event.practice_id, event.course_id) is not None:
        return
    begun = _beginning(tx, event, now)
    if begun is None:
        _refuse(tx, event, WhyRefused.NOT_OFFERED, (), now)
    elif event.price_id != begun.offered.offering.price_id:
        _refuse(tx, event, WhyRefused.PRICE_CHANGED, (), now)
    else:
        _book(tx, event, begun, now)


def _beginning(tx: Transaction, event: PlanAgreed, now: datetime) -> Beginning | None:
    ids = event.practice_id, event.practitioner_id, event.client_id
    latest = bookings.latest_treated(tx, *ids)
    if latest is None:
        return None
    try:
        return planned.begin(tx, latest, event.offering_id, event.format, now, event.account_id)
    except NotBookable:
        return None


def _book(tx: Transaction, event: PlanAgreed, begun: Beginning, now: datetime) -> None:
    command = BookCourse(
        id=event.course_id,
        follows_booking_id=begun.booking.id,
        price_id=event.price_id,
        starts=event.starts,
    )
    course_booking.lock_for(tx, begun)
    taken = course_booking.occupied(tx, command, begun, now)
    if gone := _gone(event.starts, begun, taken, now):
        _refuse(tx, event, WhyRefused.DATES_GONE, gone, now)
        return
    course_booking.take(tx, command, begun, taken, now)
    transitions.emit(tx, CourseBooked(**_facts(event, now)))


def _gone(
    starts: Sequence[datetime], begun: Beginning, taken: Occupied, now: datetime
) -> Sequence[datetime]:
    """The dates that cannot be booked; all of them where they are no course at all."""
    seconds = [second_of(at, "starts") for at in starts]
    if not are_apart(begun.rules, seconds):
        return starts
    return [instant(at) for at in refused(begun.rules, taken, seconds, now=now)]


def _refuse(
    tx: Transaction,
    event: PlanAgreed,
    reason: WhyRefused,
    gone: Sequence[datetime],
    now: datetime,
) -> None:
    told = CourseRefused(**_facts(event, now), reason=reason, gone=list(gone))
    transitions.emit(tx, told)


def _facts(event: PlanAgreed, now: datetime) -> dict[str, object]:
    return {
        "occurred_at": now,
        "practice_id": event.practice_id,
        "plan_id": event.plan_id,
        "choice": event.choice,
        "course_id": event.course_id,
    }
