"""The next time within working hours in which nothing is."""

from collections.abc import Iterable

from services.booking.domain.calendar import DAY, MINUTE, Span
from services.booking.domain.schedule import Schedule, expand, fused

LEAST = 15 * MINUTE
"""A shorter pause is no gap to speak of."""


def next_gap(schedule: Schedule, taken: Iterable[Span], start: int, end: int) -> Span | None:
    """The first gap in `[start, end)` of LEAST at least; epoch seconds. None if there is none."""
    known = expand(schedule, start // DAY - 1, end // DAY + 1)
    busy = fused(sorted((*taken, *known.off)))
    for opens, closes in known.hours:
        at, last = max(opens, start), min(closes, end)
        for span in busy:
            if span.start - at >= LEAST and at < last:
                return Span(at, min(span.start, last))
            at = max(at, span.end) if span.start < last else at
        if last - at >= LEAST:
            return Span(at, last)
    return None
