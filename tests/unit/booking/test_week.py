"""A week of a schedule: where it begins and ends, and what of it is open."""

from datetime import UTC, date, datetime

import pytest

from services.booking.domain.calendar import Span
from services.booking.domain.schedule import DaysOff, Override, Schedule, WeeklyHours
from services.booking.domain.week import week_of
from tests.unit.booking.cases import BERLIN, window

HOUR = 3_600
MONDAYS = WeeklyHours(1, window("09:00-12:00"))


def second(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}:00+00:00").astimezone(UTC).timestamp())


def span(text: str) -> Span:
    """Read `2026-11-23T08:00/2026-11-23T11:00`, UTC."""
    start, _, end = text.partition("/")
    return Span(second(start), second(end))


def schedule(*weekly: WeeklyHours, **parts: object) -> Schedule:
    return Schedule(BERLIN, weekly, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "monday", "hours"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 168),
        (date(2026, 11, 29), date(2026, 11, 23), 168),
        (date(2026, 10, 25), date(2026, 10, 19), 169),
        (date(2027, 3, 28), date(2027, 3, 22), 167),
        (date(2027, 1, 1), date(2026, 12, 28), 168),
    ],
)
def test_a_week_is_monday_to_sunday_of_the_local_clock(on: date, monday: date, hours: int) -> None:
    """Also where it holds an hour more or less, and over the year's end."""
    week = week_of(schedule(MONDAYS), on)
    assert week.monday == monday
    assert week.span.end - week.span.start == hours * HOUR


def test_only_what_lies_within_the_week_is_told() -> None:
    """A night that goes on into Monday, and one that goes on into the next: each in its part."""
    nights = (WeeklyHours(7, window("22:00-24:00")), WeeklyHours(1, window("00:00-02:00")))
    week = week_of(schedule(*nights), date(2026, 11, 25))
    assert week.hours == (
        span("2026-11-22T23:00/2026-11-23T01:00"),
        span("2026-11-29T21:00/2026-11-29T23:00"),
    )


def test_time_off_is_taken_from_the_hours() -> None:
    """What is left before and after it, so that nothing shows as open that is not."""
    off = Span(second("2026-11-23T09:00"), second("2026-11-23T10:00"))
    week = week_of(schedule(MONDAYS, time_off=(off,)), date(2026, 11, 23))
    assert week.hours == (
        span("2026-11-23T08:00/2026-11-23T09:00"),
        span("2026-11-23T10:00/2026-11-23T11:00"),
    )
    assert week.off == (off,)


def test_days_off_and_closed_dates_are_time_off_of_the_whole_day() -> None:
    """Those that touch are one; of those that go on beyond the week its part."""
    week = week_of(
        schedule(
            MONDAYS,
            overrides=(Override(date(2026, 11, 24)), Override(date(2026, 12, 1))),
            days_off=(DaysOff(date(2026, 11, 16), date(2026, 11, 23)),),
        ),
        date(2026, 11, 26),
    )
    assert week.hours == ()
    assert week.off == (span("2026-11-22T23:00/2026-11-24T23:00"),)


def test_the_day_on_which_clocks_go_back_has_its_hours_by_the_wall() -> None:
    """Sunday from one to four in the morning is four hours long."""
    sundays = WeeklyHours(7, window("01:00-04:00"))
    week = week_of(schedule(sundays), date(2026, 10, 25))
    assert week.hours == (span("2026-10-24T23:00/2026-10-25T03:00"),)
