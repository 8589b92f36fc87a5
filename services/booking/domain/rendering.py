"""Slots as text: RFC 3339 in UTC.

The texts of a day are kept, because a date object or a format call per slot costs more than
finding the slots.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from services.booking.domain.calendar import DAY, MINUTE, date_of


class _DayTexts(dict[int, str]):
    """The text of each instant of one day that was asked for: `2026-11-23T14:00:00Z`."""

    def __init__(self, day: int) -> None:
        self._midnight = day * DAY
        self._pattern = f"{date_of(day).isoformat()}T%02d:%02d:%02dZ"

    def __missing__(self, instant: int) -> str:
        """Render an instant that is asked for the first time."""
        minutes, seconds = divmod(instant - self._midnight, MINUTE)
        text = self[instant] = self._pattern % (*divmod(minutes, MINUTE), seconds)
        return text


# About three years of days; each holds the texts of at most 288 starts on the 5-minute grid.
@lru_cache(maxsize=1_024)
def _texts_in_utc(day: int) -> _DayTexts:
    return _DayTexts(day)


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
