"""What every nameko service of the house has: its runtime, its relay, its retries, its health."""

from datetime import timedelta
from typing import Any, cast

from nameko.extensions import DependencyProvider
from nameko.timer import timer

from services.common import events, inbox, outbox
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import Busy
from services.common.health import CheckHealth, Health, check
from services.common.logging import get_logger
from services.common.rpc import together
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.runtime import Runtime

log = get_logger(__name__)
INBOX_KEEPS = timedelta(days=14)


class RuntimeProvider(DependencyProvider):  # type: ignore[misc]
    """Hands the process's runtime to each worker."""

    def get_dependency(self, worker_ctx: Any) -> Runtime:
        return cast(Runtime, self.container.config["runtime"])


class PublisherProvider(DependencyProvider):  # type: ignore[misc]
    """Hands the publisher of this service's events to the relay."""

    def setup(self) -> None:
        house = self.container.config["runtime"]
        self.publisher = events.BrokerPublisher(house.name, house.settings.amqp_url)

    def get_dependency(self, worker_ctx: Any) -> events.BrokerPublisher:
        return self.publisher


class Service:
    """The base of the nameko classes; subclasses add `name` and their use cases."""

    runtime = RuntimeProvider()
    publisher = PublisherProvider()

    @property
    def db(self) -> Database:
        return cast(Database, self.runtime.database)

    @timer(interval=0.1)  # type: ignore[untyped-decorator]
    def relay_outbox(self) -> None:
        """Let written events leave, as long as there are any."""
        box = self.runtime.plumbing.outbox
        try:
            while self.db.has(outbox.waiting(box)):
                with self.db.plumbing() as tx:
                    if outbox.relay(tx, box, self.publisher) < outbox.BATCH:
                        break
        except Busy:
            log.warning("the relay waits for the database")

    @timer(interval=1)  # type: ignore[untyped-decorator]
    def retry_failed_events(self) -> None:
        """Give failed events their next try."""
        try:
            events.retry_due(self.runtime, self)
        except Busy:
            log.warning("retries wait for the database")

    @timer(interval=3600)  # type: ignore[untyped-decorator]
    def forget_old_claims(self) -> None:
        """Claims and published events older than any redelivery go."""
        before = utc_now() - INBOX_KEEPS
        with self.db.plumbing() as tx:
            inbox.forget_handled_before(tx, self.runtime.plumbing.inbox, before)
            outbox.forget_published_before(tx, self.runtime.plumbing.outbox, before)

    @rpc(by={"gateway"})
    def answer_together(self, call: Call, command: together.AnswerTogether) -> together.Answers:
        """Several reads in one message."""
        house = self.runtime
        return together.answer(self, call, command, house.name, house.settings.verify_keys)

    @rpc(by={"gateway"})
    def check_health(self, call: Call, command: CheckHealth) -> Health:
        """How this service is."""
        return check(self.runtime)
