"""Slots as text: RFC 3339 in UTC and in a viewer's zone, grouped by the viewer's local date.

Days are cut by integer offsets per zone segment, and the texts of a day are kept, because a
date object or a format call per slot costs more than finding the slots.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    LocalClock,
    checked_zone,
    date_of,
    local_clock,
)


class SlotDay(NamedTuple):
    """The slots of one local date: `starts_at` in UTC with Z, `shown` with the local offset."""

    on: str
    starts_at: list[str]
    shown: list[str]


class _DayTexts(dict[int, str]):
    """The text of each instant of one day that was asked for: `2026-11-23T14:00:00+01:00`."""

    def __init__(self, day: int, offset: int, suffix: str) -> None:
        """Texts of the local `day` under an offset in seconds, ending in its `suffix`."""
        self.on = date_of(day).isoformat()
        self._midnight = day * DAY - offset
        self._pattern = f"{self.on}T%02d:%02d:%02d{suffix}"

    def __missing__(self, instant: int) -> str:
        """Render an instant that is asked for the first time."""
        minutes, seconds = divmod(instant - self._midnight, MINUTE)
        text = self[instant] = self._pattern % (*divmod(minutes, MINUTE), seconds)
        return text


# About three years of days; each holds the texts of at most 288 starts on the 5-minute grid.
@lru_cache(maxsize=1_024)
def _texts_in_utc(day: int) -> _DayTexts:
    return _DayTexts(day, 0, "Z")


@lru_cache(maxsize=1_024)
def _texts_of(day: int, offset: int) -> _DayTexts:
    return _DayTexts(day, offset, _offset_text(offset))


class _Piece(NamedTuple):
    """Slots `[first, end)` of a list, all on one local day under one offset."""

    first: int
    end: int
    day: int
    offset: int


def in_utc(slots: Sequence[int]) -> list[str]:
    """Render ascending slots in RFC 3339 as `2026-11-23T13:00:00Z`."""
    texts: list[str] = []
    at = 0
    while at < len(slots):
        day = slots[at] // DAY
        end = bisect_left(slots, (day + 1) * DAY, at)
        texts += map(_texts_in_utc(day).__getitem__, slots[at:end])
        at = end
    return texts


def in_zone(slots: Sequence[int], zone: str) -> list[str]:
    """Render ascending slots in RFC 3339 as `2026-11-23T14:00:00+01:00` in an IANA zone."""
    texts: list[str] = []
    for first, end, day, offset in _pieces(slots, zone):
        texts += map(_texts_of(day, offset).__getitem__, slots[first:end])
    return texts


def by_local_date(slots: Sequence[int], zone: str) -> list[SlotDay]:
    """Group ascending slots by the date that a viewer in `zone` sees, in order of time.

    Dates without a slot are left out. ValueError naming `zone` when it is unknown.
    """
    utc = in_utc(slots)
    days: dict[str, SlotDay] = {}
    for first, end, day, offset in _pieces(slots, zone):
        texts = _texts_of(day, offset)
        shown = list(map(texts.__getitem__, slots[first:end]))
        if texts.on in days:
            days[texts.on].starts_at.extend(utc[first:end])
            days[texts.on].shown.extend(shown)
        else:
            days[texts.on] = SlotDay(texts.on, utc[first:end], shown)
    return list(days.values())


def _pieces(slots: Sequence[int], zone: str) -> Iterator[_Piece]:
    checked_zone(zone, "zone")
    if not slots:
        return
    clock = local_clock(zone, slots[0], slots[-1])
    at = 0
    while at < len(slots):
        piece = _piece_from(slots, at, clock)
        yield piece
        at = piece.end


def _piece_from(slots: Sequence[int], first: int, clock: LocalClock) -> _Piece:
    segment = clock.segment_at(slots[first])
    day = (slots[first] + segment.offset) // DAY
    end = min(segment.end, (day + 1) * DAY - segment.offset)
    return _Piece(first, bisect_left(slots, end, first), day, segment.offset)


def _offset_text(offset: int) -> str:
    # RFC 3339 knows no seconds in an offset; zones have had whole minutes since 1972.
    hours, minutes = divmod(abs(offset) // 60, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
