"""The slot picker's calendar: a month grid, a strip of seven days, the times of one day.

Pure. Days, "today" and the bounds of a month are those of the zone that the page shows.
"""

from bisect import bisect_left
from calendar import Calendar
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.common.messages import FIRST_YEAR, LAST_YEAR
from services.contracts.base import AFTERNOON_FROM, EVENING_FROM
from services.gateway.web import labels

Context = dict[str, Any]
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONGEST_RANGE = timedelta(days=92)
"""booking answers at most 93 days at once, both ends included."""
FURTHEST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class AskedDays:
    """What the address asks for: a day, a month (its first day), or neither."""

    day: date | None = None
    month: date | None = None

    def shown_month(self, today: date) -> date | None:
        """The month to show, neither past nor absurdly far; None for the first with a time."""
        wanted = self.day or self.month
        if wanted is None:
            return None
        latest = _months_after(today.replace(day=1), FURTHEST_MONTHS)
        return min(max(wanted, today).replace(day=1), latest)


@dataclass(frozen=True, slots=True)
class Free:
    """What booking told: starts in UTC, ascending; `last_on` is a date of the page's zone."""

    starts: Sequence[datetime]
    next_free_at: datetime | None
    last_on: date


@dataclass(frozen=True, slots=True)
class Makers:
    """How days and months are linked, and how a start becomes a slot."""

    day_url: Callable[[date], str]
    month_url: Callable[[date], str]
    slot: Callable[[datetime], Context]


def parse_wish(day: str, month: str) -> AskedDays:
    """`2026-11-24` and `2026-11`; what is neither, or centuries off, is passed over.

    A day decides its month.
    """
    return AskedDays(day=_date_of(day), month=_date_of(f"{month}-01"))


def range_to_ask(wish: AskedDays, today: date) -> tuple[date, date]:
    """The dates to ask booking for, inclusive: the grid of the month, or as much as it tells."""
    month = wish.shown_month(today)
    if month is None:
        return today, today + LONGEST_RANGE
    first, last = grid_bounds(month)
    return max(first, today), last


def grid_bounds(month: date) -> tuple[date, date]:
    """The Monday before a month begins and the Sunday after it ends."""
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return weeks[0][0], weeks[-1][-1]


def last_date(last_bookable_on: date, there: ZoneInfo, zone: ZoneInfo) -> date:
    """The last bookable date of the schedule's zone as the latest date of the page's."""
    end = datetime.combine(last_bookable_on + DAY, time(), there)
    return (end - timedelta(seconds=1)).astimezone(zone).date()


def jump_to(wish: AskedDays, free: Free, zone: ZoneInfo, today: date) -> date | None:
    """The day to open instead, where the first free date lies beyond what was asked for.

    Only while the address names no date: then its month was not asked for in full.
    """
    if wish.day or wish.month or free.next_free_at is None:
        return None
    first = free.next_free_at.astimezone(zone).date()
    asked_until = today + LONGEST_RANGE
    is_cut = grid_bounds(first.replace(day=1))[1] > asked_until and free.last_on > asked_until
    return first if is_cut or not free.starts else None


def calendar_context(
    wish: AskedDays, free: Free, zone: ZoneInfo, now: datetime, make: Makers
) -> Context:
    """The page's `calendar`."""
    return _Calendar(wish, free, zone, now, make).context()


class _Calendar:
    """One calendar while it is put together."""

    def __init__(
        self, wish: AskedDays, free: Free, zone: ZoneInfo, now: datetime, make: Makers
    ) -> None:
        self.wish, self.free, self.zone, self.now, self.make = wish, free, zone, now, make
        self.today = now.astimezone(zone).date()
        self.by_day = _by_day(free.starts, zone)
        self.days = sorted(self.by_day)
        self.month = self._month()
        self.selected = self._selected()

    def context(self) -> Context:
        return {
            "month": self._month_context(),
            "strip": self._strip_context(),
            "day": self._day_context(self.selected) if self.selected else None,
            "empty_when": self._empty_when(),
            "next_available": None if self.selected else self._next_available(),
            "waitlist_url": None,
        }

    def _month(self) -> date:
        first_free = self.days[0] if self.days else self.today
        return self.wish.shown_month(self.today) or first_free.replace(day=1)

    def _selected(self) -> date | None:
        """The day that was asked for, else the first free one of the month."""
        if self.wish.day:
            return self.wish.day if self.wish.day in self.by_day else None
        return next((day for day in self.days if _is_in(day, self.month)), None)

    def _month_context(self) -> Context:
        this, last = self.today.replace(day=1), self.free.last_on.replace(day=1)
        earlier, later = _months_after(self.month, -1), _months_after(self.month, 1)
        weeks = Calendar().monthdatescalendar(self.month.year, self.month.month)
        return {
            "label": labels.month_label(self.month),
            "prev_url": self.make.month_url(earlier) if earlier >= this else None,
            "next_url": self.make.month_url(later) if later <= last else None,
            "weekdays": [{"short": f"{day:%a}", "long": f"{day:%A}"} for day in weeks[0]],
            "weeks": [[self._cell(day, is_grid=True) for day in week] for week in weeks],
        }

    def _strip_context(self) -> Context:
        monday = self._strip_begin()
        has_earlier, has_later = monday > self.today, monday + WEEK <= self.free.last_on
        return {
            "label": f"Week of {monday.day} {labels.month_name(monday)}",
            "prev_url": self._week_url(monday - WEEK) if has_earlier else None,
            "next_url": self._week_url(monday + WEEK) if has_later else None,
            "days": [self._cell(monday + DAY * i, is_grid=False) for i in range(7)],
        }

    def _strip_begin(self) -> date:
        """The Monday of the day that is shown, or of one within the month that is."""
        wanted = self.wish.day
        near = wanted if wanted and _is_in(wanted, self.month) else self.month
        anchor = self.selected or max(near, self.today)
        return anchor - timedelta(days=anchor.weekday())

    def _week_url(self, monday: date) -> str:
        """The first free day of that week, as far as known; else its first day."""
        begin = max(monday, self.today)
        known = self.days[bisect_left(self.days, begin) :][:1]
        is_within = bool(known) and known[0] < monday + WEEK
        return self.make.day_url(known[0] if is_within else begin)

    def _cell(self, day: date, *, is_grid: bool) -> Context:
        is_outside = is_grid and not _is_in(day, self.month)
        count = 0 if is_outside else len(self.by_day.get(day, ()))
        return {
            "number": day.day,
            "date": day.isoformat(),
            "weekday": f"{day:%a}",
            "label": f"{labels.date_label(day, self.today)}, {_free_times(count)}",
            "url": self.make.day_url(day) if count else None,
            "is_today": day == self.today,
            "is_selected": bool(count) and day == self.selected,
            "is_outside": is_outside,
        }

    def _day_context(self, day: date) -> Context:
        label = labels.date_label(day, self.today)
        starts = self.by_day[day]
        return {
            "label": label,
            "summary": f"{_free_times(len(starts))} on {label}",
            "parts": self._parts(starts),
        }

    def _parts(self, starts: list[datetime]) -> list[Context]:
        parts: dict[str, list[Context]] = {"Morning": [], "Afternoon": [], "Evening": []}
        for start in starts:
            parts[_part(start.astimezone(self.zone).time())].append(self.make.slot(start))
        return [{"label": label, "slots": slots} for label, slots in parts.items() if slots]

    def _empty_when(self) -> str:
        if self.wish.day:
            return f"on {labels.date_label(self.wish.day, self.today)}"
        if self.wish.month:
            return f"in {labels.month_name(self.month)}"
        return "in the next weeks"

    def _next_available(self) -> Context | None:
        """The first free time after the empty day or month, else the soonest of all."""
        after = self.wish.day or self.month
        known = (start for day in self.days if day > after for start in self.by_day[day])
        at = next(known, self.free.next_free_at)
        if at is None:
            return None
        day = at.astimezone(self.zone).date()
        return {
            "label": labels.moment_label(at, self.zone, self.now),
            "url": self.make.day_url(day),
        }


def _by_day(starts: Sequence[datetime], zone: ZoneInfo) -> dict[date, list[datetime]]:
    days: dict[date, list[datetime]] = defaultdict(list)
    for start in starts:
        days[start.astimezone(zone).date()].append(start)
    return dict(days)


def _part(clock: time) -> str:
    """The parts of day that booking knows, read on the clock of the page."""
    if clock < AFTERNOON_FROM:
        return "Morning"
    return "Afternoon" if clock < EVENING_FROM else "Evening"


def _is_in(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def _months_after(month: date, count: int) -> date:
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def _free_times(count: int) -> str:
    return "1 free time" if count == 1 else f"{count or 'no'} free times"


def _date_of(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
