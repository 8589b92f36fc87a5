"""Holds: given more time once, and ended at their deadline."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import HOLDING, BookingState, extend_for_client
from services.booking.models import Booking, HoldDue
from services.booking.operations import transitions
from services.booking.operations.access import visible_booking
from services.booking.operations.views import has_lapsed, hold_of
from services.booking.queries import bookings
from services.common.auth import Actor
from services.contracts.booking.bookings import ExtendHold
from services.contracts.booking.refusals import AlreadyExtended, HoldExpired

LEASE = timedelta(seconds=30)


def extend_hold(tx: Transaction, command: ExtendHold, *, actor: Actor, now: datetime) -> Booking:
    """Ten minutes more, once; raises HoldExpired, AlreadyExtended, NotFound."""
    found = visible_booking(tx, command.booking_id, actor)
    booking, _ = transitions.be_alone_with(tx, found)
    if booking.state not in HOLDING or has_lapsed(booking, now):
        raise HoldExpired("The time to book has run out. Please choose a time again.")
    if booking.is_hold_extended:
        raise AlreadyExtended("The time to book was extended before.")
    longer = extend_for_client(hold_of(booking), now)
    booking.is_hold_extended = True
    transitions.extend_deadline(tx, booking, longer.expires_at)
    return booking


def take_lapsed(tx: Transaction, now: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Practice and booking of lapsed holds, leased to the taker for 30 s."""
    rows = bookings.due_holds(tx, now, LEASE, limit)
    return [(row.practice_id, row.booking_id) for row in rows]


def expire_hold(tx: Transaction, booking_id: UUID, now: datetime) -> bool:
    """End a hold whose deadline has passed, within its practice; whether it had to be ended."""
    found = bookings.booking(tx, booking_id)
    if found is None:
        tx.execute(delete(HoldDue).where(HoldDue.booking_id == booking_id))
        return False
    booking, _ = transitions.be_alone_with(tx, found)
    if BookingState(booking.state) not in HOLDING or not has_lapsed(booking, now):
        return False
    transitions.expire(tx, booking, now)
    transitions.mark_openings(tx, booking.practice_id, [booking.practitioner_id], now)
    return True
