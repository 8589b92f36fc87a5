"""Courses of plans: where their sessions would fall, and how they stand, for both people of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import course as domain
from services.booking.domain.lifecycle import LIVE
from services.booking.domain.rhythm import goes_on, next_on, span_of, usual_of
from services.booking.models import Booking
from services.booking.operations import place
from services.booking.operations.access import check_staff, may_see
from services.booking.operations.course import Beginning, pattern_of
from services.booking.queries import bookings, courses, offerings
from services.booking.queries.offerings import Offered
from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.booking.planned import PreviewPlannedCourse, ShowPlannedCourse
from services.contracts.booking.refusals import NotBookable


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the sessions would fall, by which wish, and what else the practitioner offers."""

    begun: Beginning
    first_on: date
    starts_at: time
    dates: Sequence[domain.Placed]
    others: Sequence[Offered]


def preview_planned_course(
    tx: Transaction, command: PreviewPlannedCourse, *, actor: Actor, now: datetime
) -> Preview:
    """Where the sessions of a plan would fall, for the staff of the calendar.

    Raises NotFound, NotBookable, and InvalidInput for what is no pattern.
    """
    practice_id = check_staff(tx, command.practitioner_id, actor)
    latest = bookings.latest_treated(tx, practice_id, command.practitioner_id, command.client_id)
    if latest is None:
        raise NotFound("There is no such client.")
    offering_id = command.offering_id or latest.offering_id
    begun = begin(tx, latest, offering_id, command.format or latest.format, now)
    usual = _as_usual(tx, command, latest, now)
    first_on, starts_at = command.first_on or usual.date(), command.starts_at or usual.time()
    pattern = pattern_of(command, first_on, starts_at)
    taken = begun.occupied(tx, *span_of(pattern), now)
    dates = domain.place(begun.rules, taken, pattern, now=now)
    others = offerings.offered_by(tx, [practice_id], [command.practitioner_id], now)
    return Preview(begun, first_on, starts_at, dates, [one for one in others if _is_single(one)])


def begin(
    tx: Transaction,
    latest: Booking,
    offering_id: UUID,
    format_: str,
    now: datetime,
    account_id: UUID | None = None,
) -> Beginning:
    """What the course of a plan is of, for a client whose latest session is known.

    `account_id`: whose the sessions are, where it is told. Raises NotBookable where the
    practitioner does not offer it, or to groups only.
    """
    offered = offerings.offered(tx, latest.practice_id, offering_id, now)
    if offered is None or not _is_offered(offered, latest.practitioner_id, format_):
        told = {"offering_id": "is not offered in this way"}
        raise NotBookable("This cannot be booked as a course.", told)
    rooms = place.rooms_for(tx, offered, format_)
    return Beginning(latest, offered, format_, rooms, account_id or latest.account_id)


def show_planned_course(
    tx: Transaction, command: ShowPlannedCourse, *, actor: Actor, now: datetime
) -> tuple[Offered, list[Booking]]:
    """The sessions that the actor may see, and their offering as it is today; raises NotFound."""
    if actor.practice_id is None:
        raise NotFound("There is no such offering.")
    offered = offerings.offered(tx, actor.practice_id, command.offering_id, now)
    if offered is None or offered.offering.practitioner_id != command.practitioner_id:
        raise NotFound("There is no such offering.")
    found = courses.bookings_of_several(tx, actor.practice_id, command.course_ids)
    return offered, [one for one in found if may_see(tx, one, actor)]


def usual_of_plan(
    tx: Transaction,
    practice_id: UUID,
    follows: Sequence[UUID],
    zone: ZoneInfo,
    agreed: tuple[date, time],
) -> tuple[date, time]:
    """A date on the weekday of a plan's sessions, and their hour: where they were moved to
    together, or as it was agreed on."""
    if moved := courses.moved_together(tx, practice_id, follows):
        usual = usual_of([one.starts_at.astimezone(zone) for one in moved])
        return usual.date(), usual.time()
    return agreed


def _is_offered(offered: Offered, practitioner_id: UUID, format_: str) -> bool:
    row = offered.offering
    is_theirs = row.practitioner_id == practitioner_id and row.is_active
    return is_theirs and _is_single(offered) and format_ in row.formats


def _is_single(offered: Offered) -> bool:
    return offered.offering.seats == 1


def _as_usual(
    tx: Transaction, command: PreviewPlannedCourse, latest: Booking, now: datetime
) -> datetime:
    """The local time at which a first session would be: in the rhythm of the plan's own, or a week
    after the client's latest one."""
    zone = ZoneInfo(latest.time_zone)
    today = now.astimezone(zone).date()
    if command.usual_on is None or command.usual_at is None:
        last = latest.starts_at.astimezone(zone).replace(tzinfo=None)
        return datetime.combine(goes_on(last.date(), last.date(), 1, today), last.time())
    agreed = command.usual_on, command.usual_at
    usual_on, opens = usual_of_plan(tx, latest.practice_id, command.follows, zone, agreed)
    found = courses.bookings_of_several(tx, latest.practice_id, command.follows)
    standing = [one.starts_at.astimezone(zone).date() for one in found if one.state in LIVE]
    begins_on = next_on(usual_on, command.usual_on, 0)
    weeks = command.phases[0].every_weeks
    on = goes_on(begins_on, max(standing, default=None), weeks, today)
    return datetime.combine(on, opens)
