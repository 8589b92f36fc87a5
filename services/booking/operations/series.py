"""Moving sessions of courses together: proposed among the free slots, then all moved or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from services.booking.domain import course as domain
from services.booking.domain import series as rules
from services.booking.domain.calendar import second_of
from services.booking.domain.lifecycle import BookingState
from services.booking.domain.policy import CancelledBy
from services.booking.domain.rhythm import Pattern, span_of
from services.booking.domain.slot_rules import Occupied
from services.booking.models import Booking, Session
from services.booking.operations import course_booking, place, transitions
from services.booking.operations.access import side_of, visible_booking
from services.booking.operations.course import Beginning, instant
from services.booking.operations.place import AROUND
from services.booking.operations.repeat import fingerprint, is_repeated, remember
from services.booking.queries import courses, offerings
from services.common.auth import Actor
from services.common.errors import Forbidden, InvalidInput
from services.contracts.booking.events import BookingRescheduled
from services.contracts.booking.refusals import NotReschedulable, SeriesBroken, SeriesChanged
from services.contracts.booking.series import MoveScope, MoveSeries, PreviewSeriesMove

MEANWHILE = "Some of these sessions were changed meanwhile. Nothing was moved."
# A session may go where another one of the series leaves.
_TOGETHER = text(
    "SET CONSTRAINTS booking.sessions_no_overlap, booking.sessions_no_room_overlap,"
    " booking.participants_no_overlap DEFERRED"
)
_AT_LAST = text("SET CONSTRAINTS ALL IMMEDIATE")


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
    series = _series(tx, _begun(tx, _staffs(tx, command.booking_id, actor), now), now)
    moving = series.moving(command.scope)
    pattern = _pattern(series, moving, command, now)
    taken = _occupied(tx, series, moving, span_of(pattern), now)
    dates = domain.place(series.begun.rules, taken, pattern, now=now)
    moved = {
        one.id: instant(to.wanted if to.starts_at is None else to.starts_at)
        for one, to in zip(moving, dates, strict=True)
    }
    return Proposal(series.named, moving, dates, series.breaks(moved))


def move_series(
    tx: Transaction, command: MoveSeries, *, actor: Actor, now: datetime
) -> Sequence[Booking]:
    """Move all of the sessions; the same act again changes nothing.

    Raises NotFound, Forbidden for clients, NotReschedulable, DifferentContent, SeriesChanged,
    SeriesBroken, and for the new starts SlotTaken, NotBookable or ClientElsewhere.
    """
    content = fingerprint(command, None)
    found = _staffs(tx, command.booking_id, actor)
    if is_repeated(tx, found, command.id, content):
        return _as_moved(tx, found, command)
    begun = _begun(tx, found, now)
    course_booking.lock_for(tx, begun)
    # Under the locks, for a second copy of this very call may have held them before.
    if is_repeated(tx, found, command.id, content):
        return _as_moved(tx, found, command)
    series = _series(tx, begun, now)
    moving = series.moving(command.scope)
    _check_seen(moving, command)
    moved = {one.booking_id: one.starts_at for one in command.moves}
    if series.breaks(moved) and not command.accepts_breaks:
        raise SeriesBroken("This would break the order or the spacing of the course.")
    going = [one for one in moving if moved[one.id] != one.starts_at]
    if going:
        _move(tx, series, going, moved, now, is_client_told=command.is_client_told)
    for booking in {one.id: one for one in [series.named, *going]}.values():
        remember(tx, booking, command.id, "rescheduled", content, actor=actor, now=now)
    return moving


def _staffs(tx: Transaction, booking_id: UUID, actor: Actor) -> Booking:
    found = visible_booking(tx, booking_id, actor)
    if side_of(found, actor) is CancelledBy.CLIENT:
        raise Forbidden("The practice moves sessions of a course together.")
    return found


def _begun(tx: Transaction, named: Booking, now: datetime) -> Beginning:
    """What the sessions are of, whether or not it is offered still."""
    offered = offerings.offered(tx, named.practice_id, named.offering_id, now)
    if offered is None:
        raise LookupError("an offering is never deleted")
    rooms = place.rooms_for(tx, offered, named.format)
    return Beginning(named, offered, named.format, rooms, named.account_id)


def _series(tx: Transaction, begun: Beginning, now: datetime) -> Series:
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


def _occupied(
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


def _check_seen(moving: Sequence[Booking], command: MoveSeries) -> None:
    """Raises SeriesChanged unless these are the sessions, where they were seen."""
    seen = {one.booking_id: one.from_at for one in command.moves}
    if seen != {one.id: one.starts_at for one in moving} or len(seen) != len(command.moves):
        raise SeriesChanged(MEANWHILE)


def _move(
    tx: Transaction,
    series: Series,
    going: Sequence[Booking],
    moved: dict[UUID, datetime],
    now: datetime,
    *,
    is_client_told: bool,
) -> None:
    begun, starts = series.begun, sorted(moved[one.id] for one in going)
    taken = _occupied(tx, series, going, (starts[0] - AROUND, starts[-1] + AROUND), now)
    course_booking.check_free(begun, starts, taken, now)
    calendars = course_booking.make_way(tx, begun, starts, now)
    previous = {one.id: one.starts_at for one in going}
    try:
        _write(tx, begun, going, moved, taken)
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    for booking in going:
        told = BookingRescheduled(
            **transitions.facts(booking, now),
            previous_starts_at=previous[booking.id],
            is_client_told=is_client_told,
            **transitions.telling(booking, going),
        )
        transitions.emit(tx, told)
    ids = {begun.booking.practitioner_id, *calendars}
    transitions.mark_openings(tx, begun.booking.practice_id, ids, now)


def _write(
    tx: Transaction,
    begun: Beginning,
    going: Sequence[Booking],
    moved: dict[UUID, datetime],
    taken: Occupied,
) -> None:
    """The sessions move; bookings and participants follow by their foreign keys. The constraints
    look once all are where they go."""
    sessions = courses.sessions_of(tx, going)
    tx.execute(_TOGETHER)
    for booking in going:
        wish = begun.wish(moved[booking.id])
        place.put(sessions[booking.id], wish, course_booking.room_for(wish, taken))
        booking.sequence += 1
    tx.flush()
    tx.execute(_AT_LAST)
    for booking in going:
        tx.refresh(booking)


def _as_moved(tx: Transaction, named: Booking, command: MoveSeries) -> Sequence[Booking]:
    ids = {one.booking_id for one in command.moves}
    return [one for one in courses.series_of(tx, named) if one.id in ids]
