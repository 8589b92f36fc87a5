"""The slot picker's calendar: month grid, strip and day, in the zone of the page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.web.slot_calendar import (
    AskedDays,
    Free,
    Makers,
    calendar_context,
    grid_bounds,
    jump_to,
    last_date,
    parse_wish,
    range_to_ask,
)

BERLIN, SYDNEY = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Sydney")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
Context = dict[str, Any]
MAKERS = Makers(
    day_url=lambda day: f"day={day}",
    month_url=lambda month: f"month={month:%Y-%m}",
    slot=lambda at: {"starts_at": at},
)


def starts(*texts: str) -> list[datetime]:
    """Instants in UTC."""
    return [datetime.fromisoformat(f"{text}Z") for text in texts]


def made(
    free: list[datetime],
    *,
    day: str = "",
    month: str = "",
    zone: ZoneInfo = BERLIN,
    next_free: datetime | None = None,
    last_on: date = date(2027, 1, 20),
    now: datetime = NOW,
) -> Context:
    """A calendar of these starts."""
    told = Free(free, free[0] if free else next_free, last_on)
    return calendar_context(parse_wish(day, month), told, zone, now, MAKERS)


def cells(calendar: Context) -> dict[str, Context]:
    """The cells of the month grid that belong to the month, by date."""
    days = (day for week in calendar["month"]["weeks"] for day in week)
    return {day["date"]: day for day in days if not day["is_outside"]}


NOVEMBER = starts("2026-11-24T08:00", "2026-11-24T13:00", "2026-11-24T17:00", "2026-12-01T09:00")


def test_it_opens_on_the_first_free_date() -> None:
    """Not on an empty today; the times of that day stand by part of day."""
    calendar = made(NOVEMBER)
    assert calendar["day"]["label"] == "Tuesday 24 November"
    assert calendar["day"]["summary"] == "3 free times on Tuesday 24 November"
    assert [part["label"] for part in calendar["day"]["parts"]] == [
        "Morning",
        "Afternoon",
        "Evening",
    ]
    assert calendar["next_available"] is None


def test_it_opens_in_the_month_of_the_first_free_date() -> None:
    """When November is full, December shows, and the way back is there."""
    calendar = made(starts("2026-12-08T09:00"))
    assert calendar["month"]["label"] == "December 2026"
    assert calendar["month"]["prev_url"] == "month=2026-11"
    assert calendar["day"]["label"] == "Tuesday 8 December"


def test_only_free_days_of_the_month_can_be_chosen() -> None:
    """A free day of the next month stands greyed in this grid, and open in the strip."""
    calendar = made(NOVEMBER)
    linked = [name for name, cell in cells(calendar).items() if cell["url"]]
    assert linked == ["2026-11-24"]
    assert cells(calendar)["2026-11-24"]["label"] == "Tuesday 24 November, 3 free times"
    last_week = calendar["month"]["weeks"][-1]
    assert [cell["url"] for cell in last_week] == [None] * 7
    strip = made(NOVEMBER, day="2026-12-01")["strip"]
    assert [day["date"] for day in strip["days"] if day["url"]] == ["2026-12-01"]


def test_days_are_those_of_the_zone_that_is_shown() -> None:
    """23:00 UTC on Monday is a slot of Tuesday in Berlin and Sydney, with Sydney's own today."""
    free = starts("2026-11-23T23:00")
    assert made(free)["day"]["label"] == "Tuesday 24 November"
    late = datetime(2026, 11, 23, 14, tzinfo=UTC)
    in_sydney = made(free, zone=SYDNEY, now=late)
    assert in_sydney["day"]["label"] == "Tuesday 24 November"
    assert cells(in_sydney)["2026-11-24"]["is_today"]
    assert not cells(made(free, now=late))["2026-11-24"]["is_today"]


def test_a_slot_at_the_turn_of_the_month_falls_where_the_zone_says() -> None:
    """The same start is November in Berlin and December in Sydney."""
    free = starts("2026-11-30T20:00")
    assert made(free)["month"]["label"] == "November 2026"
    assert made(free, zone=SYDNEY)["month"]["label"] == "December 2026"


def test_both_passes_of_a_repeated_hour_lie_in_one_day() -> None:
    """On the night the clocks go back both 02:30 belong to the Sunday of 25 hours."""
    free = starts("2026-10-24T22:00", "2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T22:59")
    calendar = made(free, now=datetime(2026, 10, 20, tzinfo=UTC))
    assert calendar["day"]["summary"] == "4 free times on Sunday 25 October"


def test_an_empty_month_names_the_next_available_time() -> None:
    """Never an empty page without a way on."""
    beyond = starts("2027-01-05T13:00")[0]
    calendar = made([], month="2026-12", next_free=beyond)
    assert calendar["day"] is None
    assert calendar["empty_when"] == "in December"
    assert calendar["next_available"] == {"label": "Tue 5 Jan, 14:00", "url": "day=2027-01-05"}


def test_an_empty_day_names_the_next_time_after_it() -> None:
    """And not the soonest of all, which lies before what was asked for."""
    calendar = made(NOVEMBER, day="2026-11-26")
    assert calendar["day"] is None
    assert calendar["empty_when"] == "on Thursday 26 November"
    assert calendar["next_available"] == {"label": "Tue 1 Dec, 10:00", "url": "day=2026-12-01"}


def test_who_has_no_time_at_all_leads_nowhere() -> None:
    """No invented link: the page then points at others who have time."""
    calendar = made([])
    assert (calendar["day"], calendar["next_available"]) == (None, None)


def test_months_are_bounded_by_today_and_the_last_bookable_date() -> None:
    """No step into the past, none beyond the window."""
    january = made([], month="2027-01")["month"]
    assert (january["prev_url"], january["next_url"]) == ("month=2026-12", None)
    november = made(NOVEMBER)["month"]
    assert (november["prev_url"], november["next_url"]) == (None, "month=2026-12")


def test_weeks_are_bounded_likewise_and_lead_to_their_first_free_day() -> None:
    """The week's first free day where it is known, else its Monday."""
    strip = made(NOVEMBER)["strip"]
    assert strip["label"] == "Week of 23 November"
    assert (strip["prev_url"], strip["next_url"]) == (None, "day=2026-12-01")
    later = made(NOVEMBER, day="2026-12-01")["strip"]
    assert (later["prev_url"], later["next_url"]) == ("day=2026-11-24", "day=2026-12-07")
    assert made(NOVEMBER, day="2027-01-19")["strip"]["next_url"] is None


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01", "2026-11-31", "20261124x", "٢٠٢٦-11-24"]
)
def test_what_is_no_date_is_passed_over(text: str) -> None:
    """The picker opens as if nothing had been asked."""
    assert parse_wish(text, text) == AskedDays()


def test_a_past_or_absurd_date_stays_within_bounds() -> None:
    """The year 1 shows this month, the year 9999 the last that can be reached."""
    assert AskedDays(day=date(1, 1, 1)).shown_month(TODAY) == date(2026, 11, 1)
    assert AskedDays(month=date(9999, 12, 1)).shown_month(TODAY) == date(2028, 11, 1)


@given(
    today=st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    wanted=st.none() | st.dates(),
)
def test_what_is_asked_of_booking_is_never_more_than_93_days(
    today: date, wanted: date | None
) -> None:
    """And never empty, never past, and all of the visible month from today on."""
    wish = AskedDays(day=wanted)
    from_on, until_on = range_to_ask(wish, today)
    assert today <= from_on <= until_on
    assert until_on - from_on < timedelta(days=93)
    if month := wish.shown_month(today):
        first, last = grid_bounds(month)
        assert (from_on, until_on) == (max(first, today), last)


def test_it_jumps_to_a_first_free_date_beyond_what_was_asked() -> None:
    """A calendar that is full for a quarter opens on the first free date all the same."""
    beyond = datetime(2027, 3, 3, 9, tzinfo=UTC)
    free = Free([], beyond, date(2027, 5, 1))
    assert jump_to(AskedDays(), free, BERLIN, TODAY) == date(2027, 3, 3)
    assert jump_to(AskedDays(month=date(2026, 12, 1)), free, BERLIN, TODAY) is None
    assert jump_to(AskedDays(), Free([], None, date(2027, 5, 1)), BERLIN, TODAY) is None


def test_it_jumps_where_the_month_would_show_only_in_part() -> None:
    """93 days end within February: a February that was cut off would look full."""
    first = datetime(2027, 2, 20, 9, tzinfo=UTC)
    assert jump_to(AskedDays(), Free([first], first, date(2027, 5, 1)), BERLIN, TODAY) == date(
        2027, 2, 20
    )
    assert jump_to(AskedDays(), Free([first], first, date(2027, 2, 21)), BERLIN, TODAY) is None


def test_the_last_bookable_date_is_translated_to_the_zone_of_the_page() -> None:
    """The end of a Berlin day is the next morning in Sydney, and the afternoon in New York."""
    last = date(2026, 12, 31)
    assert last_date(last, BERLIN, SYDNEY) == date(2027, 1, 1)
    assert last_date(last, BERLIN, ZoneInfo("America/New_York")) == last
    assert last_date(last, SYDNEY, BERLIN) == last
