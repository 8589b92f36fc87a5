"""Handling events: claimed once, retried as rows, parked where hopeless; never lost, never a loop.

A handler is written `def on_booking_held(self, tx: Session, event: BookingHeld) -> None`; its
effect and the claim of the event commit together.
"""

import functools
import json
import typing
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import eventlet
from kombu import Exchange
from nameko.amqp.publish import Publisher, UndeliverableMessage
from nameko.events import EventHandler
from nameko.exceptions import ContainerBeingKilled
from nameko.messaging import QueueConsumer
from pydantic import ValidationError

from services.common import context, inbox
from services.common.auth import service_actor
from services.common.errors import Busy
from services.common.inbox import Delivery, Failure
from services.common.logging import describe, get_logger
from services.common.messages import Event
from services.common.outbox import Undeliverable
from services.common.runtime import Runtime

log = get_logger(__name__)
Handler = typing.TypeVar("Handler", bound=Callable[..., None])
PUBLISH_SECONDS, PAUSE_SECONDS = 5, 1


def exchange(publisher: str) -> Exchange:
    """The exchange of a service's events; declared at set-up, only its owner may write to it."""
    return Exchange(f"{publisher}.events", type="topic", durable=True, no_declare=True)


class BrokerPublisher:
    """Publishes a service's events with confirms and `mandatory`; some may go unheard."""

    def __init__(self, name: str, amqp_url: str) -> None:
        self._name = name
        self._publisher = Publisher(
            amqp_url, exchange=exchange(name), mandatory=True, use_confirms=True, retry=False
        )

    def publish(self, type_: str, body: dict[str, Any], headers: dict[str, str]) -> None:
        try:
            with eventlet.Timeout(PUBLISH_SECONDS, TimeoutError("the broker does not confirm")):
                self._publisher.publish(body, routing_key=type_, extra_headers=headers)
        except UndeliverableMessage:
            if not Event.kinds.get((self._name, type_), Event).may_go_unheard:
                raise Undeliverable(type_) from None


class Interrupted(Exception):
    """The event came before, and whoever had it was gone before the end."""


class EventQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Parks what cannot be decoded, where nameko would log a line and lose it."""

    def unregister_provider(self, provider: Any) -> None:
        """Once: told to stop while it starts, nameko ended one wait twice, and never stopped."""
        if self._consumers_ready.ready() or not self._last_provider_unregistered.ready():
            super().unregister_provider(provider)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        type_ = str(message.delivery_info.get("routing_key", "unknown"))
        raw = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        try:
            it = Delivery(uuid4(), context.new_request_id(), type_[:80], None, raw)
            keep(self.container.config["runtime"], "undecodable", it, exc)
            message.ack()
        except Busy:
            eventlet.sleep(PAUSE_SECONDS)
            message.requeue()


class Handles(EventHandler):  # type: ignore[misc]
    """nameko's event entrypoint, on a queue of its own per handler, with our retry and parking."""

    queue_consumer = EventQueueConsumer()

    def setup(self) -> None:
        super().setup()
        self.queue.exchange = exchange(self.source_service)

    def handle_message(self, body: Any, message: Any) -> None:
        delivery = _delivery(self.event_type, body, message.headers)
        done = functools.partial(self._finish, message, delivery)
        if message.delivery_info.get("redelivered"):
            # It may be what ended the process: as a row its tries count (ADR 2).
            interrupted = (Interrupted, Interrupted(), None)
            self.container.spawn_managed_thread(functools.partial(done, None, None, interrupted))
            return
        try:
            self.container.spawn_worker(self, (delivery,), {}, context_data={}, handle_result=done)
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)

    def _finish(
        self, message: Any, delivery: Delivery, _worker_ctx: Any, result: Any, exc_info: Any
    ) -> Any:
        """Acknowledge what is done or kept as a row; while neither is possible, give it back."""
        try:
            if exc_info is not None:
                keep(self.container.config["runtime"], self.method_name, delivery, exc_info[1])
            self.queue_consumer.ack_message(message)
        except Exception:
            log.warning("a failed event could not be kept", exc_info=True)
            eventlet.sleep(PAUSE_SECONDS)
            self.queue_consumer.requeue_message(message)
        return result, exc_info


def handles(event: type[Event]) -> Callable[[Handler], Handler]:
    """Run the method for each event of this kind, in one transaction of the event's practice."""

    def decorate(method: Handler) -> Handler:
        @functools.wraps(method)
        def run(self: Any, delivery: Delivery) -> None:
            with context.request(delivery.request_id):
                handle(self.runtime, self, method, event, delivery)

        return typing.cast(Handler, Handles.decorator(event.publisher, event.type)(run))

    return decorate


def handle(
    runtime: Runtime, service: Any, method: Callable[..., None], kind: type[Event], it: Delivery
) -> None:
    """Claim the event and let the method work, in one transaction."""
    event = kind.model_validate(it.body)
    actor = service_actor(runtime.name, event.practice_id, f"{it.type}:{it.event_id}")
    with runtime.database.transaction(actor) as tx:
        if inbox.claim(tx, runtime.plumbing.inbox, it.event_id, method.__name__):
            with context.event(it.event_id):
                method(service, tx, event)
    log.info("event handled", event_type=it.type, handler=method.__name__)


def keep(runtime: Runtime, handler: str, it: Delivery, error: BaseException) -> None:
    """Write the failed event down for another try; park what can never be understood."""
    with context.request(it.request_id), runtime.database.plumbing() as tx:
        told, failure = describe(error), _kind_of(it, error)
        failures = runtime.plumbing.failures
        is_parked = inbox.record_failure(tx, failures, it, handler, told, failure)
        log.warning("event failed", handler=handler, is_parked=is_parked, error=told)


def retry_due(runtime: Runtime, service: Any, limit: int = 20) -> None:
    """Run the handlers of failed events whose wait is over, one after the other."""
    for _ in range(limit):
        if not runtime.database.has(inbox.waiting(runtime.plumbing.failures)):
            return
        with runtime.database.plumbing() as tx:
            row = inbox.take_due(tx, runtime.plumbing.failures)
        if row is not None and row.parked_at is None:
            _try_again(runtime, service, row)


def _try_again(runtime: Runtime, service: Any, row: Any) -> None:
    delivery = Delivery(row.event_id, row.request_id, row.type, row.body)
    try:
        getattr(service, row.handler)(delivery)
    except Exception as error:
        keep(runtime, row.handler, delivery, error)
    else:
        with runtime.database.plumbing() as tx:
            inbox.forget_failure(tx, runtime.plumbing.failures, row.event_id, row.handler)


def _kind_of(it: Delivery, error: BaseException) -> Failure:
    if it.raw is not None or isinstance(error, ValidationError):
        return Failure.HOPELESS
    return Failure.OUTAGE if isinstance(error, Busy) else Failure.FAULT


def _delivery(type_: str, body: Any, headers: dict[str, Any]) -> Delivery:
    content = body if isinstance(body, dict) else {"not_an_object": json.dumps(body)[:200]}
    try:
        event_id = UUID(str(headers.get("event_id")))
    except ValueError:
        event_id, content = uuid4(), {"no_event_id": True}
    request_id = context.accept_request_id(headers.get("request_id"))
    return Delivery(event_id, request_id, type_, content)
