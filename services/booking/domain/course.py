"""Where the sessions of a course fall: a rhythm of weeks, bent around what is in the way.

Here is only chosen among the slots of `CourseDays`. Distances between sessions are counted in
local dates, and the hour is the one that the local clock shows, so that a night on which clocks
change moves neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heappop, heappush
from typing import NamedTuple

from services.booking.domain.calendar import DAY, WEEK_DAYS, day_number
from services.booking.domain.course_days import CourseDays
from services.booking.domain.refusal import Refusal
from services.booking.domain.rhythm import Pattern, Phase
from services.booking.domain.slot_rules import Occupied, SlotRules

SPACING = "spacing"
"""The preferred start is free, but too near to a session that had to move, or too far from it."""
Reason = Refusal | str


@dataclass(frozen=True, slots=True)
class Placed:
    """One session of a course; instants in UTC epoch seconds.

    `wanted` is where the rhythm has it, `starts_at` where it is, None where it cannot be; then
    `nearest` is the next slot at any hour. `reason` says why the two differ.
    """

    wanted: int
    starts_at: int | None
    reason: Reason | None = None
    nearest: int | None = None


class _Before(NamedTuple):
    """The local day of the session before, or the one that the rhythm gives it. What is booked
    already stands in the calendar; `is_placed` is what has to be minded beside it."""

    day: int
    is_placed: bool


def place(
    rules: SlotRules,
    occupied: Occupied,
    pattern: Pattern,
    *,
    now: datetime,
    after: date | None = None,
) -> list[Placed]:
    """Place each session on a slot: in order, within tolerance and spacing, as near as can be.

    Of all ways to place the whole course the one is taken that strays least in total. Where a
    week offers nothing within the tolerance the session and the rest of the rhythm move on by
    weeks, as far as the spacing lets them. Where there is no way for all of them, the first that
    has none is told so and the others are placed around it. `occupied` covers `span_of`.

    `after`: the local date of a session that is booked, after which the rhythm goes on; without,
    it begins at the pattern's first date.
    """
    days, rhythm = CourseDays(rules, occupied, pattern, now), pattern.rhythm
    found: list[Placed] = []
    first = day_number(pattern.first_on) - rhythm[0].every_weeks * WEEK_DAYS
    before = _Before(first if after is None else day_number(after), is_placed=False)
    while len(found) < len(rhythm):
        left = rhythm[len(found) :]
        way = _cheapest_way(days, left, before)
        for phase, day in zip(left, way, strict=False):
            found.append(_placed(days, _wanted_day(days, phase, before.day), day))
            before = _Before(day, is_placed=True)
        if len(way) < len(left):
            wanted = _wanted_day(days, left[len(way)], before.day)
            found.append(_unplaced(days, wanted, before.day + left[len(way)].least_days))
            before = _Before(wanted, is_placed=False)
    return found


def _wanted_day(days: CourseDays, phase: Phase, before: int) -> int:
    """The preferred date of a session after the one before."""
    return days.preferred(before) + phase.every_weeks * WEEK_DAYS


def _placed(days: CourseDays, wanted_day: int, day: int) -> Placed:
    wanted, start = days.wanted(wanted_day), days.start(day)
    return Placed(wanted, start, None if start == wanted else days.refusal(wanted) or SPACING)


def _unplaced(days: CourseDays, wanted_day: int, earliest_day: int) -> Placed:
    wanted = days.wanted(wanted_day)
    nearest = days.nearest(wanted, earliest_day)
    return Placed(wanted, None, days.refusal(wanted) or SPACING, nearest)


def _cheapest_way(days: CourseDays, rhythm: Sequence[Phase], before: _Before) -> list[int]:
    """The days of the cheapest way through all sessions (Dijkstra); where there is none, of the
    cheapest among those that lead furthest."""
    reached: dict[tuple[int, int], tuple[int, int]] = {}
    furthest = (0, before.day)
    queue = [(0, 0, before.day, before.day)]
    while queue and furthest[0] < len(rhythm):
        cost, left, day, origin = heappop(queue)
        depth = -left
        if (depth, day) in reached:
            continue
        has_one_before = depth > 1 or (depth == 1 and before.is_placed)
        if has_one_before and not days.fit_together(origin, day):
            continue
        reached[depth, day] = (depth - 1, origin)
        furthest = max(furthest, (depth, day), key=lambda one: one[0])
        if depth < len(rhythm):
            for following, more in _steps(days, rhythm[depth], day):
                heappush(queue, (cost + more, left - 1, following, day))
    return _way_to(furthest, reached)


def _steps(days: CourseDays, phase: Phase, before: int) -> Iterator[tuple[int, int]]:
    """The days on which the next session may lie, and what each costs in seconds strayed."""
    wanted, tolerance = _wanted_day(days, phase, before), days.pattern.tolerance_days
    first, last = before + phase.least_days, before + phase.most_days
    for preferred in range(wanted, last + tolerance + 1, WEEK_DAYS):
        skipped = preferred - wanted
        for day in range(max(preferred - tolerance, first), min(preferred + tolerance, last) + 1):
            choice = days.choice(day)
            if choice is not None:
                yield day, (skipped + abs(day - preferred)) * DAY + choice.strayed


def _way_to(last: tuple[int, int], reached: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    way: list[int] = []
    while last[0] > 0:
        way.append(last[1])
        last = reached[last]
    return way[::-1]
