"""Slots as text: RFC 3339 in UTC.

The texts are kept, because a date object or a format call per slot costs more than finding the
slots. They are kept by the four weeks, so that what nobody asks for any more goes.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from services.booking.domain.calendar import DAY

_PERIOD = 28 * DAY


class _Texts(dict[int, str]):
    """The text of each instant of one period that was asked for: `2026-11-23T14:00:00Z`."""

    def __missing__(self, instant: int) -> str:
        """Render an instant that is asked for the first time."""
        text = self[instant] = f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"
        return text


# About three years; each period holds the texts of at most 8,064 starts on the 5-minute grid.
@lru_cache(maxsize=40)
def _texts_in_utc(_period: int) -> _Texts:
    return _Texts()


def in_utc(slots: Sequence[int]) -> list[str]:
    """Render ascending slots in RFC 3339 as `2026-11-23T13:00:00Z`."""
    texts: list[str] = []
    at = 0
    while at < len(slots):
        period = slots[at] // _PERIOD
        end = bisect_left(slots, (period + 1) * _PERIOD, at)
        texts += map(_texts_in_utc(period).__getitem__, slots[at:end])
        at = end
    return texts
