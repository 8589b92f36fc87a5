"""Publishing as another service does: its user, its exchange, confirms and `mandatory`."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from kombu import Connection, Producer

from deploy.local.stack import Stack
from services.common.events import exchange
from services.common.messages import Event


class EventSource:
    """The events of one service."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer

    @classmethod
    @contextmanager
    def of(cls, service: str, stack: Stack) -> Iterator["EventSource"]:
        options = {"confirm_publish": True}
        with Connection(stack.amqp_url(service), transport_options=options) as connection:
            yield cls(Producer(connection.channel(), exchange=exchange(service)))

    def publish(self, event: Event, event_id: UUID | None = None) -> None:
        """Publish and wait for the broker's confirmation."""
        self._producer.publish(
            event.model_dump(mode="json"),
            routing_key=event.type,
            headers={"event_id": str(event_id or uuid4()), "request_id": str(uuid4())},
            mandatory=True,
            serializer="json",
        )
