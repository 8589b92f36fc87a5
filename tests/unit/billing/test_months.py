"""Months by the calendar of a zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.billing.domain.months import (
    SETTLES,
    following,
    month_of,
    months_between,
    preceding,
    span,
)

BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")


def test_a_month_goes_from_midnight_to_midnight_of_its_zone() -> None:
    """In October the clocks of Berlin go back: the month is an hour longer."""
    october = span(date(2026, 10, 1), BERLIN)
    assert october.from_at == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert october.until_at == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert span(date(2026, 10, 1), SYDNEY).from_at == datetime(2026, 9, 30, 14, tzinfo=UTC)


def test_months_follow_each_other_over_the_years_and_leap_days() -> None:
    """From the last of one to the first of the next, and back."""
    every = list(months_between(date(2027, 11, 1), date(2028, 3, 1)))
    assert [one.month for one in every] == [11, 12, 1, 2, 3]
    assert [preceding(following(one)) for one in every] == every
    assert list(months_between(date(2028, 3, 1), date(2028, 2, 1))) == []


def test_an_instant_lies_in_the_month_of_its_zone() -> None:
    """At half past eleven of the last evening in UTC it is the next month in Berlin."""
    late = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert (month_of(late, BERLIN), month_of(late, ZoneInfo("Europe/London"))) == (
        date(2026, 12, 1),
        date(2026, 11, 1),
    )


def test_a_month_is_settled_an_hour_after_its_last_midnight() -> None:
    """To the second."""
    november = span(date(2026, 11, 1), BERLIN)
    assert november.is_settled(november.until_at + SETTLES)
    assert not november.is_settled(november.until_at + SETTLES - timedelta(seconds=1))
