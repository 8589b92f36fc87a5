"""Giving a course back: all of its sessions that are still to come, by the practice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import BookingEvent, BookingState, advance
from services.booking.domain.policy import WHOLE
from services.booking.models import Booking
from services.booking.operations import transitions
from services.booking.operations.course import visible_course
from services.booking.operations.course_booking import Booked
from services.booking.operations.views import can_cancel
from services.booking.queries import calendars, courses
from services.booking.queries.locks import lock
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.courses import CancelCourse
from services.contracts.booking.events import BookingCancelled


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
    ending = [booking for booking in bookings if can_cancel(booking, now)]
    for booking in ending:
        _cancel(tx, booking, ending, now)
    if ending:
        transitions.mark_openings(tx, course.practice_id, [course.practitioner_id], now)
    return course, bookings


def _cancel(tx: Transaction, booking: Booking, ending: Sequence[Booking], now: datetime) -> None:
    """What the practice cancels is owed by nobody; one mail tells of all."""
    booking.cancelled_at = now
    booking.sequence += 1
    state = advance(BookingState(booking.state), BookingEvent.CANCELLED)
    transitions.release(tx, booking, state)
    cancelled = BookingCancelled(
        **transitions.facts(booking, now),
        refund_percent=WHOLE,
        is_late=False,
        course_id=booking.course_id,
        is_first=booking is ending[0],
        is_on_account=booking.is_invoiced,
        price_id=booking.price_id,
    )
    transitions.emit(tx, cancelled)
