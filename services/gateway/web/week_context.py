"""A practitioner's week as the page tells it: days, sessions, hours; in the schedule's zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.billing import PaymentView, ReceivableView
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.weeks import WeekSpan, WeekView
from services.gateway.web import labels, links, sessions
from services.gateway.web.sessions import GIVEN_UP
from services.gateway.web.sides import may_be_moved_by_staff

Context = dict[str, Any]
DAY = timedelta(days=1)
EARLIEST, LATEST = 8, 19
"""The hours of the day that the grid shows at least; it grows with what lies around them."""
STATUS_ICONS = {"good": "check", "warn": "clock", "bad": "close"}


@dataclass(frozen=True, slots=True)
class Told:
    """A week with what others know of it: who comes, and what was paid."""

    view: WeekView
    names: Mapping[UUID, str]
    payments: Mapping[UUID, PaymentView]
    owing: Mapping[UUID, ReceivableView]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.view.time_zone)

    @property
    def dates(self) -> list[date]:
        return [self.view.monday + DAY * number for number in range(7)]


def week_of(on: date) -> str:
    """ "2026-W48"."""
    year, week, _ = on.isocalendar()
    return f"{year}-W{week:02}"


def week_of_session(booking: BookingView) -> str:
    """The page of the week in which a session lies."""
    day = booking.starts_at.astimezone(ZoneInfo(booking.time_zone)).date()
    ids = booking.practice_id, booking.practitioner_id
    return links.week_url(practice_id=ids[0], practitioner_id=ids[1], week=week_of(day))


def week_context(told: Told, now: datetime) -> Context:
    """The days of the week, the spans around its sessions, and what its grid has to show."""
    view, zone = told.view, told.zone
    today = now.astimezone(zone).date()
    is_going_on = [one for one in view.bookings if one.state not in GIVEN_UP]
    from_hour, until_hour = shown_hours(told)
    return {
        "week": week_of(view.monday),
        "monday": view.monday.isoformat(),
        "title": title(view.monday, today),
        "zone_label": labels.zone_name(zone),
        "offset": offset_label(now.astimezone(zone)),
        "count_label": count_label(len(is_going_on)),
        "from_hour": from_hour,
        "until_hour": until_hour,
        "spans": spans(told),
        "days": [
            {
                "on": on.isoformat(),
                "label": labels.date_label(on, today),
                "is_today": on == today,
                "hours_label": hours_label(view.hours, on, zone),
                "away_label": away_label(view.time_off, on, zone),
                "sessions": [
                    session_context(told, one)
                    for one in view.bookings
                    if one.starts_at.astimezone(zone).date() == on
                ],
            }
            for on in told.dates
        ],
    }


def session_context(told: Told, booking: BookingView) -> Context:
    """A session as a line of its day, and as a block of the grid."""
    zone = told.zone
    begins, ends = (labels.time_label(at, zone) for at in (booking.starts_at, booking.ends_at))
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    url = links.staff_booking_url(booking.practice_id, booking.id)
    wall = booking.starts_at.astimezone(zone).replace(tzinfo=None)
    status = sessions.status(booking)
    return {
        "id": str(booking.id),
        "starts_at": labels.instant(booking.starts_at),
        # A block is as tall as its session is long, also where the clocks change meanwhile.
        "begins": wall.isoformat(timespec="minutes"),
        "ends": (wall + timedelta(minutes=minutes)).isoformat(timespec="minutes"),
        "time_label": f"{begins}–{ends}",
        "client_name": told.names.get(booking.client_id) or "Client",
        "offering_label": sessions.offering_label(booking.offering_name, minutes),
        "where_label": labels.format_label(booking.format),
        "status": status | {"icon": STATUS_ICONS.get(status["kind"], "info")},
        "payment": sessions.payment_of_session(
            booking, told.payments.get(booking.id), told.owing.get(booking.id)
        ),
        "is_given_up": booking.state in GIVEN_UP,
        "is_in_time_off": booking.id in told.view.in_time_off,
        "url": url,
        "move_url": f"{url}/move" if may_be_moved_by_staff(booking) else None,
    }


def title(monday: date, today: date) -> str:
    """ "23–29 November", "30 November – 6 December", with years where they are not this one's."""
    sunday = monday + 6 * DAY
    year = "" if monday.year == sunday.year == today.year else f" {sunday.year}"
    if monday.month == sunday.month:
        return f"{monday.day}–{sunday.day} {labels.month_name(sunday)}{year}"
    since = f" {monday.year}" if monday.year != sunday.year else ""
    first = f"{monday.day} {labels.month_name(monday)}{since}"
    return f"{first} – {sunday.day} {labels.month_name(sunday)}{year}"


def count_label(number: int) -> str:
    """ "12 sessions"."""
    if number == 0:
        return "No sessions"
    return "1 session" if number == 1 else f"{number} sessions"


def offset_label(local: datetime) -> str:
    """ "+01:00": how far the clock is from UTC."""
    return local.isoformat()[-6:]


def parts_of(
    found: Iterable[WeekSpan | BookingView], on: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """What of the spans lies on a date, in local time."""
    first, last = (datetime.combine(day, time(), zone) for day in (on, on + DAY))
    cut = [(max(one.starts_at, first), min(one.ends_at, last)) for one in found]
    return [(start.astimezone(zone), end.astimezone(zone)) for start, end in cut if start < end]


def hours_label(hours: Iterable[WeekSpan], on: date, zone: ZoneInfo) -> str:
    """ "09:00–12:00, 14:00–18:00"; "" where nobody works."""
    parts = parts_of(hours, on, zone)
    return ", ".join(f"{start:%H:%M}–{_until(end, on)}" for start, end in parts)


def away_label(time_off: Iterable[WeekSpan], on: date, zone: ZoneInfo) -> str:
    """ "Away all day", "Away 09:00–12:00"; "" where nobody is away."""
    parts = parts_of(time_off, on, zone)
    if not parts:
        return ""
    told = [f"{start:%H:%M}–{_until(end, on)}" for start, end in parts]
    return "Away all day" if told == ["00:00–24:00"] else f"Away {', '.join(told)}"


def _until(end: datetime, on: date) -> str:
    return f"{end:%H:%M}" if end.date() == on else "24:00"


def spans(told: Told) -> list[Context]:
    """The background of the grid, day by day: hours, time off, times of other calendars."""
    kinds = (
        ("hours", "Working hours", told.view.hours),
        ("away", "Away", told.view.time_off),
        ("busy", "Busy elsewhere", told.view.busy),
    )
    return [
        {
            "kind": kind,
            "label": label,
            "begins": f"{on}T{start:%H:%M}",
            "ends": f"{on}T{_until(end, on)}",
        }
        for kind, label, found in kinds
        for on in told.dates
        for start, end in parts_of(found, on, told.zone)
    ]


def shown_hours(told: Told) -> tuple[int, int]:
    """From which full hour to which the grid reaches: all that is in it, and a usual day."""
    zone, first, last = told.zone, EARLIEST, LATEST
    for on in told.dates:
        found: list[WeekSpan | BookingView] = [*told.view.hours, *told.view.bookings]
        for start, end in parts_of(found, on, zone):
            first = min(first, start.hour)
            last = max(last, 24 if end.date() != on else end.hour + bool(end.minute))
    return first, last
