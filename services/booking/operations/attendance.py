"""Whether the client came, as the practice's staff say it.

It can be withdrawn at any time, and each time it is kept who said so. Billing hears of it: what
was paid is kept or given back, and what is on account is owed, by the terms of the booking.
"""

from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import (
    BookingEvent,
    BookingState,
    advance,
    may_record_attendance,
)
from services.booking.domain.policy import CancelledBy
from services.booking.models import Booking
from services.booking.operations import transitions
from services.booking.operations.access import side_of, visible_booking
from services.booking.operations.repeat import fingerprint, is_repeated, remember
from services.booking.operations.terms import terms_of
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.bookings import Attendance, RecordAttendance
from services.contracts.booking.events import AttendanceRecorded
from services.contracts.booking.refusals import AttendanceNotDue

EVENTS = {
    Attendance.ATTENDED: (BookingEvent.CLIENT_CAME, BookingState.ATTENDED, "attended"),
    Attendance.NO_SHOW: (BookingEvent.CLIENT_STAYED_AWAY, BookingState.NO_SHOW, "no_show"),
    Attendance.UNMARKED: (BookingEvent.ATTENDANCE_WITHDRAWN, BookingState.CONFIRMED, "unmarked"),
}


def record_attendance(
    tx: Transaction, command: RecordAttendance, *, actor: Actor, now: datetime
) -> Booking:
    """Say whether the client came; the same act again changes nothing.

    Raises NotFound, Forbidden for the client, DifferentContent, AttendanceNotDue.
    """
    content = fingerprint(command, actor.account_id)
    found = visible_booking(tx, command.booking_id, actor)
    if side_of(found, actor) is not CancelledBy.PRACTICE:
        raise Forbidden("The practice says who came.")
    booking, _ = transitions.be_alone_with(tx, found)
    if is_repeated(tx, booking, command.id, content):
        return booking
    state = BookingState(booking.state)
    if not may_record_attendance(state, booking.starts_at, now):
        raise AttendanceNotDue("This session has not begun, or did not take place.")
    event, wanted, kind = EVENTS[command.attendance]
    if state is not wanted:
        booking.state = advance(state, event)
        booking.marks += 1
        remember(tx, booking, command.id, kind, content, actor=actor, now=now)
        transitions.touch_calendar(tx, booking.practice_id, booking.practitioner_id, now)
        transitions.emit(tx, _recorded(booking, command.attendance, now))
    return booking


def _recorded(booking: Booking, attendance: Attendance, now: datetime) -> AttendanceRecorded:
    is_missed = attendance is Attendance.NO_SHOW
    return AttendanceRecorded(
        **transitions.facts(booking, now),
        attendance=attendance,
        number=booking.marks,
        refund_percent=terms_of(booking).no_show_percent if is_missed else 0,
        is_on_account=booking.is_invoiced,
        price_id=booking.price_id,
    )
