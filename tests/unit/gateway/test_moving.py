"""The pages of moving and cancelling a booking, with services that answer from a table."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.contracts.base import Format
from services.contracts.billing import GetPayment, GetPrices, PreviewRefund, RefundPreview
from services.contracts.booking.bookings import (
    BookingView,
    CancellationPreview,
    GetBooking,
    PreviewCancellation,
    RescheduleBooking,
)
from services.contracts.booking.offerings import ListSlots
from services.contracts.booking.refusals import NotReschedulable
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.visitors import GuestBooking
from tests.unit.gateway import views
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import booking, payment
from tests.unit.gateway.test_sent_again import DOOR, Unlimited

LATER = views.hours_ahead(50)[0].isoformat()


@pytest.fixture
def one() -> BookingView:
    """A firm session in person."""
    return booking(format=Format.IN_PERSON)


@pytest.fixture
def backend(one: BookingView) -> ToldBackend:
    """Services that know it, paid; its practitioner meets online only by now."""

    def refuse(_: object) -> Any:
        raise NotReschedulable("Not in this way.", {"format": "is no longer offered"})

    preview = CancellationPreview(booking=one, refund_percent=100, holds_until=None)
    card, paid = views.practitioner_name(id=one.practitioner_id), payment(9500)
    money = RefundPreview(captured=paid.captured, refund=paid.captured, kept=paid.refunded)
    return ToldBackend(
        {
            GetBooking: lambda _: one,
            PreviewCancellation: lambda _: preview,
            GetPayment: lambda _: paid,
            GetPrices: lambda _: views.prices(),
            PreviewRefund: lambda _: money,
            ListPractitioners: lambda _: PractitionersView(practitioners=[card]),
            ListSlots: refuse,
            RescheduleBooking: refuse,
        }
    )


@pytest.fixture
def app(backend: ToldBackend) -> FastAPI:
    made = fresh_app()
    made.state.doorkeeper, made.state.backend, made.state.limits = DOOR, backend, Unlimited()
    return made


def cookie_of(one: BookingView) -> str:
    return f"{DOOR.guest_cookie}={DOOR.guest_token((GuestBooking.of(one),))}"


def look(app: FastAPI, one: BookingView, page: str) -> httpx.Response:
    return fetch(app, f"/bookings/{one.id}/{page}", cookie=cookie_of(one))


def test_where_its_way_of_meeting_is_dropped_the_page_says_what_to_do(
    app: FastAPI, one: BookingView
) -> None:
    """What is offered now is a press away, in whatever format; the session stays."""
    answer = look(app, one, "reschedule")
    assert answer.status_code == 200
    assert "is no longer offered in person" in answer.text
    assert f"/practitioners/miriam-adler/times?offering={one.offering_id}" in answer.text
    assert "format=" not in answer.text
    assert f"/bookings/{one.id}/cancel" in answer.text


def test_who_sends_the_form_after_it_was_dropped_is_told_the_same(
    app: FastAPI, one: BookingView
) -> None:
    """409, for nothing has moved."""
    form = {"form_id": str(uuid7()), "start": LATER}
    answer = post_form(app, f"/bookings/{one.id}/reschedule", form, cookie_of(one))
    assert answer.status_code == 409
    assert "is no longer offered in person" in answer.text


@pytest.mark.parametrize("page", ["cancel", f"reschedule?start={quote(LATER)}"])
def test_a_preview_tells_the_booking_too(
    app: FastAPI, one: BookingView, backend: ToldBackend, page: str
) -> None:
    """booking is asked once, and profiles."""
    assert look(app, one, page).status_code == 200
    assert (backend.calls["booking"], backend.calls["profiles"]) == (1, 1)
    assert not any(isinstance(asked, GetBooking) for asked in backend.asked)
