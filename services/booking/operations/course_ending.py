"""Giving courses back: the sessions that are still to come, by the practice or with a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import BookingEvent, BookingState, advance
from services.booking.domain.policy import WHOLE, CancelledBy, refund_percent
from services.booking.models import Booking
from services.booking.operations import transitions
from services.booking.operations.access import is_by_practitioner
from services.booking.operations.course import visible_course
from services.booking.operations.course_booking import Booked
from services.booking.operations.terms import terms_of
from services.booking.operations.views import can_cancel
from services.booking.queries import calendars, courses
from services.booking.queries.locks import lock
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.courses import CancelCourse
from services.contracts.booking.events import BookingCancelled
from services.contracts.booking.planned import CourseCancelled
from services.contracts.plans.events import PlanStopped


@dataclass(frozen=True, slots=True)
class Ending:
    """Who gives sessions back, and when they said so; whether whose calendar it is did."""

    by: CancelledBy
    said_at: datetime
    is_by_practitioner: bool


def cancel_course(tx: Transaction, command: CancelCourse, *, actor: Actor, now: datetime) -> Booked:
    """Cancel what is still to come; again it finds nothing left to cancel. Raises NotFound."""
    if actor.practice_id is None or actor.is_service:
        raise NotFound("There is no such course.")
    course, _ = visible_course(tx, actor.practice_id, command.course_id, actor)
    lock(
        tx,
        course.practice_id,
        practitioners=[course.practitioner_id],
        clients=[course.client_id],
        rooms=calendars.active_rooms(tx, course.practice_id),
    )
    bookings = courses.fresh_bookings_of(tx, course)
    is_own = is_by_practitioner(tx, course.practice_id, course.practitioner_id, actor)
    if _give_back(tx, bookings, Ending(CancelledBy.PRACTICE, now, is_own), now):
        told = CourseCancelled(
            occurred_at=now,
            practice_id=course.practice_id,
            course_id=course.id,
            is_added=course.is_added,
        )
        transitions.emit(tx, told)
    return course, bookings


def stop_plan(tx: Transaction, event: PlanStopped, *, now: datetime) -> None:
    """Cancel the sessions of a plan from a moment on; again it finds nothing left to cancel.

    What is still to come, and what comes back of it, goes by when the plan was stopped: who said
    so in time owes nothing because the message came late.

    A course that is not booked yet is passed over: plans asks again once it hears that it is.
    """
    lock(
        tx,
        event.practice_id,
        practitioners=[event.practitioner_id],
        clients=[event.client_id],
        rooms=calendars.active_rooms(tx, event.practice_id),
    )
    by = CancelledBy.CLIENT if event.is_by_client else CancelledBy.PRACTICE
    ending = Ending(by, event.occurred_at, event.is_by_practitioner)
    later: list[Booking] = []
    for course_id in event.course_ids:
        course = courses.course(tx, event.practice_id, course_id)
        bookings = courses.fresh_bookings_of(tx, course) if course else []
        later += [booking for booking in bookings if booking.starts_at >= event.from_at]
    _give_back(tx, sorted(later, key=attrgetter("starts_at")), ending, now)


def _give_back(tx: Transaction, bookings: Sequence[Booking], ending: Ending, now: datetime) -> bool:
    """Cancel those of some bookings that can be, if there are any; one mail tells of all."""
    going = [booking for booking in bookings if can_cancel(booking, ending.said_at)]
    for booking in going:
        _cancel(tx, booking, going, ending, now)
    if going:
        first = going[0]
        transitions.mark_openings(tx, first.practice_id, [first.practitioner_id], now)
    return bool(going)


def _cancel(
    tx: Transaction, booking: Booking, going: Sequence[Booking], ending: Ending, now: datetime
) -> None:
    """What the practice cancels is owed by nobody; what a client cancels, on the terms of then."""
    said_at, terms = ending.said_at, terms_of(booking)
    percent = refund_percent(terms, booking.starts_at, said_at, cancelled_by=ending.by)
    is_late = percent < WHOLE
    event = BookingEvent.CANCELLED_LATE if is_late else BookingEvent.CANCELLED
    booking.cancelled_at = said_at
    booking.sequence += 1
    transitions.release(tx, booking, advance(BookingState(booking.state), event))
    cancelled = BookingCancelled(
        **transitions.facts(booking, now),
        refund_percent=percent,
        is_late=is_late,
        **transitions.telling(booking, going),
        is_by_practitioner=ending.is_by_practitioner,
        is_on_account=booking.is_invoiced,
        price_id=booking.price_id,
    )
    transitions.emit(tx, cancelled)
