"""Moving a booking to another start of its offering; its own old time is not in the way."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from services.booking.domain import policy
from services.booking.domain.lifecycle import BookingState
from services.booking.domain.policy import CancelledBy, policy_of
from services.booking.models import Booking, Session
from services.booking.operations import place, transitions
from services.booking.operations.access import is_by_practitioner, side_of, visible_booking
from services.booking.operations.leaving_course import check_breaks
from services.booking.operations.place import Wish
from services.booking.operations.repeat import fingerprint, is_repeated, remember
from services.booking.operations.transitions import Told
from services.booking.operations.views import can_reschedule
from services.booking.queries import bookings, offerings
from services.common.auth import Actor
from services.common.errors import Forbidden, InvalidInput
from services.contracts.booking.bookings import RescheduleBooking
from services.contracts.booking.events import BookingRescheduled
from services.contracts.booking.refusals import NotReschedulable

# What acts of before there was such a choice do not hold.
CHOICES = {"is_client_told": True, "accepts_breaks": False}


def reschedule_booking(
    tx: Transaction, command: RescheduleBooking, *, actor: Actor, now: datetime
) -> Booking:
    """Move a confirmed booking; the same act again changes nothing.

    Raises NotFound, NotReschedulable, DifferentContent, InvalidInput, Forbidden for a client who
    would not be told, for the new start NotBookable, SlotTaken or ClientElsewhere, and SeriesBroken
    for what it breaks of a course unless that was accepted.
    """
    # As it was before there was a choice: acts of then may be repeated now.
    usual = {name for name, value in CHOICES.items() if getattr(command, name) == value}
    content = fingerprint(command, None, without=usual)
    found = visible_booking(tx, command.booking_id, actor)
    # Practitioner, client and rooms are the same for the old and the new time.
    booking, session = transitions.be_alone_with(tx, found)
    if is_repeated(tx, booking, command.id, content):
        return booking
    _check_movable(booking, actor, now)
    if command.starts_at == booking.starts_at:
        told = {"starts_at": "is when the session takes place already"}
        raise InvalidInput("Please choose another time.", told)
    is_by_practice = side_of(booking, actor) is CancelledBy.PRACTICE
    wish = _wish(tx, booking, session, command.starts_at, now, is_by_practice=is_by_practice)
    if not is_by_practice:
        _check_told(command)
        place.check_still_offered(wish.offered, booking.format)
        _keep_share(booking, now)
    is_own = is_by_practitioner(tx, booking.practice_id, booking.practitioner_id, actor)
    knowing = Told(is_client_told=command.is_client_told, is_by_practitioner=is_own)
    place.check_free(tx, wish, now)
    if not command.accepts_breaks:
        check_breaks(tx, booking, command.starts_at, now)
    _move(tx, booking, session, wish, now, knowing)
    remember(tx, booking, command.id, "rescheduled", content, actor=actor, now=now)
    return booking


def _check_movable(booking: Booking, actor: Actor, now: datetime) -> None:
    is_by_practice = side_of(booking, actor) is CancelledBy.PRACTICE
    is_to_come = booking.state == BookingState.CONFIRMED and now < booking.starts_at
    if not (is_to_come and (is_by_practice or can_reschedule(booking, now))):
        raise NotReschedulable("This session cannot be moved any more.")


def _check_told(command: RescheduleBooking) -> None:
    if not command.is_client_told:
        raise Forbidden("Only the practice may move a session without a mail to its client.")


def _keep_share(booking: Booking, now: datetime) -> None:
    """A move by the client never raises what cancelling gives back."""
    booking.refund_ceiling_percent = policy.ceiling_after_move(
        policy_of(booking.policy), booking.starts_at, now, booking.refund_ceiling_percent
    )


def _wish(
    tx: Transaction,
    booking: Booking,
    session: Session,
    starts_at: datetime,
    now: datetime,
    *,
    is_by_practice: bool,
) -> Wish:
    offered = offerings.offered(tx, booking.practice_id, booking.offering_id, now)
    if offered is None:
        raise LookupError("an offering is never deleted")
    # A group stays where it is, in the way of its own member's other choices.
    is_left_empty = bookings.count_live(tx, booking.practice_id, session.id) == 1
    return Wish(
        offered=offered,
        client_id=booking.client_id,
        starts_at=starts_at,
        format=booking.format,
        rooms=place.rooms_for(tx, offered, booking.format),
        booking_id=booking.id,
        own_session=session.id if is_left_empty else None,
        moves_from=booking.starts_at,
        is_by_practice=is_by_practice,
    )


def _move(
    tx: Transaction,
    booking: Booking,
    session: Session,
    wish: Wish,
    now: datetime,
    knowing: Told,
) -> None:
    calendars = place.make_way(tx, wish, now)
    previous = booking.starts_at
    try:
        if session.seats == 1:
            _move_session(tx, booking, session, wish, now)
        else:
            _change_group(tx, booking, session, wish, now)
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    moved = BookingRescheduled(
        **transitions.facts(booking, now),
        previous_starts_at=previous,
        **knowing,
    )
    transitions.emit(tx, moved)
    transitions.mark_openings(tx, booking.practice_id, {booking.practitioner_id, *calendars}, now)


def _move_session(
    tx: Transaction, booking: Booking, session: Session, wish: Wish, now: datetime
) -> None:
    """The session itself moves; its booking and its participant follow by their foreign keys."""
    place.put(session, wish, place.free_room(tx, wish, now))
    booking.sequence += 1
    tx.flush()
    tx.refresh(booking)


def _change_group(
    tx: Transaction, booking: Booking, session: Session, wish: Wish, now: datetime
) -> None:
    """The member leaves one group for another."""
    if wish.own_session is not None:
        session.is_live = False
        tx.flush()
    target, seat_no = place.take_seat(tx, wish, now)
    booking.session_id, booking.seat_no, booking.seats = target.id, seat_no, target.seats
    booking.starts_at, booking.ends_at = target.starts_at, target.ends_at
    booking.sequence += 1
    tx.flush()
    transitions.settle(tx, booking.practice_id, session.id, session.seats)
    transitions.settle(tx, booking.practice_id, target.id, target.seats)
