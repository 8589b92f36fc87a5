"""Samples of sessions of a course that move together."""

from typing import Any

from services.gateway.web.course_words import choices
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

VALUES = {
    "scope": "following",
    "day": "2026-12-03",
    "at": "16:00",
    "days": "1",
    "hours": "2",
    "skip": "2",
    "back": "/plans/1",
    "tell": "yes",
    "accept": "",
}


def _date(day: str, to: str, **changes: Any) -> Context:
    told = {
        "from_label": f"{day}, 14:00",
        "stays": False,
        "starts_at": "2026-12-03T15:00:00Z",
        "label": to,
        "wanted_label": to,
        "reason": "",
        "nearest_label": "",
    }
    return told | changes


FIRST = _date("Tue 1 Dec", "Thu 3 Dec, 16:00")
BENT = _date(
    "Tue 8 Dec",
    "Thu 10 Dec, 17:00",
    wanted_label="Thu 10 Dec, 16:00",
    reason="another session is there",
)
OPEN = _date(
    "Tue 22 Dec",
    "",
    starts_at="",
    wanted_label="Thu 24 Dec, 16:00",
    reason="time off or a holiday",
    nearest_label="Mon 11 Jan, 09:00",
)
BREAK = (
    "Thu 3 Dec, 16:00 would be 2 weeks and 2 days from the session on Tue 17 Nov, 14:00; now it is "
    "1 week."
)


def _moving(dates: list[Context], **changes: Any) -> State:
    told = {
        "active": "calendar",
        "viewer": life.PRACTITIONER,
        "client_name": "Jonas Weber",
        "offering_label": "Individual session, 50 minutes",
        "when_label": "Tue 1 Dec, 14:00 to 14:50",
        "starts_at": "2026-12-01T13:00:00Z",
        "zone_label": "Berlin time",
        "action": "/practices/linden/bookings/0193/series",
        "back_url": "/plans/1",
        "values": VALUES,
        "errors": {},
        "wish": VALUES,
        **choices(),
        "dates": dates,
        "breaks": [],
        "count_label": f"{len(dates)} sessions",
        "open_count": sum(not date["label"] for date in dates),
        "moved_count": sum(bool(date["label"] and date["reason"]) for date in dates),
        "moves": "0193|2026-12-01T13:00:00Z|2026-12-03T15:00:00Z",
        "form_id": "0193-sample",
    }
    return "series.html", told | changes


STATES: dict[str, State] = {
    "series": _moving([]),
    "series-dates": _moving([FIRST, BENT]),
    "series-gap": _moving([FIRST, OPEN]),
    "series-breaks": _moving(
        [FIRST, BENT],
        breaks=[BREAK],
        errors={"accept": "Tick that you want this all the same, or choose another date."},
    ),
    "series-errors": _moving([], errors={"day": "Enter a date such as 2026-11-30."}),
}
