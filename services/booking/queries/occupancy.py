"""What is already there. A lapsed hold is left out by time, whether or not it was swept."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import repeat, starmap
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Uuid, bindparam, func, or_, select, text
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span
from services.booking.domain.slot_rules import TakenSession
from services.booking.models import Booking, Session
from services.booking.queries.calendars import epoch

# A session and each of its buffers last at most a day. Starts are asked for instead of ranges,
# because `&&` is no index condition under a row-level policy.
LONGEST = timedelta(days=2)


@dataclass(slots=True)
class Taken:
    """By practitioner, the sessions and the times from other calendars; where the client is.

    `version` is the calendar's, told where one client asks for one practitioner.
    """

    sessions: dict[UUID, list[TakenSession]]
    busy: dict[UUID, list[Span]]
    client: list[Span]
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """What is left out because it moves itself."""

    session_id: UUID | None = None
    booking_id: UUID | None = None


STAYING = Moving()


def taken(
    tx: Transaction,
    practice_ids: Collection[UUID],
    practitioner_ids: Collection[UUID],
    span: Span,
    now: datetime,
    *,
    client_id: UUID | None = None,
    moving: Moving = STAYING,
) -> Taken:
    """What may overlap the span: live sessions, busy times, and the client's own; read at once."""
    asked = {
        "practices": list(practice_ids),
        "people": list(practitioner_ids),
        "from_at": _instant(span.start),
        "until_at": _instant(span.end),
        "at": now,
        "moving_session": moving.session_id,
        "client": client_id,
        "moving_booking": moving.booking_id,
    }
    tx.flush()
    return taken_of(tx.connection().execute(_TAKEN, asked))


def taken_of(rows: Iterable[Sequence[Any]]) -> Taken:
    """What the rows of `booking.taken` tell."""
    found = Taken(defaultdict(list), defaultdict(list), [])
    for kind, person_id, offering_id, *times in rows:
        if kind == _SESSION:
            sessions = zip(*times[:3], repeat(offering_id), times[3])
            found.sessions[person_id] += starmap(TakenSession, sessions)
        elif kind == _BUSY:
            found.busy[person_id] += map(Span, *times[:2])
        elif kind == _CLIENT:
            found.client.extend(map(Span, *times[:2]))
        else:
            found.version = times[0][0]
    return found


def taken_rooms(
    tx: Transaction,
    practice_id: UUID,
    rooms: Sequence[UUID],
    span: Span,
    now: datetime,
    *,
    without: UUID | None = None,
) -> list[list[Span]]:
    """When each of the rooms is taken, in their order."""
    if not rooms:
        return []
    query = select(Session.room_id, epoch(Session.starts_at), epoch(Session.ends_at)).where(
        Session.practice_id == practice_id,
        Session.room_id.in_(rooms),
        *_starting_around(Session.starts_at, span),
        *_is_held(now),
    )
    if without is not None:
        query = query.where(Session.id != without)
    found: dict[UUID | None, list[Span]] = defaultdict(list)
    for room_id, start, end in tx.execute(query):
        found[room_id].append(Span(start, end))
    return [found[room_id] for room_id in rooms]


def first_deadline(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, now: datetime
) -> datetime | None:
    """When the next unpaid hold of a practitioner lapses."""
    asked = {"practice": practice_id, "practitioner": practitioner_id, "now": now}
    return tx.scalar(_FIRST_DEADLINE, asked)


def _is_held(now: Any) -> tuple[ColumnElement[bool], ...]:
    is_firm = or_(Session.held_until.is_(None), Session.held_until > now)
    return Session.is_live.is_(True), is_firm


def _starting_around(column: Any, span: Span) -> tuple[ColumnElement[bool], ...]:
    return column > _instant(span.start) - LONGEST, column < _instant(span.end) + LONGEST


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_SESSION, _BUSY, _CLIENT, _VERSION = range(4)
# Times come as arrays of numbers: a row of Python objects for each session costs more than the
# server's whole work, and so did planning anew what is asked the most (docs/adr/0024).
_TAKEN = text(
    "SELECT * FROM booking.taken(CAST(:practices AS uuid[]), CAST(:people AS uuid[]),"
    " :from_at, :until_at, :at, :moving_session, :client, :moving_booking)"
)
_FIRST_DEADLINE = select(func.min(Booking.deadline_at)).where(
    Booking.practice_id == bindparam("practice", type_=Uuid),
    Booking.practitioner_id == bindparam("practitioner", type_=Uuid),
    Booking.deadline_at > bindparam("now", type_=DateTime(timezone=True)),
)
