"""Rules 1 to 4 by hand: windows, grid, fit and time off, on quiet days and on DST nights."""

from datetime import date

import pytest

from services.booking.domain.schedule import DaysOff, Override, Schedule, WeeklyHours, Window
from tests.unit.booking.cases import BERLIN, daily, rules_of, shown, span, window

SPRING, AUTUMN = "2026-03-29", "2026-10-25"


@pytest.mark.parametrize(
    ("hours", "on", "increment", "expected"),
    [
        # A quiet day: the grid counts from each window's own start.
        ("09:10-10:40", "2026-06-10", 30, ["09:10+02:00", "09:40+02:00", "10:10+02:00"]),
        # The gap from 02:00 to 03:00 has no readings; half an hour of work is gone.
        ("01:30-04:00", SPRING, 30, ["01:30+01:00", "03:00+02:00", "03:30+02:00"]),
        # An increment that does not divide the hour keeps to the clock's readings.
        (
            "01:00-04:00",
            SPRING,
            25,
            ["01:00+01:00", "01:25+01:00", "01:50+01:00", "03:05+02:00", "03:30+02:00"],
        ),
        # Both ends in the gap: an hour later, and the grid starts at what the clock shows then.
        ("02:15-02:55", SPRING, 30, ["03:15+02:00"]),
        # The beginning moves past the end: the window drops out.
        ("02:30-03:15", SPRING, 30, []),
        ("02:30-03:30", SPRING, 30, []),
        # The window covers both passes of the repeated hour.
        (
            "02:00-03:00",
            AUTUMN,
            30,
            ["02:00+02:00", "02:30+02:00", "02:00+01:00", "02:30+01:00"],
        ),
        # Its end is read as the first occurrence: the second pass is not covered.
        ("01:30-02:30", AUTUMN, 30, ["01:30+02:00", "02:00+02:00"]),
        # A start inside the repeated hour keeps its grid in both passes.
        (
            "02:10-03:20",
            AUTUMN,
            20,
            [
                "02:10+02:00",
                "02:30+02:00",
                "02:50+02:00",
                "02:10+01:00",
                "02:30+01:00",
                "02:50+01:00",
            ],
        ),
        # 24:00 is 00:00 of the next date.
        ("23:00-24:00", "2026-06-10", 30, ["23:00+02:00", "23:30+02:00"]),
    ],
)
def test_a_window_gives_the_readings_of_its_grid(
    hours: str, on: str, increment: int, expected: list[str]
) -> None:
    """Skipped readings give no slot, repeated ones two where the window covers both."""
    schedule = Schedule(BERLIN, (), (Override(date.fromisoformat(on), (window(hours),)),))
    rules = rules_of(schedule, minutes=20, increment=increment)
    assert shown(rules, on) == expected


@pytest.mark.parametrize(
    ("zone", "on", "hours", "expected"),
    [
        # The clock goes forward by half an hour at 02:00, and back by half an hour.
        ("Australia/Lord_Howe", "2026-10-04", "01:30-03:00", ["01:30+10:30", "02:30+11:00"]),
        (
            "Australia/Lord_Howe",
            "2026-04-05",
            "01:30-02:00",
            ["01:30+11:00", "01:30+10:30"],
        ),
        ("Asia/Kathmandu", "2026-08-02", "09:00-10:00", ["09:00+05:45", "09:30+05:45"]),
        # Back from 24:00 to 23:00: 00:00 of the next date comes an hour later.
        (
            "Africa/Cairo",
            "2026-10-29",
            "23:00-24:00",
            ["23:00+03:00", "23:30+03:00", "23:00+02:00", "23:30+02:00"],
        ),
        # Midnight is skipped: the day opens at 01:00.
        ("Africa/Cairo", "2026-04-24", "00:00-02:00", ["01:00+03:00", "01:30+03:00"]),
        # Midnight is repeated: 24:00 of the day before is its first occurrence.
        ("America/Havana", "2026-11-01", "00:00-00:30", ["00:00-04:00"]),
    ],
)
def test_zones_with_other_habits_follow_the_same_rules(
    zone: str, on: str, hours: str, expected: list[str]
) -> None:
    """Half-hour changes, odd offsets and changes at midnight need no case of their own."""
    schedule = Schedule(zone, (), (Override(date.fromisoformat(on), (window(hours),)),))
    assert shown(rules_of(schedule), on, days=2) == expected


def test_a_date_that_the_zone_skipped_moves_forward_by_its_length() -> None:
    """Apia had no 2011-12-30; its hours map a day forward, like any reading in a gap."""
    skipped = Override(date(2011, 12, 30), (window("09:00-10:00"),))
    schedule = Schedule("Pacific/Apia", (), (skipped,))
    assert shown(rules_of(schedule), "2011-12-29", days=3) == ["09:00+14:00", "09:30+14:00"]


def test_an_override_stands_in_place_of_the_weekly_hours() -> None:
    """The date has its override's windows alone; the dates beside it keep theirs."""
    schedule = Schedule(
        BERLIN, daily("09:00-10:00"), (Override(date(2026, 6, 10), (window("14:00-14:30"),)),)
    )
    assert shown(rules_of(schedule), "2026-06-10") == ["14:00+02:00"]
    assert shown(rules_of(schedule), "2026-06-11") == ["09:00+02:00", "09:30+02:00"]


def test_an_empty_override_closes_the_date() -> None:
    """No windows is a statement, not an absence."""
    schedule = Schedule(BERLIN, daily("09:00-10:00"), (Override(date(2026, 6, 10)),))
    assert shown(rules_of(schedule), "2026-06-10") == []


def test_weekly_hours_belong_to_iso_weekdays_of_the_local_date() -> None:
    """Monday's hours in Sydney are Sunday's evening in UTC and still Monday's."""
    schedule = Schedule("Australia/Sydney", (WeeklyHours(1, window("08:00-08:30")),))
    assert shown(rules_of(schedule), "2026-06-08") == ["08:00+10:00"]
    assert shown(rules_of(schedule), "2026-06-09", days=6) == []


def test_windows_that_touch_are_one_for_a_session() -> None:
    """An hour that begins in the first and ends in the second window fits."""
    schedule = Schedule(BERLIN, daily("09:00-10:00", "10:00-10:30"))
    assert shown(rules_of(schedule, minutes=60), "2026-06-10") == ["09:00+02:00", "09:30+02:00"]


def test_windows_that_overlap_keep_their_own_grids() -> None:
    """Starts of both grids are slots, each once, as long as the fused hours hold them."""
    schedule = Schedule(BERLIN, daily("09:00-10:00", "09:10-10:20"))
    expected = ["09:00+02:00", "09:10+02:00", "09:30+02:00", "09:40+02:00"]
    assert shown(rules_of(schedule), "2026-06-10") == expected


def test_a_session_may_last_over_midnight() -> None:
    """Evening and morning hours that meet at 24:00 are one."""
    schedule = Schedule(BERLIN, daily("23:00-24:00", "00:00-00:30"))
    assert shown(rules_of(schedule, minutes=60), "2026-06-10") == ["23:00+02:00", "23:30+02:00"]


def test_a_session_fits_by_elapsed_time() -> None:
    """In spring the hours from 01:00 to 04:00 hold two hours, in autumn four."""
    schedule = Schedule(BERLIN, daily("01:00-04:00"))
    rules = rules_of(schedule, minutes=120, increment=60)
    assert shown(rules, SPRING) == ["01:00+01:00"]
    assert shown(rules, AUTUMN) == ["01:00+02:00", "02:00+02:00", "02:00+01:00"]


def test_time_off_stops_the_session_and_not_its_buffers() -> None:
    """A session may end when time off begins, whatever buffer would follow it."""
    off = span("2026-06-10 10:00", "2026-06-10 10:30")
    schedule = Schedule(BERLIN, daily("09:00-11:00"), time_off=(off,))
    expected = ["09:00+02:00", "09:30+02:00", "10:30+02:00"]
    assert shown(rules_of(schedule, before=30, after=30), "2026-06-10") == expected


def test_empty_time_off_stops_nothing() -> None:
    """A range without an instant in it overlaps no session."""
    off = span("2026-06-10 09:15", "2026-06-10 09:15")
    schedule = Schedule(BERLIN, daily("09:00-09:30"), time_off=(off,))
    assert shown(rules_of(schedule), "2026-06-10") == ["09:00+02:00"]


def test_days_off_last_from_midnight_to_midnight_of_local_dates() -> None:
    """Both dates are off whole, the 25-hour one too, and the session that reaches in with them."""
    schedule = Schedule(
        BERLIN,
        daily("00:00-24:00"),
        days_off=(DaysOff(date(2026, 10, 25), date(2026, 10, 26)),),
    )
    rules = rules_of(schedule, minutes=60)
    assert shown(rules, "2026-10-25", days=2) == []
    assert shown(rules, "2026-10-24")[-1] == "23:00+02:00"
    assert shown(rules, "2026-10-27")[0] == "00:00+01:00"


@pytest.mark.parametrize(
    ("opens", "closes", "field"),
    [
        (-5, 60, "opens"),
        (3, 60, "opens"),
        (0, 1445, "closes"),
        (60, 60, "closes"),
        (90, 60, "closes"),
    ],
)
def test_a_window_out_of_order_is_refused_by_name(opens: int, closes: int, field: str) -> None:
    """The error says which end is wrong."""
    with pytest.raises(ValueError, match=rf"^{field}:"):
        Window(opens, closes)


def test_a_schedule_names_what_is_wrong_with_it() -> None:
    """Zone, overrides, weekday, days off and time off each have their error."""
    on = date(2026, 1, 1)
    with pytest.raises(ValueError, match=r"^zone:"):
        Schedule("Europe/Atlantis", ())
    with pytest.raises(ValueError, match=r"^zone:"):
        Schedule("../etc/passwd", ())
    with pytest.raises(ValueError, match=r"^zone:"):
        Schedule("", ())
    with pytest.raises(ValueError, match=r"^overrides:"):
        Schedule(BERLIN, (), (Override(on), Override(on, (window("09:00-10:00"),))))
    with pytest.raises(ValueError, match=r"^weekday:"):
        WeeklyHours(0, window("09:00-10:00"))
    with pytest.raises(ValueError, match=r"^last_on:"):
        DaysOff(on, date(2025, 12, 31))
    with pytest.raises(ValueError, match=r"^time_off:"):
        Schedule(BERLIN, (), time_off=(span("2026-06-10 10:00", "2026-06-10 09:00"),))


def test_equal_schedules_are_one_key() -> None:
    """Loaded twice, a schedule is expanded once: equal values hash alike."""
    one, other = (Schedule(BERLIN, daily("09:00-10:00")) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Schedule("Europe/Paris", daily("09:00-10:00"))
