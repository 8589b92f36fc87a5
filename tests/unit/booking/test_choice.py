"""Which slots are shown first: nearest, next, and one per part of day."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.choice import (
    nearest,
    next_by_part_of_day,
    next_free,
    part_of_day,
    spread,
)
from services.booking.domain.schedule import Schedule
from services.booking.domain.slot_rules import Occupied
from services.contracts.base import PartOfDay
from tests.unit.booking.cases import BERLIN, NOTHING, daily, instant, rules_of, second, session


@given(
    st.lists(st.integers(0, 200), unique=True).map(sorted),
    st.integers(-20, 220),
    st.integers(1, 5),
)
def test_the_nearest_slots_are_those_of_a_plain_sort(
    slots: list[int], wanted: int, count: int
) -> None:
    """Bisection picks what sorting all by distance picks, earlier ones first among equals."""
    by_distance = sorted(slots, key=lambda slot: (abs(slot - wanted), slot))
    found = nearest(slots, datetime.fromtimestamp(wanted, UTC), count)
    assert found == sorted(by_distance[:count])


def test_three_slots_are_offered_by_default() -> None:
    """Who loses a race gets three, before and after what was wanted."""
    assert nearest([0, 900, 2_700, 9_000], datetime.fromtimestamp(1_800, UTC)) == [0, 900, 2_700]


def test_the_next_free_slot_keeps_off_what_is_taken() -> None:
    """The first start that can be booked from now on, not the first in the hours."""
    rules = rules_of(Schedule(BERLIN, daily("09:00-10:00")))
    now = instant("2026-06-10 08:00", BERLIN)
    occupied = Occupied([session("2026-06-10 09:00")])
    until = instant("2026-06-20 00:00", BERLIN)
    found = next_free(rules, occupied, now=now, until=until)
    assert found == second("2026-06-10 09:30", BERLIN)


def test_nothing_is_free_in_a_closed_range() -> None:
    """None, rather than an error, when no slot is left."""
    rules = rules_of(Schedule(BERLIN, ()))
    now = instant("2026-06-10 08:00", BERLIN)
    assert next_free(rules, NOTHING, now=now, until=instant("2026-06-20 00:00")) is None


@pytest.mark.parametrize(
    ("clock", "part"),
    [
        ((0, 0), PartOfDay.MORNING),
        ((11, 55), PartOfDay.MORNING),
        ((12, 0), PartOfDay.AFTERNOON),
        ((16, 55), PartOfDay.AFTERNOON),
        ((17, 0), PartOfDay.EVENING),
        ((23, 55), PartOfDay.EVENING),
    ],
)
def test_the_day_has_three_parts(clock: tuple[int, int], part: PartOfDay) -> None:
    """Noon begins the afternoon and five o'clock the evening."""
    assert part_of_day(clock[0] * 3_600 + clock[1] * 60) is part


def test_each_part_of_day_gets_its_first_slot_by_the_local_clock() -> None:
    """The evening of London is told from its afternoon in summer time; no part is invented."""
    slots = [
        second(text, "Europe/London")
        for text in ("2026-06-10 16:30", "2026-06-10 17:00", "2026-06-11 12:00")
    ]
    expected = {PartOfDay.AFTERNOON: slots[0], PartOfDay.EVENING: slots[1]}
    assert next_by_part_of_day(slots, "Europe/London") == expected
    assert next_by_part_of_day([], "Europe/London") == {}


@pytest.mark.parametrize(
    ("minutes", "count", "chosen"),
    [
        ([0, 15, 30, 45, 60, 120, 200], 3, [0, 60, 120]),
        ([0, 15, 30], 3, [0, 15, 30]),
        ([0, 15, 55, 70], 3, [0, 15, 55]),
        ([0, 50, 100], 2, [0, 50]),
        ([], 3, []),
    ],
)
def test_spread_starts_do_not_overlap_while_there_are_enough(
    minutes: list[int], count: int, chosen: list[int]
) -> None:
    """Sessions of 50 minutes: touching is fine; the earliest others fill up, in order of time."""
    assert spread([60 * one for one in minutes], 50 * 60, count) == [60 * one for one in chosen]
