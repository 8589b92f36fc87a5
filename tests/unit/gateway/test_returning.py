"""Who comes back: consent that is remembered, the address masked, the next times to book again."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from fastapi import Request, Response

from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.offerings import NextSlots
from services.contracts.profiles.accounts import AccountView, LoginView, Membership, Role
from services.contracts.profiles.clients import BOOKING_WORDS, GetOwnClient, OwnClientView
from services.gateway.visitors import Visitor
from services.gateway.web import again, sent_to
from services.gateway.web.returning import known_client, with_consent
from services.gateway.web.zones import ShownZone
from tests.unit.gateway import views
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_booking_pages import BERLIN, NOW, STARTS_AT, booking
from tests.unit.gateway.test_protection import settings

PRACTICE = uuid4()
SENT = {"practice": str(PRACTICE), "name": "Cleo"}


def visitor(*memberships: Membership) -> Visitor:
    """Somebody who is signed in."""
    account = AccountView(
        id=uuid4(),
        email="cleo@people.example",
        name="Cleo",
        time_zone="Europe/Berlin",
        is_operator=False,
        memberships=list(memberships),
    )
    return Visitor(login=LoginView(account=account, signed_in_at=NOW, idle_minutes=30))


def knows(agreed_to: str | None) -> ToldBackend:
    """profiles, which knows the visitor."""
    known = OwnClientView(
        id=uuid4(),
        practice_id=PRACTICE,
        name="Cleo",
        email="cleo@people.example",
        phone=None,
        agreed_to=agreed_to,
        agreed_at=NOW if agreed_to else None,
    )
    return ToldBackend({GetOwnClient: lambda _: known})


def consent(backend: ToldBackend, who: Visitor, **sent: str) -> str | None:
    known = asyncio.run(known_client(backend, who, SENT | sent))
    return with_consent(SENT | sent, known).get("consent")


def test_who_agreed_to_these_words_before_need_not_tick_again() -> None:
    """Looked up at the server; older words, or none, do not count."""
    assert consent(knows(BOOKING_WORDS), visitor()) == "yes"
    assert consent(knows("booking-2019-01"), visitor()) is None
    assert consent(knows(None), visitor()) is None
    assert consent(ToldBackend({}), visitor()) is None


def test_guests_and_staff_tick_each_time() -> None:
    """A guest is nobody we know; staff book for others, whose consent is not theirs."""
    staff = Membership(
        practice_id=PRACTICE, practice_name="Linden", roles=[Role.ADMIN], practitioner_id=None
    )
    assert consent(knows(BOOKING_WORDS), Visitor()) is None
    assert consent(knows(BOOKING_WORDS), visitor(staff)) is None


def test_only_who_books_for_somebody_else_is_asked_anew() -> None:
    """That person has agreed to nothing yet; one's own name may be typed in any form."""
    assert consent(knows(BOOKING_WORDS), visitor(), comes="another") is None
    assert consent(knows(BOOKING_WORDS), visitor(), name="Cleo Maria") == "yes"


def test_a_form_without_a_practice_is_left_as_it_came() -> None:
    """Its flaws are told where the form is read."""
    assert consent(knows(BOOKING_WORDS), visitor(), practice="none") is None


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("robin@example.org", "ro…@example.org"),
        ("anne@example.org", "a…@example.org"),
        ("x@example.org", "x…@example.org"),
    ],
)
def test_an_address_is_masked(email: str, shown: str) -> None:
    """Enough of it to notice a wrong one."""
    assert sent_to.masked(email) == shown


def test_the_browser_that_typed_an_address_reads_it_masked() -> None:
    """For its booking only, and never from a cookie that somebody else wrote."""
    response, booking_id = Response(), uuid4()
    sent_to.remember(settings(), response, booking_id, "robin@example.org")
    cookie = response.headers["set-cookie"].partition(";")[0]
    assert "robin" not in cookie
    assert recalled(cookie, booking_id) == "ro…@example.org"
    assert recalled(cookie, uuid4()) is None
    assert recalled(cookie[:-2] + "xx", booking_id) is None
    assert recalled("", booking_id) is None


def recalled(cookie: str, booking_id: UUID) -> str | None:
    headers = [(b"cookie", cookie.encode())]
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": headers})
    return sent_to.recall(settings(), request, booking_id)


def past(practitioner: UUID, days: int, **changes: Any) -> BookingView:
    starts_at = STARTS_AT - timedelta(days=days)
    ends_at = starts_at + timedelta(minutes=50)
    times = {"starts_at": starts_at, "ends_at": ends_at, "practitioner_id": practitioner}
    return booking(**{"state": BookingState.ATTENDED, **times, **changes})


def test_the_next_times_lead_to_the_checkout_of_the_same_offering() -> None:
    """Offering and format of last time; who is not published or has no time is left out."""
    card = views.practitioner_name()
    last = past(card.id, 7)
    gone = past(uuid4(), 8)
    told = [NextSlots(practitioner_id=card.id, offering_id=last.offering_id, starts=[STARTS_AT])]
    shown = ShownZone(BERLIN, "account")
    (person,) = again.people_again([last, gone], told, {card.id: card}, shown, NOW)
    url = person["slots"][0]["url"]
    assert f"offering={last.offering_id}" in url
    assert "format=online" in url
    assert person["what_label"] == "Individual session, 50 minutes · Online, by video"
    abroad = ShownZone(ZoneInfo("Asia/Tokyo"), "chosen")
    (there,) = again.people_again([last], told, {card.id: card}, abroad, NOW)
    assert all("zone=Asia%2FTokyo" in url for url in (there["slots"][0]["url"], there["times_url"]))
    full = [told[0].model_copy(update={"starts": []})]
    assert again.people_again([last], full, {card.id: card}, shown, NOW) == []
