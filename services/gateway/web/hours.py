"""The page of a calendar's hours in words and fields: what stands, what was typed, the preview."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.booking.hours import (
    AvailabilityView,
    DateHours,
    Hours,
    ScheduleChangeView,
    ScheduleSubject,
    SlotPreview,
    TimeOffView,
    TouchedSession,
    WeekdayHours,
)
from services.contracts.booking.offerings import OfferingView
from services.gateway.forms.availability import (
    DATE_PREFIX,
    PARTS,
    WEEKDAYS,
    TimeOffForm,
    week_prefix,
)
from services.gateway.web import labels, links
from services.gateway.web.ids import new_form_id

Context = dict[str, Any]
Sent = Mapping[str, str]
PREVIEW_DAYS = 14
DATE_ROWS = 2
LABELS = {"opens": "from", "closes": "until"}


def week(windows: Mapping[int, Sequence[Hours]], sent: Sent | None) -> list[Context]:
    """Monday to Sunday; where a form was sent, as it was typed."""
    return [
        _day(name, week_prefix(weekday), windows.get(weekday, []), sent)
        for weekday, name in enumerate(WEEKDAYS, start=1)
    ]


def date_rows(sent: Sent | None) -> list[Context]:
    """The fields of other hours of a date, empty or as they were typed."""
    return [_row("Hours", DATE_PREFIX, row, None, sent) for row in range(DATE_ROWS)]


def _day(name: str, prefix: str, windows: Sequence[Hours], sent: Sent | None) -> Context:
    """The rows of a day, and one more to be filled in."""
    used = len(windows) if sent is None else _typed_rows(prefix, sent)
    stands: list[Hours | None] = [*windows, *([None] * (used + 1))]
    rows = [_row(name, prefix, row, stands[row], sent) for row in range(used + 1)]
    return {"name": name, "rows": rows[:-1], "another": rows[-1]}


def _typed_rows(prefix: str, sent: Sent) -> int:
    """As many rows as the form had, the last of which was the empty one unless it is filled."""
    count = 0
    while f"{prefix}-{count}-opens" in sent:
        count += 1
    is_last_filled = any(sent.get(f"{prefix}-{count - 1}-{part}", "").strip() for part in PARTS)
    return count if is_last_filled else max(0, count - 1)


def _row(day: str, prefix: str, row: int, window: Hours | None, sent: Sent | None) -> Context:
    return {
        part: {
            "name": f"{prefix}-{row}-{part}",
            "label": f"{day} {LABELS[part]}" + (f", hours {row + 1}" if row else ""),
            "value": _value(f"{prefix}-{row}-{part}", part, window, sent),
        }
        for part in PARTS
    }


def _value(name: str, part: str, window: Hours | None, sent: Sent | None) -> str:
    if sent is not None:
        return sent.get(name, "")
    return str(getattr(window, part)) if window else ""


def dates(view: AvailabilityView, today: date) -> list[Context]:
    """Other hours of dates, soonest first."""
    return [_date(one, today) for one in view.dates]


def _date(one: DateHours, today: date) -> Context:
    spans = ", ".join(f"{window.opens}–{window.closes}" for window in one.windows)
    return {
        "on": one.on.isoformat(),
        "label": labels.date_label(one.on, today),
        "hours_label": spans or "closed",
        "form_id": new_form_id(),
    }


def time_off(view: AvailabilityView, zone: ZoneInfo, now: datetime) -> list[Context]:
    """Time off, soonest first."""
    return [
        {
            "id": str(one.id),
            "label": time_off_label(one, zone, now),
            "form_id": new_form_id(),
        }
        for one in view.time_off
    ]


def time_off_label(one: TimeOffView, zone: ZoneInfo, now: datetime) -> str:
    """ "Thursday 24 December – Saturday 26 December", or from when until when of a day."""
    today = now.astimezone(zone).date()
    if one.first_on is None or one.last_on is None:
        return labels.when_label(one.starts_at, one.ends_at, zone, now)
    first = labels.date_label(one.first_on, today)
    if one.first_on == one.last_on:
        return f"{first}, all day"
    return f"{first} – {labels.date_label(one.last_on, today)}"


def touched(
    found: Sequence[TouchedSession],
    names: Mapping[UUID, str],
    practice_id: UUID,
    zone: ZoneInfo,
    now: datetime,
) -> list[Context]:
    """Sessions within time off, each with the ways to move and to cancel it."""
    return [_touched(one, names, practice_id, zone, now) for one in found]


def _touched(
    one: TouchedSession,
    names: Mapping[UUID, str],
    practice_id: UUID,
    zone: ZoneInfo,
    now: datetime,
) -> Context:
    url = links.staff_booking_url(practice_id, one.booking_id)
    return {
        "client_name": names.get(one.client_id, "Client"),
        "when_label": labels.when_label(one.starts_at, one.ends_at, zone, now),
        "starts_at": labels.instant(one.starts_at),
        "offering_label": one.offering_name,
        "url": url,
        "move_url": f"{url}/reschedule",
        "cancel_url": f"{url}/cancel",
    }


def wanted_off_label(form: TimeOffForm, today: date) -> str:
    """The time off as it was typed, in words."""
    first = labels.date_label(form.first_on, today)
    begins = f"{first}, {form.from_time}" if form.from_time else first
    last = "" if form.ends_on == form.first_on else labels.date_label(form.ends_on, today)
    ends = ", ".join(part for part in (last, form.until_time or "") if part)
    return f"{begins} – {ends}" if ends else begins


def count_label(count: int) -> str:
    """ "1 session lies", "3 sessions lie"."""
    return "1 session lies" if count == 1 else f"{count} sessions lie"


def last_change(change: ScheduleChangeView | None, zone: ZoneInfo, now: datetime) -> Context | None:
    """The change that can be undone, in words."""
    if change is None:
        return None
    done = "removed" if change.is_removal else "set"
    on = labels.short_date_label(change.on, now.astimezone(zone).date()) if change.on else ""
    words = {
        ScheduleSubject.WEEKLY: "weekly hours changed",
        ScheduleSubject.DATE: f"hours on {on} {done}",
        ScheduleSubject.TIME_OFF: f"time off from {on} {done}",
    }
    made = labels.moment_label(change.made_at, zone, now)
    return {"label": f"Last change: {words[change.subject]} ({made}).", "version": change.version}


def changed_meanwhile(detail: Mapping[str, str], *, is_typed: bool) -> str:
    """What was changed elsewhere while the page was open, and what becomes of what was typed."""
    told = [
        f"{WEEKDAYS[int(name.removeprefix('weekly.')) - 1]} is {text}"
        for name, text in detail.items()
        if name.startswith("weekly.")
    ]
    told += [f"that date is {detail['on']}"] if "on" in detail else []
    told += [f"that time off {detail['time_off_id']}"] if "time_off_id" in detail else []
    now_it_is = f" Now {'; '.join(told)}." if told else ""
    kept = ": what you typed is kept, and saving again replaces that." if is_typed else "."
    return (
        f"This calendar was changed elsewhere while the page was open.{now_it_is} "
        f"Nothing was saved{kept}"
    )


def differ(typed: Sequence[WeekdayHours], saved: Sequence[WeekdayHours]) -> bool:
    """Whether the weekly hours are others than those that are saved."""
    return _by_day(typed) != _by_day(saved)


def _by_day(weekly: Sequence[WeekdayHours]) -> dict[int, list[tuple[str, str]]]:
    return {
        one.weekday: sorted((window.opens, window.closes) for window in one.windows)
        for one in weekly
        if one.windows
    }


def preview(
    told: SlotPreview, from_on: date, zone: ZoneInfo, now: datetime, *, is_typed: bool
) -> Context:
    """The next two weeks as a client would see them, day by day."""
    today = now.astimezone(zone).date()
    by_day: dict[date, list[str]] = {
        from_on + timedelta(days=days): [] for days in range(PREVIEW_DAYS)
    }
    for start in told.starts:
        by_day[start.astimezone(zone).date()].append(labels.time_label(start, zone))
    return {
        "offering_label": offering_label(told.offering),
        "is_typed": is_typed,
        "has_times": bool(told.starts),
        "days": [
            {"label": labels.short_date_label(day, today), "times": times}
            for day, times in by_day.items()
        ],
    }


def offering_label(offering: OfferingView) -> str:
    """The offering with its length."""
    minutes = labels.minutes_label(offering.minutes)
    is_told = str(offering.minutes) in offering.name
    return offering.name if is_told else f"{offering.name}, {minutes}"
