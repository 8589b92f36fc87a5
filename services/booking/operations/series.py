"""Sessions of courses that move together: which there are, and where they would go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session as Transaction

from services.booking.domain import course as domain
from services.booking.domain import series as rules
from services.booking.domain.calendar import second_of
from services.booking.domain.lifecycle import BookingState
from services.booking.domain.policy import CancelledBy
from services.booking.domain.rhythm import Pattern, span_of
from services.booking.domain.slot_rules import Occupied
from services.booking.models import Booking, Session
from services.booking.operations import place
from services.booking.operations.access import side_of, visible_booking
from services.booking.operations.course import Beginning, instant
from services.booking.queries import courses, offerings
from services.common.auth import Actor
from services.common.errors import Forbidden, InvalidInput
from services.contracts.booking.refusals import NotReschedulable
from services.contracts.booking.series import (
    MoveScope,
    PreviewSeriesMove,
)


@dataclass(frozen=True, slots=True)
class Series:
    """Sessions of courses with one client: the last one that began, and those to come.

    `named` is the one that was asked for, `begun` what all are of.
    """

    begun: Beginning
    named: Booking
    began: Booking | None
    to_come: Sequence[Booking]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.begun.offered.calendar.schedule.zone)

    @property
    def standing(self) -> list[Booking]:
        """All between which distances are kept, by start."""
        return [*([self.began] if self.began else []), *self.to_come]

    def moving(self, scope: MoveScope) -> list[Booking]:
        """The sessions of a scope."""
        if scope is MoveScope.ALL:
            return list(self.to_come)
        place_ = next(n for n, one in enumerate(self.to_come) if one.id == self.named.id)
        return list(self.to_come[place_:] if scope is MoveScope.FOLLOWING else [self.named])

    def breaks(self, moved: dict[UUID, datetime]) -> list[rules.Break]:
        """What is broken once sessions are where they go, by booking."""
        before = [second_of(one.starts_at, "starts_at") for one in self.standing]
        after = [moved.get(one.id, one.starts_at) for one in self.standing]
        return rules.breaks(before, [second_of(at, "moves") for at in after], self.zone.key)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the sessions would be, in order, and what that breaks."""

    named: Booking
    moving: Sequence[Booking]
    dates: Sequence[domain.Placed]
    breaks: Sequence[rules.Break]


def preview_series_move(
    tx: Transaction, command: PreviewSeriesMove, *, actor: Actor, now: datetime
) -> Proposal:
    """Where the sessions would be.

    Raises NotFound, Forbidden for clients, NotReschedulable, and InvalidInput for what is no
    pattern.
    """
    series = series_to_come(tx, begun_of(tx, staffs(tx, command.booking_id, actor), now), now)
    moving = series.moving(command.scope)
    pattern = _pattern(series, moving, command, now)
    taken = occupied(tx, series, moving, span_of(pattern), now)
    dates = domain.place(series.begun.rules, taken, pattern, now=now)
    moved = {
        one.id: instant(to.wanted if to.starts_at is None else to.starts_at)
        for one, to in zip(moving, dates, strict=True)
    }
    return Proposal(series.named, moving, dates, series.breaks(moved))


def staffs(tx: Transaction, booking_id: UUID, actor: Actor) -> Booking:
    """A booking that the actor may see as the practice's staff; raises NotFound, Forbidden."""
    found = visible_booking(tx, booking_id, actor)
    if side_of(found, actor) is CancelledBy.CLIENT:
        raise Forbidden("The practice moves sessions of a course together.")
    return found


def begun_of(tx: Transaction, named: Booking, now: datetime) -> Beginning:
    """What the sessions are of, whether or not it is offered still."""
    offered = offerings.offered(tx, named.practice_id, named.offering_id, now)
    if offered is None:
        raise LookupError("an offering is never deleted")
    rooms = place.rooms_for(tx, offered, named.format)
    return Beginning(named, offered, named.format, rooms, named.account_id)


def series_to_come(tx: Transaction, begun: Beginning, now: datetime) -> Series:
    """The series of a booking that is to come; who writes is alone with all that it touches."""
    named = begun.booking
    found = courses.series_of(tx, named)
    to_come = [one for one in found if one.state == BookingState.CONFIRMED and one.starts_at > now]
    if named not in to_come:
        raise NotReschedulable("This session is none of a course that can be moved.")
    began = next((one for one in reversed(found) if one.starts_at <= now), None)
    return Series(begun, named, began, to_come)


def _pattern(
    series: Series, moving: Sequence[Booking], command: PreviewSeriesMove, now: datetime
) -> Pattern:
    starts = [one.starts_at.astimezone(series.zone) for one in moving]
    target = rules.Target(
        moved_from=series.named.starts_at.astimezone(series.zone),
        moved_to=datetime.combine(command.on, command.at),
        tolerance_days=command.tolerance_days,
        tolerance_minutes=command.tolerance_minutes,
        skip_weeks=command.skip_weeks,
    )
    try:
        rules.check_day(command.on, now.astimezone(series.zone).date())
        return rules.pattern_of(starts, target)
    except ValueError as flaw:
        name, _, told = str(flaw).partition(": ")
        named = {"opens": "at"}.get(name, "on")
        raise InvalidInput("Some fields need another look.", {named: told}) from None


def occupied(
    tx: Transaction,
    series: Series,
    moving: Sequence[Booking],
    span: tuple[datetime, datetime],
    now: datetime,
) -> Occupied:
    """What is in the way in a span, but for the sessions themselves."""
    begun, sessions = series.begun, courses.sessions_of(tx, moving)
    own = [_own(sessions[one.id], begun.rooms) for one in moving]
    taken = begun.occupied(tx, *span, now)
    return rules.leaving_out(taken, own, begun.offered.offering.id)


def _own(session: Session, rooms: Sequence[UUID]) -> rules.Own:
    return rules.Own(
        second_of(session.starts_at, "starts_at"),
        second_of(session.ends_at, "ends_at"),
        rooms.index(session.room_id) if session.room_id in rooms else None,
    )
