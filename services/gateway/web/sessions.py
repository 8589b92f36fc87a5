"""A booking as the pages tell it: the session, its state, its door, its hold, its refund."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.base import Format
from services.contracts.billing import CreditState, PaidByCredit, PaymentView, ReceivableView
from services.contracts.booking.bookings import DOOR_OPENS_BEFORE, UNPAID, BookingState, BookingView
from services.contracts.profiles.directory import PractitionerName
from services.gateway.web import labels, links, roster
from services.gateway.web.access import Seen
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
WHOLE = 100
DOOR_MINUTES = DOOR_OPENS_BEFORE // timedelta(minutes=1)
FIRM = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW})
"""Takes place, or did: a mark of who came does not end the session in which it is made."""
GIVEN_UP = frozenset({BookingState.CANCELLED, BookingState.LATE_CANCELLED})
INVOICED = "It is not paid here: the practice sends you its invoice."
STATUS: dict[BookingState, tuple[str, str]] = {
    BookingState.HELD: ("warn", "Waiting for payment"),
    BookingState.AWAITING_PAYMENT: ("warn", "Waiting for payment"),
    BookingState.AWAITING_APPROVAL: ("warn", "Waiting for approval"),
    BookingState.CONFIRMED: ("good", "Confirmed"),
    BookingState.ATTENDED: ("", "Attended"),
    BookingState.NO_SHOW: ("bad", "Missed"),
    BookingState.CANCELLED: ("bad", "Cancelled"),
    BookingState.LATE_CANCELLED: ("bad", "Cancelled late"),
    BookingState.EXPIRED: ("bad", "Not booked: the time is no longer held"),
    BookingState.DECLINED: ("bad", "Declined"),
}


def status(booking: BookingView) -> Context:
    """The state as a badge: kind and words, never colour alone."""
    return state_badge(booking.state)


def state_badge(state: BookingState) -> Context:
    """The same where the state alone is known."""
    kind, label = STATUS[state]
    return {"kind": kind, "label": label}


def status_of(seen: Seen) -> Context:
    """The same where the payment is known: a time given back unpaid was no session to cancel."""
    is_unpaid = seen.payment is None or seen.payment.captured.amount == 0
    if credit_of(seen.payment) is not None:
        return status(seen.booking)
    if seen.booking.state is BookingState.CANCELLED and is_unpaid:
        return {"kind": "", "label": "Given back, nothing charged"}
    return status(seen.booking)


def credit_of(payment: PaymentView | None) -> PaidByCredit | None:
    """The package whose session was used, where that is what pays for the booking."""
    is_paid = payment is not None and payment.captured.amount > 0
    return None if payment is None or is_paid else payment.credit


def payment_status(payment: PaymentView | None) -> Context:
    """Paid or not, as a badge. Not every role sees payments, so none seen is not unpaid."""
    if payment is None:
        return {"kind": "", "label": "No payment on record", "icon": ""}
    if credit := credit_of(payment):
        if credit.state is CreditState.RETURNED:
            return {"kind": "", "label": "Back in its package", "icon": "back"}
        return {"kind": "good", "label": "From a package", "icon": "check"}
    if payment.captured.amount == 0:
        return {"kind": "warn", "label": "Unpaid", "icon": "clock"}
    if payment.refunded.amount == 0:
        return {"kind": "good", "label": "Paid", "icon": "check"}
    is_whole = payment.refunded.amount >= payment.captured.amount
    return {"kind": "", "label": "Refunded" if is_whole else "Partly refunded", "icon": "back"}


def payment_of_session(
    booking: BookingView, payment: PaymentView | None, owing: ReceivableView | None = None
) -> Context:
    """The same for the practice's staff, where some sessions are paid by invoice."""
    if payment is not None or not booking.is_on_account:
        return payment_status(payment)
    if owing is None or owing.owed.amount == 0:
        label = "Nothing owed" if booking.state in GIVEN_UP else "By invoice"
        return {"kind": "", "label": label, "icon": "money"}
    label = f"{labels.money_label(owing.owed)} owed"
    return {"kind": "warn", "label": label, "icon": "money"}


def session(seen: Seen, shown: ShownZone, now: datetime) -> Context:
    """The session of a booking with its price and, in person, its address."""
    return listed_session(seen.booking, seen.card, shown, now) | {
        "where_detail": seen.address or None,
        "price_label": seen.price_label,
    }


def listed_session(
    booking: BookingView, card: PractitionerName | None, shown: ShownZone, now: datetime
) -> Context:
    """The session of a booking as a line of a list."""
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return {
        "practitioner": roster.named(card, booking.practitioner_id),
        "offering_label": offering_label(booking.offering_name, minutes),
        "when_label": labels.when_label(booking.starts_at, booking.ends_at, shown.info, now),
        "starts_at": labels.instant(booking.starts_at),
        "zone_label": shown.name,
        "there_label": labels.there_label(
            booking.starts_at, ZoneInfo(booking.time_zone), shown.info
        ),
        "where_label": where_label(booking.format, card.city if card else ""),
        "where_detail": None,
        "price_label": "",
    }


def offering_label(name: str, minutes: int) -> str:
    """ "Individual session, 50 minutes"; a name that tells its length already stays as it is."""
    return name if str(minutes) in name else f"{name}, {labels.minutes_label(minutes)}"


def where_label(format_: Format, city: str) -> str:
    """Where to be."""
    if format_ is Format.ONLINE:
        return "Online, by video"
    return f"In person, {city}" if city else "In person"


def join(booking: BookingView, shown: ShownZone, now: datetime) -> Context | None:
    """The way to the video room; None where there is none, or not any more."""
    is_to_come = booking.state in FIRM and now < booking.ends_at
    if booking.format is not Format.ONLINE or not is_to_come:
        return None
    opens_at = booking.starts_at - DOOR_OPENS_BEFORE
    is_open = opens_at <= now
    opens = moment_within(opens_at, shown, now)
    before = labels.minutes_label(DOOR_MINUTES)
    label = "The room is open." if is_open else f"Opens {opens}, {before} before."
    return {"url": booking.join_path, "opens_label": label, "is_open": is_open}


def moment_within(at: datetime, shown: ShownZone, now: datetime) -> str:
    """A moment in the middle of a sentence: "today, 14:00", "Tue 24 Nov, 14:00"."""
    label = labels.moment_label(at, shown.info, now)
    is_word = label.startswith(("Today", "Tomorrow"))
    return label[0].lower() + label[1:] if is_word else label


def hold(booking: BookingView, extend_url: str, shown: ShownZone, now: datetime) -> Context | None:
    """The hold of an unpaid booking, and the way to more time, once."""
    if booking.state not in UNPAID or booking.deadline_at is None:
        return None
    left = int((booking.deadline_at - now).total_seconds())
    return {
        "ends_at": labels.instant(booking.deadline_at),
        "ends_label": labels.time_label(booking.deadline_at, shown.info),
        "seconds_left": max(0, left),
        "extend_url": None if booking.is_hold_extended else extend_url,
    }


def was_refused(booking: BookingView, payment: PaymentView | None) -> bool:
    """Whether money came for a seat that was gone: all of it goes back."""
    is_over = booking.state in (BookingState.EXPIRED, BookingState.DECLINED)
    return is_over and payment is not None and payment.captured.amount > 0


def refund(booking: BookingView, payment: PaymentView | None) -> Context | None:
    """What came back, or is on its way; None where nothing is due that we know of."""
    if payment is None and booking.is_on_account:
        is_owed = booking.state is not BookingState.CANCELLED
        return {"label": INVOICED} if is_owed else None
    if credit := credit_of(payment):
        return _of_credit(booking, credit)
    if payment is None or payment.captured.amount == 0:
        return None
    if payment.refunded.amount:
        text = f"{labels.money_label(payment.refunded)} went back to your card."
        return {"label": f"{text} It usually arrives within 5 to 10 days."}
    captured = labels.money_label(payment.captured)
    if was_refused(booking, payment):
        told = "Your payment came when the time was already gone."
        return {"label": f"{told} All of it, {captured}, goes back to your card."}
    percent = WHOLE if booking.state is BookingState.CANCELLED else booking.refund_percent
    if percent is None:
        return None
    if percent == 0:
        return {"label": f"No money comes back: the {captured} that you paid is kept."}
    back = payment.captured.share(percent)
    of_all = "" if percent == WHOLE else f" of the {captured} that you paid"
    return {"label": f"{labels.money_label(back)}{of_all} is on its way back to your card."}


def _of_credit(booking: BookingView, credit: PaidByCredit) -> Context | None:
    """What became of the session of a package; nothing while the booking stands."""
    if credit.state is CreditState.RETURNED:
        return {"label": f"The session is back in your package, {credit.name}."}
    if booking.state is BookingState.CANCELLED and booking.refund_percent in (None, WHOLE):
        return {"label": f"The session is on its way back to your package, {credit.name}."}
    if booking.state in GIVEN_UP:
        return {"label": f"The session of {credit.name} stays used."}
    return None


def book_again_url(booking: BookingView, card: PractitionerName | None) -> str:
    """The slot picker of the same offering, or the directory."""
    if card is None:
        return "/directory"
    return links.times_url(card.slug, offering=booking.offering_id, format_=booking.format)
