"""What saying who came does to the money, in words, before it is said and after."""

from services.common.money import Money
from services.contracts.billing import PaymentView, ReceivableView
from services.contracts.booking.bookings import Attendance, BookingView
from services.gateway.web import labels

WHOLE = 100
WITHDRAWN = "The mark is withdrawn."


def gives_back(booking: BookingView, payment: PaymentView | None) -> Money | None:
    """What marking a paid session as missed sends back; None where no money moves."""
    if booking.is_on_account or payment is None or payment.captured.amount == 0:
        return None
    more = payment.captured.share(booking.policy.no_show_percent) - payment.refunded
    return more if more.amount > 0 else None


def owed_when(booking: BookingView, price: Money, attendance: Attendance) -> Money:
    """What of a session on account is owed once that is said; as billing works it out."""
    if attendance is Attendance.UNMARKED:
        return Money(0, price.currency)
    is_missed = attendance is Attendance.NO_SHOW
    return price - price.share(booking.policy.no_show_percent if is_missed else 0)


def effects(booking: BookingView, payment: PaymentView | None, owing: ReceivableView | None) -> str:
    """One sentence beside the buttons; "" where nothing can be told of the money."""
    if booking.is_on_account:
        return _on_account(booking, owing.price) if owing else ""
    if payment is not None and payment.credit is not None and payment.captured.amount == 0:
        return _of_package(booking)
    if payment is None or payment.captured.amount == 0:
        return ""
    back = gives_back(booking, payment)
    if back is None:
        return "The payment stays as it is, whether the client came or not."
    return f"If the client did not come, {labels.money_label(back)} goes back to their card."


def said(booking: BookingView, attendance: Attendance, owing: ReceivableView | None) -> str:
    """What was done, with what is owed by now."""
    done = {
        Attendance.ATTENDED: "Marked as attended.",
        Attendance.NO_SHOW: "Marked as missed.",
        Attendance.UNMARKED: WITHDRAWN,
    }[attendance]
    if not booking.is_on_account or owing is None:
        return done
    owed = owed_when(booking, owing.price, attendance)
    if owed.amount == 0:
        return f"{done} Nothing is owed for this session."
    return f"{done} {labels.money_label(owed)} is owed for this session."


def _of_package(booking: BookingView) -> str:
    if booking.policy.no_show_percent == WHOLE:
        return "If the client did not come, the session goes back to their package."
    return "The session of the package stays used, whether the client came or not."


def _on_account(booking: BookingView, price: Money) -> str:
    came, missed = (
        owed_when(booking, price, one) for one in (Attendance.ATTENDED, Attendance.NO_SHOW)
    )
    if came == missed:
        return f"Either way {labels.money_label(came)} is owed, by invoice."
    return (
        f"Attended: {labels.money_label(came)} is owed by invoice. "
        f"Missed: {labels.money_label(missed)}."
    )
