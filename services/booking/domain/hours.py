"""Working hours as people write and change them: wall times, their flaws, what differs.

Minutes count from midnight of a local date; 1440 is "24:00", midnight at its end.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.booking.domain.calendar import (
    DAY,
    MINUTE,
    Span,
    date_of,
    day_number,
    local_clock,
    second_of,
)
from services.booking.domain.schedule import GRID_MINUTES, MINUTES_OF_DAY

OFF_GRID = "must be on the 5-minute grid, such as 09:00 or 09:05"
MIDNIGHT = "must be 24:00 for midnight at the end of the day"
BACKWARDS = "must be after the beginning"
TWICE = "is listed twice"
PAST = "must not be in the past"
FAR = "must be within three years"
OVER = "is over already"
DATES_BACKWARDS = "must not be before the first day"
FURTHEST_DAYS = 3 * 366

Flaws = dict[str, str]


class Pair(NamedTuple):
    """A window as it was asked for, in minutes; whether it is one is still to be told."""

    opens: int
    closes: int


Week = dict[int, list[Pair]]
"""By ISO weekday."""


def minutes_of(text: str) -> int:
    """Minutes after midnight of "HH:MM"."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def text_of(minutes: int) -> str:
    """ "HH:MM" for minutes after midnight."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def window_flaws(windows: Sequence[Pair]) -> Flaws:
    """What is wrong with the windows of a day, by `<index>.opens` or `<index>.closes`."""
    flaws: Flaws = {}
    for at, window in enumerate(windows):
        for name, minutes in zip(Pair._fields, window, strict=True):
            if minutes % GRID_MINUTES:
                is_nearly_over = minutes > MINUTES_OF_DAY - GRID_MINUTES
                flaws[f"{at}.{name}"] = MIDNIGHT if is_nearly_over else OFF_GRID
        if window.closes <= window.opens:
            flaws.setdefault(f"{at}.closes", BACKWARDS if window.closes else MIDNIGHT)
    return flaws or _overlaps(windows)


def _overlaps(windows: Sequence[Pair]) -> Flaws:
    """The later one of two that overlap is the one that is wrong; touching is fine."""
    flaws: Flaws = {}
    latest = Pair(0, 0)
    for at, window in sorted(enumerate(windows), key=lambda one: one[1]):
        if window.opens < latest.closes:
            flaws[f"{at}.opens"] = f"overlaps {shown([latest])}"
        latest = max(latest, window, key=lambda one: one.closes)
    return flaws


def week_flaws(days: Sequence[tuple[int, Sequence[Pair]]]) -> Flaws:
    """What is wrong with weekly hours, by `<index>.weekday` or `<index>.windows.<…>`."""
    flaws: Flaws = {}
    seen: set[int] = set()
    for at, (weekday, windows) in enumerate(days):
        if weekday in seen:
            flaws[f"{at}.weekday"] = TWICE
        seen.add(weekday)
        told = window_flaws(windows)
        flaws |= {f"{at}.windows.{name}": message for name, message in told.items()}
    return flaws


def today_in(zone: str, now: datetime) -> date:
    """The date that a clock of the zone shows."""
    second = second_of(now, "now")
    return date_of(local_clock(zone, second, second).day_at(second))


def date_flaws(on: date, today: date, field: str) -> Flaws:
    """Whether a date is one that hours can still be set for."""
    if on < today:
        return {field: PAST}
    return {field: FAR} if (on - today).days > FURTHEST_DAYS else {}


def time_off_flaws(
    first_on: date, last_on: date, from_: int | None, until: int | None, today: date
) -> Flaws:
    """What is wrong with the dates and times of time off, by its fields."""
    if last_on < first_on:
        return {"last_on": DATES_BACKWARDS}
    times = {"from_time": from_, "until_time": until}
    flaws = {
        name: OFF_GRID for name, minutes in times.items() if minutes and minutes % GRID_MINUTES
    }
    begins, ends = from_ or 0, MINUTES_OF_DAY if until is None else until
    if first_on == last_on and ends <= begins:
        flaws.setdefault("until_time", BACKWARDS)
    return date_flaws(last_on, today, "last_on") | flaws


def instants_off(
    zone: str, first_on: date, last_on: date, from_: int | None = None, until: int | None = None
) -> Span:
    """The instants of time off whose dates and wall times are those of the zone."""
    first, last = day_number(first_on) * DAY, day_number(last_on) * DAY
    clock = local_clock(zone, first, last + DAY)
    ends = MINUTES_OF_DAY if until is None else until
    return Span(
        clock.instant_of(first + (from_ or 0) * MINUTE), clock.instant_of(last + ends * MINUTE)
    )


def shown(windows: Iterable[Sequence[int]]) -> str:
    """ "09:00-12:00, 14:00-18:00"; "closed" where there are none."""
    spans = (f"{text_of(opens)}-{text_of(closes)}" for opens, closes in windows)
    return ", ".join(spans) or "closed"


def changed_days(before: Week, after: Week) -> Flaws:
    """By `weekly.<weekday>`, how a day that differs is now and how it was."""
    return {
        f"weekly.{weekday}": f"{shown(after.get(weekday, []))} (was {shown(old)})"
        for weekday in range(1, 8)
        if (old := before.get(weekday, [])) != after.get(weekday, [])
    }
