"""What who came means for the money of a session on account."""

from services.common.money import Money
from services.contracts.booking.bookings import Attendance

#: A cancellation is the last word on a booking, whatever was said of it before or comes late.
LAST_WORD = 1_000_000


def owed_for(price: Money, attendance: Attendance, refund_percent: int) -> Money:
    """What its client owes: the price, less what the policy gives back to who stayed away.

    Nothing while it is not said who came.
    """
    if attendance is Attendance.UNMARKED:
        return Money(0, price.currency)
    back = refund_percent if attendance is Attendance.NO_SHOW else 0
    return price - price.share(back)
