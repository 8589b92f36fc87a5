"""Local calendars in integers: instants are UTC epoch seconds, days count from 1970-01-01.

What a local clock *shows* is kept as the epoch second of the same reading in UTC, so that a
reading is `instant + offset` and its local day is `reading // DAY`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = 60
DAY = 86_400
WEEK_DAYS = 7
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# 1970-01-01 was a Thursday: three days after the Monday of its ISO week.
_EPOCH_WEEKDAY = 3
# Transitions are looked for in spans of about a year, probed every six hours: no zone has
# changed its offset and back within that.
_CHUNK_BITS = 25
_PROBE = 6 * 3_600
_MARGIN = 10 * DAY


class Span(NamedTuple):
    """Half-open range of instants `[start, end)`, UTC epoch seconds; empty if end ≤ start."""

    start: int
    end: int


class Segment(NamedTuple):
    """Instants `[start, end)` through which a zone keeps one offset (seconds east of UTC)."""

    start: int
    end: int
    offset: int


def checked_zone(name: str, field: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError naming `field` where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"{field}: {name!r} is not an IANA time zone") from unknown


def checked_aware(moment: datetime, field: str) -> datetime:
    """The datetime itself; ValueError naming `field` when it carries no offset."""
    if moment.utcoffset() is None:
        raise ValueError(f"{field}: must carry a UTC offset")
    return moment


def second_of(moment: datetime, field: str) -> int:
    """Epoch second in which the aware `moment` lies."""
    elapsed = checked_aware(moment, field).astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return elapsed.days * DAY + elapsed.seconds


def first_second(moment: datetime, field: str) -> int:
    """Epoch second of the first whole second that is not before the aware `moment`."""
    return second_of(moment, field) + (moment.microsecond > 0)


def day_number(on: date) -> int:
    """Days since 1970-01-01."""
    return on.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    """The date that many days after 1970-01-01."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def iso_weekday(day: int) -> int:
    """1 (Monday) to 7 (Sunday), ISO 8601."""
    return (day + _EPOCH_WEEKDAY) % WEEK_DAYS + 1


def week_number(day: int) -> int:
    """A count of ISO weeks: equal for two days exactly when they share a week from Monday."""
    return (day + _EPOCH_WEEKDAY) // WEEK_DAYS


def first_day_of(week: int) -> int:
    """The Monday of a week as counted by `week_number`."""
    return week * WEEK_DAYS - _EPOCH_WEEKDAY


@dataclass(frozen=True, slots=True)
class LocalClock:
    """What the clocks of one zone show, valid for the range it was made for."""

    segments: tuple[Segment, ...]
    starts: tuple[int, ...]

    def segment_at(self, instant: int) -> Segment:
        """The segment of constant offset in which the instant lies."""
        return self.segments[max(bisect_right(self.starts, instant) - 1, 0)]

    def shown_at(self, instant: int) -> int:
        """The reading of the local clock at an instant."""
        return instant + self.segment_at(instant).offset

    def day_at(self, instant: int) -> int:
        """The local day on which an instant falls."""
        return self.shown_at(instant) // DAY

    def days_at(self, instants: Iterable[int]) -> list[int]:
        """The local days on which many instants fall, in their order."""
        starts, offsets = self.starts[1:], [segment.offset for segment in self.segments]
        return [(at + offsets[bisect_right(starts, at)]) // DAY for at in instants]

    def instant_of(self, shown: int) -> int:
        """The instant of a reading, "compatible" as in RFC 5545 §3.3.5.

        Skipped readings move forward by the length of the gap, repeated ones mean the first.
        """
        before = self.segments[0].offset
        for start, end, offset in self.segments:
            instant = shown - offset
            if instant < start:
                return shown - before
            if instant < end:
                return instant
            before = offset
        return shown - before

    def spans_of_days(self, first: int, end: int) -> Iterator[Span]:
        """All instants whose local day is in `[first, end)`, whatever the clock does."""
        for segment in self.segments:
            start = max(segment.start, first * DAY - segment.offset)
            stop = min(segment.end, end * DAY - segment.offset)
            if start < stop:
                yield Span(start, stop)


def local_clock(zone: str, start: int, end: int) -> LocalClock:
    """The clock of a zone for the instants `[start, end]` and some days on either side."""
    return _clock_of_chunks(zone, (start - _MARGIN) >> _CHUNK_BITS, (end + _MARGIN) >> _CHUNK_BITS)


@lru_cache(maxsize=512)
def _clock_of_chunks(zone: str, first: int, last: int) -> LocalClock:
    joined: list[Segment] = []
    for chunk in range(first, last + 1):
        for segment in _segments_of_chunk(zone, chunk):
            if joined and joined[-1].offset == segment.offset:
                joined[-1] = Segment(joined[-1].start, segment.end, segment.offset)
            else:
                joined.append(segment)
    return LocalClock(tuple(joined), tuple(segment.start for segment in joined))


@lru_cache(maxsize=2_048)
def _segments_of_chunk(zone: str, chunk: int) -> tuple[Segment, ...]:
    rules = checked_zone(zone, "zone")
    start, end = chunk << _CHUNK_BITS, (chunk + 1) << _CHUNK_BITS
    segments, since, offset = [], start, _offset(rules, start)
    for probe in (*range(start + _PROBE, end, _PROBE), end - 1):
        following = _offset(rules, probe)
        if following != offset:
            change = _first_instant_with(rules, following, probe - _PROBE, probe)
            segments.append(Segment(since, change, offset))
            since, offset = change, following
    return (*segments, Segment(since, end, offset))


def _first_instant_with(rules: ZoneInfo, offset: int, low: int, high: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(rules, middle) == offset else (middle, high)
    return high


def _offset(rules: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, rules).utcoffset()
    if offset is None:
        raise ValueError(f"zone: {rules.key} has no offset")
    return offset.days * DAY + offset.seconds
