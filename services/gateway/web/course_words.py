"""What the pages of courses say: reasons of dates, choices, sentences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.common.errors import InvalidInput, Refusal
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import CourseDate, CourseReason
from services.gateway.forms.courses import CourseForm
from services.gateway.web import labels, sessions

Context = dict[str, Any]
REASONS: dict[CourseReason, str] = {
    CourseReason.OUTSIDE_HOURS: "outside of the working hours",
    CourseReason.OFF_GRID: "between two times that can be booked",
    CourseReason.DOES_NOT_FIT: "too little time before the working hours end",
    CourseReason.TIME_OFF: "time off or a holiday",
    CourseReason.TAKEN: "another session is there",
    CourseReason.BUSY: "busy in the other calendar",
    CourseReason.TOO_SOON: "this time has passed",
    CourseReason.TOO_FAR: "more than two years ahead",
    CourseReason.DAY_FULL: "no more sessions on that day",
    CourseReason.WEEK_FULL: "no more sessions in that week",
    CourseReason.NO_ROOM: "no room is free",
    CourseReason.CLIENT_ELSEWHERE: "the client has another session",
    CourseReason.SPACING: "too near to the session before or after it, which had to move",
}
EVERY = [
    ("1", "every week"),
    ("2", "every 2 weeks"),
    ("3", "every 3 weeks"),
    ("4", "every 4 weeks"),
]


def choices() -> Context:
    """What can be chosen from."""
    return {
        "every": _options(EVERY),
        "days": _options([("0", "not at all"), *_numbered(3, "day")]),
        "hours": _options([("0", "not at all"), *_numbered(6, "hour")]),
        "skips": _options([("0", "none"), *_numbered(6, "week")]),
    }


def _numbered(most: int, unit: str) -> list[tuple[str, str]]:
    return [(str(n), f"{n} {unit}{'' if n == 1 else 's'}") for n in range(1, most + 1)]


def _options(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in pairs]


def date_line(one: CourseDate, zone: ZoneInfo, now: datetime) -> Context:
    """One line of the proposal: where it is, where it should be, and why not there."""
    nearest = one.nearest_at and labels.moment_label(one.nearest_at, zone, now)
    return {
        "starts_at": labels.instant(one.starts_at) if one.starts_at else "",
        "label": labels.moment_label(one.starts_at, zone, now) if one.starts_at else "",
        "wanted_label": labels.moment_label(one.wanted_at, zone, now),
        "reason": REASONS[one.reason] if one.reason else "",
        "nearest_label": nearest or "",
    }


def went(taken: Sequence[datetime], zone: ZoneInfo, now: datetime) -> str:
    """What somebody else has just booked; "" for nothing."""
    if not taken:
        return ""
    listed = ", ".join(labels.moment_label(at, zone, now) for at in taken)
    return f"Just taken: {listed}. Nothing was booked; below are the dates as they can be now."


def why_not(refusal: Refusal) -> str:
    """Why there can be no course from this session on."""
    why = refusal.detail.get("follows_booking_id", "")
    return f"A course cannot go on from this session: it {why}." if why else refusal.message


def at_fields(flaws: InvalidInput) -> dict[str, str]:
    """A refusal of booking's, at the field of the page that causes it."""
    fields = {"starts_at": "at", "phases": "count", "first_on": "first"}
    named = [fields[name] for name in flaws.detail if name in fields]
    known = {name: CourseForm.words[name] for name in named}
    return known or {"form": flaws.message}


def offering_of(booking: BookingView) -> str:
    """What they are sessions of, with its length."""
    minutes = int((booking.ends_at - booking.starts_at).total_seconds() // 60)
    return sessions.offering_label(booking.offering_name, minutes)


def sessions_label(count: int) -> str:
    """ "12 sessions"."""
    return "1 session" if count == 1 else f"{count} sessions"


def done(count: int) -> str:
    """What is said once they are booked."""
    return (
        f"{sessions_label(count)} {'is' if count == 1 else 'are'} booked. The mail is on its way."
    )


def given_back(count: int) -> str:
    """What is said once they are cancelled."""
    are = "is" if count == 1 else "are"
    return f"{sessions_label(count)} {are} cancelled. The mail is on its way."
