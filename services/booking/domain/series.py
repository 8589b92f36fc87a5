"""Moving sessions of a course to another day and hour, in their order and as far apart as before.

Distances are counted in local dates, and in whole weeks where sessions follow one another: a week
that was left out stays so, and one that had strayed from its weekday is on the new one again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.booking.domain.calendar import WEEK_DAYS, Span
from services.booking.domain.rhythm import (
    LEAST_DAYS,
    MOST_TOLERANCE_DAYS,
    Pattern,
    Phase,
    next_on,
)
from services.booking.domain.schedule import minute_of_day
from services.booking.domain.slot_rules import MAX_WINDOW_DAYS, Occupied
from services.contracts.booking.series import BreakKind


class Break(NamedTuple):
    """`moved` and its `neighbour`, which may move as well, as they would be, UTC epoch seconds;
    local days between them."""

    kind: BreakKind
    moved: int
    neighbour: int
    days_before: int
    days_after: int


class Own(NamedTuple):
    """A session that moves itself, as it is: `[starts_at, ends_at)`, and its room's place in the
    rooms that would do; None where it is in none of them."""

    starts_at: int
    ends_at: int
    room: int | None


@dataclass(frozen=True, slots=True)
class Target:
    """Where one of the sessions shall go, on the clock of the schedule's zone, and how far each may
    stray from what follows of it."""

    moved_from: datetime
    moved_to: datetime
    tolerance_days: int = 0
    tolerance_minutes: int = 0
    skip_weeks: int = 0


def pattern_of(starts: Sequence[datetime], target: Target) -> Pattern:
    """The pattern of the sessions that move, from their starts in order; all times are local.

    Raises ValueError, naming the field, for what is no pattern.
    """
    moved_by = target.moved_to.date() - target.moved_from.date()
    near, skip = target.tolerance_days, target.skip_weeks * WEEK_DAYS
    phases = [Phase(1, 1, max(LEAST_DAYS, WEEK_DAYS - near), WEEK_DAYS + near)]
    for weeks in _weeks_between(starts):
        apart = weeks * WEEK_DAYS
        phases.append(Phase(1, weeks, max(LEAST_DAYS, apart - near), apart + skip + near))
    return Pattern(
        first_on=next_on(target.moved_to.date(), starts[0].date() + moved_by, 0),
        opens=minute_of_day(target.moved_to.time()),
        phases=tuple(phases),
        tolerance_days=near,
        tolerance_minutes=target.tolerance_minutes,
    )


def check_day(on: date, today: date) -> None:
    """Raises ValueError, naming the field, for a date that has passed or that nobody can book."""
    if not today <= on <= today + timedelta(days=MAX_WINDOW_DAYS):
        raise ValueError(f"on: must be from today to {MAX_WINDOW_DAYS} days ahead")


def breaks(before: Sequence[int], after: Sequence[int], zone: str) -> list[Break]:
    """What is broken where a session that moves meets its neighbour.

    `before` are the starts of a course in order, `after` where each would be, UTC epoch seconds.
    Distances to a session that stays count as kept as long as they change by no more than a
    session may stray; of two that move order and the least distance are asked, as of any course.
    """
    seams = pairwise(zip(before, after, strict=True))
    found = (_break_of(one, later, ZoneInfo(zone)) for one, later in seams)
    return [one for one in found if one is not None]


def leaving_out(occupied: Occupied, own: Sequence[Own], offering_id: object) -> Occupied:
    """What is in the way of sessions that move at once: each other's old times are not."""
    starts = {one.starts_at for one in own}
    spans = {Span(one.starts_at, one.ends_at) for one in own}
    rooms = {(one.room, Span(one.starts_at, one.ends_at)) for one in own}
    return replace(
        occupied,
        sessions=[
            one
            for one in occupied.sessions
            if one.offering_id != offering_id or one.starts_at not in starts
        ],
        client=[span for span in occupied.client if span not in spans],
        rooms=[
            [span for span in room if (number, span) not in rooms]
            for number, room in enumerate(occupied.rooms)
        ],
    )


def _weeks_between(starts: Sequence[datetime]) -> list[int]:
    days = [(later.date() - one.date()).days for one, later in pairwise(starts)]
    return [max(1, round(apart / WEEK_DAYS)) for apart in days]


def _break_of(one: tuple[int, int], later: tuple[int, int], zone: ZoneInfo) -> Break | None:
    (was, is_), (later_was, later_is) = one, later
    is_first_moved, is_later_moved = was != is_, later_was != later_is
    if not is_first_moved and not is_later_moved:
        return None
    apart = _days(was, later_was, zone), _days(is_, later_is, zone)
    kind = _kind_of(*apart, later_is > is_)
    is_skipping = is_first_moved and is_later_moved and kind is BreakKind.SPACING
    if kind is None or is_skipping:
        return None
    moved, neighbour = (later_is, is_) if is_later_moved else (is_, later_is)
    return Break(kind, moved, neighbour, *apart)


def _kind_of(days_before: int, days_after: int, is_in_order: bool) -> BreakKind | None:
    if not is_in_order:
        return BreakKind.ORDER
    if days_after < LEAST_DAYS:
        return BreakKind.TOO_NEAR
    return BreakKind.SPACING if abs(days_after - days_before) > MOST_TOLERANCE_DAYS else None


def _days(one: int, later: int, zone: ZoneInfo) -> int:
    first, second = (datetime.fromtimestamp(at, zone).date() for at in (one, later))
    return (second - first) // timedelta(days=1)
