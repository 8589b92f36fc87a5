"""What the pages say of money that comes back: after cancelling, and before moving. Pure."""

from datetime import timedelta

import pytest

from services.contracts.booking.bookings import BookingState, CancellationPreview
from services.contracts.booking.offerings import PolicyTier
from services.gateway.web import sessions
from services.gateway.web.moving import SAME_PRICE, after_move, before_move
from services.gateway.web.terms import NO_LONGER_FREE
from tests.unit.gateway.test_booking_pages import BERLIN, NOW, POLICY, booking, payment


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (50, "€47.50 of the €95 that you paid is on its way back to your card."),
        (0, "No money comes back: the €95 that you paid is kept."),
    ],
)
def test_a_late_cancellation_says_at_once_what_comes_back(percent: int, words: str) -> None:
    """Before the refund is made, which the mail about it then tells."""
    given_up = booking(state=BookingState.LATE_CANCELLED, refund_percent=percent)
    assert sessions.refund(given_up, payment(9500)) == {"label": words}


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (100, "The price stays the same."),
        (50, "half of the price, €47.50, comes back at most, however early it is"),
        (0, "nothing comes back, however early it is."),
    ],
)
def test_a_move_says_what_it_does_to_a_later_refund(percent: int, words: str) -> None:
    """In words and money, before it is confirmed; where it lowers nothing it says nothing."""
    policy = POLICY.model_copy(
        update={"tiers": [*POLICY.tiers, PolicyTier(hours_before=12, refund_percent=50)]}
    )
    today = CancellationPreview(
        booking=booking(policy=policy), refund_percent=percent, holds_until=None
    )
    told = after_move(today, payment(9500))
    assert words in told
    assert (told == SAME_PRICE) is (percent == 100)


def test_what_an_earlier_move_has_lowered_is_not_lowered_again() -> None:
    """The booking's terms show the ceiling already."""
    tiers = [PolicyTier(hours_before=12, refund_percent=50)]
    moved = booking(policy=POLICY.model_copy(update={"tiers": tiers}))
    today = CancellationPreview(booking=moved, refund_percent=50, holds_until=None)
    assert after_move(today, payment(9500)) == SAME_PRICE


@pytest.mark.parametrize(
    ("hours", "is_on_account", "words"),
    [
        (72, False, "You can cancel free of charge until "),
        (3, False, NO_LONGER_FREE),
        (3, True, None),
    ],
)
def test_a_move_says_until_when_the_new_time_can_be_cancelled(
    hours: int, words: str | None, *, is_on_account: bool
) -> None:
    """A near one may not be free to cancel any more: that is read before it is chosen."""
    one = booking(policy=POLICY, is_on_account=is_on_account)
    today = CancellationPreview(booking=one, refund_percent=100, holds_until=None)
    start = NOW + timedelta(hours=hours)
    told = before_move(today, payment(9500), start, BERLIN, NOW)
    assert told.startswith(f"{SAME_PRICE} {words}" if words else SAME_PRICE)
    assert words is not None or told == SAME_PRICE
