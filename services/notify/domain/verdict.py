"""Whether a message still holds when it is about to leave: events come late and in any order."""

from datetime import datetime

from services.contracts.billing.package_mails import SaleForMail
from services.contracts.billing.packages import SaleState
from services.contracts.booking.bookings import UNPAID, BookingState, BookingView
from services.notify.domain.kinds import PackageMail, Template

GIVEN_BACK = (BookingState.CANCELLED, BookingState.LATE_CANCELLED)


def still_holds(
    template: Template, starts_at: datetime | None, booking: BookingView, *, now: datetime
) -> bool:
    """Whether to send; `starts_at` is the start that the message was made for.

    A confirmation outlived by a move goes out with the current time; a move outlived by another
    one is left to that one's message. Money that went back is always told.
    """
    if template in (Template.REFUNDED, Template.REFUSED):
        return True
    if template is Template.PAYMENT_ASKED:
        return booking.state in UNPAID
    if template is Template.CANCELLED:
        return booking.state in GIVEN_BACK
    if booking.state is not BookingState.CONFIRMED:
        return False
    if template is Template.CONFIRMED:
        return now < booking.ends_at
    is_current = booking.starts_at == starts_at
    return is_current and now < (booking.starts_at if template.is_reminder else booking.ends_at)


def holds_as_further(template: Template, booking: BookingView, *, now: datetime) -> bool:
    """Whether a mail about several sessions tells of this one as well, as it stands by now."""
    if template is Template.CANCELLED:
        return booking.state in GIVEN_BACK
    return booking.state is BookingState.CONFIRMED and now < booking.starts_at


def package_holds(template: PackageMail, sale: SaleForMail) -> bool:
    """Whether to send a mail about a package; one that cannot be used does not lapse."""
    if template is PackageMail.ENDED:
        return sale.state is SaleState.ENDED
    if template is PackageMail.BOUGHT:
        return sale.state is SaleState.ACTIVE
    return sale.is_usable
