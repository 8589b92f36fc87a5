"""How much of a calendar's open hours its sessions took, by the hours that it had on each day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from services.booking.domain.calendar import DAY, MINUTE, Span, day_number
from services.booking.domain.schedule import Schedule, WeeklyHours, expand, fused
from services.booking.domain.week import less, within


@dataclass(frozen=True, slots=True)
class WeeklyChange:
    """The weekly hours that a calendar had before a local date, on which they were changed."""

    on: date
    before: tuple[WeeklyHours, ...]


@dataclass(frozen=True, slots=True)
class Minutes:
    """Open hours, and sessions within and beyond them, in whole minutes."""

    open: int
    used: int
    beyond: int


def minutes_of(
    schedule: Schedule, changes: Sequence[WeeklyChange], sessions: Iterable[Span], span: Span
) -> Minutes:
    """What of a span was open, less time off, and how sessions took it.

    `changes` are all that were ever made of the weekly hours, in their order. Sessions may come in
    any order and overlap; what they have in common is taken once.
    """
    hours = open_hours(schedule, changes, span)
    taken = fused(sorted(within(span, sessions)))
    used = _common_seconds(hours, taken)
    return Minutes(
        open=_seconds(hours) // MINUTE,
        used=used // MINUTE,
        beyond=(_seconds(taken) - used) // MINUTE,
    )


def open_hours(schedule: Schedule, changes: Sequence[WeeklyChange], span: Span) -> tuple[Span, ...]:
    """The hours within a span, less time off, as instants and in their order."""
    pieces: list[Span] = []
    for first, last, then in _over(schedule, changes, span):
        expansion = expand(then, first, last)
        pieces += less(expansion.hours, expansion.off)
    return within(span, fused(sorted(pieces)))


def _over(
    schedule: Schedule, changes: Sequence[WeeklyChange], span: Span
) -> Iterator[tuple[int, int, Schedule]]:
    """The local days that may touch the span, in pieces that had one and the same weekly hours."""
    # A day before and after, since a zone's day is not the day of UTC.
    begin, end = span.start // DAY - 1, span.end // DAY + 2
    marks = [begin, *(min(max(day_number(one.on), begin), end) for one in changes), end]
    weeklies = [*(one.before for one in changes), schedule.weekly]
    for (first, until), weekly in zip(pairwise(marks), weeklies, strict=True):
        if first < until:
            yield first, until - 1, replace(schedule, weekly=weekly)


def _common_seconds(left: Sequence[Span], right: Sequence[Span]) -> int:
    """How long both go on at once; each is in its order and overlaps itself nowhere."""
    common = at_left = at_right = 0
    while at_left < len(left) and at_right < len(right):
        one, other = left[at_left], right[at_right]
        common += max(0, min(one.end, other.end) - max(one.start, other.start))
        if one.end <= other.end:
            at_left += 1
        else:
            at_right += 1
    return common


def _seconds(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)
