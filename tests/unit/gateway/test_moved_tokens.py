"""A guest who moves a booking through the API keeps the right to it as long as by the pages."""

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.contracts.booking.bookings import BookingView, RescheduleBooking
from services.gateway.visitors import GuestBooking, Visitor
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_sent_again import DOOR, Unlimited, sent

LENGTH = timedelta(minutes=50)


@pytest.fixture
def before() -> BookingView:
    """A session tomorrow."""
    starts_at = utc_now() + timedelta(days=1)
    return booking(starts_at=starts_at, ends_at=starts_at + LENGTH)


def move(before: BookingView, who: Visitor) -> tuple[BookingView, dict[str, Any]]:
    """The booking eight weeks later, and what the API answers."""
    starts_at = before.starts_at + timedelta(weeks=8)
    after = before.model_copy(update={"starts_at": starts_at, "ends_at": starts_at + LENGTH})
    app = fresh_app()
    app.state.doorkeeper = Knows(who)
    app.state.backend = ToldBackend({RescheduleBooking: lambda _: after})
    app.state.limits = Unlimited()
    answer = sent(
        app,
        f"/api/v1/bookings/{before.id}/rescheduling",
        json={"starts_at": starts_at.isoformat()},
        headers={"idempotency-key": str(uuid7())},
    )
    return after, answer.raise_for_status().json()


def test_a_guest_gets_a_token_that_ends_with_the_new_session(before: BookingView) -> None:
    """Beside the rights to other bookings that the old token gave."""
    other = GuestBooking.of(booking(starts_at=before.starts_at, ends_at=before.ends_at))
    who = Visitor(guest_bookings=(GuestBooking.of(before), other))
    after, answer = move(before, who)
    assert DOOR.parse_guest(answer["token"]) == (other, GuestBooking.of(after))
    assert GuestBooking.of(after).until > GuestBooking.of(before).until
    assert answer["id"] == str(before.id)


def test_who_is_signed_in_needs_no_token(before: BookingView) -> None:
    """The booking belongs to the account."""
    _, answer = move(before, visitor())
    assert answer["token"] is None
