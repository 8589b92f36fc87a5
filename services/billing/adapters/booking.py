"""The service booking, asked whether an actor may see a booking."""

from uuid import UUID

from services.common.auth import Actor
from services.common.rpc.client import Caller
from services.contracts.booking import BookingView, GetBooking


class BookingDesk:
    """Asks booking in the name of the actor who asked us."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView:
        """The booking as the actor may see it; raises NotFound, ServiceUnavailable."""
        command = GetBooking(booking_id=booking_id)
        return self._caller.call("booking", "get_booking", command, actor, BookingView)
