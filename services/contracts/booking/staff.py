"""A booking as the staff of its practice see it."""

from uuid import UUID

from services.common.messages import Command
from services.contracts.booking.bookings import BookingView


class GetStaffBooking(Command):
    """A booking in a calendar that the actor sees."""

    booking_id: UUID


class StaffBookingView(BookingView):
    """`is_in_time_off`: it is still to come, and its practitioner is away then."""

    is_in_time_off: bool = False
