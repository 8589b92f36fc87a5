"""Changes of calendars and bookings, told to the pages that show them: heard at the broker, ids
only.

The gateway listens on a queue of its own that ends with its connection. What happens while it does
not listen is made up for: whoever has a calendar open is then told to look again.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID, uuid4

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError
from pydantic import ValidationError

from services.common.logging import get_logger
from services.common.messages import View
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingExpired,
    BookingHeld,
    BookingRefused,
    BookingRescheduled,
    CalendarChanged,
)
from services.gateway.calling import is_being_cancelled
from services.gateway.networks import Places

log = get_logger(__name__)
HEARD: tuple[type[BookingEvent] | type[CalendarChanged], ...] = (
    *(BookingHeld, BookingConfirmed, BookingExpired, BookingRefused),
    *(BookingCancelled, BookingRescheduled, CalendarChanged),
)
DECIDING = {
    one.type for one in (BookingConfirmed, BookingRefused, BookingExpired, BookingCancelled)
}
"""What whoever waits for a payment waits for: that it is held is heard late at times."""
QUEUE = "changes."
CONNECT_SECONDS, AGAIN_SECONDS = 5.0, 1.0
HEARTBEAT_SECONDS = 15.0
MOST_WAITING = 10_000
CHANGED = "event: changed\ndata: look again\n\n"
OVER = "event: over\ndata: sign in again\n\n"
HEARTBEAT = ":\n\n"
RECONNECT = "retry: 2000\n\n"
"""After how many milliseconds a browser comes back that lost the stream."""


class Touched(View):
    """What is read of an event: whose calendar it is about, and which booking if it is of one."""

    practice_id: UUID
    practitioner_id: UUID
    booking_id: UUID | None = None


Calendar = tuple[UUID, UUID]
"""Practice and practitioner."""
Subject = Calendar | UUID
"""What is followed: a calendar, or a booking."""


class Stream:
    """One open page: whether it has something to hear."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self.is_closing = False

    def tell(self) -> None:
        """Something changed."""
        self._news.set()

    def close(self) -> None:
        """The gateway stops."""
        self.is_closing = True
        self._news.set()

    async def has_news(self, seconds: float) -> bool:
        """Waits for news, so long at most; whether there are any."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        is_told = self._news.is_set()
        self._news.clear()
        return is_told

    async def messages(
        self, is_signed_in: Callable[[], Awaitable[bool]], *, heartbeat: float = HEARTBEAT_SECONDS
    ) -> AsyncIterator[str]:
        """Server-sent events until the gateway stops, or the login has ended: that is looked up
        before each of them, and at each heartbeat."""
        yield RECONNECT
        while True:
            is_told = await self.has_news(heartbeat)
            if self.is_closing:
                return
            if not await is_signed_in():
                yield OVER
                return
            yield CHANGED if is_told else HEARTBEAT


class Changes:
    """The open pages by the calendar that they show, so many of one login; and the requests that
    wait for what becomes of a booking."""

    def __init__(self, most_of_login: int) -> None:
        self._places = Places(most_of_login)
        self._streams: dict[Subject, set[Stream]] = defaultdict(set)
        self._is_closing = False

    @contextmanager
    def stream(self, calendar: Calendar, login: str) -> Iterator[Stream]:
        """A stream for as long as this lasts; raises NoPlace beyond what a login may have."""
        with self._places.within(login), self.following(calendar) as made:
            yield made

    @contextmanager
    def following(self, subject: Subject) -> Iterator[Stream]:
        """What becomes of a booking or a calendar, heard for as long as this lasts."""
        made = Stream()
        if self._is_closing:
            made.close()
        self._streams[subject].add(made)
        try:
            yield made
        finally:
            self._streams[subject].discard(made)
            if not self._streams[subject]:
                del self._streams[subject]

    def tell(self, subject: Subject) -> None:
        """Whoever follows this calendar or booking hears that it changed."""
        for stream in self._streams.get(subject, ()):
            stream.tell()

    def tell_all(self) -> None:
        """Everybody looks again: something may have been missed."""
        for subject in self._streams:
            self.tell(subject)

    def close(self) -> None:
        """Every stream ends, also one that begins now: a gateway that stops is not waited for."""
        self._is_closing = True
        for streams in self._streams.values():
            for stream in streams:
                stream.close()


class Hearing:
    """Listens to booking's events for as long as the gateway runs, and comes back after trouble."""

    def __init__(self, amqp_url: str, changes: Changes) -> None:
        self._url = amqp_url
        self._changes = changes

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._listen()
            except (AMQPError, OSError, TimeoutError, asyncio.CancelledError):
                if is_being_cancelled():
                    raise
                log.warning("changes of calendars are not heard: the broker is away")
            await asyncio.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        """Until the connection is lost."""
        connection = await aio_pika.connect(self._url, timeout=CONNECT_SECONDS)
        async with connection:
            channel = await connection.channel(publisher_confirms=False)
            lost = asyncio.Event()
            for line in (connection, channel):
                line.close_callbacks.add(lambda *_: lost.set())
            exchange = await channel.get_exchange("booking.events", ensure=False)
            queue = await channel.declare_queue(
                f"{QUEUE}{uuid4()}",
                exclusive=True,
                auto_delete=True,
                arguments={"x-max-length": MOST_WAITING},
            )
            for kind in HEARD:
                await queue.bind(exchange, kind.type)
            await queue.consume(self.on_event, no_ack=True)
            self._changes.tell_all()
            await lost.wait()

    async def on_event(self, message: AbstractIncomingMessage) -> None:
        """Hand the ids on; what is no such event is none of ours."""
        try:
            touched = Touched.model_validate_json(message.body)
        except ValidationError:
            log.warning("an event without a calendar", event_type=message.routing_key)
            return
        self._changes.tell((touched.practice_id, touched.practitioner_id))
        if touched.booking_id is not None and message.routing_key in DECIDING:
            self._changes.tell(touched.booking_id)
