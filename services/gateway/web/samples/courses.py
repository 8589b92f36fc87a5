"""Samples of courses, proposed and booked."""

from typing import Any

from services.gateway.web.course_words import choices
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

ACTION = "/practices/linden/bookings/0193/course"
VALUES = {
    "count": "4",
    "every": "1",
    "then": "0",
    "then_every": "2",
    "first": "2026-12-01",
    "at": "14:00",
    "days": "2",
    "hours": "2",
    "skip": "2",
}
ABOUT: Context = {
    "active": "today",
    "viewer": life.PRACTITIONER,
    "back_url": "/today",
    "client_name": "Jonas Weber",
    "offering_label": "Individual session, 50 minutes",
    "zone_label": "Berlin time",
}


def _date(day: str, *, reason: str = "", moved_to: str = "", nearest: str = "") -> Context:
    is_open = bool(reason) and not moved_to
    return {
        "starts_at": "" if is_open else "2026-12-01T13:00:00Z",
        "label": "" if is_open else moved_to or f"{day}, 14:00",
        "wanted_label": f"{day}, 14:00",
        "reason": reason,
        "nearest_label": nearest,
    }


def _proposed(dates: list[Context], **changes: Any) -> Context:
    told = ABOUT | {
        "action": ACTION,
        "values": VALUES,
        "errors": {},
        "warning": "",
        **choices(),
        "price_label": "€95",
        "dates": dates,
        "count_label": f"{len(dates)} sessions",
        "open_count": sum(not date["label"] for date in dates),
        "moved_count": sum(bool(date["label"] and date["reason"]) for date in dates),
        "agreed": VALUES | {"starts": "2026-12-01T13:00:00Z", "price_id": "price-1"},
        "form_id": "0193-sample",
    }
    return told | changes


MOVED = _date("Tue 8 Dec", reason="another session is there", moved_to="Tue 8 Dec, 15:00")
OPEN = _date("Tue 22 Dec", reason="time off or a holiday", nearest="Mon 11 Jan, 09:00")
WENT = "Just taken: Tue 8 Dec, 14:00. Nothing was booked; below are the dates as they can be now."

STATES: dict[str, State] = {
    "course-new": (
        "course_new.html",
        _proposed([_date("Tue 1 Dec"), MOVED, _date("Tue 15 Dec")]),
    ),
    "course-new-gap": ("course_new.html", _proposed([_date("Tue 15 Dec"), OPEN])),
    "course-new-taken": ("course_new.html", _proposed([_date("Tue 1 Dec"), MOVED], warning=WENT)),
    "course-new-errors": (
        "course_new.html",
        _proposed(
            [],
            values=VALUES | {"count": "many"},
            errors={"count": "Enter a number from 1 to 60."},
        ),
    ),
    "course": (
        "course.html",
        ABOUT
        | {
            "count_label": "2 sessions",
            "cancel_url": "/practices/linden/courses/0193/cancel",
            "notices": [{"kind": "good", "text": "2 sessions are booked. The mail is on its way."}],
            "sessions": [
                {
                    "starts_at": "2026-12-01T13:00:00Z",
                    "label": "Tue 1 Dec, 14:00",
                    "status": {"kind": "good", "label": "Confirmed"},
                    "url": "/practices/linden/bookings/0193",
                },
                {
                    "starts_at": "2026-12-08T13:00:00Z",
                    "label": "Tue 8 Dec, 14:00",
                    "status": {"kind": "bad", "label": "Cancelled"},
                    "url": "/practices/linden/bookings/0193",
                },
            ],
        },
    ),
    "course-cancel": (
        "course_cancel.html",
        ABOUT
        | {
            "count_label": "2 sessions",
            "sessions": [
                {"starts_at": "2026-12-01T13:00:00Z", "label": "Tue 1 Dec, 14:00"},
                {"starts_at": "2026-12-08T13:00:00Z", "label": "Tue 8 Dec, 14:00"},
            ],
            "action": "/practices/linden/courses/0193/cancel",
            "back_url": "/practices/linden/courses/0193",
        },
    ),
}
