"""What a visitor has of a start already: it must not look as if somebody else had been quicker."""

import asyncio

from fastapi import Request, Response

from services.common.errors import NotFound
from services.contracts.booking.bookings import (
    UNPAID,
    BookingsPage,
    BookingState,
    BookingView,
    ListBookings,
)
from services.gateway.backend import Backend
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web.access import booking_of, of_visitor
from services.gateway.web.checkout import Offer
from services.gateway.web.page import redirect

MOST_HOLDS = 3
LIVE = UNPAID | {BookingState.AWAITING_APPROVAL, BookingState.CONFIRMED}


async def to_own(
    request: Request, backend: Backend, visitor: Visitor, offered: Offer
) -> Response | None:
    """On to the visitor's own booking of this start, or to pay for it; None without one."""
    mine = await _own_booking(backend, visitor, offered)
    if mine is None:
        return None
    unpaid = "/unpaid" if mine.state in UNPAID else ""
    return redirect(request, f"/bookings/{mine.id}{unpaid}")


async def _own_booking(backend: Backend, visitor: Visitor, offered: Offer) -> BookingView | None:
    """The visitor's own booking of this start, paid or not: going back must not look like losing
    it to somebody else."""
    start = (offered.offering.id, offered.choice.start)
    for mine in await _recent(backend, visitor):
        if (mine.offering_id, mine.starts_at) == start and mine.state in LIVE:
            return mine
    return None


async def _recent(backend: Backend, visitor: Visitor) -> list[BookingView]:
    """What the person has to come, and what this browser booked last as a guest.

    A guest's hold stays theirs when they sign in while it runs.
    """
    last = visitor.guest_bookings[-MOST_HOLDS:]
    found = await asyncio.gather(
        _of_account(backend, visitor), *(_as_guest(backend, visitor, one) for one in last)
    )
    return [booking for bookings in found for booking in bookings]


async def _of_account(backend: Backend, visitor: Visitor) -> list[BookingView]:
    if visitor.login is None:
        return []
    return (await backend.ask(visitor.actor(), ListBookings(limit=50), BookingsPage)).bookings


async def _as_guest(backend: Backend, visitor: Visitor, held: GuestBooking) -> list[BookingView]:
    try:
        return [await booking_of(backend, of_visitor(visitor, held.booking_id))]
    except NotFound:
        return []
