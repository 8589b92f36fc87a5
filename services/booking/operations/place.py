"""Finding room for a booking: rules, locks, lapsed holds in the way, session and seat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction
from uuid_utils.compat import uuid7

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import Span, second_of
from services.booking.domain.choice import nearest
from services.booking.domain.course_days import for_practice
from services.booking.domain.refusal import Refusal as Reason
from services.booking.domain.refusal import refusal
from services.booking.domain.rendering import in_utc
from services.booking.domain.slot_rules import Occupied, SlotRules, span_to_read
from services.booking.models import Booking, Session
from services.booking.operations import transitions
from services.booking.queries import bookings, calendars, lapsed, occupancy
from services.booking.queries.locks import lock
from services.booking.queries.offerings import Offered
from services.common.database import constraint_of
from services.common.errors import Busy, DifferentContent, Refusal
from services.contracts.base import Format
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotReschedulable,
    SlotTaken,
)

AROUND = timedelta(days=14)
# A room that is never free, for a practice that needs one and has none.
ALWAYS = [Span(0, 2**40)]
# Reasons that somebody else's booking can bring about between the page and the button.
LOST = {Reason.TAKEN, Reason.BUSY, Reason.DAY_FULL, Reason.WEEK_FULL, Reason.NO_ROOM}
SENTENCES = {
    Reason.OUTSIDE_HOURS: "is outside of the working hours",
    Reason.OFF_GRID: "is between two bookable starts",
    Reason.DOES_NOT_FIT: "leaves too little time before closing",
    Reason.TIME_OFF: "falls into time off",
    Reason.TOO_SOON: "is too soon",
    Reason.TOO_FAR: "is too far ahead",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A client's wish for a start; when a booking moves, its own seat is not in the way, and where
    it is already, `moves_from`, is no other choice."""

    offered: Offered
    client_id: UUID
    starts_at: datetime
    format: str
    rooms: tuple[UUID, ...]
    booking_id: UUID | None = None
    own_session: UUID | None = None
    moves_from: datetime | None = None
    is_by_practice: bool = False

    @property
    def rules(self) -> SlotRules:
        """What a start has to keep: notice and window bind clients alone."""
        rules = self.offered.rules
        return for_practice(rules) if self.is_by_practice else rules

    @property
    def practice_id(self) -> UUID:
        return self.offered.offering.practice_id

    @property
    def practitioner_id(self) -> UUID:
        return self.offered.offering.practitioner_id

    @property
    def needs_room(self) -> bool:
        return needs_room(self.offered, self.format)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.offered.offering.minutes)

    @property
    def blocked(self) -> Range[datetime]:
        offering = self.offered.offering
        return Range(
            self.starts_at - timedelta(minutes=offering.before_minutes),
            self.ends_at + timedelta(minutes=offering.after_minutes),
        )


def needs_room(offered: Offered, format_: str) -> bool:
    """Whether a session in this format takes one of the practice's rooms."""
    return offered.offering.needs_room and format_ == Format.IN_PERSON


def check_still_offered(offered: Offered, format_: str) -> None:
    """Refuse to move what nobody could book in this format any more; raises NotReschedulable."""
    if not offered.offering.is_active or format_ not in offered.offering.formats:
        told = {"format": "is no longer offered"}
        raise NotReschedulable("This session is no longer offered in this way.", told)


def lock_for(tx: Transaction, wish: Wish) -> None:
    """Be alone with all that the wish touches."""
    lock(
        tx,
        wish.practice_id,
        practitioners=[wish.practitioner_id],
        clients=[wish.client_id],
        rooms=wish.rooms,
    )


def rooms_for(tx: Transaction, offered: Offered, format_: str) -> tuple[UUID, ...]:
    """The rooms that would do; empty if none is needed."""
    if not needs_room(offered, format_):
        return ()
    return tuple(calendars.active_rooms(tx, offered.offering.practice_id))


def make_way(tx: Transaction, wish: Wish, now: datetime, *, keep: UUID | None = None) -> set[UUID]:
    """Expire the lapsed holds that still occupy the place; whose calendars they were in.

    `keep` is a booking that is about to be confirmed after all.
    """
    others = [booking for booking in in_the_way(tx, wish, now) if booking.id != keep]
    return expire(tx, others, now)


def in_the_way(
    tx: Transaction, wish: Wish, now: datetime, *, named: UUID | None = None
) -> list[Booking]:
    """The lapsed holds that still occupy the place, and the booking `named` in the same trip."""
    return lapsed.in_the_way(
        tx,
        wish.practice_id,
        practitioner_id=wish.practitioner_id,
        client_id=wish.client_id,
        rooms=wish.rooms,
        blocked=wish.blocked,
        now=now,
        named=named,
    )


def expire(tx: Transaction, holds: Iterable[Booking], now: datetime) -> set[UUID]:
    """End lapsed holds; whose calendars they were in."""
    calendars = set()
    for booking in holds:
        transitions.expire(tx, booking, now)
        calendars.add(booking.practitioner_id)
    return calendars


def check_free(tx: Transaction, wish: Wish, now: datetime) -> None:
    """Refuse what is no slot, with the sentence or the times that help the client on."""
    rules = wish.rules
    span = span_to_read(rules, from_=wish.starts_at, until=wish.starts_at + timedelta(seconds=1))
    reason = refusal(rules, occupied(tx, wish, span, now), wish.starts_at, now=now)
    if reason in LOST:
        raise SlotTaken("This time has just been taken.", {"nearest": _nearest(tx, wish, now)})
    if reason is Reason.CLIENT_ELSEWHERE:
        raise ClientElsewhere("You have another session at that time.")
    if reason is not None:
        told = {"starts_at": SENTENCES[reason], "reason": reason.value}
        raise NotBookable("This time cannot be booked.", told)


def occupied(tx: Transaction, wish: Wish, span: Span, now: datetime) -> Occupied:
    """What is in the way of a wish within the span, asked under its locks.

    Raises Busy where the hours by which the wish was made have changed before they were held.
    """
    read = occupancy.taken(
        tx,
        [wish.practice_id],
        [wish.practitioner_id],
        span,
        now,
        client_id=wish.client_id,
        moving=occupancy.Moving(wish.own_session, wish.booking_id),
    )
    if read.version != wish.offered.calendar.version:
        raise Busy("These hours are just being changed. Please try again in a moment.")
    rooms = occupancy.taken_rooms(
        tx, wish.practice_id, wish.rooms, span, now, without=wish.own_session
    )
    return Occupied(
        sessions=read.sessions.get(wish.practitioner_id, []),
        busy=read.busy.get(wish.practitioner_id, []),
        rooms=rooms or ([ALWAYS] if wish.needs_room else []),
        client=read.client,
    )


def take_seat(
    tx: Transaction, wish: Wish, now: datetime, *, held_until: datetime | None = None
) -> tuple[Session, int]:
    """A seat in the group that meets then, or in a session of its own, held or firm."""
    found = seat_in_group(tx, wish)
    if found:
        return found
    session = own_session(tx, wish, now, held_until=held_until)
    tx.add(session)
    tx.flush()
    return session, 1


def seat_in_group(tx: Transaction, wish: Wish) -> tuple[Session, int] | None:
    """A free seat in the group that meets then; None if there is none."""
    offering = wish.offered.offering
    if offering.seats == 1:
        return None
    group = bookings.open_group(
        tx, wish.practice_id, wish.practitioner_id, offering.id, wish.starts_at
    )
    seat = bookings.free_seat(tx, group) if group else None
    return (group, seat) if group and seat else None


def own_session(
    tx: Transaction, wish: Wish, now: datetime, *, held_until: datetime | None
) -> Session:
    """A session of the wish's own, still to be written."""
    return new_session(wish, free_room(tx, wish, now), held_until=held_until)


def new_session(wish: Wish, room_id: UUID | None, *, held_until: datetime | None) -> Session:
    """The session of a wish in that room."""
    offering = wish.offered.offering
    session = Session(
        practice_id=wish.practice_id,
        id=uuid7(),
        practitioner_id=wish.practitioner_id,
        offering_id=offering.id,
        seats=offering.seats,
        is_live=True,
        is_override=False,
        held_until=held_until,
    )
    put(session, wish, room_id)
    return session


def put(session: Session, wish: Wish, room_id: UUID | None) -> None:
    """Set a session's times and room."""
    session.starts_at = wish.starts_at
    session.ends_at = wish.ends_at
    session.blocked = wish.blocked
    session.room_id = room_id


def free_room(tx: Transaction, wish: Wish, now: datetime) -> UUID | None:
    """The first room that is free for the session; None if none is needed."""
    start, end = (second_of(at, "starts_at") for at in (wish.starts_at, wish.ends_at))
    taken = occupancy.taken_rooms(
        tx, wish.practice_id, wish.rooms, Span(start, end), now, without=wish.own_session
    )
    for room_id, spans in zip(wish.rooms, taken, strict=True):
        if all(span.end <= start or end <= span.start for span in spans):
            return room_id
    return None


def refusal_of(error: IntegrityError) -> Refusal | None:
    """What a broken guard means; None where it is no guard."""
    broken: dict[str, Refusal] = {
        "sessions_no_overlap": SlotTaken("This time has just been taken."),
        "sessions_no_room_overlap": SlotTaken("This time has just been taken."),
        "bookings_seat_once": SlotTaken("The last seat has just been taken."),
        "participants_no_overlap": ClientElsewhere("You have another session at that time."),
        "bookings_pkey": DifferentContent("This id was used for another booking."),
        "bookings_id_unique": DifferentContent("This id was used for another booking."),
        "changes_pkey": DifferentContent("This id was used for another change."),
    }
    return broken.get(constraint_of(error))


def _nearest(tx: Transaction, wish: Wish, now: datetime) -> str:
    """Up to three free starts around the wish, RFC 3339, by comma."""
    rules = wish.rules
    from_ = max(now.astimezone(UTC), wish.starts_at - AROUND)
    until = wish.starts_at + AROUND
    around = occupied(tx, wish, span_to_read(rules, from_=from_, until=until), now)
    slots = free_slots(rules, around, now=now, from_=from_, until=until)
    own = second_of(wish.moves_from, "moves_from") if wish.moves_from else None
    return ",".join(in_utc(nearest([one for one in slots if one != own], wish.starts_at)))
