"""Open calendars: who hears of what, for how long, and that a stream is no request under way."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import pytest
import uvicorn
from aio_pika.abc import AbstractIncomingMessage
from fastapi import FastAPI
from starlette.types import Message

from deploy.local.ports import free_port
from services.contracts.booking.hours import CalendarsView, ListCalendars
from services.contracts.profiles.accounts import Membership
from services.gateway.app import Serving, create_app
from services.gateway.changes import CHANGED, HEARTBEAT, OVER, RECONNECT, Changes, Hearing, Stream
from services.gateway.networks import NoPlace
from services.gateway.visitors import Doorkeeper, Visitor
from tests.unit.gateway import views
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend, fetch
from tests.unit.gateway.test_protection import settings
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import TREATING
from tests.unit.gateway.test_week import BILLING

HERE = (views.PRACTICE, views.PERSON)
URL = f"/calendar/changes?practice={views.PRACTICE}&practitioner={views.PERSON}"
SOON, PATIENCE = 0.05, 30


class Door(Doorkeeper):
    """Lets everybody in as this visitor, until they are signed out."""

    def __init__(self, who: Visitor) -> None:
        """No key and no Redis."""
        super().__init__(settings(), NoRedis())
        self.who = who
        self.is_living = True

    async def visitor(self, _: object) -> Visitor:
        """The one."""
        return self.who

    async def is_signed_in(self, _: str) -> bool:
        """As the test has it."""
        return self.is_living


def app_for(*memberships: Membership, most: int = 4) -> FastAPI:
    app = create_app(settings().model_copy(update={"streams_per_login": most}))
    app.state.doorkeeper = Door(visitor(*memberships))
    told: dict[Any, Any] = {ListCalendars: lambda _: CalendarsView(practitioner_ids=[views.PERSON])}
    app.state.backend = ToldBackend(told)
    return app


class Watching:
    """A browser with the calendar open: what came, until it closes the page."""

    def __init__(self, app: FastAPI, url: str = URL) -> None:
        self.app = app
        self.path, _, self.query = url.partition("?")
        self.came: asyncio.Queue[Message] = asyncio.Queue()
        self._left = asyncio.Event()

    async def __aenter__(self) -> "Watching":
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "path": self.path,
            "query_string": self.query.encode(),
            "scheme": "http",
            "headers": [(b"host", ORIGIN[7:].encode()), (b"accept", b"text/event-stream")],
            "client": ("127.0.0.1", 1),
        }
        self._task = asyncio.create_task(self.app(scope, self._receive, self.came.put))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._left.set()
        await asyncio.wait_for(self._task, PATIENCE)

    async def _receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def next(self) -> Any:
        """The status of the answer, then what it says."""
        message = await asyncio.wait_for(self.came.get(), PATIENCE)
        return message["status"] if "status" in message else message["body"].decode()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(cast(Any, test()))


def test_whoever_shows_a_calendar_hears_that_it_changed() -> None:
    """And of no other calendar; nothing but that it changed is said."""

    async def test() -> None:
        app = app_for(TREATING)
        async with Watching(app) as page:
            assert [await page.next(), await page.next()] == [200, RECONNECT]
            app.state.changes.tell((views.PRACTICE, uuid4()))
            app.state.changes.tell(HERE)
            assert await page.next() == CHANGED
            assert page.came.empty()

    run(test)


def test_a_stream_is_sent_as_it_comes_and_is_no_request_under_way() -> None:
    """With room for one request a calendar may be open for hours, and others are answered."""

    async def test() -> None:
        app = app_for(TREATING)
        async with Watching(app) as page:
            assert [await page.next(), await page.next()] == [200, RECONNECT]
            found = [one for one in _layers(app) if hasattr(one, "under_way")]
            assert [one.under_way for one in found] == [0]
        assert app.state.changes._streams == {}

    run(test)


def _layers(app: FastAPI) -> list[Any]:
    layers, layer = [], cast(Any, app.middleware_stack)
    while layer is not None:
        layers.append(layer)
        layer = getattr(layer, "app", None)
    return layers


def test_a_stream_ends_after_its_login_has() -> None:
    """With the next news or heartbeat, and says so; the browser does not come back by itself."""

    async def test() -> None:
        app = app_for(TREATING)
        async with Watching(app) as page:
            assert [await page.next(), await page.next()] == [200, RECONNECT]
            app.state.doorkeeper.is_living = False
            app.state.changes.tell(HERE)
            assert [await page.next(), await page.next()] == [OVER, ""]

    run(test)


def test_all_streams_end_when_the_gateway_stops() -> None:
    """At once and as if nothing was: the browser comes back to another gateway."""

    async def test() -> None:
        app = app_for(TREATING)
        async with Watching(app) as page:
            assert [await page.next(), await page.next()] == [200, RECONNECT]
            app.state.changes.close()
            assert await page.next() == ""

    run(test)


def test_a_gateway_that_stops_does_not_wait_for_streams() -> None:
    """As its server, which would wait for ten seconds: the answer is whole, and it is gone."""

    async def test() -> None:
        app, port = app_for(TREATING), free_port()
        told = uvicorn.Config(
            app, port=port, lifespan="off", log_config=None, timeout_graceful_shutdown=PATIENCE
        )
        server = Serving(told, app.state.changes)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(SOON)
        headers = {"host": ORIGIN[7:], "accept": "text/event-stream"}
        base_url = f"http://127.0.0.1:{port}"
        async with (
            httpx.AsyncClient(base_url=base_url, timeout=PATIENCE, trust_env=False) as http,
            http.stream("GET", URL, headers=headers) as answer,
        ):
            lines = answer.aiter_lines()
            assert await anext(lines) == RECONNECT.strip()
            began = monotonic()
            server.should_exit = True
            assert [line async for line in lines] == [""]
        await serving
        assert monotonic() - began < PATIENCE / 2

    run(test)


def test_a_login_has_so_many_streams() -> None:
    """One more is refused with when to come again; the place of one that ends is free."""

    async def test() -> None:
        app = app_for(TREATING, most=1)
        async with Watching(app) as first:
            await first.next()
            async with Watching(app) as second:
                assert await second.next() == 429
        async with Watching(app) as third:
            assert await third.next() == 200

    run(test)


def test_only_who_may_see_a_calendar_hears_of_it() -> None:
    """Others are answered as at its page; and who asks for a page gets no stream."""
    assert fetch(app_for(TREATING), URL).status_code == 406
    assert fetch(app_for(BILLING), URL).status_code == 403
    other = URL.replace(str(views.PERSON), str(uuid4()))
    assert fetch(app_for(TREATING), other, accept="text/event-stream").status_code == 404


def test_a_quiet_stream_beats() -> None:
    """So that lines between do not take it for dead, and an ended login is noticed."""

    async def beat() -> list[str]:
        stream, states = Stream(), iter([True, True, False])

        async def is_signed_in() -> bool:
            return next(states)

        told = stream.messages(is_signed_in, heartbeat=SOON)
        return [message async for message in told]

    assert asyncio.run(beat()) == [RECONNECT, HEARTBEAT, HEARTBEAT, OVER]


def test_news_that_come_together_are_told_once() -> None:
    """Whoever looks again sees all of them."""

    async def test() -> None:
        changes = Changes(most_of_login=1)
        with changes.stream(HERE, "login") as stream:
            for _ in range(3):
                changes.tell(HERE)
            assert await stream.has_news(SOON)
            assert not await stream.has_news(SOON)
            with pytest.raises(NoPlace), changes.stream(HERE, "login"):
                pass

    run(test)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"practice_id": "x"}', b"\xff"])
def test_what_is_no_event_is_passed_over(body: bytes) -> None:
    """Nothing that is heard can stop the hearing."""

    async def test() -> None:
        changes = Changes(most_of_login=1)
        with changes.stream(HERE, "login") as stream:
            hearing = Hearing("amqp://unused", changes)
            await hearing.on_event(_message(body))
            assert not await stream.has_news(0)
            await hearing.on_event(_message(_event(*HERE)))
            assert await stream.has_news(SOON)

    run(test)


@pytest.mark.parametrize(
    ("kind", "is_heard"),
    [("booking_confirmed", True), ("booking_refused", True), ("booking_held", False)],
)
def test_who_follows_a_booking_hears_what_becomes_of_it(kind: str, *, is_heard: bool) -> None:
    """Of this one alone; that it is held is no news to who waits for its payment."""

    async def test() -> None:
        changes, one, other = Changes(most_of_login=1), uuid4(), uuid4()
        hearing = Hearing("amqp://unused", changes)
        with changes.following(one) as news:
            await hearing.on_event(_message(_of_booking(other), kind))
            assert not await news.has_news(0)
            await hearing.on_event(_message(_of_booking(one), kind))
            assert await news.has_news(SOON) is is_heard
        await hearing.on_event(_message(_of_booking(one), kind))

    run(test)


def _of_booking(booking_id: UUID) -> bytes:
    return _event(*HERE).replace(b"{", f'{{"booking_id": "{booking_id}", '.encode())


def _event(practice_id: UUID, practitioner_id: UUID) -> bytes:
    return f'{{"practice_id": "{practice_id}", "practitioner_id": "{practitioner_id}"}}'.encode()


def _message(body: bytes, kind: str = "booking_x") -> AbstractIncomingMessage:
    return cast(AbstractIncomingMessage, SimpleNamespace(body=body, routing_key=kind))
