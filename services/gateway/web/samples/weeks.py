"""Samples of a calendar's week, and of moving one of its sessions."""

from typing import Any

from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

BASE = "/practices/p/bookings"
NAMES = ("Monday 23", "Tuesday 24", "Wednesday 25", "Thursday 26", "Friday 27", "Saturday 28")
HOURS = "09:00–12:00, 13:00–17:00"
CONFIRMED = {"kind": "good", "label": "Confirmed", "icon": "check"}
CANCELLED = {"kind": "bad", "label": "Cancelled", "icon": "close"}
WAITING = {"kind": "warn", "label": "Waiting for payment", "icon": "clock"}
PAID, UNPAID = {"kind": "good", "label": "Paid"}, {"kind": "warn", "label": "Unpaid"}


def _session(id_: str, day: int, hour: int, name: str, **changes: Any) -> Context:
    return {
        "id": id_,
        "starts_at": f"2026-11-{day}T{hour - 1:02}:00:00Z",
        "begins": f"2026-11-{day}T{hour:02}:00",
        "ends": f"2026-11-{day}T{hour:02}:50",
        "time_label": f"{hour:02}:00–{hour:02}:50",
        "client_name": name,
        "offering_label": "Individual session, 50 minutes",
        "where_label": "Online",
        "status": CONFIRMED,
        "payment": PAID,
        "is_given_up": False,
        "is_in_time_off": False,
        "url": f"{BASE}/{id_}",
        "move_url": f"{BASE}/{id_}/move",
    } | changes


SESSIONS = {
    23: [
        _session("a", 23, 9, "Jana Ohlendorf"),
        _session("b", 23, 14, "Kwame Boateng", status=WAITING, payment=UNPAID, move_url=None),
    ],
    24: [
        _session("c", 24, 10, "Mira Castellan", status=CANCELLED, is_given_up=True, move_url=None),
    ],
    26: [_session("d", 26, 13, "Theo Brandl", is_in_time_off=True)],
}


def _day(number: int, name: str) -> Context:
    is_open = number < 28
    return {
        "on": f"2026-11-{number}",
        "label": f"{name} November",
        "is_today": number == 24,
        "hours_label": HOURS if is_open and number != 26 else "",
        "away_label": "Away all day" if number == 26 else "",
        "sessions": SESSIONS.get(number, []),
    }


def _week(**changes: Any) -> Context:
    return {
        "active": "calendar",
        "viewer": life.PRACTITIONER,
        "name": "",
        "title": "23–29 November",
        "week": "2026-W48",
        "monday": "2026-11-23",
        "zone_label": "Berlin time",
        "offset": "+01:00",
        "count_label": "3 sessions",
        "url": "/calendar?week=2026-W48",
        "prev_url": "/calendar?week=2026-W47",
        "next_url": "/calendar?week=2026-W49",
        "today_url": "/calendar",
        "hours_url": "/practices/p/calendars/c/availability",
        "book_url": "/clients/book?practice=p&practitioner=c",
        "new_url": "/calendar/new?practice=p&practitioner=c",
        "changes_url": "/calendar/changes?practice=p&practitioner=c",
        "from_hour": 8,
        "until_hour": 19,
        "practice": "p",
        "chosen": "c",
        "people": [],
        "practices": [],
        "spans": [
            {
                "kind": "hours",
                "label": "Working hours",
                "begins": "2026-11-23T09:00",
                "ends": "2026-11-23T12:00",
            },
            {
                "kind": "away",
                "label": "Away",
                "begins": "2026-11-26T00:00",
                "ends": "2026-11-26T24:00",
            },
        ],
        "days": [_day(23 + at, name) for at, name in enumerate((*NAMES, "Sunday 29"))],
    } | changes


def _move(**changes: Any) -> Context:
    return {
        "active": "calendar",
        "viewer": life.PRACTITIONER,
        "client_name": "Jana Ohlendorf",
        "offering_label": "Individual session, 50 minutes",
        "when_label": "Monday 23 November, 09:00–09:50",
        "starts_at": "2026-11-23T08:00:00Z",
        "zone_label": "Berlin time",
        "action": f"{BASE}/a/move",
        "form_id": "f",
        "back_url": f"{BASE}/a",
        "slots_url": f"{BASE}/a/reschedule",
        "values": {"day": "2026-11-25", "at": "10:00", "tell": "yes", "back": "/calendar"},
        "errors": {},
    } | changes


MOVED = {
    "active": "calendar",
    "viewer": life.PRACTITIONER,
    "heading": "The session has moved",
    "client_name": "Jana Ohlendorf",
    "when_label": "Wed 25 Nov, 10:00",
    "starts_at": "2026-11-25T09:00:00Z",
    "is_told": True,
    "url": f"{BASE}/a",
    "back_url": "/calendar?week=2026-W48",
    "back_label": "To the calendar",
    "undo": {
        "action": f"{BASE}/a/move",
        "form_id": "f",
        "fields": {
            "start": "2026-11-23T08:00:00Z",
            "tell": "yes",
            "back": "/calendar?week=2026-W48",
        },
    },
}
PEOPLE = [{"value": "c", "label": "Miriam Adler"}, {"value": "d", "label": "Nils Petersen"}]

STATES: dict[str, State] = {
    "week": ("week.html", _week()),
    "week-of-desk": (
        "week.html",
        _week(
            viewer=life.ADMIN,
            name="Miriam Adler",
            people=PEOPLE,
            practices=[{"name": "Praxis am Park", "url": "/calendar?practice=q"}],
            days=[_day(23 + at, name) | {"sessions": []} for at, name in enumerate(NAMES)],
            count_label="No sessions",
        ),
    ),
    "move": ("move.html", _move()),
    "move-refused": (
        "move.html",
        _move(
            values={"day": "2026-11-25", "at": "25", "tell": "no", "back": ""},
            errors={
                "form": "That time is outside of the working hours.",
                "at": "Enter a time in steps of five minutes, such as 14:00.",
            },
        ),
    ),
    "moved": ("moved.html", MOVED),
    "moved-together": (
        "moved.html",
        MOVED
        | {
            "heading": "5 sessions have moved",
            "client_name": "Jana Ohlendorf, the first of them",
        },
    ),
    "moved-for-good": ("moved.html", MOVED | {"is_told": False, "undo": None}),
}
