"""A checkout form that is sent again: who gets the right to the booking, and what is written."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.common.clock import utc_now
from services.common.errors import DifferentContent, NotFound, Refusal
from services.contracts.billing import PaymentView, StartPayment
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    BookSession,
    GetBooking,
    HeldView,
)
from services.contracts.booking.refusals import SlotTaken
from services.contracts.profiles.accounts import AccountView, LoginView
from services.contracts.profiles.clients import BOOKING_WORDS, ClientView, EnsureClient
from services.gateway import flows, wishes
from services.gateway.visitors import Doorkeeper, GuestBooking, Visitor
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend
from tests.unit.gateway.test_booking_pages import STARTS_AT, booking, payment
from tests.unit.gateway.test_protection import settings

PAGE = "https://checkout.stripe.com/c/pay/cs_1"
UNPAID = [BookingState.HELD, BookingState.AWAITING_PAYMENT]
LATER = sorted(set(BookingState) - set(UNPAID))
DOOR = Doorkeeper(settings(), NoRedis())


class Unlimited:
    """Counts nothing."""

    async def count(self, *_: object) -> None:
        """Always within the limit."""

    def counting(self, *_: object) -> AbstractAsyncContextManager[None]:
        """There is always room for a hold."""
        return nullcontext()


def backend_for(one: BookingView, refusal: Refusal | None = None) -> ToldBackend:
    """Services that know this booking under its id, or refuse it."""

    def book(asked: BookSession) -> HeldView:
        if refusal is not None:
            raise refusal
        held = dict(one) | {"client_id": asked.client_id}
        return HeldView(**held, pay_until=one.deadline_at, voucher="signed")

    def client(asked: EnsureClient) -> ClientView:
        return ClientView(id=asked.id, practice_id=one.practice_id, account_id=None)

    def pay(_: StartPayment) -> PaymentView:
        return payment(0).model_copy(update={"checkout_url": PAGE})

    return ToldBackend({BookSession: book, EnsureClient: client, StartPayment: pay})


def booked_for_tomorrow() -> BookingView:
    """A confirmed session by the wall clock: a guest's right to it has an end."""
    starts_at = utc_now() + timedelta(days=1)
    return booking(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50))


def app_for(one: BookingView) -> FastAPI:
    """The application before one booking, without servers."""
    made = fresh_app()
    made.state.doorkeeper, made.state.backend = DOOR, backend_for(one)
    made.state.limits = made.state.holds = Unlimited()
    return made


def typed(one: BookingView) -> dict[str, str]:
    """What was typed, and what the page had chosen."""
    return {
        "practice_id": str(one.practice_id),
        "offering_id": str(one.offering_id),
        "starts_at": one.starts_at.isoformat(),
        "format": one.format.value,
        "price_id": str(one.price_id),
        "name": "Cleo Client",
        "email": "cleo@people.example",
        "agreed_to": BOOKING_WORDS,
    }


def form_of(one: BookingView) -> dict[str, str]:
    """The checkout form that made a booking."""
    told = typed(one)
    form = {"practice": told["practice_id"], "offering": told["offering_id"]}
    form |= {"start": told["starts_at"], "with": "miriam-adler", "zone": "UTC", "consent": "yes"}
    form |= {key: told[key] for key in ("format", "price_id", "name", "email")}
    return form | {"form_id": str(one.id)}


def send_form(one: BookingView, token: str = "") -> httpx.Response:
    """POST /book with the booking's id as the form's, from a browser with this guest cookie."""
    cookie = f"{DOOR.guest_cookie}={token}" if token else ""
    return post_form(app_for(one), "/book", form_of(one), cookie)


def send_call(one: BookingView, token: str = "") -> httpx.Response:
    """POST /api/v1/bookings under the booking's id."""
    headers = {"idempotency-key": str(one.id)}
    headers |= {"authorization": f"Bearer {token}"} if token else {}
    return sent(app_for(one), "/api/v1/bookings", json=typed(one), headers=headers)


def sent(app: FastAPI, path: str, **content: Any) -> httpx.Response:
    """What comes back, redirects not followed."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            return await browser.post(path, **content)

    return asyncio.run(post())


def token_of(one: BookingView) -> str:
    """The right to this booking that its guest has."""
    return DOOR.guest_token((GuestBooking.of(one),))


def has_right(answer: httpx.Response) -> bool:
    """Whether an answer hands over a guest's cookie or token."""
    cookies = answer.headers.get_list("set-cookie")
    return any(one.startswith(DOOR.guest_cookie) for one in cookies) or '"token"' in answer.text


@pytest.mark.parametrize(
    ("send", "state"),
    [(send_call, state) for state in LATER]
    + [(send_form, state) for state in LATER if state is not BookingState.EXPIRED],
)
def test_a_stranger_who_sends_a_later_booking_again_gets_no_right_to_it(
    send: Callable[[BookingView], httpx.Response], state: BookingState
) -> None:
    """Its id stands in a calendar file. They read what they would read of any other booking."""
    answer = send(booking(state=state))
    assert not has_right(answer)
    assert (answer.status_code, "location" in answer.headers) == (404, False)


def test_the_form_of_a_lapsed_booking_gives_no_right_to_it() -> None:
    """It leads back to the checkout page, which shows only what was sent."""
    assert not has_right(send_form(booking(state=BookingState.EXPIRED)))


@pytest.mark.parametrize("state", UNPAID)
def test_a_form_sent_twice_leads_to_the_same_payment_page(state: BookingState) -> None:
    """Also when the first answer, and the cookie with it, was lost."""
    answer = send_form(booking(state=state))
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert has_right(answer)
    assert send_call(booking(state=state)).json()["token"]


def test_the_guest_of_a_confirmed_booking_is_led_to_it() -> None:
    """The browser that has the right keeps it; so does the API's client."""
    one = booked_for_tomorrow()
    answer = send_form(one, token_of(one))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/bookings/{one.id}")
    assert send_call(one, token_of(one)).status_code == 201
    assert send_form(one, token_of(booked_for_tomorrow())).status_code == 404


def a_login() -> LoginView:
    """Somebody who is signed in."""
    account = AccountView(id=uuid4(), email="a@people.example", name="Ada", time_zone="UTC")
    return LoginView(account=account, signed_in_at=STARTS_AT, idle_minutes=60)


def wanted(one: BookingView, **said: object) -> wishes.Wish:
    """The wish that made a booking."""
    told = typed(one) | {"format_": one.format, "booking_id": one.id} | said
    del told["format"]
    return wishes.wish(**told, phone=None, time_zone="UTC")  # type: ignore[arg-type]


@pytest.mark.parametrize("refusal", [SlotTaken("gone"), NotFound("no such offering")])
def test_a_refused_booking_of_a_guest_writes_no_client(refusal: Refusal) -> None:
    """The seat is asked for first: no name and address stay behind."""
    one = booking(state=BookingState.HELD)
    backend = backend_for(one, refusal)
    with pytest.raises(type(refusal)):
        asyncio.run(flows.hold(backend, Visitor(), wanted(one)))
    assert [type(asked) for asked in backend.asked] == [BookSession]


def test_a_guests_seat_is_held_under_the_client_that_is_made_after_it() -> None:
    """Both calls name the same client, whatever happens between them."""
    one = booking(state=BookingState.HELD)
    backend = backend_for(one)
    asyncio.run(flows.hold(backend, Visitor(), wanted(one)))
    book, client = backend.asked
    assert isinstance(book, BookSession)
    assert isinstance(client, EnsureClient)
    assert book.client_id == client.id


@pytest.mark.parametrize("is_known", [False, True])
def test_other_content_under_a_used_id_is_told_to_who_may_see_it_only(*, is_known: bool) -> None:
    """Others read what they would read of an id that names nothing."""
    one = booking(state=BookingState.HELD)
    backend = backend_for(one, DifferentContent("used"))
    if is_known:
        backend.told[GetBooking] = lambda _: one
    with pytest.raises(DifferentContent if is_known else NotFound):
        asyncio.run(flows.hold(backend, Visitor(), wanted(one)))
