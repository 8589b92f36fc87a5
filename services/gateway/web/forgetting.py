"""Forgetting a guest's booking on one device, as on a computer that others use too."""

from fastapi import APIRouter, Request, Response

from services.common.errors import NotFound
from services.contracts.booking.bookings import UNPAID, BookingView
from services.gateway.asking import Door, Settings, WebVisitor
from services.gateway.forms.reading import Sent
from services.gateway.visitors import Visitor
from services.gateway.web import sent_to
from services.gateway.web.access import Granted
from services.gateway.web.page import redirect

router = APIRouter()
FORGOTTEN = (
    "This device has forgotten the booking. The booking itself stays as it is, and so does the "
    "private link in its mail."
)


def forget_url(visitor: Visitor, booking: BookingView) -> str | None:
    """Where this browser lets go of a booking that it remembers; None where it does not.

    Nor while it is unpaid: there is no mail yet that would lead back.
    """
    is_remembered = visitor.is_guest_of(booking.id) and booking.state not in UNPAID
    return f"/bookings/{booking.id}/forget" if is_remembered else None


@router.post("/bookings/{booking_id}/forget")
async def forget(
    request: Request,
    sent: Sent,
    access: Granted,
    visitor: WebVisitor,
    door: Door,
    settings: Settings,
) -> Response:
    """Take the browser's right to the booking away; what else it remembers stays."""
    if not visitor.is_guest_of(access.booking_id):
        raise NotFound("There is no such booking.")
    response = redirect(request, "/", notice=FORGOTTEN)
    door.forget_booking(response, visitor, access.booking_id)
    sent_to.forget(settings, request, response, access.booking_id)
    return response
