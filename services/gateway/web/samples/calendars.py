"""Samples of the pages on which hours are edited."""

from typing import Any

from services.contracts.booking.hours import Hours
from services.gateway.web import hours
from services.gateway.web.samples import people as life
from services.gateway.web.samples.exercises import BESIDE

Context = dict[str, Any]
State = tuple[str, Context]

URL = "/practices/p/calendars/c/availability"
WEEK = {
    1: [Hours(opens="09:00", closes="12:00"), Hours(opens="14:00", closes="18:00")],
    2: [Hours(opens="09:00", closes="17:00")],
    4: [Hours(opens="16:00", closes="24:00")],
}
OFFERINGS = [{"value": "o", "label": "Individual session, 50 minutes"}]


def _availability(**changes: Any) -> Context:
    return {
        "active": "availability",
        "viewer": life.PRACTITIONER,
        "name": "",
        "url": URL,
        "zone_label": "Berlin time",
        "version": 4,
        "form_ids": dict.fromkeys(("hours", "date", "time_off", "undo"), "f"),
        "last_change": {
            "label": "Last change: hours on Thu 24 Dec removed (Today, 14:02).",
            "version": 4,
        },
        "days": hours.week(WEEK, None),
        "date_rows": hours.date_rows(None),
        "dates": [
            {
                "on": "2026-12-24",
                "label": "Thursday 24 December",
                "hours_label": "closed",
                "form_id": "f",
            }
        ],
        "time_off": [
            {
                "id": "t",
                "label": "Monday 28 December – Thursday 31 December",
                "form_id": "f",
            }
        ],
        "touched": [],
        "form": "",
        "typed": {},
        "errors": {},
        "offerings": OFFERINGS,
        "chosen": "o",
        "preview": None,
    } | changes


STAFF_URL = "/practices/p/bookings/b"
TOUCHED = {
    "client_name": "Jana Ohlendorf",
    "when_label": "Monday 28 December, 14:00–14:50",
    "starts_at": "2026-12-28T13:00:00Z",
    "offering_label": "Individual session",
    "url": STAFF_URL,
    "move_url": f"{STAFF_URL}/reschedule",
    "cancel_url": f"{STAFF_URL}/cancel",
}
SESSION = {
    "viewer": life.PRACTITIONER,
    "session": life.SESSION,
    "client_name": "Jana Ohlendorf",
    "status": {"kind": "good", "label": "Confirmed"},
    "payment": {"kind": "good", "label": "Paid", "icon": "check"},
    "effects": "If the client did not come, €45 goes back to their card.",
    "client_url": "/clients/c",
    "is_in_time_off": True,
    "attendance": None,
    "intake": {"kind": "warn", "label": "Intake missing", "url": "/practices/1/clients/2/intake"},
    "intake_url": "/practices/1/clients/2/intake",
    "join": {"url": "/join/7Q2M-K9", "opens_label": "The room is open.", "is_open": True},
    "move_url": f"{STAFF_URL}/move",
    "series_url": f"{STAFF_URL}/series",
    "cancel_url": TOUCHED["cancel_url"],
    "links_url": f"{STAFF_URL}/links",
    "note_url": "/notes/new?booking=1",
    "plan": {"url": "/plans/p", "label": "The plan"},
    "exercises": BESIDE,
    "week_url": "/calendar?week=2026-W53&practice=p&practitioner=c",
    "is_of_course": False,
    "course_url": f"{STAFF_URL}/course",
    "day": {"url": "/today?day=2026-12-28", "label": "Monday 28 December"},
    "hours_url": URL,
}
OVER = {
    "attendance": {
        "action": f"{STAFF_URL}/attendance",
        "form_id": "f",
        "is_marked": False,
        "back": STAFF_URL,
    },
    "is_in_time_off": False,
    "join": None,
    "move_url": None,
    "series_url": None,
    "cancel_url": None,
    "plan": None,
    "exercises": BESIDE | {"since": None, "entries": [], "exercises": [], "may_mark": False},
    "day": None,
}
PREVIEW = {
    "offering_label": "Individual session, 50 minutes",
    "is_typed": True,
    "has_times": True,
    "days": [
        {"label": "Mon 23 Nov", "times": ["09:00", "10:00", "14:00"]},
        {"label": "Tue 24 Nov", "times": []},
    ],
}
TYPED = {"hours-2-0-opens": "17:00", "hours-2-0-closes": "9", "hours-2-1-opens": "1"}

STATES: dict[str, State] = {
    "availability": ("availability.html", _availability(preview=PREVIEW, touched=[TOUCHED])),
    "availability-empty": (
        "availability.html",
        _availability(
            name="Miriam Adler",
            last_change=None,
            days=hours.week({}, None),
            dates=[],
            time_off=[],
            offerings=[],
            chosen="",
            preview=PREVIEW | {"has_times": False, "is_typed": False},
        ),
    ),
    "availability-errors": (
        "availability.html",
        _availability(
            days=hours.week(WEEK, TYPED),
            form="hours",
            typed=TYPED,
            errors={
                "hours-2-0-closes": "Tuesday: the time must be after the beginning.",
                "hours-2-1-closes": "Tuesday: Enter a time such as 09:00.",
            },
        ),
    ),
    "time-off-sessions": (
        "time_off_sessions.html",
        {
            "active": "availability",
            "viewer": life.PRACTITIONER,
            "back_url": URL,
            "when_label": "Monday 28 December – Thursday 31 December",
            "zone_label": "Berlin time",
            "count_label": "2 sessions lie",
            "within": "within this time off",
            "nothing_yet": "The time off is not saved yet.",
            "save_label": "Save the time off",
            "touched": [TOUCHED],
            "unlisted": 1,
            "action": f"{URL}/time-off",
            "form_id": "f",
            "fields": {"first_on": "2026-12-28", "version": "4"},
        },
    ),
    "staff-booking": ("staff_booking.html", SESSION),
    "staff-booking-over": ("staff_booking.html", SESSION | OVER),
    "calendars": (
        "calendars.html",
        {
            "active": "availability",
            "viewer": life.ADMIN,
            "people": [{"name": "Miriam Adler", "url": URL}],
        },
    ),
}
