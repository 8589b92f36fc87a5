"""Courses: from which booking one goes on, where its sessions would fall, and what it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import course as domain
from services.booking.domain.course_days import for_practice
from services.booking.domain.lifecycle import BookingState
from services.booking.domain.policy import CancelledBy
from services.booking.domain.rhythm import Pattern, Phase, span_of
from services.booking.domain.schedule import minute_of_day
from services.booking.domain.slot_rules import Occupied, SlotRules, span_to_read
from services.booking.models import Booking, Course
from services.booking.operations import place
from services.booking.operations.access import (
    READING_SERVICES,
    check_staff,
    is_by_practitioner,
    side_of,
    visible_booking,
)
from services.booking.operations.place import Wish
from services.booking.queries import courses, offerings
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import Forbidden, InvalidInput, NotFound
from services.contracts.booking.courses import GetCourse, PreviewCourse
from services.contracts.booking.planned import PreviewPlannedCourse
from services.contracts.booking.refusals import NotBookable

FIRM = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})


@dataclass(frozen=True, slots=True)
class Beginning:
    """The booking from which a course goes on, what its sessions are of, and whose they are.

    `is_added`: they are added by themselves to those that were agreed on. `is_by_practitioner`:
    who books them is the one whose calendar it is. `plan_id`: the plan that they are of.
    """

    booking: Booking
    offered: Offered
    format: str
    rooms: tuple[UUID, ...]
    account_id: UUID | None
    is_added: bool = False
    is_by_practitioner: bool = False
    plan_id: UUID | None = None

    @property
    def rules(self) -> SlotRules:
        return for_practice(self.offered.rules)

    def wish(self, starts_at: datetime) -> Wish:
        """The same client's wish for another start."""
        return Wish(
            offered=self.offered,
            client_id=self.booking.client_id,
            starts_at=starts_at,
            format=self.format,
            rooms=self.rooms,
        )

    def occupied(
        self, tx: Transaction, from_: datetime, until: datetime, now: datetime
    ) -> Occupied:
        """What is in the way of starts in `[from_, until)`."""
        span = span_to_read(self.rules, from_=from_, until=until)
        return place.occupied(tx, self.wish(from_), span, now)


def preview_course(
    tx: Transaction, command: PreviewCourse, *, actor: Actor, now: datetime
) -> tuple[Beginning, list[domain.Placed]]:
    """Where the sessions would fall.

    Raises NotFound, Forbidden, NotBookable, and InvalidInput for what is no pattern.
    """
    begun = beginning(tx, command.follows_booking_id, actor, now)
    pattern = pattern_of(command, command.first_on, command.starts_at)
    taken = begun.occupied(tx, *span_of(pattern), now)
    return begun, domain.place(begun.rules, taken, pattern, now=now)


def get_course(
    tx: Transaction, command: GetCourse, *, actor: Actor
) -> tuple[Course, Sequence[Booking]]:
    """A course with its bookings, for the practice's staff and who writes to its client; raises
    NotFound."""
    if actor.practice_id is None:
        raise NotFound("There is no such course.")
    return visible_course(tx, actor.practice_id, command.course_id, actor)


def visible_course(
    tx: Transaction, practice_id: UUID, course_id: UUID, actor: Actor
) -> tuple[Course, Sequence[Booking]]:
    """The course with its bookings; NotFound for who may not see it."""
    found = courses.course(tx, practice_id, course_id)
    if found is None:
        raise NotFound("There is no such course.")
    if not (actor.is_service and actor.issuer in READING_SERVICES):
        check_staff(tx, found.practitioner_id, actor)
    return found, courses.bookings_of(tx, found)


def beginning(tx: Transaction, booking_id: UUID, actor: Actor, now: datetime) -> Beginning:
    """The booking to go on from, for the staff of its calendar.

    Raises NotFound, Forbidden for clients themselves (docs/adr/0018), and NotBookable where it
    is not firm, of a group, or no longer offered in its way.
    """
    booking = visible_booking(tx, booking_id, actor)
    if side_of(booking, actor) is CancelledBy.CLIENT:
        raise Forbidden("The practice books a course for you.")
    offered = offerings.offered(tx, booking.practice_id, booking.offering_id, now)
    if offered is None:
        raise LookupError("an offering is never deleted")
    _check_bookable(booking, offered)
    rooms = place.rooms_for(tx, offered, booking.format)
    own = is_by_practitioner(tx, booking.practice_id, booking.practitioner_id, actor)
    account_id = booking.account_id
    return Beginning(booking, offered, booking.format, rooms, account_id, is_by_practitioner=own)


def _check_bookable(booking: Booking, offered: Offered) -> None:
    flaw = ""
    if booking.state not in FIRM:
        flaw = "is not confirmed"
    elif offered.offering.seats > 1:
        flaw = "is a group's, whose seats are booked one by one"
    elif not offered.offering.is_active or booking.format not in offered.offering.formats:
        flaw = "is no longer offered in this way"
    if flaw:
        raise NotBookable("A course cannot go on from this session.", {"follows_booking_id": flaw})


def pattern_of(
    command: PreviewCourse | PreviewPlannedCourse, first_on: date, starts_at: time
) -> Pattern:
    """How a course should lie; raises InvalidInput, naming the field, for what is no pattern."""
    try:
        return Pattern(
            first_on=first_on,
            opens=_minutes(starts_at),
            phases=tuple(
                Phase(one.sessions, one.every_weeks, one.least_days, one.most_days)
                for one in command.phases
            ),
            tolerance_days=command.tolerance_days,
            tolerance_minutes=command.tolerance_minutes,
        )
    except ValueError as flaw:
        name, _, told = str(flaw).partition(": ")
        named = {"opens": "starts_at"}.get(name, name)
        raise InvalidInput("Some fields need another look.", {named: told}) from None


def _minutes(at: time) -> int:
    """Minutes after midnight; a time with seconds or an offset is on no grid."""
    if at.tzinfo is not None or at.second or at.microsecond:
        raise ValueError("opens: must be a time of day on the 5-minute grid")
    return minute_of_day(at)


def instant(seconds: int) -> datetime:
    """Epoch seconds as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
