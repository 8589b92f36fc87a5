"""The asyncio caller of the gateway, over aio-pika: confirms, returned messages, 5 s at most."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
)
from aio_pika.exceptions import AMQPError, DeliveryError

from services.common import context
from services.common.auth import Actor, Signer
from services.common.clock import Clock, utc_now
from services.common.errors import ServiceUnavailable
from services.common.logging import get_logger
from services.common.messages import Command, View
from services.common.rpc import wire
from services.common.rpc.together import Answers, AnswerTogether, Question

log = get_logger(__name__)
Answer = TypeVar("Answer", bound=View)
CONNECT_SECONDS = 2.0


class Read(NamedTuple):
    """What is asked of a service, and in whose name."""

    method: str
    command: Command
    actor: Actor


class AsyncCaller:
    """Calls services in the name of the gateway, many at a time over one connection."""

    def __init__(self, amqp_url: str, signer: Signer, clock: Clock = utc_now) -> None:
        self._url = amqp_url
        self._signer = signer
        self._clock = clock
        self._line: _Line | None = None
        self._opening = asyncio.Lock()

    async def call(
        self, service: str, method: str, command: Command, actor: Actor, answer: type[Answer]
    ) -> Answer:
        """Call and wait at most 5 s; raises as `services.common.rpc.client.Caller.call` does."""
        return answer.model_validate(await self.call_plain(service, method, command, actor))

    async def call_plain(self, service: str, method: str, command: Command, actor: Actor) -> Any:
        """The same, with the answer as the callee rendered it: for long lists that pass through."""
        headers = wire.headers(
            operation_id=(operation_id := str(uuid4())),
            request_id=context.request_id() or context.new_request_id(),
            deadline=self._clock() + wire.LONGEST,
            token=self._signer.token(actor, service, self._clock()),
        )
        key = wire.routing_key(service, method)
        try:
            reply = await self._ask(key, wire.body(command), headers)
        except ServiceUnavailable:
            log.warning("call unanswered", call=key, operation_id=operation_id)
            raise
        return wire.result_of(reply)

    async def call_together(self, service: str, reads: Sequence[Read]) -> list[dict[str, Any]]:
        """Several reads of a service in one call, each in its own actor's name; a reply for each,
        as the callee's answer to it alone would be. Raises as `call` does where none came."""
        now = self._clock()
        questions = [
            Question(
                method=one.method,
                actor=self._signer.token(one.actor, service, now),
                kwargs=wire.body(one.command)["kwargs"],
            )
            for one in reads
        ]
        asked = AnswerTogether(questions=questions)
        return (await self.call(service, "answer_together", asked, Actor(), Answers)).answers

    async def close(self) -> None:
        """Close the connection; calls under way end as unavailable."""
        if self._line is not None:
            await self._line.close()

    async def _ask(self, key: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(wire.LONGEST.total_seconds()):
                line = await self._open()
                return await line.ask(key, body, headers)
        except (TimeoutError, OSError, AMQPError, asyncio.CancelledError) as flaw:
            if isinstance(flaw, asyncio.CancelledError) and is_being_cancelled():
                raise
            raise ServiceUnavailable("A part of Attune does not answer right now.") from flaw

    async def _open(self) -> "_Line":
        async with self._opening:
            if self._line is None or self._line.is_closed:
                async with asyncio.timeout(CONNECT_SECONDS):
                    self._line = await _Line.open(self._url)
            return self._line


class _Line:
    """A connection, its channel and its reply queue; lives until the first trouble."""

    def __init__(
        self, connection: AbstractConnection, channel: AbstractChannel, exchange: AbstractExchange
    ) -> None:
        self._connection = connection
        self._channel = channel
        self._exchange = exchange
        self._reply_to = str(uuid4())
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    @classmethod
    async def open(cls, url: str) -> "_Line":
        connection = await aio_pika.connect(url, timeout=CONNECT_SECONDS)
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await channel.get_exchange(wire.EXCHANGE, ensure=False)
        line = cls(connection, channel, exchange)
        queue = await channel.declare_queue(
            f"rpc.reply-{line._reply_to}", exclusive=True, auto_delete=True
        )
        await queue.bind(exchange, line._reply_to)
        await queue.consume(line._on_reply, no_ack=True)
        connection.close_callbacks.add(line._on_close)
        channel.close_callbacks.add(line._on_close)
        return line

    @property
    def is_closed(self) -> bool:
        return self._connection.is_closed or self._channel.is_closed

    async def ask(self, key: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
        correlation_id = str(uuid4())
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[correlation_id] = reply
        sending = asyncio.create_task(self._send(key, body, headers, correlation_id, reply))
        try:
            return await reply
        finally:
            del self._waiting[correlation_id]
            if not sending.done():
                sending.cancel()

    async def close(self) -> None:
        await self._connection.close()

    async def _send(
        self,
        key: str,
        body: dict[str, Any],
        headers: dict[str, str],
        correlation_id: str,
        reply: "asyncio.Future[dict[str, Any]]",
    ) -> None:
        """Publish; a message that is returned or not confirmed fails the question at once."""
        message = aio_pika.Message(
            json.dumps(body).encode(),
            content_type="application/json",
            content_encoding="utf-8",
            headers=dict(headers),
            reply_to=self._reply_to,
            correlation_id=correlation_id,
            expiration=wire.LONGEST,
            delivery_mode=aio_pika.DeliveryMode.NOT_PERSISTENT,
        )
        try:
            await self._exchange.publish(message, key, mandatory=True)
        except (DeliveryError, AMQPError, OSError) as flaw:
            if not reply.done():
                reply.set_exception(ConnectionError(str(type(flaw).__name__)))

    async def _on_reply(self, message: AbstractIncomingMessage) -> None:
        reply = self._waiting.get(message.correlation_id or "")
        if reply is not None and not reply.done():
            reply.set_result(json.loads(message.body))

    def _on_close(self, *_: Any) -> None:
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(ConnectionError("the broker closed the connection"))


def is_being_cancelled() -> bool:  # aio-pika raises CancelledError where a line breaks, too
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
