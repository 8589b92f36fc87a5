"""The nameko class of booking, put together from a part for each of its themes."""

from nameko.timer import timer
from sqlalchemy.orm import Session as Transaction

from services.booking.operations import joining, openings, payments
from services.booking.queries.openings import DUE
from services.booking.service.bookings import BookingCalls
from services.booking.service.calendars import CalendarCalls
from services.booking.service.courses import CourseCalls
from services.booking.service.hours import HourCalls
from services.booking.service.slots import SlotCalls
from services.booking.service.terms import TermsCalls
from services.common.clock import utc_now
from services.common.errors import Busy
from services.common.events import handles
from services.common.logging import get_logger
from services.contracts import billing
from services.contracts.billing.credits import CreditUsed
from services.contracts.profiles.registering import GuestJoined

log = get_logger(__name__)
OPENINGS_PER_TICK = 100


class BookingService(SlotCalls, BookingCalls, CalendarCalls, CourseCalls, HourCalls, TermsCalls):
    """Offerings, slots, sessions, bookings and their changes."""

    name = "booking"

    @handles(billing.PaymentStarted)
    def on_payment_started(self, tx: Transaction, event: billing.PaymentStarted) -> None:
        """Wait for the payment."""
        payments.await_payment(tx, event, now=utc_now())

    @handles(billing.PaymentSucceeded)
    def on_payment_succeeded(self, tx: Transaction, event: billing.PaymentSucceeded) -> None:
        """Confirm or refuse."""
        payments.settle_payment(tx, event, now=utc_now())

    @handles(CreditUsed)
    def on_credit_used(self, tx: Transaction, event: CreditUsed) -> None:
        """The same, where a session of a package is used."""
        payments.settle_payment(tx, event, now=utc_now())

    @handles(billing.RefundMade)
    def on_refund_made(self, tx: Transaction, event: billing.RefundMade) -> None:
        """Open calendars say what was paid."""
        payments.show_refund(tx, event, now=utc_now())

    @handles(billing.PricePublished)
    def on_price_published(self, tx: Transaction, event: billing.PricePublished) -> None:
        """Ask the new price."""
        payments.adopt_price(tx, event)

    @handles(GuestJoined)
    def on_guest_joined(self, tx: Transaction, event: GuestJoined) -> None:
        """Who booked as a guest finds it in their account."""
        joining.join_account(tx, event)

    @timer(interval=0.2)  # type: ignore[untyped-decorator]
    def announce_openings(self) -> None:
        """Tell the directory whose soonest free times changed."""
        try:
            for _ in range(OPENINGS_PER_TICK):
                if not self.db.has(DUE, now=utc_now()):
                    break
                with self.db.plumbing() as tx:
                    if not openings.announce_next(tx, now=utc_now()):
                        break
        except Busy:
            log.warning("openings wait for the database")
        except Exception:
            log.warning("openings could not be worked out", exc_info=True)
