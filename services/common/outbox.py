"""Events leave with the state that made them true: a row in the same transaction, then a relay.

The relay publishes with confirms and `mandatory`: what no queue takes stays a row and is tried
again, so an event sent before its consumer's queue exists is late and not lost.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Identity,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common import context, crash_points
from services.common.dialect import DEFERRED
from services.common.logging import get_logger
from services.common.messages import Event
from services.common.tenancy import PLUMBING

log = get_logger(__name__)

BATCH = 200
LONGEST_WAIT = timedelta(seconds=30)


class Undeliverable(Exception):
    """No queue took the message."""


class EventPublisher(Protocol):
    """Sends one event; returns when the broker has it, raises Undeliverable if no queue took it."""

    def publish(self, type_: str, body: dict[str, Any], headers: dict[str, str]) -> None: ...


def outbox_table(metadata: MetaData) -> Table:
    """A service's outbox: ids, times and amounts only."""
    return Table(
        "outbox",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("type", String(80), nullable=False),
        Column("body", JSONB, nullable=False),
        Column("request_id", String(64), nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("due_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("published_at", DateTime(timezone=True)),
        Index(
            "outbox_unpublished_idx", "due_at", "id", postgresql_where=text("published_at IS NULL")
        ),
        info=PLUMBING,
    )


def emit(tx: Session, outbox: Table, event: Event) -> None:
    """Let the event leave if and when the transaction commits."""
    row = {"event_id": uuid7(), "type": event.type, "body": event.model_dump(mode="json")}
    row["request_id"] = context.request_id() or context.new_request_id()
    leaves = insert(outbox).inline().values(due_at=func.now() + event.leaves_after)
    tx.execute(leaves, row, execution_options=DEFERRED)


@cache
def waiting(outbox: Table) -> Select[int]:
    """The query that finds a row while events wait to leave."""
    return select(outbox.c.id).where(*_is_due(outbox)).limit(1)


def relay(tx: Session, outbox: Table, publisher: EventPublisher) -> int:
    """Publish one batch of due events; how many left. Two relays may run: one of them works."""
    lock = func.pg_try_advisory_xact_lock(func.hashtext(f"{outbox.fullname}.relay"))
    if not tx.scalar(select(lock)):
        return 0
    due = select(outbox).where(*_is_due(outbox))
    rows = tx.execute(due.order_by(outbox.c.due_at, outbox.c.id).limit(BATCH)).all()
    sent, stranded = _publish(rows, publisher)
    if sent:
        done = update(outbox).where(outbox.c.id.in_(sent))
        tx.execute(done.values(published_at=func.now(), attempts=outbox.c.attempts + 1))
    if stranded:
        tx.execute(_try_later(outbox, stranded))
    return len(sent)


def _is_due(outbox: Table) -> tuple[ColumnElement[bool], ...]:
    return outbox.c.published_at.is_(None), outbox.c.due_at <= func.now()


def _publish(rows: Any, publisher: EventPublisher) -> tuple[list[int], list[int]]:
    """Send rows in order until the broker fails; what it took, and what no queue took."""
    sent: list[int] = []
    stranded: list[int] = []
    for row in rows:
        headers = {"event_id": str(row.event_id), "request_id": row.request_id}
        try:
            with crash_points.around(f"publish {row.type}"):
                publisher.publish(row.type, row.body, headers)
            sent.append(row.id)
        except Undeliverable:
            log.warning("no queue takes this event yet", event_type=row.type)
            stranded.append(row.id)
        except Exception:
            log.warning("the broker does not take events", exc_info=True)
            break
    return sent, stranded


def _try_later(outbox: Table, ids: list[int]) -> Any:
    wait = func.least(
        text(f"interval '{LONGEST_WAIT.seconds} seconds'"),
        text("interval '0.5 seconds'") * func.power(2, func.least(outbox.c.attempts, 10)),
    )
    later = update(outbox).where(outbox.c.id.in_(ids))
    return later.values(attempts=outbox.c.attempts + 1, due_at=func.now() + wait)


def oldest_unpublished_seconds(tx: Session, outbox: Table) -> float:
    """How long the oldest event has been waiting, in seconds; 0 where none waits."""
    age = func.extract("epoch", func.now() - func.min(outbox.c.created_at))
    return float(tx.scalar(select(age).where(outbox.c.published_at.is_(None))) or 0)


def forget_published_before(tx: Session, outbox: Table, before: datetime) -> None:
    """Published events are kept for two weeks, to look at, and then go."""
    tx.execute(delete(outbox).where(outbox.c.published_at < before))
