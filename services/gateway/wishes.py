"""What somebody wants to book, and under whose record: who comes is asked, never guessed."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingView, BookSession
from services.contracts.profiles.accounts import GuestOf
from services.contracts.profiles.clients import (
    BOOKING_WORDS,
    ClientView,
    EnsureClient,
    GetOwnClient,
    OwnClientView,
)
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor

AGREE = f"must name the words of today, {BOOKING_WORDS}, once whoever books has agreed to them"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to book, and who comes. `booking_id` is minted once per choice."""

    booking_id: UUID
    practice_id: UUID
    book: BookSession
    client: EnsureClient

    def under(self, client_id: UUID) -> "Wish":
        """The same wish under the id of another client's record."""
        book = self.book.model_copy(update={"client_id": client_id})
        return replace(self, book=book, client=self.client.model_copy(update={"id": client_id}))


def wish(
    *,
    booking_id: UUID,
    practice_id: UUID,
    offering_id: UUID,
    starts_at: object,
    format_: Format,
    price_id: UUID,
    name: str,
    email: str,
    phone: str | None,
    time_zone: str,
    agreed_to: str | None,
    is_for_another: bool = False,
) -> Wish:
    """Parse a wish, under a new record; raises pydantic's ValidationError naming each field."""
    client = EnsureClient.model_validate(
        {
            "id": _new_record(booking_id),
            "practice_id": practice_id,
            "name": name,
            "email": email,
            "phone": phone or None,
            "time_zone": time_zone,
            "agreed_to": agreed_to,
            "is_for_another": is_for_another,
        }
    )
    book = BookSession.model_validate(
        {
            "id": booking_id,
            "offering_id": offering_id,
            "starts_at": starts_at,
            "format": format_,
            "price_id": price_id,
            "client_id": client.id,
            "client_time_zone": time_zone,
        }
    )
    return Wish(booking_id, client.practice_id, book, client)


def guest_records(visitor: Visitor) -> list[GuestOf]:
    """The records under which this browser booked as a guest; some may be of nobody."""
    return [
        GuestOf(practice_id=one.practice_id, client_id=_new_record(one.booking_id))
        for one in visitor.guest_bookings
    ]


def _new_record(booking_id: UUID) -> UUID:
    """The id of the record of somebody who is new with each booking."""
    return uuid5(booking_id, "client")


def has_own_record(visitor: Visitor, practice_id: UUID) -> bool:
    """Whether the visitor may come themselves: guests are new each time, staff book for others."""
    return visitor.login is not None and not visitor.actor(practice_id).roles


async def own_client(backend: Backend, visitor: Visitor, practice_id: UUID) -> OwnClientView | None:
    """The visitor's own record in the practice; None for guests, newcomers and its staff."""
    if not has_own_record(visitor, practice_id):
        return None
    try:
        asked = GetOwnClient(practice_id=practice_id)
        return await backend.ask(visitor.actor(practice_id), asked, OwnClientView)
    except NotFound:
        return None


def for_whom(visitor: Visitor, wanted: Wish, known: OwnClientView | None) -> Wish:
    """The wish under the person's own record, where it is they who come; `known` is that record.

    A first one has an id that follows from account and practice, so that two bookings at once
    name the same client, who is in one place at a time.
    """
    if wanted.client.is_for_another or not has_own_record(visitor, wanted.practice_id):
        return wanted
    account_id = visitor.require_login().account.id
    return wanted.under(known.id if known else uuid5(account_id, str(wanted.practice_id)))


async def of_visitor(backend: Backend, visitor: Visitor, wanted: Wish) -> Wish:
    """The wish under the person's own record, where it is they who come.

    Raises InvalidInput where it agrees to other words than those of today, and where it agrees to
    none and the person has not before.
    """
    is_own = not wanted.client.is_for_another
    known = await own_client(backend, visitor, wanted.practice_id) if is_own else None
    _check_agreed(wanted.client.agreed_to, known)
    return for_whom(visitor, wanted, known)


def agreed_at(known: OwnClientView | None) -> datetime | None:
    """When a person agreed to the words that the booking page shows now."""
    return known.agreed_at if known and known.agreed_to == BOOKING_WORDS else None


def _check_agreed(agreed_to: str | None, known: OwnClientView | None) -> None:
    is_remembered = agreed_to is None and agreed_at(known) is not None
    if agreed_to != BOOKING_WORDS and not is_remembered:
        raise InvalidInput("Some fields need another look.", {"agreed_to": AGREE})


def as_held(wanted: Wish, held: BookingView) -> EnsureClient:
    """The record that goes with a held booking: the one that was named when the seat was taken.

    Raises DifferentContent where the id was used for somebody else to come.
    """
    new = _new_record(wanted.booking_id)
    if (held.client_id == new) != (wanted.client.id == new):
        raise DifferentContent("This id was used for another booking.")
    return wanted.under(held.client_id).client


async def name_client(backend: Backend, visitor: Visitor, booking: BookingView) -> None:
    """See to it that a person's unpaid booking has a client's record, before it can be paid.

    There is none where profiles failed after the seat was held; the account's data stand in.
    """
    if visitor.login is None:
        return
    account = visitor.login.account
    command = EnsureClient(
        id=booking.client_id,
        practice_id=booking.practice_id,
        name=account.name,
        email=account.email,
        time_zone=booking.client_time_zone,
        is_for_another=booking.client_id == _new_record(booking.id),
        keeps_existing=True,
    )
    await backend.ask(visitor.actor(booking.practice_id), command, ClientView)
