"""Booking a course: all of its sessions in one transaction, or none.

Practitioner, client and rooms are locked at once; each start is asked as if the others were
booked; sessions, bookings and participants are each one INSERT, whatever their number.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction
from uuid_utils.compat import uuid7

from services.booking.domain.calendar import second_of
from services.booking.domain.course_days import are_apart, refused, substitutes
from services.booking.domain.lifecycle import BookingEvent, BookingState, advance
from services.booking.domain.rendering import in_utc
from services.booking.domain.rhythm import LEAST_DAYS
from services.booking.domain.slot_rules import Occupied
from services.booking.models import Base, Booking, Course, Participant, Session
from services.booking.operations import place, transitions
from services.booking.operations.book import claim, seated
from services.booking.operations.course import Beginning, beginning, visible_course
from services.booking.operations.place import AROUND, LOST, SENTENCES, Wish
from services.booking.operations.repeat import fingerprint
from services.booking.queries import courses, lapsed
from services.booking.queries.locks import lock
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, Refusal
from services.contracts.base import Format
from services.contracts.booking.bookings import BookSession
from services.contracts.booking.courses import BookCourse
from services.contracts.booking.events import BookingConfirmed
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)

WENT = "Some of these times have just been taken. Nothing was changed."
Booked = tuple[Course, Sequence[Booking]]


def book_course(tx: Transaction, command: BookCourse, *, actor: Actor, now: datetime) -> Booked:
    """Book all sessions, firm at once, or answer as before to the same id.

    Raises NotFound, Forbidden, DifferentContent, InvalidInput, NotBookable, PriceChanged,
    ClientElsewhere, and SlotTaken naming each date that went and another one for it.
    """
    try:
        begun = beginning(tx, command.follows_booking_id, actor, now)
    except Refusal:
        # What could be booked then need not be on offer any more.
        if earlier := _earlier(tx, command, actor):
            return earlier
        raise
    lock_for(tx, begun)
    # Under the locks, for a second copy of this very call may have held them before.
    return _earlier(tx, command, actor) or _book(tx, command, begun, now)


def lock_for(tx: Transaction, begun: Beginning) -> None:
    """Be alone with all that the course touches."""
    lock(
        tx,
        begun.booking.practice_id,
        practitioners=[begun.booking.practitioner_id],
        clients=[begun.booking.client_id],
        rooms=begun.rooms,
    )


def _earlier(tx: Transaction, command: BookCourse, actor: Actor) -> Booked | None:
    """The course that this very command made; raises DifferentContent, NotFound."""
    if actor.practice_id is None or not courses.course(tx, actor.practice_id, command.id):
        return None
    course, bookings = visible_course(tx, actor.practice_id, command.id, actor)
    if course.fingerprint != fingerprint(command, None):
        raise DifferentContent("This id was used for another course.")
    return course, bookings


def _book(tx: Transaction, command: BookCourse, begun: Beginning, now: datetime) -> Booked:
    if command.price_id != begun.offered.offering.price_id:
        today = {"price_id": str(begun.offered.offering.price_id)}
        raise PriceChanged("The price has changed since you saw it.", today)
    _check_apart(command, begun)
    taken = occupied(tx, command, begun, now)
    check_free(begun, command.starts, taken, now)
    return take(tx, command, begun, taken, now)


def take(
    tx: Transaction, command: BookCourse, begun: Beginning, taken: Occupied, now: datetime
) -> Booked:
    """Book dates that were found free; lapsed holds in their way expire."""
    calendars = make_way(tx, begun, command.starts, now)
    booked = write(tx, command, begun, taken, now)
    practitioners = {begun.booking.practitioner_id, *calendars}
    transitions.mark_openings(tx, begun.booking.practice_id, practitioners, now)
    return booked


def _check_apart(command: BookCourse, begun: Beginning) -> None:
    """In order, and never two where one week or one gap is meant."""
    if not are_apart(begun.rules, [second_of(at, "starts") for at in command.starts]):
        told = {"starts": f"must be in order, each at least {LEAST_DAYS} days after the one before"}
        raise InvalidInput("Some dates need another look.", told)


def occupied(tx: Transaction, command: BookCourse, begun: Beginning, now: datetime) -> Occupied:
    """What is in the way of the dates, with so much around that others can be proposed."""
    return begun.occupied(tx, command.starts[0] - AROUND, command.starts[-1] + AROUND, now)


def check_free(
    begun: Beginning, wanted: Sequence[datetime], taken: Occupied, now: datetime
) -> None:
    """Each of the starts as if the others were taken; raises SlotTaken, ClientElsewhere,
    NotBookable."""
    starts = [second_of(at, "starts") for at in wanted]
    flaws = refused(begun.rules, taken, starts, now=now)
    if lost := [start for start, reason in flaws.items() if reason in LOST]:
        others = substitutes(begun.rules, taken, starts, lost, now=now)
        nearest = ("" if one is None else in_utc([one])[0] for one in others)
        told = {"taken": ",".join(in_utc(lost)), "nearest": ",".join(nearest)}
        raise SlotTaken(WENT, told)
    for start, reason in flaws.items():
        if reason not in SENTENCES:
            raise ClientElsewhere("The client has another session at one of these times.")
        told = {"starts": f"{in_utc([start])[0]} {SENTENCES[reason]}", "reason": reason.value}
        raise NotBookable("One of these times cannot be booked.", told)


def make_way(
    tx: Transaction, begun: Beginning, starts: Sequence[datetime], now: datetime
) -> set[UUID]:
    """Expire what lapsed between the first and the last session, in one look; whose it was."""
    first, last = begun.wish(starts[0]), begun.wish(starts[-1])
    others = lapsed.in_the_way(
        tx,
        first.practice_id,
        practitioner_id=first.practitioner_id,
        client_id=first.client_id,
        rooms=first.rooms,
        blocked=Range(first.blocked.lower, last.blocked.upper),
        now=now,
    )
    return place.expire(tx, others, now)


def write(
    tx: Transaction, command: BookCourse, begun: Beginning, taken: Occupied, now: datetime
) -> Booked:
    """Course, sessions, bookings, participants and events of dates that were found free; the
    constraints have the last word."""
    course, wishes = _course(command, begun, now), [begun.wish(at) for at in command.starts]
    sessions = [place.new_session(wish, room_for(wish, taken), held_until=None) for wish in wishes]
    bookings = [
        _booking(command, begun, wish, session, now)
        for wish, session in zip(wishes, sessions, strict=True)
    ]
    try:
        _insert(tx, Course, [course])
        _insert(tx, Session, sessions)
        _insert(tx, Booking, bookings)
        _insert(tx, Participant, [seated(booking) for booking in bookings])
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    for booking in bookings:
        told, is_first = transitions.facts(booking, now), booking is bookings[0]
        confirmed = BookingConfirmed(
            **told,
            is_first=is_first,
            is_by_practitioner=begun.is_by_practitioner,
            is_on_account=True,
            price_id=booking.price_id,
        )
        transitions.emit(tx, confirmed)
    return course, bookings


def _course(command: BookCourse, begun: Beginning, now: datetime) -> Course:
    return Course(
        practice_id=begun.booking.practice_id,
        id=command.id,
        practitioner_id=begun.booking.practitioner_id,
        client_id=begun.booking.client_id,
        follows_booking_id=begun.booking.id,
        sessions=len(command.starts),
        fingerprint=fingerprint(command, None),
        booked_at=now,
        is_added=begun.is_added,
        plan_id=begun.plan_id,
    )


def room_for(wish: Wish, taken: Occupied) -> UUID | None:
    """The first room that is free then. The course's own sessions lie on days of their own."""
    start, end = (second_of(at, "starts") for at in (wish.starts_at, wish.ends_at))
    for room_id, spans in zip(wish.rooms, taken.rooms, strict=False):
        if all(span.end <= start or end <= span.start for span in spans):
            return room_id
    return None


def _booking(
    command: BookCourse, begun: Beginning, wish: Wish, session: Session, now: datetime
) -> Booking:
    """A firm booking on today's terms, for whom the first one was."""
    asked = BookSession(
        id=uuid7(),
        offering_id=wish.offered.offering.id,
        starts_at=wish.starts_at,
        format=Format(wish.format),
        price_id=command.price_id,
        client_id=wish.client_id,
        client_time_zone=begun.booking.client_time_zone,
    )
    booking = claim(asked, wish, session, begun.account_id, now)
    booking.state = advance(BookingState.HELD, BookingEvent.CONFIRMED_UNPAID)
    booking.seat_no, booking.confirmed_at, booking.course_id = 1, now, command.id
    booking.is_on_account = True
    return booking


def _insert(tx: Transaction, kind: type[Base], rows: Sequence[Base]) -> None:
    columns: Any = kind.__table__.c
    tx.execute(insert(kind), [{it.name: getattr(row, it.name) for it in columns} for row in rows])
