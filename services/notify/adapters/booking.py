"""Asking booking how a booking stands."""

from dataclasses import dataclass
from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.booking import BookingView, GetBooking


@dataclass(frozen=True, slots=True)
class Bookings:
    """booking, as notify sees it."""

    caller: Caller

    def get(self, booking_id: UUID, actor: Actor) -> BookingView:
        """The booking as it is now; raises NotFound, ServiceUnavailable, Fault."""
        command = GetBooking(booking_id=booking_id)
        return self.caller.call("booking", "get_booking", command, actor, BookingView)
