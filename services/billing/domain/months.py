"""Months of a practice's books, by the calendar of its zone (docs/adr/0047)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SETTLES = timedelta(hours=1)
"""How long after its end a month may be closed: whatever began before the end is over by then, or
begins anew."""


@dataclass(frozen=True, slots=True)
class Span:
    """A month by its first day, and its instants: `[from_at, until_at)`."""

    first: date
    from_at: datetime
    until_at: datetime

    def is_settled(self, now: datetime) -> bool:
        """Whether it is over, and what was under way at its end as well."""
        return now >= self.until_at + SETTLES


def span(first: date, zone: ZoneInfo) -> Span:
    """The month that begins on that day, from midnight to midnight in the zone."""
    return Span(first, _midnight(first, zone), _midnight(following(first), zone))


def following(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def preceding(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def month_of(at: datetime, zone: ZoneInfo) -> date:
    """The first day of the month in which an instant lies."""
    return at.astimezone(zone).date().replace(day=1)


def months_between(first: date, last: date) -> Iterator[date]:
    """Each month from one to the other, both included, the earliest first."""
    while first <= last:
        yield first
        first = following(first)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
