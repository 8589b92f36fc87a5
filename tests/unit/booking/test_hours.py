"""Hours as people type them: every flaw is named, and what is let through is a schedule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain import hours
from services.booking.domain.hours import Pair
from services.booking.domain.schedule import Schedule, WeeklyHours, Window

MINUTES = st.integers(0, 1440)
COARSE = st.integers(0, 48).map(lambda half: half * 30)
PAIRS = st.lists(st.builds(Pair, COARSE, COARSE), max_size=5)
TODAY = date(2026, 11, 23)


def pair(text: str) -> Pair:
    opens, closes = text.split("-")
    return Pair(hours.minutes_of(opens), hours.minutes_of(closes))


@given(MINUTES)
def test_a_wall_time_reads_back_as_it_was_written(minutes: int) -> None:
    """From 00:00 to 24:00."""
    assert hours.minutes_of(hours.text_of(minutes)) == minutes


@pytest.mark.parametrize(
    ("windows", "flaws"),
    [
        (["09:00-12:00", "12:00-24:00"], {}),
        (["14:00-10:00"], {"0.closes": hours.BACKWARDS}),
        (["09:00-09:00"], {"0.closes": hours.BACKWARDS}),
        (["09:02-10:00"], {"0.opens": hours.OFF_GRID}),
        (["22:00-23:59"], {"0.closes": hours.MIDNIGHT}),
        (["22:00-00:00"], {"0.closes": hours.MIDNIGHT}),
        (["14:00-16:00", "09:00-14:05"], {"0.opens": "overlaps 09:00-14:05"}),
        (
            ["09:00-17:00", "10:00-11:00", "12:00-13:00"],
            {"1.opens": "overlaps 09:00-17:00", "2.opens": "overlaps 09:00-17:00"},
        ),
    ],
)
def test_each_flaw_of_a_day_names_its_field(windows: list[str], flaws: dict[str, str]) -> None:
    """Touching windows, and 24:00 at the end of the day, are none."""
    assert hours.window_flaws([pair(text) for text in windows]) == flaws


@given(PAIRS)
def test_a_day_is_flawless_exactly_where_its_windows_are_apart(pairs: list[Pair]) -> None:
    """Compared with the minutes themselves, each counted once."""
    covered = [minute for one in pairs for minute in range(one.opens, one.closes, 5)]
    is_sound = all(one.opens < one.closes for one in pairs) and len(set(covered)) == len(covered)
    assert (hours.window_flaws(pairs) == {}) == is_sound


@given(st.lists(st.tuples(st.integers(1, 7), PAIRS), max_size=7))
def test_what_is_let_through_is_a_schedule(days: list[tuple[int, list[Pair]]]) -> None:
    """The domain takes it without a word, and no weekday is there twice."""
    if hours.week_flaws(days):
        return
    weekly = tuple(WeeklyHours(day, Window(*one)) for day, pairs in days for one in pairs)
    assert Schedule("Europe/Berlin", weekly).weekly == weekly
    assert len({day for day, _ in days}) == len(days)


def test_flaws_of_a_week_name_day_and_window() -> None:
    """By their places in what was sent."""
    flaws = hours.week_flaws([(1, []), (2, [pair("09:00-08:00")]), (1, [])])
    assert flaws == {"1.windows.0.closes": hours.BACKWARDS, "2.weekday": hours.TWICE}


@pytest.mark.parametrize(
    ("first", "last", "from_", "until", "flaws"),
    [
        (TODAY, TODAY, None, None, {}),
        (date(2026, 11, 1), TODAY, None, None, {}),
        (TODAY, date(2026, 11, 22), None, None, {"last_on": hours.DATES_BACKWARDS}),
        (date(2026, 11, 1), date(2026, 11, 2), None, None, {"last_on": hours.PAST}),
        (TODAY, date(2036, 1, 1), None, None, {"last_on": hours.FAR}),
        (TODAY, TODAY, 600, 600, {"until_time": hours.BACKWARDS}),
        (TODAY, TODAY, 1440, None, {"until_time": hours.BACKWARDS}),
        (TODAY, date(2026, 11, 24), 600, 540, {}),
        (TODAY, TODAY, 601, 720, {"from_time": hours.OFF_GRID}),
    ],
)
def test_each_flaw_of_time_off_names_its_field(
    first: date, last: date, from_: int | None, until: int | None, flaws: dict[str, str]
) -> None:
    """It may have begun already, and must not be over."""
    assert hours.time_off_flaws(first, last, from_, until, TODAY) == flaws


def test_time_off_is_as_long_as_its_days_are() -> None:
    """25 hours on the day on which Berlin's clocks go back; wall times are those of the zone."""
    autumn = date(2026, 10, 25)
    whole = hours.instants_off("Europe/Berlin", autumn, autumn)
    assert whole.end - whole.start == 25 * 3600
    afternoon = hours.instants_off("Europe/Berlin", autumn, autumn, 12 * 60, 14 * 60)
    assert afternoon.start - whole.start == 13 * 3600
    assert afternoon.end - afternoon.start == 2 * 3600


def test_what_changed_is_told_by_day() -> None:
    """Days that stayed are left out."""
    before = {1: [pair("09:00-12:00")], 2: [pair("09:00-12:00")]}
    after = {1: [pair("09:00-12:00")], 3: [pair("10:00-12:00"), pair("14:00-24:00")]}
    assert hours.changed_days(before, after) == {
        "weekly.2": "closed (was 09:00-12:00)",
        "weekly.3": "10:00-12:00, 14:00-24:00 (was closed)",
    }
