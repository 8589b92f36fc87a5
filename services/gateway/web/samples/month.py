"""A sample of what the slot picker shows."""

from calendar import Calendar
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.gateway.web.samples import people as life

Context = dict[str, Any]


def _day(day: date, free: set[int], selected: int, month: int) -> Context:
    is_free = day.month == month and day.day in free
    return {
        "number": day.day,
        "date": day.isoformat(),
        "weekday": f"{day:%a}",
        "label": f"{day:%A} {day.day} {day:%B}, 5 free times",
        "url": f"/practitioners/miriam-adler/times?day={day}" if is_free else None,
        "is_today": day == date(2026, 11, 23),
        "is_selected": is_free and day.day == selected,
        "is_outside": day.month != month,
    }


def calendar(*, is_elsewhere: bool = False, is_empty: bool = False) -> Context:
    """The slot picker in November 2026, on its first free day, or an empty December."""
    month = 12 if is_empty else 11
    free = set() if is_empty else {24, 26, 27, 30}
    weeks = Calendar().monthdatescalendar(2026, month)
    strip_days = Calendar().monthdatescalendar(2026, month)[-2]
    later = {"prev_url": "?month=2026-11", "next_url": "?month=2027-01"}
    first = {"prev_url": None, "next_url": "?month=2026-12"}
    parts: list[Context] = [
        {"label": "Morning", "slots": [life.slot(24, 9), life.slot(24, 10), life.slot(24, 11, 30)]},
        {"label": "Afternoon", "slots": [life.slot(24, 14), life.slot(24, 17)]},
    ]
    if is_elsewhere:
        for one in (one for part in parts for one in part["slots"]):
            there = datetime.fromisoformat(one["starts_at"]).astimezone(
                ZoneInfo("Australia/Sydney")
            )
            one["there_label"] = f"{there:%H:%M} in Sydney"
    names = [
        ("Mon", "Monday"),
        ("Tue", "Tuesday"),
        ("Wed", "Wednesday"),
        ("Thu", "Thursday"),
        ("Fri", "Friday"),
        ("Sat", "Saturday"),
        ("Sun", "Sunday"),
    ]
    return {
        "month": {
            "label": "December 2026" if is_empty else "November 2026",
            "weekdays": [{"short": short, "long": long} for short, long in names],
            "weeks": [[_day(day, free, 24, month) for day in week] for week in weeks],
        }
        | (later if is_empty else first),
        "strip": {
            "label": f"Week of {strip_days[0]:%-d %B}",
            "days": [_day(d, free, 24, month) for d in strip_days],
        }
        | (later if is_empty else first),
        "day": None
        if is_empty
        else {
            "label": "Tuesday 24 November",
            "summary": "5 free times on Tuesday 24 November",
            "parts": parts,
        },
        "empty_when": "in December",
        "next_available": {"label": "Tue 5 Jan, 14:00", "url": "?day=2027-01-05"}
        if is_empty
        else None,
        "waitlist_url": None,
    }
