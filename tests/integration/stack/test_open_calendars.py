"""The gateway hears at a real broker that a calendar changed, also after the broker was away."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import aio_pika
import kombu
import pytest

from deploy.local import rabbitmq
from deploy.local.servers import Servers
from services.common import events
from services.common.outbox import Undeliverable
from services.contracts.booking.events import BookingHeld, CalendarChanged
from services.gateway import changes
from services.gateway.changes import Changes, Hearing, Stream

HERE = (uuid4(), uuid4())
LONG = 20.0


@pytest.fixture(scope="module", autouse=True)
def exchange(servers: Servers) -> None:
    """Booking declares its exchange, as at the start of the product."""
    with kombu.Connection(servers.stack.amqp_url("booking")) as connection:
        kombu.Exchange("booking.events", "topic", durable=True)(connection.channel()).declare()


async def publish(servers: Servers, type_: str) -> None:
    """As booking's relay does."""
    connection = await aio_pika.connect(servers.stack.amqp_url("booking"))
    async with connection:
        channel = await connection.channel(publisher_confirms=False)
        exchange = await channel.get_exchange("booking.events", ensure=False)
        body = {"practice_id": str(HERE[0]), "practitioner_id": str(HERE[1]), "version": 1}
        await exchange.publish(aio_pika.Message(json.dumps(body).encode()), type_)
        await channel.close()


def hearing(servers: Servers, test: Callable[[Stream, Changes], Awaitable[None]]) -> None:
    """Run the test with a calendar open at a gateway that listens."""

    async def run() -> None:
        told = Changes(most_of_login=1)
        with told.stream(HERE, "login") as stream:
            task = asyncio.create_task(Hearing(servers.stack.amqp_url("gateway"), told).run())
            # Listening begins with telling everybody to look.
            assert await stream.has_news(LONG)
            await test(stream, told)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(run())


@pytest.mark.parametrize("kind", changes.HEARD, ids=lambda kind: kind.type)
def test_it_hears_every_kind_of_change(servers: Servers, kind: Any) -> None:
    """By the key under which booking publishes it."""

    async def test(stream: Stream, _: Changes) -> None:
        await publish(servers, kind.type)
        assert await stream.has_news(LONG)

    hearing(servers, test)


def test_after_its_line_broke_it_listens_again_and_everybody_looks(servers: Servers) -> None:
    """What happened meanwhile is made up for by looking."""

    async def test(stream: Stream, _: Changes) -> None:
        closing = ("close_all_user_connections", "gateway", "test")
        await asyncio.to_thread(rabbitmq.control, servers.stack, *closing)
        assert await stream.has_news(LONG)
        await publish(servers, "calendar_changed")
        assert await stream.has_news(LONG)

    hearing(servers, test)


def test_an_event_that_may_go_unheard_counts_as_sent(servers: Servers) -> None:
    """While no gateway listens it is gone; any other comes back as undeliverable."""
    publisher = events.BrokerPublisher("booking", servers.stack.amqp_url("booking"))
    publisher.publish(CalendarChanged.type, {}, {})
    with pytest.raises(Undeliverable):
        publisher.publish("booking_of_nobody", {}, {})
    with pytest.raises(Undeliverable):
        publisher.publish(BookingHeld.type, {}, {})
