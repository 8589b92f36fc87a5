"""Holds that are counted in a real Redis, call by call."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from uuid_utils.compat import uuid7

from deploy.local.servers import joined_stack, running_servers
from services.gateway.limits import Holds, Subject

KEY = b"a key of this test"
Work = Callable[["Stage"], Coroutine[Any, Any, None]]
Play = Callable[[Work], None]


class Stage:
    """Holds over a real Redis, a clock that the test turns, and what booking knows of as held."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.now = 1_800_000_000.0
        self.holds = Holds(redis, KEY, clock=lambda: self.now)
        self.held: set[UUID] = set()

    async def hold(
        self, who: Sequence[Subject], id_: UUID | None = None, failure: Exception | None = None
    ) -> None:
        """One booking, which booking knows of afterwards, unless it fails."""
        async with self.counted(who, id_ or uuid7()) as made:
            if failure is not None:
                raise failure
            self.held.add(made)

    @asynccontextmanager
    async def counted(self, who: Sequence[Subject], id_: UUID) -> AsyncIterator[UUID]:
        """A booking under way: it ends where the block ends, as the block does."""
        async with self.holds.counting(id_, who, self.still_held):
            yield id_

    async def still_held(self, ids: Sequence[UUID]) -> set[UUID]:
        return self.held & set(ids)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of our own, or that of the stack which is joined."""
    joined = joined_stack()
    if joined is not None:
        yield joined.redis_url
        return
    with running_servers(names=("redis",)) as servers:
        yield servers.stack.redis_url


@pytest.fixture
def play(redis_url: str) -> Play:
    """Runs a test's own coroutine on a stage."""

    def run(work: Work) -> None:
        async def whole() -> None:
            redis = Redis.from_url(redis_url)
            await work(Stage(redis))
            await redis.aclose()

        asyncio.run(whole())

    return run


def somebody(most_open: int = 2, most_a_day: int = 100) -> Subject:
    """A person nobody has met."""
    return Subject(f"email:{uuid4()}@people.example", most_open, most_a_day)
