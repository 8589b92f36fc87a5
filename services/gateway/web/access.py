"""By which right a visitor comes to one booking, and what there is to see of it.

The same pages stand under three addresses: `/bookings/{booking_id}` for the person who is signed
in and for the browser that booked as a guest, `/b/{token}` for the link in a mail,
`/practices/{practice_id}/bookings/{booking_id}` for the practice's staff.

The house's `Referrer-Policy: same-origin` keeps the token from every other origin. The stricter
`no-referrer` would not do: browsers then send `Origin: null` with a form (Fetch, "append a
request Origin header"), which the CSRF check refuses.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from services.common.auth import Actor
from services.common.crypto import token_key
from services.common.errors import NotFound
from services.contracts.base import Format
from services.contracts.billing import GetPayment, GetPrices, PaymentView, PricesView
from services.contracts.booking.bookings import BookingView, GetBooking
from services.contracts.notify import LinkView, ResolveLink
from services.contracts.profiles.directory import (
    GetPractitioner,
    PractitionerName,
    PractitionerView,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web import roster
from services.gateway.web.labels import money_label
from services.gateway.web.links import staff_booking_url

LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Access:
    """The right to one booking: in whose name, and the address below which its pages stand.

    `practice_id` where it is asked for as the staff of that practice.
    """

    visitor: Visitor
    booking_id: UUID
    base: str
    practice_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        return self.practice_id is not None

    @property
    def guest(self) -> GuestBooking | None:
        """The guest's or the link's hold on this booking; None for the person signed in."""
        mine = (one for one in self.visitor.guest_bookings if one.booking_id == self.booking_id)
        return next(mine, None)

    @property
    def is_guest(self) -> bool:
        return self.guest is not None

    @property
    def actor(self) -> Actor:
        """Reads: a client is asked for within no practice yet."""
        if self.practice_id is not None:
            return self.visitor.actor(self.practice_id)
        return self.visitor.actor_of_booking(self.booking_id)

    def actor_in(self, booking: BookingView) -> Actor:
        """Writes: within the booking's practice."""
        return self.actor if self.is_guest else self.visitor.actor(booking.practice_id)


@dataclass(frozen=True, slots=True)
class Seen:
    """A booking with its payment, the price in words, and whom it is with.

    `card` is None where the practitioner is not published any more, `page` where nobody asked.
    """

    booking: BookingView
    payment: PaymentView | None
    price_label: str
    card: PractitionerName | None
    page: PractitionerView | None = None


async def _access(request: Request, backend: Asked, visitor: WebVisitor) -> Access:
    if token := request.path_params.get("token", ""):
        return await _by_link(backend, token)
    booking_id = _uuid(request.path_params["booking_id"])
    if practice := request.path_params.get("practice_id", ""):
        return _of_staff(visitor, _uuid(practice), booking_id)
    return of_visitor(visitor, booking_id)


Granted = Annotated[Access, Depends(_access)]


def of_visitor(visitor: Visitor, booking_id: UUID) -> Access:
    """The right that a visitor has by their login or the cookie of a guest.

    A guest stays the guest of a booking after signing in: it belongs to no account.
    """
    base = f"/bookings/{booking_id}"
    mine = tuple(one for one in visitor.guest_bookings if one.booking_id == booking_id)
    if mine:
        return Access(Visitor(guest_bookings=mine), booking_id, base)
    return Access(Visitor(login=visitor.login, login_key=visitor.login_key), booking_id, base)


def _of_staff(visitor: Visitor, practice_id: UUID, booking_id: UUID) -> Access:
    """The right of who works in the practice; booking knows whose calendar it is in."""
    login = visitor.require_login()
    if not visitor.actor(practice_id).roles:
        raise NotFound("There is no such booking.")
    staff = Visitor(login=login, login_key=visitor.login_key)
    return Access(staff, booking_id, staff_booking_url(practice_id, booking_id), practice_id)


async def _by_link(backend: Backend, token: str) -> Access:
    if len(token) > LONGEST_TOKEN:
        raise NotFound("There is no such link.")
    link = await backend.ask(Actor(), ResolveLink(link_key=token_key(token)), LinkView)
    until = int(link.expires_at.timestamp())
    held = GuestBooking(link.booking_id, link.practice_id, until)
    holder = Visitor(guest_bookings=(held,))
    return Access(holder, link.booking_id, f"/b/{token}")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such booking.") from None


async def booking_of(backend: Backend, access: Access) -> BookingView:
    """The booking alone; raises NotFound for who may not see it."""
    asked = GetBooking(booking_id=access.booking_id)
    return _in_practice(access, await backend.ask(access.actor, asked, BookingView))


def _in_practice(access: Access, booking: BookingView) -> BookingView:
    """Staff who are clients elsewhere see that booking too, and not as its practice's staff."""
    if access.practice_id not in (None, booking.practice_id):
        raise NotFound("There is no such booking.")
    return booking


async def see(
    backend: Backend, access: Access, *, with_page: bool = False, known: BookingView | None = None
) -> Seen:
    """Everything that a page tells of a booking: booking, billing and profiles, each once.

    `with_page` asks for the practitioner's address as well where they meet in person; `known` is
    the booking where another answer has told it already.
    """
    booking, payment = await _paid(backend, access, known)
    (card, page), price_label = await asyncio.gather(
        _whom(backend, booking, with_page=with_page), _price_label(backend, booking, payment)
    )
    return Seen(booking, payment, price_label, card, page)


async def _paid(
    backend: Backend, access: Access, known: BookingView | None
) -> tuple[BookingView, PaymentView | None]:
    """The booking and its payment."""
    if known is not None:
        return _in_practice(access, known), await payment_of(backend, access)
    return await asyncio.gather(booking_of(backend, access), payment_of(backend, access))


async def _whom(
    backend: Backend, booking: BookingView, *, with_page: bool
) -> tuple[PractitionerName | None, PractitionerView | None]:
    """Whom the booking is with, and their page where they meet in person."""
    card = (await roster.of_bookings(backend, [booking])).get(booking.practitioner_id)
    is_there = booking.format is Format.IN_PERSON
    return card, await _page_of(backend, card) if with_page and is_there else None


async def address_of(backend: Backend, booking: BookingView) -> str:
    """Where they meet in person, on one line; "" online and where nobody publishes it any more."""
    if booking.format is not Format.IN_PERSON:
        return ""
    _, page = await _whom(backend, booking, with_page=True)
    return " ".join(page.address.split()) if page else ""


async def payment_of(backend: Backend, access: Access) -> PaymentView | None:
    """The booking's payment; None where there is none yet."""
    try:
        asked = GetPayment(booking_id=access.booking_id)
        return await backend.ask(access.actor, asked, PaymentView)
    except NotFound:
        return None


async def _price_label(backend: Backend, booking: BookingView, payment: PaymentView | None) -> str:
    if payment is not None:
        return money_label(payment.price)
    found = await backend.ask(Actor(), GetPrices(price_ids=[booking.price_id]), PricesView)
    return money_label(found.prices[0].money) if found.prices else ""


async def _page_of(backend: Backend, card: PractitionerName | None) -> PractitionerView | None:
    if card is None:
        return None
    try:
        return await backend.ask(Actor(), GetPractitioner(slug=card.slug), PractitionerView)
    except NotFound:
        return None
