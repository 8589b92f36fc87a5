"""A week of a schedule, Monday to Sunday by its own calendar, as instants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce

from services.booking.domain.calendar import (
    DAY,
    WEEK_DAYS,
    Span,
    date_of,
    day_number,
    first_day_of,
    week_number,
)
from services.booking.domain.schedule import Schedule, expand, fused


@dataclass(frozen=True, slots=True)
class Week:
    """The instants of a week, cut at its ends: when one works, and when one is away.

    `hours` are what time off leaves of the windows; `off` holds closed dates as well.
    """

    monday: date
    span: Span
    hours: tuple[Span, ...]
    off: tuple[Span, ...]


def week_of(schedule: Schedule, on: date) -> Week:
    """The week in which a date of the schedule's zone lies."""
    first = first_day_of(week_number(day_number(on)))
    # A window of the day before may reach into Monday.
    expansion = expand(schedule, first - 1, first + WEEK_DAYS - 1)
    ends = (expansion.clock.instant_of(day * DAY) for day in (first, first + WEEK_DAYS))
    span = Span(*ends)
    closed = (
        Span(expansion.clock.instant_of(day * DAY), expansion.clock.instant_of((day + 1) * DAY))
        for day in (day_number(one.on) for one in schedule.overrides if not one.windows)
    )
    off = within(span, fused(sorted([*expansion.off, *closed])))
    return Week(date_of(first), span, tuple(less(within(span, expansion.hours), off)), off)


def within(span: Span, parts: Iterable[Span]) -> tuple[Span, ...]:
    """What of the parts lies in the span."""
    cut = (Span(max(part.start, span.start), min(part.end, span.end)) for part in parts)
    return tuple(part for part in cut if part.start < part.end)


def less(parts: Iterable[Span], off: Iterable[Span]) -> list[Span]:
    """The parts without what lies in `off`."""
    return reduce(_without, off, list(parts))


def _without(parts: list[Span], off: Span) -> list[Span]:
    around = (
        piece
        for part in parts
        for piece in (
            Span(part.start, min(part.end, off.start)),
            Span(max(part.start, off.end), part.end),
        )
    )
    return [piece for piece in around if piece.start < piece.end]
