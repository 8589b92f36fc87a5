"""What stands on a day, for who receives clients that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span, first_second
from services.booking.domain.gaps import next_gap
from services.booking.models import Booking
from services.booking.operations import leave
from services.booking.operations.caseload import Sight, sight_of
from services.booking.queries import calendars, occupancy, today
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.today import Gap, ListDay

MOST_AT_ONCE = 100
"""As many bookings as their names and payments are asked for in one call."""
MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Day:
    """Bookings of a day and beside it; `is_cut`: the day has more of them than are listed;
    `more_waiting`: how many wait beside the listed ones."""

    bookings: Sequence[Booking]
    is_cut: bool
    in_time_off: list[UUID]
    waiting: Sequence[Booking]
    more_waiting: int
    gap: Gap | None


def list_day(
    tx: Transaction,
    command: ListDay,
    *,
    actor: Actor,
    now: datetime,
    limit: int = MOST_AT_ONCE,
) -> Day:
    """The actor's own day, or the whole practice's; raises Forbidden for who sees neither."""
    sight = sight_of(tx, actor)
    if sight is None or (command.is_whole and sight.practitioner_id is not None):
        raise Forbidden("Only those who receive clients see their day.")
    whose = None if command.is_whole else sight.own_id
    found = today.of_day(
        tx,
        sight.practice_id,
        whose,
        from_at=command.from_at,
        until_at=command.until_at,
        now=now,
        limit=limit + 1,
    )
    part = found[:limit]
    waiting, count = today.unmarked(tx, sight.practice_id, whose, now, limit=MOST_WAITING)
    return Day(
        bookings=part,
        is_cut=len(found) > limit,
        in_time_off=_in_time_off(tx, sight.practice_id, part, now),
        waiting=waiting,
        more_waiting=count - len(waiting),
        gap=_gap(tx, sight, whose, command, now),
    )


def _in_time_off(
    tx: Transaction, practice_id: UUID, found: Sequence[Booking], now: datetime
) -> list[UUID]:
    marked: list[UUID] = []
    for whose in {one.practitioner_id for one in found}:
        theirs = (one for one in found if one.practitioner_id == whose)
        marked += leave.marked(tx, practice_id, whose, theirs, now)
    return marked


def _gap(
    tx: Transaction, sight: Sight, whose: UUID | None, command: ListDay, now: datetime
) -> Gap | None:
    """Of the running day alone: of others it is not the next one."""
    if whose is None or not command.from_at <= now < command.until_at:
        return None
    asked = Span(first_second(now, "now"), first_second(command.until_at, "until_at"))
    here = [sight.practice_id], [whose]
    calendar = calendars.calendars(tx, *here, now).get(whose)
    if calendar is None:
        return None
    read = occupancy.taken(tx, *here, asked, now)
    sessions = (Span(one.blocked_from, one.blocked_until) for one in read.sessions.get(whose, []))
    taken = [*sessions, *read.busy.get(whose, [])]
    found = next_gap(calendar.schedule, taken, *asked)
    return found and Gap(starts_at=_instant(found.start), ends_at=_instant(found.end))


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
