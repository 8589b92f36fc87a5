"""Labels: what people read of money, times, zones and languages."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.common.money import Money
from services.contracts.base import Format
from services.gateway.web import labels

BERLIN, SYDNEY, LONDON = (
    ZoneInfo(name) for name in ("Europe/Berlin", "Australia/Sydney", "Europe/London")
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant from RFC 3339."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("amount", "currency", "label"),
    [
        (9500, "EUR", "€95"),
        (9550, "EUR", "€95.50"),
        (8000, "GBP", "£80"),
        (16000, "AUD", "A$160"),
        (123400, "EUR", "€1,234"),
        (500, "JPY", "JP¥500"),
        (9000, "CHF", "CHF\N{NO-BREAK SPACE}90"),
        (9505, "KWD", "KWD\N{NO-BREAK SPACE}9.505"),
        (0, "EUR", "€0"),
    ],
)
def test_money_shows_decimals_only_where_there_are_any(
    amount: int, currency: str, label: str
) -> None:
    """Each currency with its own number of digits and the sign people know."""
    assert labels.money_label(Money(amount, currency)) == label


def test_an_instant_is_written_in_utc_with_z() -> None:
    """Addresses and machine-readable times say the same instant whatever zone it came in."""
    assert labels.instant(datetime(2026, 11, 24, 14, tzinfo=BERLIN)) == "2026-11-24T13:00:00Z"


def test_days_near_have_names_and_the_others_their_date() -> None:
    """Today and tomorrow are those of the zone shown."""
    days = [labels.day_label(at(f"2026-11-{day}T12:00Z"), BERLIN, NOW) for day in (23, 24, 25)]
    assert days == ["Today", "Tomorrow", "Wed 25 Nov"]


def test_today_is_todays_date_in_the_zone_that_is_shown() -> None:
    """At 14:00 in London it is tomorrow already in Sydney."""
    now = at("2026-11-23T14:00Z")
    assert labels.day_label(now, LONDON, now) == "Today"
    assert labels.day_label(at("2026-11-23T12:00Z"), SYDNEY, now) == "Mon 23 Nov"


def test_a_day_far_away_tells_its_year() -> None:
    """January in six weeks needs none; a session of last year does."""
    assert labels.short_date_label(date(2027, 1, 5), date(2026, 11, 23)) == "Tue 5 Jan"
    assert labels.short_date_label(date(2025, 11, 24), date(2026, 11, 23)) == "Mon 24 Nov 2025"


def test_a_session_is_told_with_day_and_both_times() -> None:
    """Two dates where midnight lies within, the year where it is another one."""
    label = labels.when_label(at("2026-11-24T13:00Z"), at("2026-11-24T13:50Z"), BERLIN, NOW)
    assert label == "Tuesday 24 November, 14:00–14:50"
    late = labels.when_label(at("2026-11-24T22:30Z"), at("2026-11-24T23:20Z"), BERLIN, NOW)
    assert late == "Tuesday 24 November, 23:30 – Wednesday 25 November, 00:20"
    next_year = labels.when_label(at("2027-01-05T13:00Z"), at("2027-01-05T13:50Z"), BERLIN, NOW)
    assert next_year.startswith("Tuesday 5 January 2027, ")


def test_the_hour_that_comes_twice_says_which_one_it_is() -> None:
    """02:30 on the night the clocks go back happens twice, an hour apart."""
    first, second = at("2026-10-25T00:30Z"), at("2026-10-25T01:30Z")
    assert [labels.time_label(one, BERLIN) for one in (first, second)] == [
        "02:30 CEST",
        "02:30 CET",
    ]
    assert labels.time_label(at("2026-10-25T02:30Z"), BERLIN) == "03:30"


def test_the_night_the_clocks_go_forward_needs_no_mark() -> None:
    """The hour is skipped: nothing is shown twice around it."""
    times = [labels.time_label(at(f"2026-03-29T{h:02}:30Z"), BERLIN) for h in (0, 1)]
    assert times == ["01:30", "03:30"]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Berlin", "Berlin time"),
        ("Asia/Calcutta", "Kolkata time"),
        ("Europe/Kiev", "Kyiv time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("CET", "Brussels time"),
        ("UTC", "UTC"),
        ("GMT", "UTC"),
        ("Etc/GMT+3", "UTC−3"),
        ("Etc/GMT-5", "UTC+5"),
    ],
)
def test_a_zone_is_named_by_its_city(zone: str, name: str) -> None:
    """Also under its old names; POSIX signs are turned to what people mean."""
    assert labels.zone_name(ZoneInfo(zone)) == name


def test_the_practitioners_clock_shows_only_where_it_differs() -> None:
    """Same clock: silence. Another day: its weekday. Different zones may agree."""
    start = at("2026-11-24T13:00Z")
    assert labels.there_label(start, SYDNEY, BERLIN) == "Wed 00:00 in Sydney"
    assert labels.there_label(start, LONDON, BERLIN) == "13:00 in London"
    assert labels.there_label(start, ZoneInfo("Europe/Vienna"), BERLIN) is None
    assert labels.there_label(start, ZoneInfo("Etc/GMT+3"), BERLIN) == "10:00 UTC−3"


def test_clocks_that_change_on_different_days_are_compared_at_the_session() -> None:
    """New York and Berlin lie five hours apart in late March, six in April."""
    new_york = ZoneInfo("America/New_York")
    assert labels.there_label(at("2026-03-20T13:00Z"), new_york, BERLIN) == "09:00 in New York"
    assert labels.time_label(at("2026-03-20T13:00Z"), BERLIN) == "14:00"
    assert labels.time_label(at("2026-04-03T13:00Z"), BERLIN) == "15:00"


def test_languages_have_their_english_names() -> None:
    """An unknown code is shown as it is, rather than hidden."""
    assert labels.languages_label(["en", "de", "cy", "qq"]) == "English, German, Welsh, qq"


def test_formats_are_told_in_words() -> None:
    """As a fact on its own, as the beginning of a line, and within a sentence."""
    both = [Format.ONLINE, Format.IN_PERSON]
    assert [labels.format_label(one, "Berlin") for one in both] == ["Online", "Berlin"]
    assert labels.formats_label(both, "Berlin") == "Online or in Berlin"
    assert labels.formats_label([Format.IN_PERSON]) == "In person"


@pytest.mark.parametrize(("hours", "label"), [(1, "1 hour"), (48, "48 hours"), (168, "7 days")])
def test_long_notice_is_told_in_days(hours: int, label: str) -> None:
    """Up to two days people say hours."""
    assert labels.hours_label(hours) == label
