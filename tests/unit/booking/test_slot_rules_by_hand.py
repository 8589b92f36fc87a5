"""Rules 5 to 7 by hand: what is in the way, notice and window, limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.booking.domain.availability import free_slots
from services.booking.domain.refusal import refusal
from services.booking.domain.schedule import Schedule
from services.booking.domain.slot_rules import (
    Limits,
    Occupied,
    OfferingRules,
    TakenSession,
)
from tests.unit.booking.cases import (
    BERLIN,
    NOTHING,
    OTHER,
    OWN,
    daily,
    instant,
    rules_of,
    second,
    session,
    shown,
    span,
)

DAY = "2026-06-10"
MORNING = Schedule(BERLIN, daily("09:00-12:00"))
NIGHT = Schedule(BERLIN, daily("00:00-05:00"))


def times(slots: list[str]) -> list[str]:
    """Drop the offsets of a day without a change."""
    return [slot[:5] for slot in slots]


def test_ranges_that_touch_are_no_conflict() -> None:
    """Half-open: one ends at the instant in which the next begins."""
    occupied = Occupied([session(f"{DAY} 10:00")], [span(f"{DAY} 11:00", f"{DAY} 11:30")])
    slots = times(shown(rules_of(MORNING), DAY, occupied=occupied))
    assert slots == ["09:00", "09:30", "10:30", "11:30"]


def test_buffers_of_neighbours_add_up() -> None:
    """15 minutes after this session and 15 before that one make half an hour between them."""
    occupied = Occupied([session(f"{DAY} 10:30", buffers=15)])
    rules = rules_of(MORNING, before=15, after=15, increment=15)
    assert times(shown(rules, DAY, occupied=occupied)) == ["09:00", "09:15", "09:30", "11:30"]


def test_a_busy_time_needs_the_own_buffer_only() -> None:
    """What comes from another calendar has no buffer of its own."""
    occupied = Occupied(busy=[span(f"{DAY} 10:00", f"{DAY} 10:30")])
    rules = rules_of(MORNING, before=15, after=15, increment=15)
    slots = times(shown(rules, DAY, occupied=occupied))
    assert slots == ["09:00", "09:15", "10:45", "11:00", "11:15", "11:30"]


def test_one_second_of_busy_time_is_enough() -> None:
    """Busy times are kept to the second, starts on the 5-minute grid."""
    busy = span(f"{DAY} 09:59:59", f"{DAY} 10:00")
    assert "09:30" not in times(shown(rules_of(MORNING), DAY, occupied=Occupied(busy=[busy])))
    busy = span(f"{DAY} 10:00", f"{DAY} 10:00:01")
    slots = times(shown(rules_of(MORNING), DAY, occupied=Occupied(busy=[busy])))
    assert "09:30" in slots
    assert "10:00" not in slots


EMPTY = span(f"{DAY} 09:15", f"{DAY} 09:15")


@pytest.mark.parametrize(
    "occupied",
    [
        Occupied(busy=[EMPTY]),
        Occupied([TakenSession(EMPTY.start, EMPTY.start, EMPTY.end, OTHER)]),
        Occupied(client=[EMPTY]),
        Occupied(rooms=[[EMPTY]]),
    ],
)
def test_an_empty_range_is_in_nobodys_way(occupied: Occupied) -> None:
    """Calendars contain events without length, for the list and for the single question."""
    now = instant("2026-06-09 12:00", BERLIN)
    assert "09:00" in times(shown(rules_of(MORNING), DAY, occupied=occupied))
    assert refusal(rules_of(MORNING), occupied, instant(f"{DAY} 09:00", BERLIN), now=now) is None


def test_buffers_are_elapsed_time_on_the_night_of_the_change() -> None:
    """An hour's buffer after 01:00 in spring ends when the clock shows 03:00."""
    occupied = Occupied([session("2026-03-29 01:00", buffers=0)])
    rules = rules_of(NIGHT, before=60, increment=30)
    assert shown(rules, "2026-03-29", occupied=occupied)[:3] == [
        "00:00+01:00",
        "00:30+01:00",
        "03:30+02:00",
    ]


def test_busy_in_one_pass_of_the_repeated_hour_leaves_the_other() -> None:
    """The first 02:00 is taken, the second is not."""
    first = second("2026-10-25 02:00", BERLIN)
    taken = TakenSession(first, first, first + 1_800, OTHER)
    slots = shown(rules_of(NIGHT), "2026-10-25", occupied=Occupied([taken]))
    assert "02:00+02:00" not in slots
    assert "02:00+01:00" in slots


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-06-10 08:00:00", "10:00"),
        ("2026-06-10 08:00:01", "10:30"),
        ("2026-06-10 07:59:59", "10:00"),
        ("2026-06-10 08:00:00.000001", "10:30"),
    ],
)
def test_notice_is_kept_to_the_second(now: str, first: str) -> None:
    """Exactly two hours are enough, anything less is not."""
    rules = rules_of(MORNING, notice_minutes=120)
    assert times(shown(rules, DAY, now=instant(now, BERLIN)))[0] == first


def test_notice_is_elapsed_time_on_the_night_of_the_change() -> None:
    """Three hours from 00:30 end in spring at 04:30 on the clock, in autumn at 02:30."""
    rules = rules_of(NIGHT, notice_minutes=180)
    spring = shown(rules, "2026-03-29", now=instant("2026-03-29 00:30", BERLIN))
    autumn = shown(rules, "2026-10-25", now=instant("2026-10-25 00:30", BERLIN))
    assert spring[0] == "04:30+02:00"
    assert autumn[0] == "02:30+01:00"


def test_the_booking_window_counts_local_dates() -> None:
    """Late in the evening in Berlin it is today there, though the day is the same in UTC."""
    rules = rules_of(Schedule(BERLIN, daily("00:00-24:00")), window_days=1)
    before = shown(rules, DAY, days=3, now=instant(f"{DAY} 23:59:59.9", BERLIN))
    after = shown(rules, DAY, days=3, now=instant("2026-06-11 00:00", BERLIN))
    assert len(before) == 48
    assert len(after) == 96


def test_a_window_of_no_days_is_today() -> None:
    """The last slot is the last that starts before the local midnight."""
    rules = rules_of(Schedule(BERLIN, daily("00:00-24:00")), window_days=0)
    slots = shown(rules, "2026-10-25", days=2, now=instant("2026-10-25 00:00", BERLIN))
    assert len(slots) == 50
    assert slots[-1] == "23:30+01:00"


@pytest.mark.parametrize("whose", ["practitioner", "offering"])
def test_the_limit_of_a_day_counts_local_dates(whose: str) -> None:
    """23:30 in Berlin counts for that date, although 00:30 is the same date in UTC."""
    limits = Limits(max_per_day=1)
    rules = rules_of(
        Schedule(BERLIN, daily("00:00-24:00")),
        limits=limits if whose == "offering" else None,
        practitioner_limits=limits if whose == "practitioner" else None,
    )
    occupied = Occupied([session("2026-06-11 00:30")])
    assert len(shown(rules, DAY, occupied=occupied)) == 48
    assert shown(rules, "2026-06-11", occupied=occupied) == []


def test_a_full_day_of_25_hours_is_full_in_both_passes() -> None:
    """The repeated hour belongs to its date twice, and so does the limit."""
    rules = rules_of(NIGHT, practitioner_limits=Limits(max_per_day=1))
    occupied = Occupied([session("2026-10-25 20:00")])
    assert shown(rules, "2026-10-25", occupied=occupied) == []
    assert shown(rules, "2026-10-26", occupied=occupied) != []


def test_past_sessions_count_for_limits() -> None:
    """The morning's session fills the day although it is over."""
    rules = rules_of(MORNING, practitioner_limits=Limits(max_per_day=1))
    occupied = Occupied([session(f"{DAY} 07:00")])
    assert shown(rules, DAY, occupied=occupied, now=instant(f"{DAY} 08:30", BERLIN)) == []


def test_the_limit_of_a_week_counts_iso_weeks() -> None:
    """Sunday 2026-06-14 closes the week of Monday the 8th; Monday the 15th is free again."""
    rules = rules_of(MORNING, practitioner_limits=Limits(max_per_week=2))
    occupied = Occupied([session("2026-06-08 09:00"), session("2026-06-14 23:30")])
    assert shown(rules, "2026-06-08", days=7, occupied=occupied) == []
    assert len(shown(rules, "2026-06-15", occupied=occupied)) == 6


def test_a_week_that_ends_with_a_year_is_one_week() -> None:
    """2026-W53 runs from Monday 2026-12-28 to Sunday 2027-01-03."""
    rules = rules_of(MORNING, practitioner_limits=Limits(max_per_week=1))
    occupied = Occupied([session("2026-12-28 09:00")])
    assert shown(rules, "2026-12-28", days=7, occupied=occupied) == []
    assert len(shown(rules, "2027-01-04", occupied=occupied)) == 6


def test_the_offerings_limit_counts_its_own_sessions() -> None:
    """Another offering's session is in the way and does not count."""
    rules = rules_of(MORNING, limits=Limits(max_per_day=1))
    others = Occupied([session(f"{DAY} 09:00", offering=OTHER)])
    assert len(shown(rules, DAY, occupied=others)) == 5
    assert shown(rules, DAY, occupied=Occupied([session(f"{DAY} 09:00")])) == []


def test_the_order_of_what_is_taken_does_not_matter() -> None:
    """The database may answer in any order."""
    sessions = [session(f"{DAY} {hour}:00", buffers=5) for hour in ("11", "09", "10")]
    one = shown(rules_of(MORNING), DAY, occupied=Occupied(sessions))
    assert one == shown(rules_of(MORNING), DAY, occupied=Occupied(sessions[::-1]))


@pytest.mark.parametrize("argument", ["now", "from_", "until"])
def test_a_datetime_without_an_offset_is_refused_by_name(argument: str) -> None:
    """Naive datetimes mean a different instant on every machine."""
    aware = datetime(2026, 6, 10, tzinfo=UTC)
    moments = dict.fromkeys(("now", "from_", "until"), aware)
    moments[argument] = aware.replace(tzinfo=None)
    with pytest.raises(ValueError, match=rf"^{argument}:"):
        free_slots(rules_of(MORNING), NOTHING, **moments)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minutes", 0),
        ("minutes", 52),
        ("minutes", 1_445),
        ("increment", 0),
        ("increment", 7),
        ("before", -5),
        ("after", 3),
        ("notice_minutes", -1),
        ("window_days", -1),
        ("window_days", 731),
    ],
)
def test_an_offering_names_the_field_that_is_wrong(field: str, value: Any) -> None:
    """Lengths are on the 5-minute grid and the horizon is bounded."""
    good = OfferingRules(OWN, 50)
    with pytest.raises(ValueError, match=rf"^{field}:"):
        replace(good, **{field: value})


@pytest.mark.parametrize("field", ["max_per_day", "max_per_week"])
def test_a_limit_below_one_is_refused_by_name(field: str) -> None:
    """Nothing at all is time off, not a limit."""
    with pytest.raises(ValueError, match=rf"^{field}:"):
        Limits(**{field: 0})


def test_a_range_beyond_the_booking_window_costs_nothing() -> None:
    """Who asks for a thousand years gets the slots of the window."""
    now = instant("2026-06-09 12:00", BERLIN)
    rules = rules_of(MORNING, window_days=1)
    far = now + timedelta(days=365_000)
    assert len(free_slots(rules, NOTHING, now=now, from_=now, until=far)) == 6
