"""How long a guest's right to a booking lasts, in a browser and in a token that was copied."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from fastapi import Response

from services.common.clock import utc_now
from services.contracts.booking.bookings import BookingView
from services.gateway.visitors import (
    GUEST_BOOKINGS,
    LIVES_AFTER_SESSION,
    Doorkeeper,
    GuestBooking,
    Visitor,
)
from services.notify.operations import links
from tests.unit.gateway.stand_ins import NoRedis
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_protection import settings

DOOR = Doorkeeper(settings(), NoRedis())
DAY = timedelta(days=1)


def ended(ago: timedelta) -> BookingView:
    """A booking whose session ended so long ago."""
    ends_at = utc_now() - ago
    return booking(starts_at=ends_at - timedelta(minutes=50), ends_at=ends_at)


def remembered(visitor: Visitor, new: GuestBooking) -> tuple[str, int]:
    """The token and Max-Age of the cookie that a browser gets."""
    response = Response()
    DOOR.remember_guest(response, visitor, new)
    cookie = SimpleCookie(response.headers["set-cookie"])[DOOR.guest_cookie]
    assert cookie["httponly"]
    assert cookie["secure"]
    return cookie.value, int(cookie["max-age"])


def test_a_guests_right_lasts_as_long_as_the_links_in_mails() -> None:
    """30 days after the session, in both."""
    assert LIVES_AFTER_SESSION == links.LIVES_AFTER_SESSION == 30 * DAY


@pytest.mark.parametrize(("ago", "lasts"), [(29 * DAY, True), (31 * DAY, False), (-DAY, True)])
def test_a_copied_token_ends_with_the_right(ago: timedelta, *, lasts: bool) -> None:
    """Its end stands under the signature, whoever keeps it for however long."""
    right = GuestBooking.of(ended(ago))
    assert DOOR.parse_guest(DOOR.guest_token((right,))) == ((right,) if lasts else ())


def test_nobody_can_make_a_right_last_longer() -> None:
    """A later end under the old signature is refused."""
    right = GuestBooking.of(ended(31 * DAY))
    token = DOOR.guest_token((right,))
    longer = f"{right.until + 90 * 24 * 3600:x}"
    assert DOOR.parse_guest(token.replace(f"{right.until:x}", longer)) == ()


def test_the_cookie_goes_with_the_last_right() -> None:
    """No browser keeps it for longer, and not for ever."""
    near, far = ended(-DAY), ended(-20 * DAY)
    _, seconds = remembered(Visitor(), GuestBooking.of(near))
    assert 30 * 24 * 3600 < seconds <= 31 * 24 * 3600
    held = Visitor(guest_bookings=(GuestBooking.of(far),))
    _, seconds = remembered(held, GuestBooking.of(near))
    assert 49 * 24 * 3600 < seconds <= 50 * 24 * 3600


def test_a_move_makes_the_token_anew_with_the_new_end() -> None:
    """One right for one booking; the earlier end is gone."""
    before = ended(-DAY)
    after = before.model_copy(update={"ends_at": before.ends_at + 10 * DAY})
    held = Visitor(guest_bookings=(GuestBooking.of(before),))
    token, _ = remembered(held, GuestBooking.of(after))
    assert DOOR.parse_guest(token) == (GuestBooking.of(after),)


def test_a_browser_keeps_the_last_bookings_only() -> None:
    """A cookie has its bounds."""
    rights = tuple(GuestBooking.of(ended(-DAY)) for _ in range(GUEST_BOOKINGS))
    new = GuestBooking.of(ended(-DAY))
    token, _ = remembered(Visitor(guest_bookings=rights), new)
    assert DOOR.parse_guest(token) == (*rights[1:], new)
    assert len(token) < 1500


def test_signing_out_takes_the_guests_bookings_away_too() -> None:
    """Nothing stays behind for the next person at that device."""
    response = Response()
    DOOR.forget(response)
    gone = [SimpleCookie(value) for value in response.headers.getlist("set-cookie")]
    named = {name: morsel for cookie in gone for name, morsel in cookie.items()}
    assert set(named) == {DOOR.login_cookie, DOOR.guest_cookie}
    assert all(morsel.value == "" and morsel["max-age"] == "0" for morsel in named.values())


def test_a_token_of_another_make_is_none() -> None:
    """No error, and no right: one without an end, one in pieces."""
    for token in ("", ".", "a.b", "-.", f"{'0' * 64}.x"):
        assert DOOR.parse_guest(token) == ()
