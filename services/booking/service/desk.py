"""What every part of the service has: how a booking is shown."""

from services.booking.config import BookingConfig
from services.booking.models import Booking
from services.booking.operations import views
from services.common.clock import utc_now
from services.common.service import Service
from services.contracts.booking.bookings import BookingView

BY_GATEWAY = {"gateway"}


class Desk(Service):
    """The base of the parts."""

    @property
    def _join_key(self) -> str:
        settings = self.runtime.settings
        if not isinstance(settings, BookingConfig):
            raise TypeError("booking runs with its own settings")
        return settings.join_key

    def _view(self, booking: Booking) -> BookingView:
        return views.booking_view(booking, utc_now(), self._join_key)
