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
from services.contracts.profiles.directory import PractitionerName
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import GuestBooking, Visitor
from services.gateway.web import roster
from services.gateway.web.labels import money_label
from services.gateway.web.links import staff_booking_url
from services.gateway.web.treating import client_names

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

    `card` is None where the practitioner is not published any more; `client_name` is told to the
    practice's staff.
    """

    booking: BookingView
    payment: PaymentView | None
    price_label: str
    card: PractitionerName | None
    client_name: str = ""

    @property
    def address(self) -> str:
        """Where they meet in person; "" online and where nobody publishes it any more."""
        is_there = self.booking.format is Format.IN_PERSON
        return self.card.address if self.card and is_there else ""


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


async def see(backend: Backend, access: Access, *, known: BookingView | None = None) -> Seen:
    """Everything that a page tells of a booking: booking, then billing and profiles, each once.

    `known` is the booking where another answer has told it already.
    """
    booking = _in_practice(access, known) if known else await booking_of(backend, access)
    payment, price_label, cards, client_name = await asyncio.gather(
        payment_of(backend, access),
        _price_label(backend, booking),
        roster.of_bookings(backend, [booking]),
        _client_name(backend, access, booking),
    )
    paid = _paid_label(payment) if payment else price_label
    return Seen(booking, payment, paid, cards.get(booking.practitioner_id), client_name)


def _paid_label(payment: PaymentView) -> str:
    """What is paid, or which package a session was used of."""
    if payment.credit is not None and payment.captured.amount == 0:
        return f"1 session of {payment.credit.name}"
    return money_label(payment.price)


async def address_of(backend: Backend, booking: BookingView) -> str:
    """Where they meet in person, on one line; "" online and where nobody publishes it any more."""
    if booking.format is not Format.IN_PERSON:
        return ""
    card = (await roster.of_bookings(backend, [booking])).get(booking.practitioner_id)
    return " ".join(card.address.split()) if card else ""


async def payment_of(backend: Backend, access: Access) -> PaymentView | None:
    """The booking's payment; None where there is none yet."""
    try:
        asked = GetPayment(booking_id=access.booking_id)
        return await backend.ask(access.actor, asked, PaymentView)
    except NotFound:
        return None


async def _price_label(backend: Backend, booking: BookingView) -> str:
    """The price that the booking was made at; what is paid already knows its own."""
    found = await backend.ask(Actor(), GetPrices(price_ids=[booking.price_id]), PricesView)
    return money_label(found.prices[0].money) if found.prices else ""


async def _client_name(backend: Backend, access: Access, booking: BookingView) -> str:
    """For the practice's staff; "" for the client, and where the record is gone."""
    if not access.is_staff:
        return ""
    names = await client_names(backend, access.actor, [booking.client_id])
    return names.get(booking.client_id, "")
