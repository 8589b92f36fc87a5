"""Moving sessions of courses together to dates that were shown, and back: all of them or none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.slot_rules import Occupied
from services.booking.models import Booking
from services.booking.operations import course_booking, place, transitions
from services.booking.operations.access import is_by_practitioner
from services.booking.operations.course import Beginning
from services.booking.operations.place import AROUND
from services.booking.operations.repeat import fingerprint, is_repeated, remember
from services.booking.operations.series import (
    Series,
    begun_of,
    occupied,
    series_to_come,
    staffs,
)
from services.booking.operations.transitions import Told
from services.booking.queries import courses
from services.common.auth import Actor
from services.contracts.booking.events import BookingRescheduled
from services.contracts.booking.refusals import SeriesBroken, SeriesChanged
from services.contracts.booking.series import MoveSeries, MoveSeriesBack

Act = MoveSeries | MoveSeriesBack
MEANWHILE = "Some of these sessions were changed meanwhile. Nothing was moved."
# A session may go where another one of the series leaves.
_TOGETHER = text(
    "SET CONSTRAINTS booking.sessions_no_overlap, booking.sessions_no_room_overlap,"
    " booking.participants_no_overlap DEFERRED"
)
_AT_LAST = text("SET CONSTRAINTS ALL IMMEDIATE")


def move_series(
    tx: Transaction, command: MoveSeries, *, actor: Actor, now: datetime
) -> Sequence[Booking]:
    """Move all of the sessions; the same act again changes nothing.

    Raises NotFound, Forbidden for clients, NotReschedulable, DifferentContent, SeriesChanged,
    SeriesBroken, and for the new starts SlotTaken, NotBookable or ClientElsewhere.
    """

    def chosen(series: Series) -> list[Booking]:
        moving = series.moving(command.scope)
        _check_seen(moving, command)
        if series.breaks(_targets(command)) and not command.accepts_breaks:
            raise SeriesBroken("This would break the order or the spacing of the course.")
        return moving

    return _act(tx, command, chosen, actor, now)


def move_series_back(
    tx: Transaction, command: MoveSeriesBack, *, actor: Actor, now: datetime
) -> Sequence[Booking]:
    """Move all of the sessions back; the same act again changes nothing. Distances are not asked
    again: they are as they were before.

    Raises NotFound, Forbidden for clients, NotReschedulable, DifferentContent, SeriesChanged, and
    for the old starts SlotTaken, NotBookable or ClientElsewhere.
    """

    def chosen(series: Series) -> list[Booking]:
        ids = _targets(command).keys()
        moving = [one for one in series.to_come if one.id in ids]
        _check_seen(moving, command)
        return moving

    return _act(tx, command, chosen, actor, now)


def _act(
    tx: Transaction,
    command: Act,
    chosen: Callable[[Series], list[Booking]],
    actor: Actor,
    now: datetime,
) -> Sequence[Booking]:
    """Move what is chosen of the series, alone with all that it touches, or answer as before."""
    content = fingerprint(command, None)
    found = staffs(tx, command.booking_id, actor)
    if is_repeated(tx, found, command.id, content):
        return _as_moved(tx, found, command)
    begun = begun_of(tx, found, now)
    course_booking.lock_for(tx, begun)
    # Under the locks, for a second copy of this very call may have held them before.
    if is_repeated(tx, found, command.id, content):
        return _as_moved(tx, found, command)
    series = series_to_come(tx, begun, now)
    moving, moved = chosen(series), _targets(command)
    going = [one for one in moving if moved[one.id] != one.starts_at]
    if going:
        own = is_by_practitioner(tx, found.practice_id, found.practitioner_id, actor)
        told = Told(is_client_told=command.is_client_told, is_by_practitioner=own)
        _move(tx, series, going, moved, now, told)
    for booking in {one.id: one for one in [series.named, *going]}.values():
        remember(tx, booking, command.id, "rescheduled", content, actor=actor, now=now)
    return moving


def _targets(command: Act) -> dict[UUID, datetime]:
    return {one.booking_id: one.starts_at for one in command.moves}


def _check_seen(moving: Sequence[Booking], command: Act) -> None:
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
    told: Told,
) -> None:
    begun, starts = series.begun, sorted(moved[one.id] for one in going)
    taken = occupied(tx, series, going, (starts[0] - AROUND, starts[-1] + AROUND), now)
    course_booking.check_free(begun, starts, taken, now)
    calendars = course_booking.make_way(tx, begun, starts, now)
    previous = {one.id: one.starts_at for one in going}
    try:
        _write(tx, begun, going, moved, taken)
    except IntegrityError as error:
        raise place.refusal_of(error) or error from error
    for booking in going:
        rescheduled = BookingRescheduled(
            **transitions.facts(booking, now),
            previous_starts_at=previous[booking.id],
            **told,
            **transitions.telling(booking, going),
        )
        transitions.emit(tx, rescheduled)
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


def _as_moved(tx: Transaction, named: Booking, command: Act) -> Sequence[Booking]:
    ids = {one.booking_id for one in command.moves}
    return [one for one in courses.series_of(tx, named) if one.id in ids]
