"""The pages behind a mail's link and after paying, with services that answer from a table."""

from datetime import timedelta
from itertools import chain, repeat
from time import time
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.crypto import token_key
from services.contracts.billing import GetPayment, GetPrices
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    DoorView,
    GetBooking,
    OpenDoor,
)
from services.contracts.notify import LinkView, ResolveLink
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.visitors import Doorkeeper
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import NoRedis, ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import NOW, STARTS_AT, booking, payment
from tests.unit.gateway.test_protection import settings

TOKEN = "a-token-of-a-mail"
LINK = f"/b/{TOKEN}"


def app_for(state: BookingState, *, captured: int = 9500) -> tuple[FastAPI, ToldBackend]:
    """The app before a booking in this state, with this much paid for it."""
    one = booking(state=state)
    link = LinkView(
        booking_id=one.id,
        practice_id=one.practice_id,
        client_id=one.client_id,
        expires_at=STARTS_AT + timedelta(days=30),
    )
    told: dict[type[Any], Any] = {
        ResolveLink: lambda asked: link,
        GetBooking: lambda asked: one,
        GetPayment: lambda asked: payment(captured),
        GetPrices: lambda asked: views.prices(),
        ListPractitioners: lambda asked: PractitionersView(practitioners=[]),
    }
    backend = ToldBackend(told)
    made = fresh_app()
    made.state.doorkeeper = Doorkeeper(settings(), NoRedis())
    made.state.backend = backend
    return made, backend


@pytest.mark.parametrize(
    ("state", "captured", "leads_to"),
    [
        (BookingState.CONFIRMED, 9500, f"{LINK}/confirmation"),
        (BookingState.EXPIRED, 9500, LINK),
        (BookingState.CANCELLED, 9500, LINK),
    ],
)
def test_after_paying_the_page_leads_on_once_it_is_decided(
    state: BookingState, captured: int, leads_to: str
) -> None:
    """Confirmed: to the confirmation. Refused or cancelled: to the booking, which says so."""
    app, _ = app_for(state, captured=captured)
    answer = fetch(app, f"{LINK}/paid")
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


@pytest.mark.parametrize("state", [BookingState.AWAITING_PAYMENT, BookingState.EXPIRED])
def test_after_paying_the_page_waits_while_the_confirmation_can_still_come(
    state: BookingState,
) -> None:
    """A hold that lapsed during the payment is confirmed if its time is free."""
    app, _ = app_for(state, captured=0)
    answer = fetch(app, f"{LINK}/paid?since={int(time())}")
    assert answer.status_code == 200
    assert "we wait for the payment" in answer.text


def test_who_comes_from_the_payment_page_waits_in_the_answer() -> None:
    """A payment that arrives a moment later shows no page in between."""
    app, backend = app_for(BookingState.AWAITING_PAYMENT)
    states = chain([BookingState.AWAITING_PAYMENT], repeat(BookingState.CONFIRMED))
    one = booking(state=BookingState.CONFIRMED)

    def told(asked: GetBooking) -> BookingView:
        app.state.changes.tell(asked.booking_id)
        return one.model_copy(update={"state": next(states)})

    backend.told[GetBooking] = told
    answer = fetch(app, f"{LINK}/paid")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{LINK}/confirmation")
    assert (backend.calls["booking"], backend.calls["billing"]) == (2, 1)


def test_htmx_follows_the_way_on_as_a_whole() -> None:
    """204 with HX-Redirect, else the confirmation would land inside the waiting panel."""
    app, _ = app_for(BookingState.CONFIRMED)
    answer = fetch(app, f"{LINK}/paid", hx_request="true")
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, f"{LINK}/confirmation")


def test_a_refused_payment_is_told_to_come_back_whole() -> None:
    """The booking's page names the amount."""
    app, _ = app_for(BookingState.EXPIRED)
    assert "All of it, €95, goes back to your card." in fetch(app, LINK).text


def test_the_links_token_travels_only_as_its_hash() -> None:
    """notify is asked with the hash; nobody else is asked with anything of it."""
    app, backend = app_for(BookingState.CONFIRMED)
    fetch(app, LINK)
    resolved = next(one for one in backend.asked if isinstance(one, ResolveLink))
    assert resolved.link_key == token_key(TOKEN)
    assert all(TOKEN not in one.model_dump_json() for one in backend.asked)


def test_a_booking_page_asks_each_service_once() -> None:
    """Also who has no name to show for the practitioner."""
    app, backend = app_for(BookingState.CONFIRMED)
    assert fetch(app, LINK).status_code == 200
    services = ("notify", "booking", "billing", "profiles", "plans")
    assert dict(backend.calls) == dict.fromkeys(services, 1)


def test_a_booking_page_names_who_has_no_free_time_left() -> None:
    """The directory lists only who can be booked; a booking is with whoever it is with."""
    app, backend = app_for(BookingState.CONFIRMED)

    def named(asked: ListPractitioners) -> PractitionersView:
        (id_,) = asked.practitioner_ids
        return PractitionersView(practitioners=[views.practitioner_name(id=id_)])

    backend.told[ListPractitioners] = named
    page = fetch(app, LINK).text
    assert "Miriam Adler" in page
    assert "your practitioner" not in page


@pytest.mark.parametrize("path", ["/b/unknown", f"/bookings/{uuid4()}", "/bookings/no-id"])
def test_foreign_and_unknown_bookings_answer_alike(path: str) -> None:
    """404 with the same words, whether it exists or not."""
    app, backend = app_for(BookingState.CONFIRMED)
    backend.told = {}
    answer = fetch(app, path)
    assert answer.status_code == 404
    assert "We cannot find this page" in answer.text


def test_the_door_leads_to_the_room_and_tells_it_nothing() -> None:
    """No referrer, no cache; the room is elsewhere."""
    app, backend = app_for(BookingState.CONFIRMED)
    backend.told[OpenDoor] = lambda asked: DoorView(
        room_url="https://meet.example/room",
        opens_at=NOW,
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(minutes=50),
        time_zone="Europe/Berlin",
    )
    answer = fetch(app, f"/join/{uuid4()}/code")
    assert (answer.status_code, answer.headers["location"]) == (303, "https://meet.example/room")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_a_room_that_is_no_web_page_is_not_followed() -> None:
    """A practice cannot send its clients into a script."""
    app, backend = app_for(BookingState.CONFIRMED)
    backend.told[OpenDoor] = lambda asked: DoorView(
        room_url="javascript:alert(1)",
        opens_at=NOW,
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + timedelta(minutes=50),
        time_zone="Europe/Berlin",
    )
    assert "location" not in fetch(app, f"/join/{uuid4()}/code").headers
