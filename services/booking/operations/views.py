"""What others are shown of offerings and bookings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.booking.domain import policy
from services.booking.domain.lifecycle import (
    HOLDING,
    BookingState,
    Hold,
    extend_for_payment,
    may_record_attendance,
)
from services.booking.domain.rendering import in_utc
from services.booking.models import Booking
from services.booking.operations.slots import FreeSlots, NextStarts
from services.booking.operations.terms import policy_view, refund_of, terms_of
from services.booking.queries.offerings import Offered
from services.common import crypto
from services.contracts.base import Format
from services.contracts.booking.bookings import BookingState as ToldState
from services.contracts.booking.bookings import BookingView, HeldView, Payable
from services.contracts.booking.offerings import OfferingView

JOIN_PURPOSE = "join"
CHANGEABLE = frozenset({*HOLDING, BookingState.AWAITING_APPROVAL, BookingState.CONFIRMED})


def slots_view(free: FreeSlots) -> dict[str, Any]:
    """Free starts as a `SlotsView` that is rendered here: a datetime per slot is slow."""
    beyond = [] if free.next_free is None else [free.next_free]
    return {
        "offering": offering_view(free.offered).model_dump(mode="json"),
        "starts": in_utc(free.starts),
        "next_free_at": next(iter(in_utc(beyond)), None),
        "last_bookable_on": free.last_bookable_on.isoformat(),
        "format": free.format.value,
        "may_book": free.may_book,
    }


def next_slots(free: NextStarts) -> dict[str, Any]:
    """Somebody's next starts as `NextSlots` that are rendered here."""
    return {
        "practitioner_id": str(free.practitioner_id),
        "offering_id": str(free.offering_id),
        "starts": in_utc(free.starts),
        "format": free.format.value,
    }


def has_lapsed(booking: Booking, now: datetime) -> bool:
    """Whether it is a hold past its deadline; at the deadline it is."""
    return booking.deadline_at is not None and booking.deadline_at <= now


def can_cancel(booking: Booking, now: datetime) -> bool:
    """Whether there is still a seat to give back."""
    return booking.state in CHANGEABLE and not has_lapsed(booking, now) and now < booking.starts_at


def can_reschedule(booking: Booking, now: datetime) -> bool:
    """Whether the client may still move it."""
    is_firm = booking.state == BookingState.CONFIRMED
    return is_firm and policy.may_reschedule(
        policy.policy_of(booking.policy), booking.starts_at, now
    )


def join_code(booking_id: UUID, join_key: str) -> str:
    """The secret part of the address of a booking's door."""
    return crypto.sign(join_key.encode(), JOIN_PURPOSE, str(booking_id))


def state_of(booking: Booking, now: datetime) -> ToldState:
    """Where it stands; a lapsed hold has expired, swept or not."""
    is_over = has_lapsed(booking, now)
    return ToldState(BookingState.EXPIRED.value if is_over else booking.state)


def payable(booking: Booking, now: datetime) -> Payable:
    """What billing must know to ask for the money."""
    return Payable(
        id=booking.id,
        practice_id=booking.practice_id,
        client_id=booking.client_id,
        account_id=booking.account_id,
        price_id=booking.price_id,
        state=state_of(booking, now),
        deadline_at=booking.deadline_at,
    )


def held_view(booking: Booking, now: datetime, join_key: str, voucher: str) -> HeldView:
    """The booking for who has just held it, or asks for it again."""
    seen = booking_view(booking, now, join_key)
    pay_until = None
    if seen.deadline_at is not None:
        pay_until = extend_for_payment(hold_of(booking), now).expires_at
    return HeldView(**dict(seen), pay_until=pay_until, voucher=voucher)


def hold_of(booking: Booking) -> Hold:
    """A booking's hold as the domain knows it; ValueError for one that is not held."""
    if booking.deadline_at is None:
        raise ValueError("booking: is not held")
    return Hold(booking.deadline_at, booking.is_hold_extended, booking.is_payment_extended)


def booking_view(booking: Booking, now: datetime, join_key: str) -> BookingView:
    """A booking as its client and the practice see it; a lapsed hold shows as expired."""
    terms = terms_of(booking)
    state = state_of(booking, now)
    return BookingView(
        id=booking.id,
        practice_id=booking.practice_id,
        practitioner_id=booking.practitioner_id,
        offering_id=booking.offering_id,
        offering_name=booking.offering_name,
        client_id=booking.client_id,
        state=state,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        format=Format(booking.format),
        time_zone=booking.time_zone,
        client_time_zone=booking.client_time_zone,
        price_id=booking.price_id,
        deadline_at=None if has_lapsed(booking, now) else booking.deadline_at,
        is_hold_extended=booking.is_hold_extended,
        policy=policy_view(terms),
        free_until=policy.free_until(terms, booking.starts_at),
        can_cancel=can_cancel(booking, now),
        can_reschedule=can_reschedule(booking, now),
        join_path=f"/join/{booking.id}/{join_code(booking.id, join_key)}",
        sequence=booking.sequence,
        refund_percent=refund_of(booking),
        course_id=booking.course_id,
        is_on_account=booking.is_invoiced,
        can_record_attendance=may_record_attendance(
            BookingState(booking.state), booking.starts_at, now
        ),
    )


def offering_view(offered: Offered) -> OfferingView:
    """An offering for its page."""
    row = offered.offering
    return OfferingView(
        id=row.id,
        practice_id=row.practice_id,
        practitioner_id=row.practitioner_id,
        name=row.name,
        minutes=row.minutes,
        formats=[Format(format_) for format_ in row.formats],
        price_id=row.price_id,
        time_zone=offered.calendar.schedule.zone,
        policy=policy_view(offered.policy),
    )
