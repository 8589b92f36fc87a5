"""Registering on the web: what the browser keeps, what the pages ask, and at checkout beside it."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.common.crypto import token_key
from services.common.errors import Refusal
from services.contracts.billing import StartPayment
from services.contracts.profiles.accounts import (
    AccountView,
    LoginView,
    RegisterAccount,
    SignIn,
    TooManyTries,
    WrongCredentials,
)
from services.contracts.profiles.registering import (
    ConfirmRegistration,
    GetRegistration,
    RegistrationMailView,
    RegistrationUnknown,
    RegistrationView,
    SendRegistrationMail,
)
from services.gateway.visitors import GuestBooking
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking
from tests.unit.gateway.test_sent_again import (
    DOOR,
    PAGE,
    Unlimited,
    backend_for,
    booked_for_tomorrow,
    form_of,
)

COOKIE = "__Host-attune-registrant-8000"
TOKEN = "k" * 43
EMAIL = "ada@people.example"
FORM = {
    "name": "Ada",
    "email": EMAIL,
    "password": "slow green river",
    "terms": "yes",
}
ACCOUNT = AccountView(id=uuid4(), email=EMAIL, name="Ada", time_zone="UTC")
LOGIN = LoginView(account=ACCOUNT, signed_in_at=datetime(2026, 11, 30, tzinfo=UTC), idle_minutes=30)
NEXT = "/book?with=mara&start=2026-12-01T08:30:00Z"


def app_with(told: dict[Any, Any]) -> tuple[FastAPI, ToldBackend]:
    backend = ToldBackend(told)
    return app_on(backend), backend


def app_on(backend: ToldBackend) -> FastAPI:
    """The application before these services, without servers."""
    app = fresh_app()
    app.state.backend, app.state.doorkeeper = backend, DOOR
    app.state.limits = app.state.holds = Unlimited()
    return app


def refuse(refusal: Refusal) -> Any:
    def answer(_: object) -> None:
        raise refusal

    return answer


def crumb(answer: httpx.Response, name: str = COOKIE) -> str:
    """The cookie as the browser sends it back."""
    (found,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(name)]
    return str(found.partition(";")[0])


def registered(next_: str = "") -> tuple[str, RegisterAccount]:
    """The cookie of who registered, and what profiles was told."""
    app, backend = app_with({RegisterAccount: lambda _: ACCOUNT})
    answer = post_form(app, "/register", FORM | {"next": next_})
    assert (answer.status_code, answer.headers["location"]) == (303, "/register/mail")
    (asked,) = backend.asked
    assert isinstance(asked, RegisterAccount)
    return crumb(answer), asked


def test_the_browser_keeps_a_token_and_profiles_its_hash() -> None:
    """It proves later that who opens the mail is who registered."""
    cookie, asked = registered()
    token = cookie.partition("=")[2].partition(".")[0]
    assert asked.browser_key == token_key(token)


def test_who_was_about_to_book_is_led_back_there() -> None:
    """At once, as a guest, and after the mail; never to another site."""
    cookie, _ = registered(NEXT)
    app, _ = app_with({})
    page = fetch(app, "/register/mail", cookie=cookie).text
    assert 'href="/book?with=mara&amp;start=2026-12-01T08:30:00Z"' in page
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example"):
        cookie, _ = registered(elsewhere)
        assert "elsewhere" not in fetch(app, "/register/mail", cookie=cookie).text
    app, _ = app_with({ConfirmRegistration: lambda _: LOGIN})
    for cookie, place in ((registered(NEXT)[0], NEXT), (registered()[0], "/home")):
        answer = post_form(app, "/register/confirm/abc", {}, cookie)
        assert (answer.status_code, answer.headers["location"]) == (303, place)
        assert crumb(answer) == f'{COOKIE}=""'
        assert crumb(answer, "__Host-attune-8000")


@pytest.mark.parametrize("cookie", ["", "x", ".", "a.%%%", f"{'k' * 65}.", f"{TOKEN}.gA"])
def test_a_cookie_that_is_none_of_ours_breaks_nothing(cookie: str) -> None:
    """The pages open as for anybody."""
    app, _ = app_with({GetRegistration: lambda _: RegistrationView(needs_password=True)})
    for path in ("/register/mail", "/register/confirm/abc"):
        assert fetch(app, path, cookie=f"{COOKIE}={cookie}").status_code == 200


def test_the_link_asks_for_the_password_in_another_browser_only() -> None:
    """The page tells neither name nor address."""

    def look(asked: GetRegistration) -> RegistrationView:
        return RegistrationView(needs_password=asked.browser_key is None)

    app, _ = app_with({GetRegistration: look})
    own = fetch(app, "/register/confirm/abc", cookie=f"{COOKIE}={TOKEN}.").text
    other = fetch(app, "/register/confirm/abc").text
    assert [page.count('type="password"') for page in (own, other)] == [0, 1]


@pytest.mark.parametrize(
    ("refusal", "status", "words"),
    [
        (RegistrationUnknown("over"), 404, "This link has done its work"),
        (WrongCredentials("no"), 422, "This is not the password that you chose"),
        (TooManyTries("wait", {"retry_after": "61"}), 429, "in 2 minutes"),
        (TooManyTries("wait", {"retry_after": "86000"}), 429, "in 24 hours"),
    ],
)
def test_a_refused_confirmation_says_what_to_do(refusal: Refusal, status: int, words: str) -> None:
    """On the page on which it was pressed."""
    app, _ = app_with({ConfirmRegistration: refuse(refusal)})
    answer = post_form(app, "/register/confirm/abc", {"password": "a guess"})
    assert answer.status_code == status
    assert words in answer.text


def test_the_mail_is_sent_again_for_this_browser_or_for_what_is_typed() -> None:
    """Without either the field is named."""
    app, backend = app_with({SendRegistrationMail: lambda _: RegistrationMailView()})
    own = f"{COOKIE}={TOKEN}."
    for form, cookie in (
        ({}, own),
        ({"email": EMAIL}, own),
        ({"email": EMAIL}, ""),
    ):
        answer = post_form(app, "/register/mail", form, cookie)
        assert (answer.status_code, answer.headers["location"]) == (303, "/register/mail")
    told = [(asked.email, asked.browser_key) for asked in backend.asked]  # type: ignore[attr-defined]
    typed = (EMAIL, None)
    assert told == [(None, token_key(TOKEN)), typed, typed]
    missing = post_form(app, "/register/mail", {})
    assert missing.status_code == 422
    assert 'href="#field-email"' in missing.text


def test_a_sign_in_that_failed_leads_to_the_mail() -> None:
    """In words that help who mistyped and who has not opened it."""
    app, _ = app_with({SignIn: refuse(WrongCredentials("no"))})
    page = post_form(app, "/sign-in", {"email": EMAIL, "password": "a guess"}).text
    assert "open the link in our mail first" in page
    assert f'name="email" value="{EMAIL}"' in page
    empty = post_form(app, "/sign-in", {"email": EMAIL}).text
    assert 'action="/register/mail"' not in empty


def checkout(refusal: Refusal | None = None, **typed: str) -> tuple[httpx.Response, ToldBackend]:
    """A guest's checkout form with a password."""
    one = booking(state="held")
    backend = backend_for(one)
    backend.told[RegisterAccount] = refuse(refusal) if refusal else lambda _: ACCOUNT
    return post_form(
        app_on(backend), "/book", form_of(one) | {"password": FORM["password"]} | typed
    ), backend


def test_a_guest_who_chooses_a_password_goes_on_to_pay() -> None:
    """The seat is held first; the registration names the record that was made."""
    answer, backend = checkout()
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    assert crumb(answer)
    (asked,) = [one for one in backend.asked if isinstance(one, RegisterAccount)]
    records = {one.client_id for one in asked.guest_of}
    made = {one.id for one in backend.asked if type(one).__name__ == "EnsureClient"}  # type: ignore[attr-defined]
    assert records == made
    kinds = [type(one) for one in backend.asked]
    assert kinds.index(RegisterAccount) < kinds.index(StartPayment)


def test_nobody_is_kept_from_paying_by_a_limit_on_registering() -> None:
    """The booking is what they came for."""
    answer, _ = checkout(TooManyTries("wait", {"retry_after": "61"}))
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)


def test_without_a_password_nobody_is_registered() -> None:
    """An empty field is no wish."""
    answer, backend = checkout(password="")
    assert answer.headers["location"] == PAGE
    assert RegisterAccount not in {type(one) for one in backend.asked}


def test_records_of_this_browser_travel_with_signing_in() -> None:
    """What it booked as a guest, by practice and record."""
    one = booked_for_tomorrow()
    held = DOOR.guest_token((GuestBooking.of(one),))
    app, backend = app_with({SignIn: lambda _: LOGIN})
    cookie = f"{DOOR.guest_cookie}={held}"
    post_form(app, "/sign-in", {"email": EMAIL, "password": "x"}, cookie)
    (asked,) = backend.asked
    assert isinstance(asked, SignIn)
    assert [record.practice_id for record in asked.guest_of] == [one.practice_id]
