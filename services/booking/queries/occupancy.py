"""What is already there. A lapsed hold is left out by time, whether or not it was swept."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Interval,
    Select,
    Uuid,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span
from services.booking.domain.lifecycle import LIVE
from services.booking.domain.slot_rules import TakenSession
from services.booking.models import Booking, BusyTime, Participant, Session
from services.booking.queries.calendars import epoch

# A session and each of its buffers last at most a day. Starts are asked for instead of ranges,
# because `&&` is no index condition under a row-level policy.
LONGEST = timedelta(days=2)


def taken_sessions(
    tx: Transaction,
    practice_ids: Collection[UUID],
    practitioner_ids: Collection[UUID],
    span: Span,
    now: datetime,
    *,
    without: UUID | None = None,
) -> dict[UUID, list[TakenSession]]:
    """Live sessions that may overlap the span, by practitioner; `without` is being moved."""
    asked = _asked(practice_ids, practitioner_ids, span)
    found: dict[UUID, list[TakenSession]] = defaultdict(list)
    for practitioner_id, *taken in tx.execute(
        _TAKEN_SESSIONS, asked | {"now": now, "without": without}
    ):
        found[practitioner_id].append(TakenSession(*taken))
    return found


def busy_times(
    tx: Transaction, practice_ids: Collection[UUID], practitioner_ids: Collection[UUID], span: Span
) -> dict[UUID, list[Span]]:
    """Times from other calendars that overlap the span, by practitioner."""
    found: dict[UUID, list[Span]] = defaultdict(list)
    for practitioner_id, start, end in tx.execute(
        _BUSY_TIMES, _asked(practice_ids, practitioner_ids, span)
    ):
        found[practitioner_id].append(Span(start, end))
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


def client_spans(
    tx: Transaction,
    practice_id: UUID,
    client_id: UUID,
    span: Span,
    now: datetime,
    *,
    without: UUID | None = None,
) -> list[Span]:
    """Where the client of a practice already is; `without` is the booking that moves."""
    query = (
        select(epoch(Participant.starts_at), epoch(Participant.ends_at))
        .join(
            Booking,
            (Booking.practice_id == Participant.practice_id)
            & (Booking.id == Participant.booking_id),
        )
        .where(
            Participant.practice_id == practice_id,
            Participant.client_id == client_id,
            Participant.is_live,
            *_starting_around(Participant.starts_at, span),
            or_(Booking.deadline_at.is_(None), Booking.deadline_at > now),
        )
    )
    if without is not None:
        query = query.where(Participant.booking_id != without)
    return [Span(start, end) for start, end in tx.execute(query)]


def lapsed_in_the_way(
    tx: Transaction,
    practice_id: UUID,
    *,
    practitioner_id: UUID,
    client_id: UUID,
    rooms: Collection[UUID],
    blocked: Range[datetime],
    now: datetime,
) -> list[Booking]:
    """Holds past their deadline that still stand in a constraint's way."""
    is_same = or_(
        Booking.practitioner_id == practitioner_id,
        Booking.client_id == client_id,
        Session.room_id.in_(rooms),
    )
    query = _with_sessions().where(
        Booking.practice_id == practice_id,
        Booking.deadline_at <= now,
        is_same,
        Session.blocked.op("&&")(literal(blocked, TSTZRANGE())),
    )
    return list(tx.scalars(query.order_by(Booking.id)))


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


def _with_sessions() -> Select[Booking]:
    return select(Booking).join(
        Session,
        (Session.practice_id == Booking.practice_id) & (Session.id == Booking.session_id),
    )


def _asked(
    practice_ids: Collection[UUID], practitioner_ids: Collection[UUID], span: Span
) -> dict[str, Any]:
    return {
        "practices": list(practice_ids),
        "people": list(practitioner_ids),
        "from_at": _instant(span.start),
        "until_at": _instant(span.end),
        "longest": LONGEST,
    }


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

# Built once, because building them costs as much as running them.
_TAKEN_SESSIONS = select(
    Session.practitioner_id,
    epoch(Session.starts_at),
    epoch(func.lower(Session.blocked)),
    epoch(func.upper(Session.blocked)),
    Session.offering_id,
    case((Session.seats > 1, Session.seats - _seats_taken(_NOW)), else_=0),
).where(
    Session.practice_id.in_(_PRACTICES),
    Session.practitioner_id.in_(_PEOPLE),
    Session.starts_at > _FROM_AT - _LONGEST,
    Session.starts_at < _UNTIL_AT + _LONGEST,
    Session.id.is_distinct_from(bindparam("without", type_=Uuid)),
    *_is_held(_NOW),
)
_BUSY_TIMES = select(
    BusyTime.practitioner_id, epoch(BusyTime.starts_at), epoch(BusyTime.ends_at)
).where(
    BusyTime.practice_id.in_(_PRACTICES),
    BusyTime.practitioner_id.in_(_PEOPLE),
    BusyTime.ends_at > _FROM_AT,
    BusyTime.starts_at < _UNTIL_AT,
)
