"""Free starts, of one offering on a viewer's dates or of many practitioners at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import compress
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.availability import free_slots
from services.booking.domain.calendar import DAY, Span, date_of, day_number, local_clock
from services.booking.domain.choice import part_of_day, spread
from services.booking.domain.policy import CancelledBy
from services.booking.domain.slot_rules import Horizon, Occupied, span_to_read
from services.booking.operations.access import may_book_with, side_of, visible_booking
from services.booking.operations.place import ALWAYS, check_still_offered, needs_room
from services.booking.queries import bookings, calendars, occupancy, offerings
from services.booking.queries.offerings import Offered
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
    moving = _moving(tx, command.moving_booking_id, actor)
    practice_id = moving.practice_id if moving else actor.practice_id
    found = offerings.offered(tx, practice_id, command.offering_id, now) if practice_id else None
    if found is None:
        raise NotFound("There is no such offering.")
    if moving:
        check_still_offered(found, moving.format)
        found = replace(found, is_by_practice=moving.is_by_practice)
    format_ = format_of(found, moving.format if moving else command.format)
    last_day = Horizon.of(found.rules, now).last_day
    span = viewers_dates(command.from_on, command.until_on, command.time_zone)
    left = moving.left_empty if moving else None
    until = _day_after(last_day)
    if found.is_by_practice:
        until = min(until, datetime.fromtimestamp(span.end, UTC) + BEYOND)
    everything = free_of(tx, [found], [format_], now=now, until=until, without=left)[0]
    starts = [start for start in everything if span.start <= start < span.end]
    beyond = [start for start in everything if start >= span.end] or everything
    next_free = next(iter(starts or beyond), None)
    may_book = may_book_with(tx, found.offering.practitioner_id, actor)
    return FreeSlots(found, starts, next_free, date_of(last_day), format_, may_book)


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


def free_of(
    tx: Transaction,
    wanted: Sequence[Offered],
    formats: Sequence[Format],
    *,
    now: datetime,
    until: datetime,
    without: UUID | None = None,
) -> list[list[int]]:
    """Free starts from `now` of each offering in its format, in epoch seconds, read together.

    `without` is a session that is being moved.
    """
    practices = {one.offering.practice_id for one in wanted}
    people = {one.offering.practitioner_id for one in wanted}
    spans = [span_to_read(one.rules, from_=now, until=until) for one in wanted]
    span = Span(min(spans).start, max(span.end for span in spans))
    read = occupancy.taken(
        tx, practices, people, span, now, moving=occupancy.Moving(session_id=without)
    )
    need_room = [needs_room(*each) for each in zip(wanted, formats, strict=True)]
    in_practices = {one.offering.practice_id for one in compress(wanted, need_room)}
    rooms = _rooms(tx, in_practices, span, now, without)
    found: list[list[int]] = []
    for one, format_, is_room_needed in zip(wanted, formats, need_room, strict=True):
        person = one.offering.practitioner_id
        taken = Occupied(
            sessions=read.sessions.get(person, []),
            busy=read.busy.get(person, []),
            rooms=rooms[one.offering.practice_id] if is_room_needed else (),
        )
        is_offered = format_.value in one.offering.formats
        found.append(
            free_slots(one.rules, taken, now=now, from_=now, until=until) if is_offered else []
        )
    return found


def _moving(tx: Transaction, booking_id: UUID | None, actor: Actor) -> _Moving | None:
    """The booking that moves; raises NotFound."""
    if booking_id is None:
        return None
    booking = visible_booking(tx, booking_id, actor)
    is_left_empty = bookings.count_live(tx, booking.practice_id, booking.session_id) == 1
    left = booking.session_id if is_left_empty else None
    is_by_practice = side_of(booking, actor) is CancelledBy.PRACTICE
    return _Moving(booking.practice_id, Format(booking.format), left, is_by_practice)


def _rooms(
    tx: Transaction,
    practices: Collection[UUID],
    span: Span,
    now: datetime,
    without: UUID | None,
) -> dict[UUID, list[list[Span]]]:
    """By practice, when its rooms are taken."""
    found: dict[UUID, list[list[Span]]] = {}
    for practice_id in practices:
        rooms = calendars.active_rooms(tx, practice_id)
        taken = occupancy.taken_rooms(tx, practice_id, rooms, span, now, without=without)
        found[practice_id] = taken or [ALWAYS]
    return found


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


def _day_after(day: int) -> datetime:
    # Two days, because the schedule's local date may end after that of UTC.
    return datetime.fromtimestamp((day + 2) * DAY, UTC)
