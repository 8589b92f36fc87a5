"""Sessions that were agreed elsewhere, taken over in sets: a past year, or what is to come."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range, insert
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import LIVE, BookingState
from services.booking.models import Base, Booking, Course, Participant, Session
from services.booking.operations.transitions import mark_openings
from services.booking.queries import offerings
from services.booking.queries.offerings import Offered

BATCH = 500
MARKED = frozenset({BookingState.ATTENDED, BookingState.NO_SHOW})
KEPT = frozenset(
    {
        BookingState.CONFIRMED,
        BookingState.ATTENDED,
        BookingState.NO_SHOW,
        BookingState.CANCELLED,
        BookingState.LATE_CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class KnownSession:
    """One session with one client; `state` is a firm one (confirmed, attended, no_show …).

    `client_time_zone` is the schedule's where it is None. With a `course_id` it is one of that
    course's sessions, and on account.
    """

    id: UUID
    booking_id: UUID
    offering_id: UUID
    practitioner_id: UUID
    client_id: UUID
    starts_at: datetime
    format: str
    state: str
    booked_at: datetime
    account_id: UUID | None = None
    cancelled_at: datetime | None = None
    client_time_zone: str | None = None
    room_id: UUID | None = None
    course_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """What was booked as one promise, after another session of the same client; `plan_id`: of
    which plan, if any."""

    id: UUID
    practitioner_id: UUID
    client_id: UUID
    follows_booking_id: UUID
    sessions: int
    booked_at: datetime
    plan_id: UUID | None = None


def take_over_courses(tx: Transaction, practice_id: UUID, known: Sequence[KnownCourse]) -> None:
    """Insert courses, before their sessions and after those that they follow; ids that exist stay
    as they are."""
    for one in known:
        row = {"practice_id": practice_id, "fingerprint": ""} | asdict(one)
        tx.execute(insert(Course).values(row).on_conflict_do_nothing())


def take_over_sessions(
    tx: Transaction, practice_id: UUID, known: Sequence[KnownSession], *, now: datetime
) -> None:
    """Insert sessions with bookings and participants; ids that exist stay as they are.

    No events: nobody is written to about them. ValueError naming `state` or `offering_id`.
    """
    offered = {
        one.offering.id: one
        for one in offerings.offered_by(
            tx, [practice_id], {one.practitioner_id for one in known}, now
        )
    }
    _check(known, offered)
    for at in range(0, len(known), BATCH):
        part = [(one, offered[one.offering_id]) for one in known[at : at + BATCH]]
        for model, row in _tables():
            # The table and not the class: a statement for many rows is put together once.
            table: Any = model.__table__
            # The exclusion constraints are deferrable and no arbiters: name the keys.
            once = insert(table).on_conflict_do_nothing(index_elements=list(table.primary_key))
            tx.execute(once, [row(one, its) for one, its in part])
    mark_openings(tx, practice_id, {one.practitioner_id for one in known}, now)


def _tables() -> tuple[tuple[type[Base], Callable[[KnownSession, Offered], dict[str, Any]]], ...]:
    return (Session, _session), (Booking, _booking), (Participant, _participant)


def _check(known: Sequence[KnownSession], offered: dict[UUID, Offered]) -> None:
    if not {one.state for one in known} <= KEPT:
        raise ValueError("state: must be a firm one")
    if not {one.offering_id for one in known} <= set(offered):
        raise ValueError("offering_id: is not an active offering of the practitioner")


def _times(one: KnownSession, its: Offered) -> dict[str, Any]:
    return {
        "practice_id": its.offering.practice_id,
        "starts_at": one.starts_at,
        "ends_at": one.starts_at + timedelta(minutes=its.offering.minutes),
    }


def _session(one: KnownSession, its: Offered) -> dict[str, Any]:
    times = _times(one, its)
    before = timedelta(minutes=its.offering.before_minutes)
    after = timedelta(minutes=its.offering.after_minutes)
    return times | {
        "id": one.id,
        "practitioner_id": one.practitioner_id,
        "offering_id": one.offering_id,
        "blocked": Range(one.starts_at - before, times["ends_at"] + after),
        "room_id": one.room_id,
        "seats": 1,
        "is_live": one.state in LIVE,
        "is_override": False,
        "held_until": None,
    }


def _booking(one: KnownSession, its: Offered) -> dict[str, Any]:
    zone = its.calendar.schedule.zone
    return _times(one, its) | {
        "id": one.booking_id,
        "session_id": one.id,
        "seat_no": 1 if one.state in LIVE else None,
        "seats": 1,
        "practitioner_id": one.practitioner_id,
        "offering_id": one.offering_id,
        "offering_name": its.offering.name,
        "client_id": one.client_id,
        "account_id": one.account_id,
        "state": one.state,
        "format": one.format,
        "time_zone": zone,
        "client_time_zone": one.client_time_zone or zone,
        "price_id": its.offering.price_id,
        "policy": its.policy.terms,
        "deadline_at": None,
        "is_hold_extended": False,
        "is_payment_extended": False,
        "sequence": 0,
        "fingerprint": "",
        "booked_at": one.booked_at,
        "confirmed_at": one.booked_at,
        "cancelled_at": one.cancelled_at,
        "course_id": one.course_id,
        "is_on_account": one.course_id is not None,
        "marks": 1 if one.state in MARKED else 0,
    }


def _participant(one: KnownSession, its: Offered) -> dict[str, Any]:
    return _times(one, its) | {
        "booking_id": one.booking_id,
        "client_id": one.client_id,
        "is_live": one.state in LIVE,
    }
