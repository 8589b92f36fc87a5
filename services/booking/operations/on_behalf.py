"""Booking for a client: asked under the same locks as any booking, firm or held for a link."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import (
    BookingEvent,
    BookingState,
    advance,
    hold_by_link,
)
from services.booking.models import Booking, HoldDue
from services.booking.operations import place, transitions
from services.booking.operations.access import check_staff, is_by_practitioner, may_see
from services.booking.operations.book import claim, seated
from services.booking.operations.caseload import knows, sight_of
from services.booking.operations.place import Wish
from services.booking.operations.repeat import fingerprint
from services.booking.queries import bookings, caseload, offerings
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound, Refusal
from services.contracts.booking.bookings import BookSession
from services.contracts.booking.events import BookingConfirmed, BookingHeld, PaymentAsked
from services.contracts.booking.on_behalf import BookForClient, PaidBy
from services.contracts.booking.refusals import PriceChanged


def book_for_client(
    tx: Transaction, command: BookForClient, *, actor: Actor, now: datetime
) -> Booking:
    """Book the seat, or answer as before to the same id.

    Raises NotFound (also for a client whom the actor never had in their calendar),
    DifferentContent, InvalidInput, PriceChanged, NotBookable, SlotTaken (with up to three nearest
    starts) or ClientElsewhere.
    """
    try:
        wish = _wish(tx, command, actor, now)
    except Refusal:
        # What could be booked then need not be on offer any more.
        earlier = bookings.booking(tx, command.id)
        if earlier is not None:
            return _same(tx, earlier, command, actor)
        raise
    place.lock_for(tx, wish)
    # Under the locks, for a second copy of this very call may have held them before.
    there = {booking.id: booking for booking in place.in_the_way(tx, wish, now, named=command.id)}
    if command.id in there:
        return _same(tx, there[command.id], command, actor)
    return _book(tx, command, wish, there.values(), actor, now)


def _wish(tx: Transaction, command: BookForClient, actor: Actor, now: datetime) -> Wish:
    offered = _offered(tx, command, actor, now)
    check_staff(tx, offered.offering.practitioner_id, actor)
    check_client(tx, command.client_id, actor, now)
    _check_terms(command, offered)
    return Wish(
        offered=offered,
        client_id=command.client_id,
        starts_at=command.starts_at,
        format=command.format.value,
        rooms=place.rooms_for(tx, offered, command.format.value),
    )


def _offered(tx: Transaction, command: BookForClient, actor: Actor, now: datetime) -> Offered:
    found = None
    if actor.practice_id is not None:
        found = offerings.offered(tx, actor.practice_id, command.offering_id, now)
    if found is None or not found.offering.is_active:
        raise NotFound("There is no such offering.")
    return replace(found, is_by_practice=True)


def check_client(tx: Transaction, client_id: UUID, actor: Actor, now: datetime) -> None:
    """Raises NotFound for who treats, of a client who comes to others of the practice only."""
    sight = sight_of(tx, actor)
    if sight is None or knows(tx, sight, client_id, now):
        return
    if caseload.of_client(tx, sight.practice_id, client_id, now, practitioner_id=None):
        raise NotFound("There is no such client.")


def _check_terms(command: BookForClient, offered: Offered) -> None:
    if command.format.value not in offered.offering.formats:
        told = {"format": "is not one of the offering's"}
        raise InvalidInput("Some fields need another look.", told)
    if command.price_id != offered.offering.price_id:
        today = {"price_id": str(offered.offering.price_id)}
        raise PriceChanged("The price has changed since you saw it.", today)


def _same(tx: Transaction, found: Booking, command: BookForClient, actor: Actor) -> Booking:
    """The booking of the id, if this very command made it; one of others' is unknown."""
    if not may_see(tx, found, actor) or found.practice_id != actor.practice_id:
        raise NotFound("There is no such booking.")
    if found.fingerprint != fingerprint(command, None):
        raise DifferentContent("This id was used for another booking.")
    return found


def _book(
    tx: Transaction,
    command: BookForClient,
    wish: Wish,
    lapsed: Iterable[Booking],
    actor: Actor,
    now: datetime,
) -> Booking:
    place.check_free(tx, wish, now)
    calendars = place.expire(tx, lapsed, now)
    deadline_at = None
    if command.paid_by is PaidBy.LINK:
        deadline_at = hold_by_link(now, command.starts_at).expires_at
    booking = _claim(tx, command, wish, deadline_at, now)
    is_own = is_by_practitioner(tx, wish.practice_id, wish.practitioner_id, actor)
    for event in _events(booking, now, is_own=is_own):
        transitions.emit(tx, event)
    transitions.mark_openings(tx, wish.practice_id, {wish.practitioner_id, *calendars}, now)
    return booking


def _claim(
    tx: Transaction, command: BookForClient, wish: Wish, deadline_at: datetime | None, now: datetime
) -> Booking:
    """The seat, held until the deadline or firm; the constraints have the last word."""
    try:
        session, seat_no = place.take_seat(tx, wish, now, held_until=deadline_at)
        asked = BookSession(**command.model_dump(exclude={"paid_by"}))
        account_id = bookings.account_of_client(tx, wish.practice_id, wish.client_id)
        booking = claim(asked, wish, session, account_id, now)
        booking.seat_no, booking.deadline_at = seat_no, deadline_at
        booking.fingerprint = fingerprint(command, None)
        if deadline_at is None:
            booking.state = advance(BookingState.HELD, BookingEvent.CONFIRMED_UNPAID)
            booking.confirmed_at, booking.is_on_account = now, True
        _write(tx, booking)
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    if session.seats > 1:
        transitions.settle(tx, wish.practice_id, session.id, session.seats)
    return booking


def _write(tx: Transaction, booking: Booking) -> None:
    tx.add(booking)
    tx.flush()
    tx.add(seated(booking))
    if booking.deadline_at is not None:
        due = HoldDue(
            booking_id=booking.id, practice_id=booking.practice_id, due_at=booking.deadline_at
        )
        tx.add(due)
    tx.flush()


def _events(
    booking: Booking, now: datetime, *, is_own: bool
) -> tuple[BookingConfirmed] | tuple[BookingHeld, PaymentAsked]:
    told, price_id = transitions.facts(booking, now), booking.price_id
    if booking.deadline_at is None:
        confirmed = BookingConfirmed(
            **told, is_on_account=True, price_id=price_id, is_by_practitioner=is_own
        )
        return (confirmed,)
    return (
        BookingHeld(**told, price_id=price_id, deadline_at=booking.deadline_at),
        PaymentAsked(**told, deadline_at=booking.deadline_at),
    )
