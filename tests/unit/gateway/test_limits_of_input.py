"""What anybody may send: bodies of any length, hosts of any spelling, dates of any century."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import Message

from services.contracts.base import NO_PLACES, known_zones
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.today import DayView, ListDay
from services.contracts.plans.commands import ListPlans
from services.contracts.plans.views import PlansView
from services.contracts.profiles.accounts import AccountView, LoginView, Membership, Role
from services.gateway.bodies import MOST_BYTES, MOST_WEBHOOK_BYTES
from services.gateway.forms.accounts import EMAIL_WORDS, SignInForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.visitors import Doorkeeper, Visitor
from services.gateway.web.slot_calendar import parse_wish
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend, fetch
from tests.unit.gateway.test_private_links import LINK, app_for
from tests.unit.gateway.test_protection import settings

CHUNK = b" " * 4096


class Body:
    """A body that comes in chunks and knows how many were taken from it."""

    def __init__(self, chunks: int) -> None:
        self.chunks = chunks
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while self.taken < self.chunks:
            self.taken += 1
            yield CHUNK


@pytest.fixture
def app() -> FastAPI:
    """The application without servers."""
    made = fresh_app()
    made.state.doorkeeper = Doorkeeper(settings(), NoRedis())
    made.state.backend = ToldBackend({})
    return made


def post(app: FastAPI, path: str, body: Body, **headers: str) -> httpx.Response:
    """The answer to a body that is sent piece by piece."""
    told = {"content-type": "application/json"} | headers

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            return await client.post(path, content=body, headers=told)

    return asyncio.run(send())


@pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/bookings"])
def test_a_long_body_is_refused_before_it_is_read_to_its_end(app: FastAPI, path: str) -> None:
    """Without Content-Length the bytes are counted; reading stops at the limit."""
    body = Body(10_000)
    answer = post(app, path, body)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert body.taken * len(CHUNK) <= MOST_BYTES + len(CHUNK)


def test_a_body_within_the_limit_is_read_to_its_end(app: FastAPI) -> None:
    """Twin: as many bytes as are allowed reach the reader of JSON, which finds none."""
    body = Body(MOST_BYTES // len(CHUNK))
    assert post(app, "/api/v1/accounts", body).status_code == 422
    assert body.taken == body.chunks


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "9" * 5000])
def test_a_body_announced_as_too_long_is_not_read_at_all(app: FastAPI, length: str) -> None:
    """A page for people, with all headers of the guard."""
    body = Body(10_000)
    answer = post(app, "/sign-in", body, **{"content-length": length, "accept": "text/html"})
    assert (answer.status_code, body.taken) == (413, 0)
    assert answer.headers["content-type"].startswith("text/html")
    assert "content-security-policy" in answer.headers


def test_webhooks_keep_their_own_limit(app: FastAPI) -> None:
    """Stripe's bodies may be longer than those of anybody else."""
    body = Body(2 * MOST_BYTES // len(CHUNK))
    assert post(app, "/webhooks/stripe", body).status_code == 404
    assert body.taken == body.chunks
    body = Body(10_000)
    assert post(app, "/webhooks/stripe", body).status_code == 413
    assert body.taken * len(CHUNK) <= MOST_WEBHOOK_BYTES + len(CHUNK)


def test_who_leaves_while_their_body_is_awaited_is_not_answered(app: FastAPI) -> None:
    """Nobody would read it, and half a body is no body."""
    sent: list[Message] = []

    async def left() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1:8000"), (b"content-length", b"9")]
    told = {"type": "http", "method": "POST", "path": "/api/v1/logins", "query_string": b""}
    scope = told | {"headers": headers, "client": ("192.0.2.1", 1), "scheme": "http"}
    asyncio.run(app(scope, left, send))
    assert sent == []


@pytest.mark.parametrize("host", ["[", "[::1", "]", "evil.example", "[::1]:8000", ""])
def test_a_host_that_is_not_ours_is_misdirected(app: FastAPI, host: str) -> None:
    """421 with all headers, however the host is spelt."""
    answer = fetch(app, "/", host=host)
    assert answer.status_code == 421
    assert "content-security-policy" in answer.headers


def test_the_way_from_localhost_keeps_the_query(app: FastAPI) -> None:
    """A link with a search leads to the same search at the public address."""
    answer = fetch(app, "/find%20help?q=a%26b&page=2", host="localhost:8000")
    assert answer.headers["location"] == f"{ORIGIN}/find%20help?q=a%26b&page=2"
    assert fetch(app, "/x", host="localhost:8000").headers["location"] == f"{ORIGIN}/x"


FAR = ["9999-12-31T23:55:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00"]


@pytest.mark.parametrize("start", FAR)
def test_a_start_centuries_off_can_neither_be_booked_nor_moved_to(start: str) -> None:
    """422 on both pages; no arithmetic leaves the calendar."""
    app, _ = app_for(BookingState.CONFIRMED)
    choice = f"practice={uuid4()}&offering={uuid4()}&with=a-b&start={start}"
    assert fetch(app, f"/book?{choice}").status_code == 422
    assert fetch(app, f"{LINK}/reschedule?start={start}").status_code == 422


@pytest.mark.parametrize("since", ["9" * 400, "9" * 5000, "-1", "-" + "9" * 400])
def test_a_wait_since_never_is_refused(since: str) -> None:
    """The waiting page counts from a moment within the calendar."""
    app, _ = app_for(BookingState.AWAITING_PAYMENT, captured=0)
    assert fetch(app, f"{LINK}/paid?since={since}").status_code == 422
    assert fetch(app, f"{LINK}/paid?since=0").status_code == 200


@pytest.mark.parametrize("far", ["9999-12", "0001-01", "1999-12", "2201-01"])
def test_a_day_or_month_centuries_off_counts_as_none(far: str) -> None:
    """The picker opens as if nothing had been asked for."""
    wish = parse_wish(f"{far}-28", far)
    assert (wish.day, wish.month) == (None, None)


def test_names_that_are_no_place_are_no_zones() -> None:
    """This machine's own zone means nothing to anybody else."""
    assert not known_zones() & NO_PLACES
    assert "Europe/Berlin" in known_zones()


def test_the_calendar_file_leads_to_the_door_and_not_to_the_private_link() -> None:
    """Calendars are shared; the link in a mail is not."""
    app, _ = app_for(BookingState.CONFIRMED)
    file = fetch(app, f"{LINK}/calendar.ics").text.replace("\r\n ", "")
    assert f"URL:{ORIGIN}/join/" in file
    assert LINK not in file


class Treating(Doorkeeper):
    """Takes everybody for the same practitioner."""

    async def visitor(self, request: Request) -> Visitor:
        """Signed in a moment ago."""
        place = Membership(
            practice_id=uuid4(),
            practice_name="Lindenhof",
            roles=[Role.PRACTITIONER],
            practitioner_id=uuid4(),
        )
        account = AccountView(
            id=uuid4(),
            email="m@example.org",
            name="Mara",
            time_zone="Pacific/Kiritimati",
            memberships=[place],
        )
        return Visitor(LoginView(account=account, signed_in_at=datetime.now(UTC), idle_minutes=60))


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("9999-12-31", 422),
        ("0001-01-01", 422),
        ("2000-01-01", 422),
        ("2200-12-31", 422),
        ("2000-01-02", 200),
        ("2200-12-30", 200),
    ],
)
def test_a_day_centuries_off_is_no_day_to_show(app: FastAPI, day: str, status: int) -> None:
    """Every day that is shown begins and ends within the instants that services take."""
    app.state.doorkeeper = Treating(settings(), NoRedis())
    asked: list[ListDay] = []

    def told(one: ListDay) -> DayView:
        asked.append(ListDay.model_validate_json(one.model_dump_json()))
        return DayView(bookings=[])

    app.state.backend = ToldBackend({ListDay: told, ListPlans: lambda _: PlansView(plans=[])})
    assert fetch(app, f"/today?day={day}").status_code == status
    assert [one.until_at - one.from_at for one in asked] == [timedelta(days=1)] * (status == 200)


@pytest.mark.parametrize("email", ["a\x00@example.org", "a@example.org\x1b", "a\nb@example.org"])
def test_control_characters_are_no_part_of_an_address(email: str) -> None:
    """Said at the field; the database takes no NUL."""
    with pytest.raises(Flawed) as flawed:
        parsed(SignInForm, {"email": email, "password": "whatever"})
    assert flawed.value.errors == {"email": EMAIL_WORDS}
