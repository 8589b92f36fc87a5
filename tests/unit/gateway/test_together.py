"""What one web request asks of a service at the same time leaves in one message."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import uuid4

import pytest

from services.common import context
from services.common.auth import Actor
from services.common.errors import Busy, NotFound, ServiceUnavailable
from services.common.messages import Command, View
from services.common.rpc.together import MOST_QUESTIONS
from services.contracts.base import Format
from services.contracts.billing import GetPrices
from services.contracts.booking.bookings import ExtendHold, GetBooking, ListBookings
from services.contracts.booking.offerings import ListNextSlots, ListOfferings
from services.gateway.backend import address
from services.gateway.together import TURNS, Together
from tests.unit.gateway.stand_ins import ToldCaller

ONE, TWO = ListBookings(), ListBookings(is_past=True)
HOLD = ExtendHold(booking_id=uuid4())


class Services(ToldCaller):
    """Answers every command with itself; refuses bookings by id, and is away where it is told."""

    def __init__(self) -> None:
        super().__init__(self.told)
        self.actors: list[Actor] = []
        self.is_away = False

    def told(self, actor: Actor, command: Command) -> View:
        """What was asked, or a refusal."""
        self.actors.append(actor)
        if self.is_away:
            raise ServiceUnavailable("no answer")
        if isinstance(command, GetBooking):
            raise NotFound("There is no such booking.", {"booking_id": "unknown"})
        return command  # type: ignore[return-value]

    async def call_together(self, service: str, reads: Any) -> Any:
        """As the real one does where no answer comes at all."""
        if self.is_away:
            self.calls[service] += 1
            raise ServiceUnavailable("no answer")
        return await super().call_together(service, reads)


class Page:
    """A request that asks."""

    def __init__(self) -> None:
        self.services = Services()
        self.together = Together(self.services)

    def ask(self, command: Command, actor: Actor | None = None) -> Awaitable[Any]:
        """Ask the service of a command, as the backend does."""
        return self.together.ask(*address(type(command)), command, actor or Actor())

    def run(self, *asked: Awaitable[Any], request_id: str = "one-request") -> list[Any]:
        """What came of all of them, within one request."""

        async def gathered() -> list[Any]:
            return await asyncio.gather(*asked, return_exceptions=True)

        with context.request(request_id):
            return asyncio.run(gathered())


@pytest.fixture
def page() -> Page:
    """A request of its own."""
    return Page()


def test_what_is_asked_at_once_is_one_call_of_each_service(page: Page) -> None:
    """Each gets its own answer, whatever the order."""
    prices, offered = GetPrices(price_ids=[uuid4()]), ListOfferings(practitioner_id=uuid4())
    told = page.run(*map(page.ask, (ONE, prices, TWO, offered)))
    assert told == [ONE, prices, TWO, offered]
    assert page.services.calls == {"booking": 1, "billing": 1}


def test_what_is_gathered_further_in_goes_along(page: Page) -> None:
    """A part of a page asks for its own parts."""

    async def inner(depth: int) -> list[Any]:
        if depth == 0:
            return [await page.ask(TWO)]
        return (await asyncio.gather(inner(depth - 1)))[0]

    assert page.run(page.ask(ONE), inner(TURNS)) == [ONE, [TWO]]
    assert page.services.calls == {"booking": 1}


def test_each_question_keeps_its_own_actor(page: Page) -> None:
    """In one practice as its staff, in another one as a client."""
    here, there = Actor(practice_id=uuid4()), Actor(practice_id=uuid4())
    page.run(page.ask(ONE, here), page.ask(TWO, there))
    assert page.services.actors == [here, there]
    assert page.services.calls == {"booking": 1}


def test_a_refusal_is_that_of_its_own_question(page: Page) -> None:
    """By name, with its details; the others are answered."""
    refused, told = page.run(page.ask(GetBooking(booking_id=uuid4())), page.ask(ONE))
    assert isinstance(refused, NotFound)
    assert refused.detail == {"booking_id": "unknown"}
    assert told == ONE


@pytest.mark.parametrize("asked", [[ONE], [ONE, TWO]])
def test_a_service_that_is_away_is_away_for_all_of_them(page: Page, asked: list[Command]) -> None:
    """Pages decide what they can do without, as ever."""
    page.services.is_away = True
    failed = page.run(*map(page.ask, asked))
    assert all(isinstance(one, Busy) for one in failed)
    assert page.services.calls == {"booking": 1}


def test_a_write_is_a_call_of_its_own(page: Page) -> None:
    """It waits for no company, and shares no fate."""
    assert page.run(page.ask(HOLD), page.ask(ONE), page.ask(TWO)) == [HOLD, ONE, TWO]
    assert page.services.calls == {"booking": 2}


def test_what_follows_from_an_answer_is_a_call_of_its_own(page: Page) -> None:
    """The twin: one after the other is two, and a test of every page counts that."""

    async def in_turn() -> list[Any]:
        return [await page.ask(ONE), await page.ask(TWO)]

    assert page.run(in_turn()) == [[ONE, TWO]]
    assert page.services.calls == {"booking": 2}


def test_two_requests_have_nothing_in_common(page: Page) -> None:
    """One does not wait for what another one asks; nor does what belongs to no request."""

    async def within(request_id: str) -> Any:
        with context.request(request_id):
            return await page.ask(ONE)

    page.run(within("request-one"), within("request-two"), within(""), within(""))
    assert page.services.calls == {"booking": 4}


def test_no_message_grows_without_bound(page: Page) -> None:
    """As many as one takes; the rest leaves in another."""
    many = [
        ListNextSlots(practitioner_ids=[uuid4()], format=Format.ONLINE)
        for _ in range(MOST_QUESTIONS + 1)
    ]
    assert page.run(*map(page.ask, many)) == many
    assert page.services.calls == {"booking": 2}


def test_who_gives_up_keeps_nobody_else_from_an_answer(page: Page) -> None:
    """A part of the page that was cancelled takes no other along."""

    async def given_up() -> None:
        asking = asyncio.ensure_future(page.ask(TWO))
        await asyncio.sleep(0)
        asking.cancel()

    assert page.run(page.ask(ONE), given_up()) == [ONE, None]
