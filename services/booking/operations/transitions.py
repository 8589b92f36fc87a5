"""What a booking's moves do to its rows: seat, session, participant, plumbing, event."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import LIVE, BookingEvent, BookingState, advance
from services.booking.models import (
    Booking,
    HoldDue,
    OpeningsDue,
    Participant,
    Session,
    plumbing,
)
from services.booking.queries import bookings, calendars
from services.booking.queries.locks import lock
from services.common import outbox
from services.common.dialect import DEFERRED
from services.common.messages import Event
from services.contracts.booking.events import (
    BookingConfirmed,
    BookingExpired,
    CalendarChanged,
)

_HOLDS_DUE: Any = HoldDue.__table__
_OPENINGS_DUE: Any = OpeningsDue.__table__


class Facts(TypedDict):
    """What every event of a booking tells."""

    occurred_at: datetime
    practice_id: UUID
    booking_id: UUID
    practitioner_id: UUID
    client_id: UUID
    starts_at: datetime
    course_id: UUID | None
    sequence: int


def facts(booking: Booking, now: datetime) -> Facts:
    """What every event of this booking tells."""
    return Facts(
        occurred_at=now,
        practice_id=booking.practice_id,
        booking_id=booking.id,
        practitioner_id=booking.practitioner_id,
        client_id=booking.client_id,
        starts_at=booking.starts_at,
        course_id=booking.course_id,
        sequence=booking.sequence,
    )


class Telling(TypedDict):
    """Whether an event's mail tells of all that one act did, and of which others."""

    is_first: bool
    also: list[UUID]


class Told(TypedDict):
    """Who need not be told of a move: a client whom the practice tells itself, and who treats,
    where they made it."""

    is_client_told: bool
    is_by_practitioner: bool


def telling(booking: Booking, together: Sequence[Booking]) -> Telling:
    """Of what one act does together the first one's mail tells."""
    is_first = booking.id == together[0].id
    return Telling(is_first=is_first, also=[one.id for one in together[1:]] if is_first else [])


def emit(tx: Transaction, event: Event) -> None:
    """Let the event leave with this transaction."""
    outbox.emit(tx, plumbing.outbox, event)


def be_alone_with(tx: Transaction, booking: Booking) -> tuple[Booking, Session]:
    """Lock the calendars that a booking touches; booking and session as they are afterwards."""
    session = bookings.session_of(tx, booking)
    rooms = calendars.active_rooms(tx, booking.practice_id) if session.room_id else []
    lock(
        tx,
        booking.practice_id,
        practitioners=[booking.practitioner_id],
        clients=[booking.client_id],
        rooms=rooms,
    )
    fresh = bookings.fresh_booking(tx, booking.practice_id, booking.id)
    if fresh is None:
        raise LookupError("a booking is never deleted")
    return fresh, bookings.session_of(tx, fresh)


def confirm(tx: Transaction, booking: Booking, now: datetime) -> None:
    """The seat is the client's; the constraints have the last word where it had lapsed."""
    booking.state = advance(BookingState(booking.state), BookingEvent.PAYMENT_SUCCEEDED)
    booking.deadline_at = None
    booking.confirmed_at = now
    _seat(tx, booking, is_live=True)
    emit(tx, BookingConfirmed(**facts(booking, now)))


def release(tx: Transaction, booking: Booking, state: BookingState) -> None:
    """Give up the seat; the caller has asked the domain for the state."""
    booking.state = state
    booking.deadline_at = None
    booking.seat_no = None
    _seat(tx, booking, is_live=False)


def expire(tx: Transaction, booking: Booking, now: datetime) -> None:
    """The deadline has passed."""
    release(tx, booking, advance(BookingState(booking.state), BookingEvent.DEADLINE_PASSED))
    emit(tx, BookingExpired(**facts(booking, now)))


def extend_deadline(tx: Transaction, booking: Booking, deadline_at: datetime) -> None:
    """Keep the seat for longer."""
    booking.deadline_at = deadline_at
    tx.flush()
    later = {"booking": booking.id, "at": deadline_at}
    tx.execute(_DUE_LATER, later, execution_options=DEFERRED)
    settle(tx, booking.practice_id, booking.session_id, booking.seats)


def _seat(tx: Transaction, booking: Booking, *, is_live: bool) -> None:
    tx.flush()
    seats = update(Participant).where(
        Participant.practice_id == booking.practice_id, Participant.booking_id == booking.id
    )
    settle(tx, booking.practice_id, booking.session_id, booking.seats)
    tx.execute(seats.values(is_live=is_live))
    tx.execute(_DUE_NO_MORE, {"booking": booking.id}, execution_options=DEFERRED)


def settle(tx: Transaction, practice_id: UUID, session_id: UUID, seats: int) -> None:
    """A session lives while a booking of it does, and is held until the last hold lapses.

    Who clears a client's or a room's lapsed hold out of the way is not alone with the
    practitioner whose group it was in. So a group is settled by one at a time, who sees what
    the one before has written: the row is locked by a statement of its own.
    """
    if seats > 1:
        group = select(Session.id).where(
            Session.practice_id == practice_id, Session.id == session_id
        )
        tx.execute(group.with_for_update())
    tx.flush()
    tx.execute(_SETTLE, {"practice": practice_id, "session": session_id})


def touch_calendar(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, now: datetime
) -> None:
    """Tell pages that show this calendar to look again, where no event of a booking does."""
    changed = CalendarChanged(
        occurred_at=now, practice_id=practice_id, practitioner_id=practitioner_id
    )
    emit(tx, changed)


def mark_openings(
    tx: Transaction, practice_id: UUID, practitioners: Iterable[UUID], now: datetime
) -> None:
    """Have the soonest free times of these practitioners worked out again; last in its transaction.

    In one order, so that two transactions never wait for each other.
    """
    for id_ in sorted(set(practitioners)):
        row = {"practitioner_id": id_, "practice_id": practice_id, "due_at": now}
        tx.execute(_OPENINGS_SOONER, row, execution_options=DEFERRED)


# Built once, because building them costs more than running them.
_IS_ITS = _HOLDS_DUE.c.booking_id == bindparam("booking", type_=Uuid)
_DUE_LATER = update(_HOLDS_DUE).where(_IS_ITS).values(due_at=bindparam("at"))
_DUE_NO_MORE = delete(_HOLDS_DUE).where(_IS_ITS)
_SESSIONS: Any = Session.__table__
_PRACTICE, _SESSION = bindparam("practice", type_=Uuid), bindparam("session", type_=Uuid)
_LIVE = (
    Booking.practice_id == _PRACTICE,
    Booking.session_id == _SESSION,
    Booking.state.in_(LIVE),
)
_IS_ONLY_HELD = func.count() == func.count(Booking.deadline_at)
_LAST_DEADLINE = select(case((_IS_ONLY_HELD, func.max(Booking.deadline_at)))).where(*_LIVE)
_SETTLE = (
    update(_SESSIONS)
    .where(_SESSIONS.c.practice_id == _PRACTICE, _SESSIONS.c.id == _SESSION)
    .values(
        is_live=select(Booking.id).where(*_LIVE).exists(),
        held_until=_LAST_DEADLINE.scalar_subquery(),
    )
)
_OPENING = insert(_OPENINGS_DUE).inline()
_OPENINGS_SOONER = _OPENING.on_conflict_do_update(
    index_elements=["practitioner_id"],
    set_={"due_at": func.least(_OPENINGS_DUE.c.due_at, _OPENING.excluded.due_at)},
)
