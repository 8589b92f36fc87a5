"""How sessions took open hours: cut at the ends, beyond them, and by the hours of each day."""

from datetime import UTC, date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.calendar import Span
from services.booking.domain.schedule import DaysOff, Schedule, WeeklyHours, Window
from services.booking.domain.usage import Minutes, WeeklyChange, minutes_of

HOUR = 3_600
BERLIN = "Europe/Berlin"


def instant(day: date, hour: int) -> int:
    return int(datetime.combine(day, time(hour), UTC).timestamp())


def days(first: date, last: date) -> Span:
    return Span(instant(first, 0), instant(last, 0) + 24 * HOUR)


def from_nine(closes: int, zone: str = "UTC") -> Schedule:
    window = Window(9 * 60, closes * 60)
    return Schedule(zone, tuple(WeeklyHours(day, window) for day in range(1, 6)))


MONDAY, FRIDAY = date(2026, 10, 19), date(2026, 10, 23)
WEEK = days(MONDAY, date(2026, 10, 25))


def test_sessions_within_and_beyond_the_open_hours_are_told_apart() -> None:
    """One begins within and goes on after closing; one lies on a Sunday."""
    sunday = instant(date(2026, 10, 25), 12)
    late = instant(MONDAY, 16)
    sessions = [Span(sunday, sunday + HOUR), Span(late, late + 2 * HOUR)]
    found = minutes_of(from_nine(17), [], sessions, WEEK)
    assert found == Minutes(open=5 * 8 * 60, used=60, beyond=120)


def test_what_several_clients_share_is_taken_once() -> None:
    """Two bookings of one group, and one that overlaps them."""
    ten = instant(MONDAY, 10)
    sessions = [Span(ten, ten + HOUR), Span(ten, ten + HOUR), Span(ten + HOUR // 2, ten + 2 * HOUR)]
    assert minutes_of(from_nine(17), [], sessions, WEEK).used == 120


def test_time_off_and_the_ends_of_the_period_leave_less() -> None:
    """Wednesday off, and a period that ends on Thursday at noon."""
    off = Schedule("UTC", from_nine(17).weekly, days_off=(DaysOff(*[date(2026, 10, 21)] * 2),))
    until = Span(WEEK.start, instant(date(2026, 10, 22), 12))
    assert minutes_of(off, [], [], until).open == (8 + 8 + 3) * 60


def test_each_day_has_the_hours_that_it_had() -> None:
    """Till noon before Wednesday, closed that day, till five from Thursday on."""
    changes = [
        WeeklyChange(date(2026, 10, 21), from_nine(12).weekly),
        WeeklyChange(date(2026, 10, 22), ()),
    ]
    found = minutes_of(from_nine(17), changes, [], WEEK)
    assert found.open == (3 + 3 + 0 + 8 + 8) * 60
    early = [WeeklyChange(date(2020, 1, 1), ())]
    assert minutes_of(from_nine(17), early, [], WEEK).open == 5 * 8 * 60
    late = [WeeklyChange(date(2030, 1, 1), from_nine(10).weekly)]
    assert minutes_of(from_nine(17), late, [], WEEK).open == 5 * 60


def test_a_day_of_the_zone_counts_across_the_change_of_clocks() -> None:
    """Berlin's Sunday of 25 hours, open through the night in which clocks go back."""
    sunday = date(2026, 10, 25)
    night = Schedule(BERLIN, (WeeklyHours(7, Window(0, 6 * 60)),))
    assert minutes_of(night, [], [], days(date(2026, 10, 24), sunday)).open == 7 * 60


STARTS = st.integers(WEEK.start - 24 * HOUR, WEEK.end + 24 * HOUR)
SESSIONS = st.lists(st.builds(lambda at, long: Span(at, at + long), STARTS, st.integers(60, 9_000)))


@given(sessions=SESSIONS, closes=st.integers(10, 23))
def test_it_is_what_counting_every_minute_finds(sessions: list[Span], closes: int) -> None:
    """Against a count minute by minute; sessions are cut to whole ones for it."""
    whole = [Span(one.start // 60 * 60, one.end // 60 * 60) for one in sessions]
    found = minutes_of(from_nine(closes), [], whole, WEEK)
    taken = {at for one in whole for at in range(one.start, one.end, 60) if WEEK.start <= at}
    taken = {at for at in taken if at < WEEK.end}
    opened = {
        instant(MONDAY, 0) + day * 24 * HOUR + minute * 60
        for day in range(5)
        for minute in range(9 * 60, closes * 60)
    }
    assert found == Minutes(len(opened), len(taken & opened), len(taken - opened))
