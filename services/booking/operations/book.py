"""Hold a seat: asked again by the domain under locks, guarded once more by the constraints."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, bindparam, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import BookingState, hold_from
from services.booking.models import Base, Booking, HoldDue, Participant, Session
from services.booking.operations import place, transitions
from services.booking.operations.access import (
    books_for_themselves,
    check_may_book,
    check_may_book_with,
    may_see,
)
from services.booking.operations.place import Wish
from services.booking.operations.repeat import fingerprint
from services.booking.queries import bookings, offerings
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound, Refusal
from services.contracts.booking.bookings import BookSession
from services.contracts.booking.events import BookingHeld
from services.contracts.booking.refusals import PriceChanged

#: A hold is followed by its payment page in the next moment: openings are worked out behind both.
SETTLING = BookingHeld.leaves_after


def book_session(tx: Transaction, command: BookSession, *, actor: Actor, now: datetime) -> Booking:
    """Hold a seat for 10 minutes, or answer as before to the same id.

    Raises DifferentContent, NotFound, Forbidden, InvalidInput, PriceChanged, NotBookable,
    SlotTaken (with up to three nearest starts) or ClientElsewhere.
    """
    practice_id = check_may_book(actor)
    try:
        wish = _wish(tx, practice_id, command, actor, now)
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
    return _hold(tx, command, wish, there.values(), actor, now)


def _wish(
    tx: Transaction, practice_id: UUID, command: BookSession, actor: Actor, now: datetime
) -> Wish:
    offered = _offered(tx, practice_id, command, now)
    check_may_book_with(tx, offered.offering.practitioner_id, actor)
    return Wish(
        offered=offered,
        client_id=command.client_id,
        starts_at=command.starts_at,
        format=command.format.value,
        rooms=place.rooms_for(tx, offered, command.format.value),
    )


def _same(tx: Transaction, found: Booking, command: BookSession, actor: Actor) -> Booking:
    """The booking of the id, if this very command made it; one of others' is unknown.

    A guest is nobody here, so a guest's id counts as any guest's own: the gateway, which reads
    their tokens, decides whom it tells of other content.
    """
    owner = books_for_themselves(actor)
    if found.fingerprint == _content_of(command, owner):
        return found
    is_guests = actor.kind == "anonymous" and found.account_id is None
    if found.practice_id == actor.practice_id and (is_guests or may_see(tx, found, actor)):
        raise DifferentContent("This id was used for another booking.")
    raise NotFound("There is no such booking.")


def _content_of(command: BookSession, account_id: UUID | None) -> str:
    """What a repeated call has to have in common with the first. The client stays the one of the
    first call, for whom the caller takes who has a record by now."""
    return fingerprint(command, account_id, without={"client_id"})


def _offered(tx: Transaction, practice_id: UUID, command: BookSession, now: datetime) -> Offered:
    offered = offerings.offered(tx, practice_id, command.offering_id, now)
    if offered is None or not offered.offering.is_active:
        raise NotFound("There is no such offering.")
    if command.format.value not in offered.offering.formats:
        raise InvalidInput(
            "Some fields need another look.", {"format": "is not one of the offering's"}
        )
    if command.price_id != offered.offering.price_id:
        today = {"price_id": str(offered.offering.price_id)}
        raise PriceChanged("The price has changed since you saw it.", today)
    return offered


def _hold(
    tx: Transaction,
    command: BookSession,
    wish: Wish,
    lapsed: Iterable[Booking],
    actor: Actor,
    now: datetime,
) -> Booking:
    place.check_free(tx, wish, now)
    calendars = place.expire(tx, lapsed, now)
    deadline_at = hold_from(now).expires_at
    try:
        in_group = place.seat_in_group(tx, wish)
        session, seat_no = in_group or (
            place.own_session(tx, wish, now, held_until=deadline_at),
            1,
        )
        booking = claim(command, wish, session, books_for_themselves(actor), now)
        booking.seat_no, booking.deadline_at = seat_no, deadline_at
        write(tx, booking, None if in_group else session)
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    if session.seats > 1:
        transitions.settle(tx, wish.practice_id, session.id, session.seats)
    held = BookingHeld(
        **transitions.facts(booking, now), price_id=booking.price_id, deadline_at=deadline_at
    )
    transitions.emit(tx, held)
    soon = now + SETTLING
    transitions.mark_openings(tx, wish.practice_id, {wish.practitioner_id, *calendars}, soon)
    return booking


def claim(
    command: BookSession, wish: Wish, session: Session, account_id: UUID | None, now: datetime
) -> Booking:
    """The booking with all that its view needs, its terms as they are today."""
    offering = wish.offered.offering
    return Booking(
        practice_id=wish.practice_id,
        id=command.id,
        session_id=session.id,
        seats=session.seats,
        practitioner_id=wish.practitioner_id,
        offering_id=offering.id,
        offering_name=offering.name,
        client_id=command.client_id,
        account_id=account_id,
        state=BookingState.HELD,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        format=wish.format,
        time_zone=wish.offered.calendar.schedule.zone,
        client_time_zone=command.client_time_zone,
        price_id=command.price_id,
        policy=wish.offered.policy.terms,
        is_hold_extended=False,
        is_payment_extended=False,
        sequence=0,
        fingerprint=_content_of(command, account_id),
        booked_at=now,
        is_on_account=False,
        marks=0,
    )


def write(tx: Transaction, booking: Booking, session: Session | None) -> None:
    """In one statement the session, if it is a new one, the booking, its client, who is in one
    place at a time, and its deadline. The constraints look at what all of it has made."""
    participant = seated(booking)
    due = HoldDue(
        booking_id=booking.id, practice_id=booking.practice_id, due_at=booking.deadline_at
    )
    told = _told(booking) | _told(participant) | _told(due)
    if session is None:
        tx.execute(_A_SEAT, told)
    else:
        tx.execute(_A_SESSION_AND_ITS_SEAT, told | _told(session))


def seated(booking: Booking) -> Participant:
    """The booking's client, who sits in it."""
    return Participant(
        practice_id=booking.practice_id,
        booking_id=booking.id,
        client_id=booking.client_id,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        is_live=True,
    )


def _insertion(kind: type[Base]) -> Insert:
    """An insertion of one row, its parameters named after table and column."""
    table: Any = kind.__table__
    return insert(table).values({it.name: bindparam(_name(it), type_=it.type) for it in table.c})


def _told(row: Base) -> dict[str, Any]:
    return {_name(it): getattr(row, it.name) for it in row.__table__.c}


def _name(column: Any) -> str:
    return f"{column.table.name}_{column.name}"


# Built once, because building them costs more than running them.
_SEAT = [_insertion(kind).cte(kind.__tablename__) for kind in (Booking, Participant)]
_A_SEAT = _insertion(HoldDue).add_cte(*_SEAT)
_A_SESSION_AND_ITS_SEAT = _A_SEAT.add_cte(_insertion(Session).cte(Session.__tablename__))
