"""The local days of many instants at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.calendar import DAY, local_clock
from tests.unit.booking.cases import second

# Clocks that change at midnight, by half an hour, and by a day that was left out.
ZONES = ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


@pytest.mark.parametrize("zone", ZONES)
@given(st.lists(st.integers(0, 3 * 365 * DAY), max_size=40))
def test_many_days_are_those_of_each_instant(zone: str, offsets: list[int]) -> None:
    """In the order they were asked in, on whatever side of a change of clocks."""
    first = second("2010-10-01 00:00", "UTC")
    instants = [first + offset for offset in offsets]
    clock = local_clock(zone, first, first + 3 * 365 * DAY)
    assert clock.days_at(instants) == [clock.day_at(instant) for instant in instants]
