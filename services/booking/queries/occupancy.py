"""What is already there. A lapsed hold is left out by time, whether or not it was swept."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import repeat, starmap
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Interval,
    Uuid,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.types import NullType

from services.booking.domain.calendar import Span
from services.booking.domain.lifecycle import LIVE
from services.booking.domain.slot_rules import TakenSession
from services.booking.models import Booking, BusyTime, Participant, Schedule, Session
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
    found = Taken(defaultdict(list), defaultdict(list), [])
    asked = {
        "practices": list(practice_ids),
        "people": list(practitioner_ids),
        "from_at": _instant(span.start),
        "until_at": _instant(span.end),
        "longest": LONGEST,
        "now": now,
        "moving_session": moving.session_id,
    }
    query = _TAKEN
    if client_id is not None:
        query = _TAKEN_WITH_CLIENT
        asked |= {"client": client_id, "moving_booking": moving.booking_id}
    for kind, person_id, offering_id, *times in tx.execute(query, asked):
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
    return tx.scalar(
        select(func.min(Booking.deadline_at)).where(
            Booking.practice_id == practice_id,
            Booking.practitioner_id == practitioner_id,
            Booking.deadline_at > now,
        )
    )


def _seats_taken(now: Any) -> Any:
    is_taken = or_(Booking.deadline_at.is_(None), Booking.deadline_at > now)
    return (
        select(func.count())
        .where(
            Booking.practice_id == Session.practice_id,
            Booking.session_id == Session.id,
            Booking.state.in_(LIVE),
            is_taken,
        )
        .correlate(Session)
        .scalar_subquery()
    )


def _is_held(now: Any) -> tuple[ColumnElement[bool], ...]:
    is_firm = or_(Session.held_until.is_(None), Session.held_until > now)
    return Session.is_live.is_(True), is_firm


def _starting_around(column: Any, span: Span) -> tuple[ColumnElement[bool], ...]:
    return column > _instant(span.start) - LONGEST, column < _instant(span.end) + LONGEST


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_PRACTICES: BindParameter[Any] = bindparam("practices", expanding=True)
_PEOPLE: BindParameter[Any] = bindparam("people", expanding=True)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_FROM_AT = bindparam("from_at", type_=DateTime(timezone=True))
_UNTIL_AT = bindparam("until_at", type_=DateTime(timezone=True))
_LONGEST = bindparam("longest", type_=Interval)

_SESSION, _BUSY, _CLIENT, _VERSION = range(4)


def _instants(*columns: Any) -> list[ColumnElement[Any]]:
    """Each column of a group as one array of numbers: a row of Python objects for each session
    costs more than the server's whole work. Arrays of a group are in one order."""
    return [type_coerce(func.array_agg(column), NullType()) for column in columns]


_NONE: ColumnElement[Any] = cast(null(), ARRAY(BigInteger))
_NO_OFFERING: ColumnElement[UUID | None] = cast(null(), Uuid)
_SEATS_LEFT = case((Session.seats > 1, Session.seats - _seats_taken(_NOW)), else_=0)
# Built once, because building them costs as much as running them.
_SESSIONS = (
    select(
        literal_column(str(_SESSION)),
        Session.practitioner_id,
        Session.offering_id,
        *_instants(
            epoch(Session.starts_at),
            epoch(func.lower(Session.blocked)),
            epoch(func.upper(Session.blocked)),
            _SEATS_LEFT,
        ),
    )
    .where(
        Session.practice_id.in_(_PRACTICES),
        Session.practitioner_id.in_(_PEOPLE),
        Session.starts_at > _FROM_AT - _LONGEST,
        Session.starts_at < _UNTIL_AT + _LONGEST,
        Session.id.is_distinct_from(bindparam("moving_session", type_=Uuid)),
        *_is_held(_NOW),
    )
    .group_by(Session.practitioner_id, Session.offering_id)
)
_BUSY_TIMES = (
    select(
        literal_column(str(_BUSY)),
        BusyTime.practitioner_id,
        _NO_OFFERING,
        *_instants(epoch(BusyTime.starts_at), epoch(BusyTime.ends_at)),
        _NONE,
        _NONE,
    )
    .where(
        BusyTime.practice_id.in_(_PRACTICES),
        BusyTime.practitioner_id.in_(_PEOPLE),
        BusyTime.ends_at > _FROM_AT,
        BusyTime.starts_at < _UNTIL_AT,
    )
    .group_by(BusyTime.practitioner_id)
)
_CLIENTS_OWN = (
    select(
        literal_column(str(_CLIENT)),
        Participant.client_id,
        _NO_OFFERING,
        *_instants(epoch(Participant.starts_at), epoch(Participant.ends_at)),
        _NONE,
        _NONE,
    )
    .join(
        Booking,
        (Booking.practice_id == Participant.practice_id) & (Booking.id == Participant.booking_id),
    )
    .where(
        Participant.practice_id.in_(_PRACTICES),
        Participant.client_id == bindparam("client", type_=Uuid),
        Participant.is_live,
        Participant.starts_at > _FROM_AT - _LONGEST,
        Participant.starts_at < _UNTIL_AT + _LONGEST,
        or_(Booking.deadline_at.is_(None), Booking.deadline_at > _NOW),
        Participant.booking_id.is_distinct_from(bindparam("moving_booking", type_=Uuid)),
    )
    .group_by(Participant.client_id)
)
_VERSIONS = select(
    literal_column(str(_VERSION)),
    Schedule.practitioner_id,
    _NO_OFFERING,
    cast(array([Schedule.version]), ARRAY(BigInteger)),
    *(_NONE,) * 3,
).where(Schedule.practice_id.in_(_PRACTICES), Schedule.practitioner_id.in_(_PEOPLE))
_TAKEN = union_all(_SESSIONS, _BUSY_TIMES)
_TAKEN_WITH_CLIENT = union_all(_SESSIONS, _BUSY_TIMES, _CLIENTS_OWN, _VERSIONS)
