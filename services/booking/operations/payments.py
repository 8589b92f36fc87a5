"""What payments do to bookings: wait, confirm, or refuse so that all of it goes back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import lifecycle
from services.booking.domain.lifecycle import HOLDING, BookingEvent, BookingState, advance
from services.booking.domain.refusal import refusal
from services.booking.domain.slot_rules import MAX_WINDOW_DAYS, SlotRules, span_to_read
from services.booking.models import Booking, Session
from services.booking.operations import place, transitions
from services.booking.operations.place import Wish
from services.booking.operations.views import has_lapsed, hold_of
from services.booking.queries import bookings, offerings
from services.common.errors import NotFound, NotYet
from services.contracts.billing import (
    PaymentStarted,
    PaymentSucceeded,
    PricePublished,
    RefundMade,
)
from services.contracts.billing.credits import CreditUsed
from services.contracts.booking.events import BookingRefused


@dataclass(frozen=True, slots=True)
class _Seat:
    """A seat that is free for a booking."""

    wish: Wish
    session_id: UUID
    seat_no: int


def await_payment(tx: Transaction, event: PaymentStarted, *, now: datetime) -> None:
    """The client is at the payment page: ten minutes more, once. A lapsed hold stays lapsed."""
    booking, _ = _booking_of(tx, event.booking_id)
    if booking.state not in HOLDING or has_lapsed(booking, now):
        return
    longer = lifecycle.extend_for_payment(hold_of(booking), now)
    if booking.state == BookingState.HELD:
        booking.state = advance(BookingState.HELD, BookingEvent.PAYMENT_STARTED)
    booking.is_payment_extended = True
    transitions.extend_deadline(tx, booking, longer.expires_at)


def settle_payment(tx: Transaction, event: PaymentSucceeded | CreditUsed, *, now: datetime) -> None:
    """Confirm; refuse a payment for a seat that is gone. A booking that was confirmed stays.

    A session of a package that was used for it counts as its payment.
    """
    booking, session = _booking_of(tx, event.booking_id)
    if booking.confirmed_at is not None:
        return
    calendars = {booking.practitioner_id}
    if _is_standing(booking, now):
        transitions.confirm(tx, booking, now)
    elif seat := _free_again(tx, booking, session, now):
        calendars |= place.make_way(tx, seat.wish, now, keep=booking.id)
        booking.session_id, booking.seat_no = seat.session_id, seat.seat_no
        transitions.confirm(tx, booking, now)
    else:
        _refuse(tx, booking, now)
    transitions.mark_openings(tx, booking.practice_id, calendars, now)


def show_refund(tx: Transaction, event: RefundMade, *, now: datetime) -> None:
    """A refund changes nothing of its booking but what calendars show beside it."""
    booking = bookings.booking(tx, event.booking_id)
    if booking is None:
        raise NotFound("There is no such booking.")
    transitions.touch_calendar(tx, booking.practice_id, booking.practitioner_id, now)


def adopt_price(tx: Transaction, event: PricePublished) -> None:
    """Ask the new price from now on; an older version that comes late changes nothing."""
    offering = offerings.lock_offering(tx, event.practice_id, event.offering_id)
    if offering is None:
        raise NotYet("There is no such offering yet.")
    if event.price_version > offering.price_version:
        offering.price_id = event.price_id
        offering.price_version = event.price_version


def _booking_of(tx: Transaction, booking_id: UUID) -> tuple[Booking, Session]:
    found = bookings.booking(tx, booking_id)
    if found is None:
        raise NotFound("There is no such booking.")
    return transitions.be_alone_with(tx, found)


def _is_standing(booking: Booking, now: datetime) -> bool:
    return booking.state in HOLDING and not has_lapsed(booking, now)


def _free_again(tx: Transaction, booking: Booking, session: Session, now: datetime) -> _Seat | None:
    """The seat of a booking that lapsed, or another at that time; None if there is none."""
    if booking.state not in {*HOLDING, BookingState.EXPIRED} or booking.starts_at <= now:
        return None
    offered = offerings.offered(tx, booking.practice_id, booking.offering_id, now)
    if offered is None:
        return None
    wish = Wish(
        offered=offered,
        client_id=booking.client_id,
        starts_at=booking.starts_at,
        format=booking.format,
        rooms=(session.room_id,) if session.room_id else (),
        booking_id=booking.id,
        own_session=session.id,
    )
    return _seat_at(tx, wish, booking, session) if _is_free(tx, wish, now) else None


def _is_free(tx: Transaction, wish: Wish, now: datetime) -> bool:
    """Notice and window were met when it was booked; everything else is asked again."""
    rules = _without_horizon(wish.offered.rules)
    span = span_to_read(rules, from_=wish.starts_at, until=wish.starts_at + timedelta(seconds=1))
    taken = place.occupied(tx, wish, span, now)
    return refusal(rules, taken, wish.starts_at, now=now) is None


def _seat_at(tx: Transaction, wish: Wish, booking: Booking, session: Session) -> _Seat | None:
    """The seat it kept, or a free one: in the group that meets by now, if it is another one."""
    if booking.seat_no is not None:
        return _Seat(wish, session.id, booking.seat_no)
    home = session
    if session.seats > 1 and not session.is_live:
        found = bookings.open_group(
            tx, session.practice_id, session.practitioner_id, session.offering_id, session.starts_at
        )
        home = found or session
    seat_no = bookings.free_seat(tx, home)
    return _Seat(wish, home.id, seat_no) if seat_no else None


def _without_horizon(rules: SlotRules) -> SlotRules:
    horizonless = replace(rules.offering, notice_minutes=0, window_days=MAX_WINDOW_DAYS)
    return replace(rules, offering=horizonless)


def _refuse(tx: Transaction, booking: Booking, now: datetime) -> None:
    if booking.state in HOLDING:
        transitions.release(
            tx, booking, advance(BookingState(booking.state), BookingEvent.DEADLINE_PASSED)
        )
    transitions.emit(tx, BookingRefused(**transitions.facts(booking, now)))
