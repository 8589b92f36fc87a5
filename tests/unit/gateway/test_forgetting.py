"""A guest lets a device forget a booking: the right goes from the browser, nothing else does."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import httpx
import pytest
from fastapi import FastAPI, Response

from services.contracts.billing import GetPrices
from services.contracts.booking.bookings import BookingState, BookingView, GetBooking
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.visitors import GuestBooking
from services.gateway.web import sent_to
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_sent_again import DOOR

BUTTON = "Forget this booking on this device"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)


def booked(**changes: object) -> BookingView:
    return booking(**({"starts_at": SOON, "ends_at": SOON + timedelta(minutes=50)} | changes))


def app_for(one: BookingView) -> FastAPI:
    made = fresh_app()
    made.state.doorkeeper = DOOR
    made.state.backend = ToldBackend(
        {
            GetBooking: lambda _: one,
            GetPrices: lambda _: views.prices(),
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
        }
    )
    return made


def cookie_of(*bookings: BookingView) -> str:
    held = tuple(GuestBooking.of(one) for one in bookings)
    return f"{DOOR.guest_cookie}={DOOR.guest_token(held)}"


def forget(one: BookingView, cookie: str) -> httpx.Response:
    return post_form(app_for(one), f"/bookings/{one.id}/forget", {}, cookie)


def left(answer: httpx.Response) -> set[object]:
    """The bookings that the browser remembers afterwards."""
    told: SimpleCookie = SimpleCookie("; ".join(answer.headers.get_list("set-cookie")))
    return {held.booking_id for held in DOOR.parse_guest(told[DOOR.guest_cookie].value)}


def test_the_page_of_a_remembered_booking_has_the_button() -> None:
    """Not while it is unpaid, for no mail leads back to it yet."""
    one, held = booked(), booked(state=BookingState.HELD)
    for shown, is_there in ((one, True), (held, False)):
        page = fetch(app_for(shown), f"/bookings/{shown.id}", cookie=cookie_of(shown)).text
        assert (BUTTON in page) is is_there


def test_the_device_forgets_this_booking_and_no_other() -> None:
    """The visitor leaves for the directory, which says that the mail's link still works."""
    one, other = booked(), booked()
    answer = forget(one, cookie_of(one, other))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert left(answer) == {other.id}


def test_with_the_last_booking_the_cookie_goes() -> None:
    """And the masked address that was typed for it."""
    one = booked()
    brought = address_cookie(one)
    answer = forget(one, f"{cookie_of(one)}; {brought}")
    gone = [text for text in answer.headers.get_list("set-cookie") if "Max-Age=0" in text]
    assert {text.partition("=")[0] for text in gone} == {
        DOOR.guest_cookie,
        brought.partition("=")[0],
    }


def address_cookie(one: BookingView) -> str:
    response = Response()
    sent_to.remember(settings(), response, one.id, "robin@example.org")
    return response.headers["set-cookie"].partition(";")[0]


@pytest.mark.parametrize("has_another", [True, False])
def test_who_does_not_remember_it_is_told_of_nothing(has_another: bool) -> None:
    """As for every booking that is not theirs."""
    cookie = cookie_of(booked()) if has_another else ""
    assert forget(booked(), cookie).status_code == 404
