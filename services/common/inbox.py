"""Every event may come twice and every handler may fail: claims, retries and parking, as rows."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import Enum
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
    and_,
    case,
    delete,
    false,
    func,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from services.common.tenancy import PLUMBING

MOST_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=15)
PATIENCE = timedelta(days=1)
RETRY_LEASE = timedelta(seconds=60)


class Failure(Enum):
    """Why a try came to nothing (ADR 2).

    An outage is nobody's fault and costs no try; what is hopeless gets no other.
    """

    FAULT, OUTAGE, HOPELESS = "fault", "outage", "hopeless"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it arrived; `raw` where it is no event at all."""

    event_id: UUID
    request_id: str
    type: str
    body: dict[str, Any] | None
    raw: bytes | None = None


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
    tx: Session, failures: Table, it: Delivery, handler: str, error: str, failure: Failure
) -> bool:
    """Keep the event for another try, later each time; parked after five, or at once if hopeless.

    What an outage ended is tried for a day. Answers whether it is parked now. `error` is the
    exception's type, never its text.
    """
    is_outage, is_hopeless = failure is Failure.OUTAGE, failure is Failure.HOPELESS
    row = asdict(it) | {
        "handler": handler,
        "error": error[:300],
        "tries": 0 if is_outage else 1,
        "due_at": None if is_hopeless else func.now() + FIRST_WAIT,
        "parked_at": func.now() if is_hopeless else None,
    }
    once = insert(failures).values(row)
    after = _after_outage(failures) if is_outage else _after_fault(failures)
    parks = or_(true() if is_hopeless else false(), after.pop("parks"))
    again = {**after, "error": once.excluded.error, "parked_at": case((parks, func.now()))}
    stored = once.on_conflict_do_update(index_elements=["event_id", "handler"], set_=again)
    return tx.scalar(stored.returning(failures.c.parked_at)) is not None


def _after_fault(failures: Table) -> dict[str, Any]:
    """The try was counted when it was begun."""
    wait = literal(FIRST_WAIT) * func.power(2, failures.c.tries - 1)
    return {"due_at": func.now() + wait, "parks": failures.c.tries >= MOST_TRIES}


def _after_outage(failures: Table) -> dict[str, Any]:
    """The try does not count; the waits grow with the outage."""
    lasted = func.now() - failures.c.failed_at
    wait = func.least(func.greatest(lasted, literal(FIRST_WAIT)), literal(LONGEST_WAIT))
    tries = func.greatest(failures.c.tries - 1, 0)
    return {"tries": tries, "due_at": func.now() + wait, "parks": lasted >= literal(PATIENCE)}


def waiting(failures: Table) -> Select[UUID]:
    """The query that finds a row while failed events are due for another try."""
    return select(failures.c.event_id).where(*_is_due(failures)).limit(1)


def take_due(tx: Session, failures: Table) -> Any | None:
    """The failed event whose wait is over longest, leased so that a second taker leaves it.

    Its try counts from here, for it may end the process; one whose last try did so is parked, and
    comes back with `parked_at`. None where none is due.
    """
    due = (
        select(failures.c.event_id, failures.c.handler)
        .where(*_is_due(failures))
        .order_by(failures.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    key = tx.execute(due).first()
    if key is None:
        return None
    is_spent = failures.c.tries >= MOST_TRIES
    lease = {
        "tries": case((is_spent, failures.c.tries), else_=failures.c.tries + 1),
        "due_at": func.now() + RETRY_LEASE,
        "parked_at": case((is_spent, func.now())),
    }
    leased = update(failures).where(_is_at(failures, *key)).values(lease)
    return tx.execute(leased.returning(*failures.c)).one()


def forget_failure(tx: Session, failures: Table, event_id: UUID, handler: str) -> None:
    """The handler has succeeded in the end."""
    tx.execute(delete(failures).where(_is_at(failures, event_id, handler)))


def forget_handled_before(tx: Session, inbox: Table, before: datetime) -> None:
    """Claims older than any redelivery are of no more use."""
    tx.execute(delete(inbox).where(inbox.c.handled_at < before))


def _is_at(failures: Table, event_id: UUID, handler: str) -> ColumnElement[bool]:
    return and_(failures.c.event_id == event_id, failures.c.handler == handler)


def _is_due(failures: Table) -> tuple[ColumnElement[bool], ...]:
    return failures.c.parked_at.is_(None), failures.c.due_at <= func.now()
