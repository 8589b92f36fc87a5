"""Moving a session and then cancelling it gives back no more than cancelling at once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from services.booking.models import Booking
from services.booking.operations import cancel
from services.booking.operations.views import booking_view
from services.contracts.booking.bookings import PreviewCancellation
from services.contracts.booking.refusals import TermsChanged
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_changing_a_booking import give_back, move

FAR = at(10, days=14)
FARTHER = at(10, days=21)


def shown(practice: Practice, booking: Booking, now: datetime = NOW) -> cancel.Share:
    actor = practice.link(booking.id)
    with practice.transaction(actor) as tx:
        asked = PreviewCancellation(booking_id=booking.id)
        return cancel.preview_cancellation(tx, asked, actor=actor, now=now)[1]


def test_moving_ahead_brings_no_lapsed_share_back(practice: Practice) -> None:
    """Half came back on Tuesday's session; two weeks ahead it is still half, not all."""
    booking = practice.book_and_pay(at(9))
    move(practice, booking, FAR)
    assert shown(practice, booking) == cancel.Share(50, FAR - timedelta(hours=24))
    with pytest.raises(TermsChanged):
        give_back(practice, booking, 100)
    give_back(practice, booking, 50)
    [told] = practice.events("booking_cancelled")
    assert (told["refund_percent"], told["is_late"]) == (50, True)


def test_the_lowest_share_stays_over_many_moves(practice: Practice) -> None:
    """A second move, made when all would come back, does not raise it; time still lowers it."""
    booking = practice.book_and_pay(at(9))
    move(practice, booking, FAR)
    moved = move(practice, booking, FARTHER)
    assert shown(practice, booking).percent == 50
    told = booking_view(moved, NOW, "key")
    assert told.free_until is None
    assert [(tier.hours_before, tier.refund_percent) for tier in told.policy.tiers] == [(24, 50)]
    late = FARTHER - timedelta(hours=1)
    assert shown(practice, booking, late) == cancel.Share(0, FARTHER)


def test_a_move_in_the_free_time_costs_nothing(practice: Practice) -> None:
    """All came back before, so all comes back after, until 48 hours before the new start."""
    booking = practice.book_and_pay(at(10, days=3))
    moved = move(practice, booking, FAR)
    assert shown(practice, booking) == cancel.Share(100, FAR - timedelta(hours=48))
    assert booking_view(moved, NOW, "key").free_until == FAR - timedelta(hours=48)


def test_a_move_by_the_practice_lowers_nothing(practice: Practice) -> None:
    """The client did not ask for it; what the practice cancels still comes back whole."""
    booking = practice.book_and_pay(at(9))
    move(practice, booking, FAR, actor=practice.admin)
    assert shown(practice, booking).percent == 100
    move(practice, booking, at(14))
    move(practice, booking, FARTHER)
    assert give_back(practice, booking, 100, actor=practice.admin).state == "cancelled"


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_ceiling_is_a_percentage(practice: Practice, percent: int) -> None:
    """The database refuses another."""
    booking = practice.book_and_pay(at(9))
    with (
        pytest.raises(IntegrityError, match="bookings_refund_ceiling_is_percent"),
        practice.transaction() as tx,
    ):
        tx.merge(booking).refund_ceiling_percent = percent
