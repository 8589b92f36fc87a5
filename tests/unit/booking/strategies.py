"""Random schedules, offerings and calendars around nights on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from services.booking.domain.calendar import Span
from services.booking.domain.schedule import DaysOff, Override, Schedule, WeeklyHours, Window
from services.booking.domain.slot_rules import (
    Limits,
    Occupied,
    OfferingRules,
    SlotRules,
    TakenSession,
)

OWN, OTHER = UUID(int=1), UUID(int=2)

# Local dates on which something happens to the clock, and a quiet one for each zone.
NIGHTS: dict[str, tuple[date, ...]] = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 10)),
    "Europe/London": (date(2027, 3, 28), date(2026, 10, 25), date(2026, 12, 31)),
    "Australia/Sydney": (date(2026, 4, 5), date(2026, 10, 4), date(2026, 7, 1)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1), date(2026, 1, 1)),
    # Half an hour.
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kathmandu": (date(2026, 8, 2),),
    # The date 2011-12-30 was skipped.
    "Pacific/Apia": (date(2011, 12, 29), date(2011, 12, 31), date(2012, 4, 1), date(2026, 5, 1)),
    # Back for Ramadan and forward after it.
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
    # The clock falls back from 24:00 to 23:00, and springs forward at 00:00.
    "Africa/Cairo": (date(2026, 4, 24), date(2026, 10, 29)),
    # Midnight is repeated.
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    # At 00:01 the clock went back into the day before.
    "America/St_Johns": (date(2010, 3, 14), date(2010, 11, 7)),
    "UTC": (date(2026, 2, 28),),
}

T = TypeVar("T")


def seldom(usual: T, other: st.SearchStrategy[T]) -> st.SearchStrategy[T]:
    """The usual value three times out of four: all restrictions at once would leave no slot."""
    return st.sampled_from(range(4)).flatmap(lambda n: other if n == 3 else st.just(usual))


five_minutes = st.integers(0, 287).map(lambda n: n * 5)


def multiples_of_five(least: int, most: int) -> st.SearchStrategy[int]:
    """Minutes on the 5-minute grid."""
    return st.integers(least // 5, most // 5).map(lambda n: n * 5)


# Windows that reach into a changed night, meet at midnight, or lie anywhere.
windows = st.one_of(
    st.sampled_from(
        [
            Window(0, 1440),
            Window(1320, 1440),
            Window(0, 180),
            Window(60, 240),
            Window(120, 180),
            Window(135, 165),
            Window(1380, 1440),
            Window(540, 1020),
        ]
    ),
    st.tuples(five_minutes, five_minutes)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Window(min(pair), max(pair))),
)


# Hours of every day, so that most situations have slots on the night itself.
daily = st.sampled_from(
    [
        (Window(0, 1440),),
        (Window(540, 1020),),
        (Window(1260, 1440), Window(0, 240)),
        (Window(30, 330), Window(600, 1200)),
        (Window(150, 200), Window(200, 720)),
        (Window(420, 720), Window(720, 1140)),
    ]
)


def spans(center: int) -> st.SearchStrategy[Span]:
    """Ranges around an instant to the second; some are empty."""
    start = st.integers(center - 86_400, center + 86_400)
    length = st.one_of(st.integers(600, 6 * 3_600), st.integers(0, 600))
    return st.builds(lambda s, n: Span(s, s + n), start, length)


@st.composite
def schedules(draw: st.DrawFn, zone: str, night: date, center: int) -> Schedule:
    """Weekly hours of up to eight windows, with overrides and time off near the night."""
    no_days: list[DaysOff] = []
    no_spans: list[Span] = []
    no_dates: set[date] = set()
    near = st.integers(-3, 3).map(lambda days: night + timedelta(days=days))
    weekly = st.builds(WeeklyHours, st.integers(1, 7), windows)
    every_day = daily.map(lambda ws: [WeeklyHours(day, w) for day in range(1, 8) for w in ws])
    off = st.builds(
        lambda on, more: DaysOff(on, on + timedelta(days=more)), near, st.integers(0, 1)
    )
    return Schedule(
        zone=zone,
        weekly=tuple(draw(every_day)) + tuple(draw(st.lists(weekly, max_size=8))),
        overrides=tuple(
            Override(on, tuple(draw(st.lists(windows, max_size=2))))
            for on in draw(seldom(no_dates, st.sets(near, min_size=1, max_size=3)))
        ),
        days_off=tuple(draw(seldom(no_days, st.lists(off, min_size=1, max_size=1)))),
        time_off=tuple(draw(seldom(no_spans, st.lists(spans(center), max_size=2)))),
    )


limits = st.builds(
    Limits,
    seldom(None, st.integers(1, 3)),
    seldom(None, st.integers(1, 5)),
)

offerings = st.builds(
    OfferingRules,
    offering_id=st.just(OWN),
    minutes=st.one_of(st.sampled_from([25, 50, 60, 90]), multiples_of_five(5, 240)),
    increment=multiples_of_five(5, 60),
    before=multiples_of_five(0, 30),
    after=multiples_of_five(0, 30),
    notice_minutes=seldom(0, st.integers(0, 60 * 30)),
    window_days=seldom(60, st.integers(0, 4)),
    limits=limits,
)


def sessions(center: int) -> st.SearchStrategy[TakenSession]:
    """Live sessions from a week before to a week after, own and others', some with seats left."""
    return st.builds(
        lambda slot, minutes, before, after, offering, seats: TakenSession(
            slot * 300,
            slot * 300 - before * 60,
            slot * 300 + (minutes + after) * 60,
            offering,
            seats,
        ),
        st.one_of(
            st.integers(-24, 24).map(lambda hours: center // 300 + hours * 12),
            st.integers(center // 300 - 7 * 288, center // 300 + 7 * 288),
        ),
        multiples_of_five(5, 120),
        multiples_of_five(0, 30),
        multiples_of_five(0, 30),
        st.sampled_from([OWN, OTHER]),
        st.sampled_from([0, 0, 1]),
    )


def calendars(center: int) -> st.SearchStrategy[Occupied]:
    """What is already there around an instant."""
    nothing: list[Span] = []
    no_rooms: list[list[Span]] = []
    some = seldom(nothing, st.lists(spans(center), min_size=1, max_size=5))
    return st.builds(
        Occupied,
        sessions=st.lists(sessions(center), max_size=8),
        busy=some,
        rooms=seldom(no_rooms, st.lists(some, min_size=1, max_size=2)),
        client=some,
    )


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[SlotRules, Occupied, datetime, datetime, datetime]:
    """Rules, calendar, now, and a range of up to three days that starts around the night."""
    zone = draw(st.sampled_from(sorted(NIGHTS)))
    night = draw(st.sampled_from(NIGHTS[zone]))
    middle = datetime(night.year, night.month, night.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    center = int(middle.timestamp())
    rules = SlotRules(draw(schedules(zone, night, center)), draw(offerings), draw(limits))
    now = middle - timedelta(seconds=draw(st.integers(-2 * 3_600, 60 * 3_600)))
    now += timedelta(microseconds=draw(st.sampled_from([0, 0, 1, 999_999])))
    from_ = middle - timedelta(seconds=draw(st.integers(-6 * 3_600, 24 * 3_600)))
    until = from_ + timedelta(
        minutes=draw(st.one_of(st.integers(960, 2_880), st.integers(-5, 960)))
    )
    return rules, draw(calendars(center)), now, from_, until
