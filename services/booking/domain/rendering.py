"""Slots as text: RFC 3339 in UTC and in a viewer's zone, grouped by the viewer's local date.

One piece of text per day and zone segment and one table look-up per slot, because a date
object per slot costs more than finding the slots.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.booking.domain.calendar import DAY, LocalClock, checked_zone, date_of, local_clock


class SlotDay(NamedTuple):
    """The slots of one local date: `starts_at` in UTC with Z, `shown` with the local offset."""

    on: str
    starts_at: list[str]
    shown: list[str]


class _Clock(dict[int, str]):
    """`T09:15:00` for each second of the day that was asked for."""

    def __missing__(self, second: int) -> str:
        minutes, seconds = divmod(second, 60)
        text = self[second] = f"T{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
        return text


class _Piece(NamedTuple):
    """Slots `[first, end)` of a list, all on one local day under one offset."""

    first: int
    end: int
    day: int
    offset: int


_CLOCK = _Clock()


def in_utc(slots: Sequence[int]) -> list[str]:
    """Render ascending slots in RFC 3339 as `2026-11-23T13:00:00Z`."""
    texts: list[str] = []
    at = 0
    while at < len(slots):
        day = slots[at] // DAY
        end = bisect_left(slots, (day + 1) * DAY, at)
        texts += _rendered(slots[at:end], day, 0, "Z")
        at = end
    return texts


def in_zone(slots: Sequence[int], zone: str) -> list[str]:
    """Render ascending slots in RFC 3339 as `2026-11-23T14:00:00+01:00` in an IANA zone."""
    texts: list[str] = []
    for piece in _pieces(slots, zone):
        texts += _shown(slots, piece)
    return texts


def by_local_date(slots: Sequence[int], zone: str) -> list[SlotDay]:
    """Group ascending slots by the date that a viewer in `zone` sees, in order of time.

    Dates without a slot are left out. ValueError naming `zone` when it is unknown.
    """
    utc = in_utc(slots)
    days: dict[int, SlotDay] = {}
    for piece in _pieces(slots, zone):
        day = days.setdefault(piece.day, SlotDay(date_of(piece.day).isoformat(), [], []))
        day.starts_at.extend(utc[piece.first : piece.end])
        day.shown.extend(_shown(slots, piece))
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


def _shown(slots: Sequence[int], piece: _Piece) -> list[str]:
    return _rendered(
        slots[piece.first : piece.end], piece.day, piece.offset, _offset_text(piece.offset)
    )


def _rendered(slots: Sequence[int], day: int, offset: int, suffix: str) -> list[str]:
    date, midnight = date_of(day).isoformat(), day * DAY - offset
    return [f"{date}{_CLOCK[slot - midnight]}{suffix}" for slot in slots]


def _offset_text(offset: int) -> str:
    # RFC 3339 knows no seconds in an offset; zones have had whole minutes since 1972.
    hours, minutes = divmod(abs(offset) // 60, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}"
