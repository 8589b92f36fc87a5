"""A session of a package pays for a booking: it confirms it, once, or is refused with its seat."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.booking.operations import payments
from services.common.errors import NotFound
from services.contracts.billing.credits import CreditUsed
from services.contracts.booking.bookings import BookingState
from tests.integration.booking.practice import NINE, NOW, Practice

AFTER_HOLD = NOW + timedelta(minutes=11)


def used(practice: Practice, booking_id: UUID) -> CreditUsed:
    """What billing tells."""
    return CreditUsed(
        occurred_at=NOW,
        practice_id=practice.id,
        booking_id=booking_id,
        sale_id=uuid4(),
        credit_use_id=uuid4(),
    )


def tell(practice: Practice, event: CreditUsed, *, late: bool = False) -> None:
    """Let booking hear of it, in its time or after the hold."""
    with practice.transaction() as tx:
        payments.settle_payment(tx, event, now=AFTER_HOLD if late else NOW)


def test_a_used_session_confirms_a_held_booking_once(practice: Practice) -> None:
    """The message may come twice, the confirmation goes out once."""
    booking = practice.book()
    event = used(practice, booking.id)
    for _ in range(2):
        tell(practice, event)
    assert practice.stored(booking.id).state == BookingState.CONFIRMED
    assert [one["booking_id"] for one in practice.events("booking_confirmed")] == [str(booking.id)]
    assert practice.events("booking_refused") == []


def test_a_session_that_comes_late_confirms_what_is_free_still(practice: Practice) -> None:
    """The hold has lapsed, and nobody took the time meanwhile."""
    booking = practice.book()
    tell(practice, used(practice, booking.id), late=True)
    assert practice.stored(booking.id).state == BookingState.CONFIRMED


def test_a_seat_that_is_gone_is_refused_so_that_the_session_comes_back(practice: Practice) -> None:
    """Somebody else has the time by then: billing hears of it, and returns the session."""
    booking = practice.book()
    other = practice.book(NINE, now=AFTER_HOLD)
    tell(practice, used(practice, booking.id), late=True)
    assert practice.stored(booking.id).state == BookingState.EXPIRED
    assert practice.stored(other.id).state == BookingState.HELD
    [refused] = practice.events("booking_refused")
    assert refused["booking_id"] == str(booking.id)


def test_a_booking_that_is_not_there_yet_is_asked_for_again(practice: Practice) -> None:
    """As with a payment: the message waits and comes again."""
    with pytest.raises(NotFound):
        tell(practice, used(practice, uuid4()))
