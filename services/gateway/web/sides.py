"""The two sides of a booking: its client reads of the practitioner, the staff of the client."""

from fastapi import Request

from services.contracts.billing import RefundPreview
from services.contracts.booking.bookings import BookingState, BookingView
from services.gateway.visitors import Visitor
from services.gateway.web import labels, roster
from services.gateway.web.access import Access, Seen
from services.gateway.web.page import Context
from services.gateway.web.zones import ShownZone, shown_zone

BACK_TO_CLIENT, BACK_TO_STAFF = "Your booking", "The session"
SAME_PRICE_AND_TOLD = "The price stays the same. The client is told the new time by mail."
TOLD = "The client is told by mail."
WHOLE = "What the practice cancels is given back whole. The client is told by mail."


def whom(access: Access, seen: Seen) -> str:
    """With whom the session is, for who reads the page."""
    if access.is_staff:
        return seen.client_name or "a client"
    return str(roster.named(seen.card, seen.booking.practitioner_id)["name"])


def back_label(access: Access) -> str:
    """What the page of the booking is called."""
    return BACK_TO_STAFF if access.is_staff else BACK_TO_CLIENT


def zone_of(request: Request, visitor: Visitor, access: Access, booking: BookingView) -> ShownZone:
    """The viewer's zone; else that in which it was booked, for the staff their calendar's."""
    own = booking.time_zone if access.is_staff else booking.client_time_zone
    return shown_zone(request, visitor, own)


def may_move(access: Access, booking: BookingView) -> bool:
    """The client until the policy's limit, the staff until it begins."""
    return may_be_moved_by_staff(booking) if access.is_staff else booking.can_reschedule


def may_be_moved_by_staff(booking: BookingView) -> bool:
    """Firm, and still to begin."""
    return booking.can_cancel and booking.state is BookingState.CONFIRMED


def refund_to_client(money: RefundPreview | None) -> Context:
    """What the practice's cancelling gives back, as its staff read it."""
    if money is not None and money.credit is not None and money.captured.amount == 0:
        return {
            "heading": "The session comes back to the client's package",
            "explanation": f"It was used of {money.credit.name}. {TOLD}",
            "rows": [],
            "arrives_label": "",
        }
    is_any = money is not None and money.refund.amount > 0
    back = labels.money_label(money.refund) if money and is_any else ""
    nothing = "Nothing more comes back" if back_before(money) else "Nothing was charged"
    told = WHOLE if is_any and not back_before(money) else TOLD
    return {
        "heading": f"The client gets {back} back" if is_any else nothing,
        "explanation": with_back_before(told, money),
        "rows": [],
        "arrives_label": "",
    }


def back_before(money: RefundPreview | None) -> str:
    """What was given back before; empty for nothing."""
    before = money.back_before if money else None
    return labels.money_label(before) if before and before.amount else ""


def with_back_before(told: str, money: RefundPreview | None) -> str:
    """What is told of the refund, and what it is less by."""
    before = back_before(money)
    return f"{told} {before} was given back already by the practice." if before else told
