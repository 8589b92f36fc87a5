"""A practice ends the private links of a booking, as when a mail went astray."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.notify import LinksRevoked, RevokeLinks
from services.gateway.asking import Asked, WebVisitor, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.reading import Sent
from services.gateway.visitors import Visitor
from services.gateway.web import links, roster, sessions
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import client_names
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/practices/{practice_id}/bookings/{booking_id}/links")
STAYS = "The booking stays as it is, and mails from now on bring a new link."
NONE_LEFT = "No private link of this booking was open any more, so there was none to end."


def links_url(visitor: Visitor, booking: BookingView) -> str | None:
    """Where the practice's staff end the links; None for everybody else."""
    if not visitor.actor(booking.practice_id).roles:
        return None
    return links.private_links_url(booking.practice_id, booking.id)


@router.get("")
async def links_page(
    practice_id: UUID, booking_id: UUID, request: Request, backend: Asked, visitor: WebVisitor
) -> Response:
    """The question whether to end them."""
    booking = await _booking(backend, visitor, practice_id, booking_id)
    cards, names = await asyncio.gather(
        roster.of_bookings(backend, [booking]),
        client_names(backend, visitor.actor(practice_id), [booking.client_id]),
    )
    shown, card = shown_zone(request, visitor), cards.get(booking.practitioner_id)
    context = {
        "session": sessions.listed_session(booking, card, shown, utc_now()),
        "client_name": names.get(booking.client_id, "Client"),
        "action": links.private_links_url(practice_id, booking_id),
        "back_url": _day_url(booking, shown),
    }
    return await page(request, "end_links.html", context, active="today")


@router.post("", dependencies=[Depends(limit_bookings)])
async def end_links(
    practice_id: UUID,
    booking_id: UUID,
    request: Request,
    sent: Sent,
    backend: Asked,
    visitor: WebVisitor,
) -> Response:
    """End them, and say how many there were."""
    booking = await _booking(backend, visitor, practice_id, booking_id)
    command = RevokeLinks(booking_id=booking_id)
    ended = await backend.ask(visitor.actor(practice_id), command, LinksRevoked)
    url = _day_url(booking, shown_zone(request, visitor))
    if ended.count == 0:
        return redirect(request, url, notice=NONE_LEFT, kind="info")
    are_ended = "1 private link has" if ended.count == 1 else f"{ended.count} private links have"
    return redirect(request, url, notice=f"{are_ended} ended. {STAYS}")


async def _booking(
    backend: Backend, visitor: Visitor, practice_id: UUID, booking_id: UUID
) -> BookingView:
    """The booking, for the staff whose calendar it is in; to all others it does not exist."""
    visitor.require_login()
    actor = visitor.actor(practice_id)
    if not actor.roles:
        raise NotFound("There is no such booking.")
    return await backend.ask(actor, GetBooking(booking_id=booking_id), BookingView)


def _day_url(booking: BookingView, shown: ShownZone) -> str:
    day = booking.starts_at.astimezone(shown.info).date()
    return links.day_url(booking.practice_id, day)
