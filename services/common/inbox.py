"""Every event may come twice and every handler may fail: claims, retries and parking, as rows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Uuid,
    case,
    delete,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from services.common.tenancy import PLUMBING

MOST_TRIES = 5
FIRST_WAIT = timedelta(seconds=1)
RETRY_LEASE = timedelta(seconds=60)


def inbox_table(metadata: MetaData) -> Table:
    """The events that each handler has dealt with."""
    return Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("handler", String(120), primary_key=True),
        Column("handled_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        info=PLUMBING,
    )


def failures_table(metadata: MetaData) -> Table:
    """Events whose handler failed: waiting for another try, or parked for a person to look at."""
    return Table(
        "failed_events",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("handler", String(120), primary_key=True),
        Column("type", String(80), nullable=False),
        Column("body", JSONB),
        Column("raw", LargeBinary),
        Column("request_id", String(64), nullable=False),
        Column("error", String(300), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("failed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("due_at", DateTime(timezone=True)),
        Column("parked_at", DateTime(timezone=True)),
        Index("failed_events_due_idx", "due_at", postgresql_where=text("parked_at IS NULL")),
        info=PLUMBING,
    )


def claim(tx: Session, inbox: Table, event_id: UUID, handler: str) -> bool:
    """Whether this is the first time; the claim stands or falls with the handler's effect.

    A second copy that comes while the first is at work waits for it and then is no first.
    """
    once = insert(inbox).on_conflict_do_nothing().returning(inbox.c.event_id)
    return tx.execute(once, {"event_id": event_id, "handler": handler}).first() is not None


def record_failure(
    tx: Session,
    failures: Table,
    *,
    event_id: UUID,
    handler: str,
    type_: str,
    body: dict[str, Any] | None,
    raw: bytes | None,
    request_id: str,
    error: str,
    is_hopeless: bool,
) -> bool:
    """Keep the event for another try, later each time; parked after five, or at once if hopeless.

    Answers whether it is parked now. `error` is the exception's type, never its text.
    """
    row = {
        "event_id": event_id, "handler": handler, "type": type_, "body": body, "raw": raw,
        "request_id": request_id, "error": error[:300], "tries": 1,
        "due_at": None if is_hopeless else func.now() + FIRST_WAIT,
        "parked_at": func.now() if is_hopeless else None,
    }  # fmt: skip
    again = insert(failures).values(row)
    is_last = failures.c.tries + 1 >= MOST_TRIES
    wait = text(f"interval '{FIRST_WAIT.seconds} seconds'") * func.power(2, failures.c.tries)
    stored = again.on_conflict_do_update(
        index_elements=["event_id", "handler"],
        set_={
            "tries": failures.c.tries + 1,
            "error": again.excluded.error,
            "due_at": func.now() + wait,
            "parked_at": func.now() if is_hopeless else case((is_last, func.now()), else_=None),
        },
    )
    return tx.scalar(stored.returning(failures.c.parked_at)) is not None


def waiting(failures: Table) -> Select[UUID]:
    """The query that finds a row while failed events are due for another try."""
    return select(failures.c.event_id).where(*_is_due(failures)).limit(1)


def take_due(tx: Session, failures: Table, limit: int) -> list[Any]:
    """Failed events whose wait is over, leased for a minute so that a second taker leaves them."""
    due = (
        select(failures.c.event_id, failures.c.handler)
        .where(*_is_due(failures))
        .order_by(failures.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [tuple(row) for row in tx.execute(due)]
    if not keys:
        return []
    lease = update(failures).where(_is_one_of(failures, keys))
    leased = lease.values(due_at=func.now() + RETRY_LEASE).returning(*failures.c)
    return list(tx.execute(leased))


def forget_failure(tx: Session, failures: Table, event_id: UUID, handler: str) -> None:
    """The handler has succeeded in the end."""
    tx.execute(
        delete(failures).where(failures.c.event_id == event_id, failures.c.handler == handler)
    )


def forget_handled_before(tx: Session, inbox: Table, before: datetime) -> None:
    """Claims older than any redelivery are of no more use."""
    tx.execute(delete(inbox).where(inbox.c.handled_at < before))


def _is_one_of(failures: Table, keys: list[Any]) -> Any:
    return tuple_(failures.c.event_id, failures.c.handler).in_(keys)


def _is_due(failures: Table) -> tuple[ColumnElement[bool], ...]:
    return failures.c.parked_at.is_(None), failures.c.due_at <= func.now()
