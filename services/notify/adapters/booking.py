"""Asking booking how a booking stands."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.booking.courses import CourseView, GetCourse


@dataclass(frozen=True, slots=True)
class Bookings:
    """booking, as notify sees it."""

    caller: Caller

    def get(self, booking_id: UUID, actor: Actor) -> BookingView:
        """The booking as it is now; raises NotFound, ServiceUnavailable, Fault."""
        command = GetBooking(booking_id=booking_id)
        return self.caller.call("booking", "get_booking", command, actor, BookingView)

    def course(self, course_id: UUID, actor: Actor) -> CourseView:
        """A course as it is now; raises as `get` does."""
        command = GetCourse(course_id=course_id)
        return self.caller.call("booking", "get_course", command, actor, CourseView)
