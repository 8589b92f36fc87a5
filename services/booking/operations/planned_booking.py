"""Booking the course that both agreed on in a plan: all of its sessions, or none.

The answer leaves as an event with the sessions, or instead of them. What was agreed once more is
booked already; dates that went, another price, or what is no longer offered refuse the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import second_of
from services.booking.domain.course_days import are_apart, refused
from services.booking.domain.slot_rules import Occupied
from services.booking.operations import course_booking, planned, transitions
from services.booking.operations.course import Beginning, instant
from services.booking.queries import bookings, courses
from services.contracts.base import Format
from services.contracts.booking.courses import BookCourse
from services.contracts.booking.planned import CourseBooked, CourseRefused, WhyRefused
from services.contracts.booking.refusals import NotBookable
from services.contracts.plans.events import CourseRanShort, PlanAgreed

Told = PlanAgreed | CourseRanShort


def book_planned_course(tx: Transaction, event: PlanAgreed, *, now: datetime) -> None:
    """Book the course, or say why none of it could be; raises Busy for another try."""
    wish = Terms(event.offering_id, event.format, event.price_id)
    begun = beginning(tx, event, wish, now)
    if begun is None:
        return
    if event.after is not None and not _are_apart(begun, [event.after, event.starts[0]]):
        refuse(tx, event, WhyRefused.DATES_GONE, event.starts[:1], now)
    else:
        book(tx, event, begun, event.starts, now)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed on beside the dates."""

    offering_id: UUID
    format: Format
    price_id: UUID


def beginning(tx: Transaction, event: Told, terms: Terms, now: datetime) -> Beginning | None:
    """What the course goes on from, alone with all that it touches; None where it is booked
    already, or where it was refused for its terms."""
    if _is_booked(tx, event):
        return None
    begun = _begun(tx, event, terms, now)
    if begun is None:
        refuse(tx, event, WhyRefused.NOT_OFFERED, (), now)
    elif terms.price_id != begun.offered.offering.price_id:
        refuse(tx, event, WhyRefused.PRICE_CHANGED, (), now)
    else:
        course_booking.lock_for(tx, begun)
        # Under the locks, for another message of the same course may have held them before.
        return None if _is_booked(tx, event) else begun
    return None


def _is_booked(tx: Transaction, event: Told) -> bool:
    return courses.course(tx, event.practice_id, event.course_id) is not None


def _begun(tx: Transaction, event: Told, terms: Terms, now: datetime) -> Beginning | None:
    ids = event.practice_id, event.practitioner_id, event.client_id
    latest = bookings.latest_treated(tx, *ids)
    if latest is None:
        return None
    try:
        found = planned.begin(tx, latest, terms.offering_id, terms.format, now, event.account_id)
    except NotBookable:
        return None
    return replace(found, plan_id=event.plan_id)


def book(
    tx: Transaction, event: Told, begun: Beginning, starts: Sequence[datetime], now: datetime
) -> None:
    """Book all of the dates, or say which of them are gone; under the locks of `beginning`."""
    command = BookCourse(
        id=event.course_id,
        follows_booking_id=begun.booking.id,
        price_id=begun.offered.offering.price_id,
        starts=list(starts),
    )
    taken = course_booking.occupied(tx, command, begun, now)
    if gone := _gone(starts, begun, taken, now):
        refuse(tx, event, WhyRefused.DATES_GONE, gone, now)
        return
    course_booking.take(tx, command, begun, taken, now)
    transitions.emit(tx, CourseBooked(**_facts(event, now), starts=list(starts)))


def _gone(
    starts: Sequence[datetime], begun: Beginning, taken: Occupied, now: datetime
) -> Sequence[datetime]:
    """The dates that cannot be booked; all of them where they are no course at all."""
    if not _are_apart(begun, starts):
        return starts
    seconds = [second_of(at, "starts") for at in starts]
    return [instant(at) for at in refused(begun.rules, taken, seconds, now=now)]


def _are_apart(begun: Beginning, starts: Sequence[datetime]) -> bool:
    return are_apart(begun.rules, [second_of(at, "starts") for at in starts])


def refuse(
    tx: Transaction, event: Told, reason: WhyRefused, gone: Sequence[datetime], now: datetime
) -> None:
    """Nothing is booked, and plans hears why."""
    told = CourseRefused(**_facts(event, now), reason=reason, gone=list(gone))
    transitions.emit(tx, told)


def _facts(event: Told, now: datetime) -> dict[str, object]:
    return {
        "occurred_at": now,
        "practice_id": event.practice_id,
        "plan_id": event.plan_id,
        "choice": event.choice,
        "course_id": event.course_id,
    }
