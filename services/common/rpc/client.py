"""The blocking caller, for services and tasks: pooled, at most 5 s, dropped after any trouble."""

import socket
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, LifoQueue
from time import monotonic
from typing import Any, TypeVar
from uuid import uuid4

from amqp.exceptions import AMQPError
from kombu import Connection, Exchange, Producer, Queue
from kombu import Consumer as KombuConsumer
from kombu.exceptions import OperationalError

from services.common import context
from services.common.auth import Actor, Signer
from services.common.clock import Clock, utc_now
from services.common.errors import ServiceUnavailable
from services.common.logging import get_logger
from services.common.messages import Command, View
from services.common.rpc import wire

log = get_logger(__name__)
Answer = TypeVar("Answer", bound=View)
IDLE_CONNECTIONS = 4
BROKEN = (AMQPError, OperationalError, OSError)


class Caller:
    """Calls other services in this service's name."""

    def __init__(
        self,
        amqp_url: str,
        signer: Signer,
        clock: Clock = utc_now,
        open_line: "Callable[[str, float], Line] | None" = None,
    ) -> None:
        """`open_line` takes the broker's address and the seconds there are to open a line."""
        self._url = amqp_url
        self._signer = signer
        self._clock = clock
        self._open_line = open_line or Line
        self._idle: LifoQueue[Line] = LifoQueue(IDLE_CONNECTIONS)

    def call(
        self, service: str, method: str, command: Command, actor: Actor, answer: type[Answer]
    ) -> Answer:
        """Call and wait at most 5 s.

        Raises the callee's refusal, ServiceUnavailable where no answer came (the call may have
        run: repeat it as it was), Fault where the callee failed.
        """
        headers = wire.headers(
            operation_id=(operation_id := str(uuid4())),
            request_id=context.request_id() or context.new_request_id(),
            deadline=self._clock() + wire.LONGEST,
            token=self._signer.token(actor, service, self._clock()),
        )
        key, body = wire.routing_key(service, method), wire.body(command)
        until = monotonic() + wire.LONGEST.total_seconds()
        try:
            reply = self._on_a_line(lambda line: line.ask(key, body, headers, until), until)
        except ServiceUnavailable:
            log.warning("call unanswered", call=key, operation_id=operation_id)
            raise
        return answer.model_validate(wire.result_of(reply))

    def close(self) -> None:
        """Close the connections that lie idle."""
        while line := self._idle_line():
            line.close()

    def _on_a_line(self, ask: "Callable[[Line], dict[str, Any]]", until: float) -> dict[str, Any]:
        """Ask over an idle line; over a fresh one, in what time is left, where that has died."""
        if line := self._idle_line():
            with suppress(*BROKEN):
                return self._asked(line, ask)
        try:
            left = until - monotonic()
            if left <= 0:
                raise ServiceUnavailable("no answer")
            return self._asked(self._open_line(self._url, left), ask)
        except BROKEN as flaw:
            raise ServiceUnavailable("A part of Attune does not answer right now.") from flaw

    def _asked(self, line: "Line", ask: "Callable[[Line], dict[str, Any]]") -> dict[str, Any]:
        """One answer; after any trouble the line goes, so no late answer meets a later question."""
        try:
            reply = ask(line)
        except BaseException:
            line.close()
            raise
        try:
            self._idle.put_nowait(line)
        except Full:
            line.close()
        return reply

    def _idle_line(self) -> "Line | None":
        try:
            return self._idle.get_nowait()
        except Empty:
            return None


class Line:
    """One connection with a reply queue of its own; one question at a time."""

    def __init__(self, url: str, seconds: float) -> None:
        """Connect in `seconds` at most, which is time for two tries; raises what is BROKEN."""
        self._connection = Connection(url, connect_timeout=min(2, seconds / 2), heartbeat=0)
        try:
            self._listen()
        except BaseException:
            self.close()
            raise

    def _listen(self) -> None:
        self._connection.ensure_connection(max_retries=1, interval_start=0.1)
        channel = self._connection.channel()
        self._reply_to = str(uuid4())
        exchange = Exchange(wire.EXCHANGE, type="topic", durable=True, no_declare=True)
        self._producer = Producer(channel, exchange=exchange, auto_declare=False)
        queue = Queue(
            f"rpc.reply-{self._reply_to}",
            exchange=exchange,
            routing_key=self._reply_to,
            exclusive=True,
            auto_delete=True,
            durable=False,
        )
        self._replies: dict[str, dict[str, Any]] = {}
        self._returned: set[str] = set()
        self._consumer = KombuConsumer(
            channel, queues=[queue], callbacks=[self._on_reply], no_ack=True, accept=["json"]
        )
        self._consumer.consume()
        channel.events["basic_return"].add(self._on_return)

    def ask(
        self, routing_key: str, body: dict[str, Any], headers: dict[str, str], until: float
    ) -> dict[str, Any]:
        """Send one question and wait for its answer.

        Raises ServiceUnavailable at `until`, on the monotonic clock.
        """
        correlation_id = str(uuid4())
        self._producer.publish(
            body,
            routing_key=routing_key,
            headers=headers,
            reply_to=self._reply_to,
            correlation_id=correlation_id,
            mandatory=True,
            delivery_mode=wire.TRANSIENT,
            serializer="json",
            expiration=wire.LONGEST.total_seconds(),
        )
        while correlation_id not in self._replies:
            if correlation_id in self._returned or monotonic() >= until:
                raise ServiceUnavailable("no answer")
            with suppress(socket.timeout):
                self._connection.drain_events(timeout=max(0.01, until - monotonic()))
        return self._replies.pop(correlation_id)

    def close(self) -> None:
        with suppress(Exception):
            self._connection.close()

    def _on_reply(self, body: Any, message: Any) -> None:
        self._replies[message.properties["correlation_id"]] = body

    def _on_return(self, *returned: Any) -> None:
        self._returned.add(returned[-1].properties.get("correlation_id"))
