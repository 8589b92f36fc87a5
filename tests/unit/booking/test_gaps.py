"""The next free time of a working day."""

from datetime import date

import pytest

from services.booking.domain.calendar import MINUTE, Span, day_number
from services.booking.domain.gaps import next_gap
from services.booking.domain.schedule import Schedule, WeeklyHours, Window

DAY_START = day_number(date(2026, 11, 24)) * 24 * 60 * MINUTE
SCHEDULE = Schedule("UTC", (WeeklyHours(2, Window(9 * 60, 12 * 60)),))


def at(hour: int, minute: int = 0) -> int:
    return DAY_START + (hour * 60 + minute) * MINUTE


@pytest.mark.parametrize(
    ("taken", "now", "gap"),
    [
        ([], at(8), (at(9), at(12))),
        ([], at(10), (at(10), at(12))),
        ([(at(9), at(10))], at(8), (at(10), at(12))),
        ([(at(9, 10), at(10)), (at(10, 10), at(11))], at(8), (at(11), at(12))),
        ([(at(9), at(10)), (at(10, 15), at(12))], at(9, 30), (at(10), at(10, 15))),
        ([(at(8), at(13))], at(8), None),
        ([(at(9), at(11, 50))], at(9), None),
        ([], at(12), None),
    ],
)
def test_it_is_the_first_within_hours_that_is_long_enough(
    taken: list[tuple[int, int]], now: int, gap: tuple[int, int] | None
) -> None:
    """A quarter of an hour at least, from now on, around what is there."""
    found = next_gap(SCHEDULE, [Span(*one) for one in taken], now, at(24))
    assert found == (gap and Span(*gap))
