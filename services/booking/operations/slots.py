"""Free starts, of one offering on a viewer's dates or of many practitioners at once."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import DAY, Span, date_of, day_number, local_clock
from services.booking.domain.choice import part_of_day, spread
from services.booking.domain.policy import CancelledBy
from services.booking.domain.schedule import between
from services.booking.domain.slot_rules import Horizon
from services.booking.operations.access import may_book_with, side_of, visible_booking
from services.booking.operations.free import free_among, free_of
from services.booking.operations.place import check_still_offered
from services.booking.queries import bookings, calendars, offerings
from services.booking.queries.occupancy import Taken
from services.booking.queries.offerings import Offered
from services.booking.queries.slots import offered_and_taken
from services.common.auth import Actor
from services.common.errors import InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.booking.offerings import ListNextSlots, ListOfferings, ListSlots

MOST_DAYS = 93
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
BEYOND = timedelta(days=62)
"""How far after the dates that are shown the staff's next free start is looked for."""


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """Starts in epoch seconds, ascending; where there are none, the next one beyond."""

    offered: Offered
    starts: list[int]
    next_free: int | None
    last_bookable_on: date
    format: Format
    may_book: bool


@dataclass(frozen=True, slots=True)
class NextStarts:
    """A practitioner's next starts in epoch seconds."""

    practitioner_id: UUID
    offering_id: UUID
    starts: list[int]
    format: Format


@dataclass(frozen=True, slots=True)
class _Moving:
    """A booking that moves, and the session that it leaves empty, if it does.

    `is_by_practice`: the staff move it, whom neither notice nor window binds.
    """

    practice_id: UUID
    format: Format
    left_empty: UUID | None
    is_by_practice: bool


def list_offerings(
    tx: Transaction, command: ListOfferings, *, actor: Actor, now: datetime
) -> list[Offered]:
    """A practitioner's active offerings in their order."""
    if actor.practice_id is None:
        return []
    return offerings.offered_by(tx, [actor.practice_id], [command.practitioner_id], now)


def list_slots(tx: Transaction, command: ListSlots, *, actor: Actor, now: datetime) -> FreeSlots:
    """Bookable starts on the viewer's dates; raises InvalidInput, NotFound, NotReschedulable."""
    check_dates(command.from_on, command.until_on)
    span = viewers_dates(command.from_on, command.until_on, command.time_zone)
    moving = _moving(tx, command.moving_booking_id, actor)
    found, taken = _read(tx, command, moving, actor, span, now)
    if moving:
        check_still_offered(found, moving.format)
        found = replace(found, is_by_practice=moving.is_by_practice)
    format_ = format_of(found, moving.format if moving else command.format)
    horizon = Horizon.of(found.rules, now)
    until = min(horizon.until, _latest(moving, span) or horizon.until)
    left = moving.left_empty if moving else None
    [free] = free_among(tx, [found], [format_], taken, now=now, until=until, without=left)
    starts = list(between(free, span.start, span.end))
    beyond = free[bisect_left(free, span.end) :] or free
    next_free = next(iter(starts or beyond), None)
    may_book = may_book_with(tx, found.offering.practitioner_id, actor)
    return FreeSlots(found, starts, next_free, date_of(horizon.last_day), format_, may_book)


def _read(
    tx: Transaction,
    command: ListSlots,
    moving: _Moving | None,
    actor: Actor,
    span: Span,
    now: datetime,
) -> tuple[Offered, Taken]:
    """The offering and what is taken of its practitioner; raises NotFound."""
    practice_id = moving.practice_id if moving else actor.practice_id
    left = moving.left_empty if moving else None
    read = practice_id and offered_and_taken(
        tx, practice_id, command.offering_id, now, until=_latest(moving, span), without=left
    )
    if not read:
        raise NotFound("There is no such offering.")
    return read


def _latest(moving: _Moving | None, span: Span) -> datetime | None:
    """How far the staff look, whom no window binds; None for clients."""
    is_by_practice = moving is not None and moving.is_by_practice
    return datetime.fromtimestamp(span.end, UTC) + BEYOND if is_by_practice else None


def list_next_slots(tx: Transaction, command: ListNextSlots, *, now: datetime) -> list[NextStarts]:
    """The next free starts of one offering of each, in the order asked.

    Six queries, however many are asked for and in however many practices they work.
    """
    practices = calendars.practices_of(tx, command.practitioner_ids)
    calendars.read_practices(tx, practices)
    offered = offerings.offered_by(tx, practices, command.practitioner_ids, now)
    one_each = one_of_each(offered, command.offering_ids)
    known = [one_each[id_] for id_ in command.practitioner_ids if id_ in one_each]
    if not known:
        return []
    days = max(one.offering.window_days for one in known) + 2
    until = min(command.before or datetime.max.replace(tzinfo=UTC), now + timedelta(days=days))
    formats = _formats(known, command)
    free = free_of(tx, known, formats, now=now, until=until)
    return [
        NextStarts(
            one.offering.practitioner_id,
            one.offering.id,
            _first(_in_part(starts, command, one), command, one),
            format_,
        )
        for one, format_, starts in zip(known, formats, free, strict=True)
    ]


def _moving(tx: Transaction, booking_id: UUID | None, actor: Actor) -> _Moving | None:
    """The booking that moves; raises NotFound."""
    if booking_id is None:
        return None
    booking = visible_booking(tx, booking_id, actor)
    is_left_empty = bookings.count_live(tx, booking.practice_id, booking.session_id) == 1
    left = booking.session_id if is_left_empty else None
    is_by_practice = side_of(booking, actor) is CancelledBy.PRACTICE
    return _Moving(booking.practice_id, Format(booking.format), left, is_by_practice)


def format_of(found: Offered, wanted: Format | None) -> Format:
    """The format in which starts are shown; raises NotFound, InvalidInput."""
    if not found.offering.is_active:
        raise NotFound("There is no such offering.")
    format_ = shown_format(found, wanted)
    if format_.value not in found.offering.formats:
        told = {"format": "is not one of the offering's"}
        raise InvalidInput("Some fields need another look.", told)
    return format_


def shown_format(one: Offered, format_: Format | None) -> Format:
    """The format asked for; without one, the one in which a start is free if it is in any."""
    formats = [Format(offered) for offered in one.offering.formats]
    is_roomless = one.offering.needs_room and Format.ONLINE in formats
    return format_ or (Format.ONLINE if is_roomless else formats[0])


def _formats(known: Sequence[Offered], command: ListNextSlots) -> list[Format]:
    """In which format each one's starts are looked for; an own one only where it is offered."""
    own = dict(zip(command.practitioner_ids, command.formats, strict=False))
    found = []
    for one in known:
        wanted = own.get(one.offering.practitioner_id)
        is_offered = wanted is not None and wanted.value in one.offering.formats
        found.append(shown_format(one, wanted if is_offered else command.format))
    return found


def _in_part(starts: list[int], command: ListNextSlots, one: Offered) -> list[int]:
    if command.part_of_day is None or not starts:
        return starts
    clock = local_clock(one.calendar.schedule.zone, starts[0], starts[-1])
    wanted = command.part_of_day.value
    return [start for start in starts if part_of_day(clock.shown_at(start) % DAY) == wanted]


def one_of_each(offered: Sequence[Offered], wanted: Collection[UUID]) -> dict[UUID, Offered]:
    """By practitioner, the offering that is wanted, else the first one."""
    found: dict[UUID, Offered] = {}
    for one in sorted(offered, key=lambda one: one.offering.id not in wanted):
        found.setdefault(one.offering.practitioner_id, one)
    return found


def _first(starts: list[int], command: ListNextSlots, one: Offered) -> list[int]:
    if command.is_spread:
        return spread(starts, one.offering.minutes * 60, command.count)
    return starts[: command.count]


def check_dates(from_on: date, until_on: date) -> None:
    """Raises InvalidInput for dates that are too far away, or too many."""
    if not EARLIEST <= from_on <= LATEST:
        told = {"from_on": f"must be {EARLIEST} to {LATEST}"}
        raise InvalidInput("Please choose another date.", told)
    days = (until_on - from_on).days
    if not 0 <= days < MOST_DAYS:
        told = {"until_on": f"must be from_on or up to {MOST_DAYS - 1} days later"}
        raise InvalidInput("Please choose a shorter range.", told)


def viewers_dates(from_on: date, until_on: date, time_zone: str) -> Span:
    """The dates of a zone as instants."""
    first, end = day_number(from_on), day_number(until_on) + 1
    clock = local_clock(time_zone, first * DAY, end * DAY)
    return Span(clock.instant_of(first * DAY), clock.instant_of(end * DAY))
