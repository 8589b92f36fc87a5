"""When a practitioner works: weekly hours, overrides per date, time off; and their expansion.

Wall times are minutes after midnight of a local date (0 to 1440, 1440 = 24:00) on the 5-minute
grid. Expansion gives UTC instants and is cached: a schedule is a value, equal ones share it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from itertools import chain

from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    LocalClock,
    Span,
    checked_zone,
    day_number,
    iso_weekday,
    local_clock,
)

GRID_MINUTES = 5
MINUTES_OF_DAY = 1_440


def minute_of_day(at: time) -> int:
    """Minutes after midnight on the clock, 0 to 1439."""
    return at.hour * 60 + at.minute


@dataclass(frozen=True, slots=True)
class Window:
    """Wall time `[opens, closes)` of one local date, in minutes after midnight."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse times off the 5-minute grid, out of the day, or the wrong way round."""
        for name, minutes in (("opens", self.opens), ("closes", self.closes)):
            if minutes % GRID_MINUTES or not 0 <= minutes <= MINUTES_OF_DAY:
                raise ValueError(f"{name}: must be 0 to 1440 minutes on the 5-minute grid")
        if self.closes <= self.opens:
            raise ValueError("closes: must be after opens; a night is two windows, met at 24:00")


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """A window that recurs on an ISO weekday, 1 (Monday) to 7 (Sunday)."""

    weekday: int
    window: Window

    def __post_init__(self) -> None:
        """Refuse what is not an ISO weekday."""
        if not 1 <= self.weekday <= 7:
            raise ValueError("weekday: must be 1 (Monday) to 7 (Sunday)")


@dataclass(frozen=True, slots=True)
class Override:
    """The windows of one local date in place of its weekly hours; none means closed."""

    on: date
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Time off or a closure from `first_on` to `last_on`, both local dates included."""

    first_on: date
    last_on: date

    def __post_init__(self) -> None:
        """Refuse a range that ends before it begins."""
        if self.last_on < self.first_on:
            raise ValueError("last_on: must not be before first_on")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly hours in an IANA zone, overrides, and time off as dates or as instants."""

    zone: str
    weekly: tuple[WeeklyHours, ...]
    overrides: tuple[Override, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    time_off: tuple[Span, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        """Refuse an unknown zone and two overrides of one date."""
        checked_zone(self.zone, "zone")
        if len({override.on for override in self.overrides}) < len(self.overrides):
            raise ValueError("overrides: only one per date")
        if any(span.end < span.start for span in self.time_off):
            raise ValueError("time_off: must not end before it starts")
        # Kept, because every cached look-up below hashes the schedule.
        parts = (self.zone, self.weekly, self.overrides, self.days_off, self.time_off)
        object.__setattr__(self, "_hash", hash(parts))

    def __hash__(self) -> int:
        """Hash of all that compares equal."""
        return self._hash


@dataclass(frozen=True, slots=True)
class Expansion:
    """A schedule as instants: its windows one by one, and what of them is open in one piece."""

    clock: LocalClock
    windows: tuple[Span, ...]
    hours: tuple[Span, ...]
    off: tuple[Span, ...]


@lru_cache(maxsize=512)
def expand(schedule: Schedule, first: int, last: int) -> Expansion:
    """Expand the local days `first` to `last` (since 1970, both included) to UTC instants.

    `windows` keeps each one, for its own grid; `hours` fuses those that touch or overlap, also
    over midnight; `off` is the time off, fused. Ranges that map to nothing drop out.
    """
    clock = local_clock(schedule.zone, first * DAY, (last + 1) * DAY)
    windows = sorted(_windows(schedule, clock, first, last))
    days_off = (_instants_of(days, clock) for days in schedule.days_off)
    off = fused(sorted(chain(days_off, schedule.time_off)))
    return Expansion(clock, tuple(windows), tuple(fused(windows)), tuple(off))


def _windows(schedule: Schedule, clock: LocalClock, first: int, last: int) -> Iterator[Span]:
    overrides = {day_number(override.on): override.windows for override in schedule.overrides}
    weekly: dict[int, list[Window]] = {weekday: [] for weekday in range(1, 8)}
    for hours in schedule.weekly:
        weekly[hours.weekday].append(hours.window)
    for day in range(first, last + 1):
        for window in overrides.get(day, weekly[iso_weekday(day)]):
            span = Span(
                clock.instant_of(day * DAY + window.opens * MINUTE),
                clock.instant_of(day * DAY + window.closes * MINUTE),
            )
            if span.start < span.end:
                yield span


def _instants_of(days: DaysOff, clock: LocalClock) -> Span:
    first, end = day_number(days.first_on), day_number(days.last_on) + 1
    return Span(clock.instant_of(first * DAY), clock.instant_of(end * DAY))


def fused(spans: Iterable[Span]) -> list[Span]:
    """Sorted spans with those that touch or overlap made one and the empty ones left out."""
    pieces: list[Span] = []
    for start, end in spans:
        if start >= end:
            continue
        if pieces and start <= pieces[-1].end:
            pieces[-1] = Span(pieces[-1].start, max(end, pieces[-1].end))
        else:
            pieces.append(Span(start, end))
    return pieces


@lru_cache(maxsize=256)
def starts_on_grid(
    schedule: Schedule, first: int, last: int, minutes: int, increment: int
) -> tuple[int, ...]:
    """All instants of the local days that the schedule alone offers for `minutes`, in order.

    They lie on a window's grid, fit the fused hours in elapsed time and touch no time off.
    """
    expansion = expand(schedule, first, last)
    starts = sorted(set(chain.from_iterable(_grid(expansion, increment * MINUTE))))
    length = minutes * MINUTE
    inside = [
        start
        for span in expansion.hours
        for start in between(starts, span.start, span.end - length + 1)
    ]
    return tuple(without(inside, [Span(off.start - length + 1, off.end) for off in expansion.off]))


def _grid(expansion: Expansion, step: int) -> Iterator[range]:
    for window in expansion.windows:
        shown = expansion.clock.shown_at(window.start)
        for since, until, offset in expansion.clock.segments:
            if since < window.end and window.start < until:
                start = max(window.start, since)
                # The clock counts in steps from what it showed when the window opened.
                first = start + (shown - offset - start) % step
                yield range(first, min(window.end, until), step)


def between(starts: Sequence[int], low: int, end: int) -> Sequence[int]:
    """The part of the sorted `starts` in `[low, end)`."""
    first = bisect_left(starts, low)
    return starts[first : bisect_left(starts, end, first)]


def without(starts: Sequence[int], forbidden: Iterable[tuple[int, int]]) -> list[int]:
    """The sorted `starts` that lie in none of the `forbidden` spans, which come in any order."""
    kept: list[int] = []
    at = 0
    for low, end in sorted(forbidden):
        if at == len(starts):
            break
        # Most of a full calendar lies before the next start: behind what is forbidden already.
        if end <= starts[at]:
            continue
        first = bisect_left(starts, low, at)
        kept += starts[at:first]
        at = bisect_left(starts, end, first)
    kept += starts[at:]
    return kept
