"""Samples of a plan's dates: chosen at the desk, read, being booked, booked, gone."""

from typing import Any

from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Move
from services.gateway.web.course_words import choices
from services.gateway.web.plan_course import NONE_ADDED, NOT_ADDED, ROLLS
from services.gateway.web.plan_pauses import ALL_BACK, NOTHING_OWED
from services.gateway.web.samples import people as life
from services.gateway.web.samples.courses import MOVED, OPEN
from services.gateway.web.samples.plans import DRAFT, GOOD, plan_page

Context = dict[str, Any]
State = tuple[str, Context]

AGREED = {"kind": "good", "label": "Agreed"}
WHAT = {"value": "0193.online", "label": "Individual session, 50 minutes, online"}
VALUES = {
    "what": "0193.online",
    "first": "2026-12-01",
    "at": "14:00",
    "days": "2",
    "hours": "2",
    "skip": "2",
}
TERMS = [
    "You can cancel a session free of charge until 48 hours before it.",
    "Later than that, or if you do not come, the full price is invoiced.",
    "You can move a session to another time until 24 hours before it.",
]
CONFIRMED = {"kind": "good", "label": "Confirmed"}
ATTENDED = {"kind": "", "label": "Attended"}

ROLLED = f"{ROLLS} Booked until Tue 23 Feb 2027; the last 4 sessions were added on Sat 21 Nov."


def _line(number: int, day: str, phase: str, status: Context | None = None) -> Context:
    return {
        "name": f"Session {number} of 14, {phase}",
        "starts_at": "2026-12-01T13:00:00Z",
        "label": f"{day}, 14:00",
        "status": status,
        "url": "/bookings/0193" if status else "",
        "is_past": status is ATTENDED,
    }


STOPPED = "Paused from Tue 1 Dec: the sessions after that were cancelled."
GIVEN_BACK = f"The session of Tue 8 Dec, 14:00 was cancelled; the others take place. {NONE_ADDED}"
CHOSEN = [_line(1, "Tue 1 Dec", "Opening"), _line(2, "Tue 8 Dec", "Opening")]
CANCELLED = {"kind": "bad", "label": "Cancelled"}
NOT_COUNTED = _line(4, "Fri 27 Nov", "Middle", CANCELLED) | {"name": "Not counted"}
BOOKED = [
    _line(3, "Tue 24 Nov", "Opening", ATTENDED),
    _line(4, "Tue 1 Dec", "Middle", CONFIRMED),
]


def _dates(state: str, lines: list[Context], **changes: Any) -> Context:
    return {
        "state": state,
        "choice": 2,
        "choose_url": "",
        "agree_url": "",
        "drop_url": "",
        "series_url": "",
        "ends_sessions": state in ("agreed", "booked", "stopped"),
        "pause_url": "",
        "stopped_label": "",
        "given_back_label": "",
        "shortened_label": "",
        "surplus": None,
        "rolls_label": "",
        "short_label": "",
        "zone_label": "Berlin time",
        "offering_label": "Individual session, 50 minutes, online",
        "price_label": "€95",
        "terms": TERMS,
        "lines": lines,
        "beside": [],
        "open_label": "",
        "flaw": "",
        "gone": [],
        "count_label": f"{len(lines)} sessions",
        "progress": None,
    } | changes


PROGRESS = {
    "used": 3,
    "total": 14,
    "label": "3 sessions used, 11 left",
    "notes": [],
    "next": {
        "starts_at": "2026-12-01T13:00:00Z",
        "label": "Tue 1 Dec, 14:00",
        "name": "Session 4 of 14, Middle",
    },
}
ONE_FREE = {
    "progress": PROGRESS | {"notes": ["1 session cancelled without a charge: not counted."]},
    "open_label": "1 session of this plan has no date.",
    "count_label": "2 sessions",
}
GONE = {"flaw": "These dates are gone:", "gone": ["Tue 8 Dec, 14:00", "Tue 15 Dec, 14:00"]}
COSTS = {
    "lines": ["Tomorrow, 14:00: the practice may ask for half of the price."],
    "seen": "0193:50",
}
CHOOSE = {"choose_url": "/plans/1/dates"}


def _of_client(
    status: Context, dates: Context, open_state: str = "", *may: str, **changes: Any
) -> State:
    return "plan_of_client.html", plan_page(
        life.CLIENT, open_state, *may, status=status, dates=dates, **changes
    )


def _of_practitioner(status: Context, dates: Context, open_state: str = "", *may: str) -> State:
    return "plan_of_practitioner.html", plan_page(
        life.PRACTITIONER, open_state, *may, status=status, dates=dates
    )


def _pausing(lines: list[Context], **changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "who": "Jonas Weber",
        "day_label": "8 December 2026",
        "zone_label": "Berlin time",
        "paused_label": "",
        "count_label": f"{len(lines)} sessions",
        "lines": lines,
        "last_label": "Tue 1 Dec, 14:00",
        "is_rolling": False,
        "is_chosen": False,
        "is_changed": False,
        "action": "/plans/1/dates/pause",
        "back_url": "/plans/1",
        "revision": 3,
        "pause_from": "2026-12-08",
        "seen": "0193:2026-12-08T13:00:00Z",
    }
    return "plan_pause.html", told | changes


def _choosing(lines: list[Context], **changes: Any) -> State:
    dates = [line | {"name": f"Session {at} of 14, Opening"} for at, line in enumerate(lines, 1)]
    told = {
        "active": "plans",
        "viewer": life.PRACTITIONER,
        "who": "Jonas Weber",
        "action": "/plans/1/dates",
        "back_url": "/plans/1",
        "zone_label": "Berlin time",
        "price_label": "€95",
        "values": VALUES,
        "errors": {},
        "whats": [WHAT],
        **choices(),
        "dates": dates,
        "count_label": f"{len(dates)} sessions",
        "open_count": sum(not date["label"] for date in dates),
        "moved_count": sum(bool(date["label"] and date["reason"]) for date in dates),
        "is_alone": False,
        "agreed": VALUES | {"starts": "2026-12-01T13:00:00Z", "price_id": "p", "revision": "3"},
    }
    return "plan_dates.html", told | changes


USUAL = MOVED | {"label": "Tue 1 Dec, 14:00", "reason": ""}

STATES: dict[str, State] = {
    "plan-dates": _choosing([USUAL, MOVED]),
    "plan-dates-gap": _choosing([USUAL, OPEN], is_alone=True),
    "plan-dates-errors": _choosing(
        [], errors={"at": "Enter a time in steps of five minutes, such as 14:00."}
    ),
    "plan-with-dates-proposed": _of_client(
        DRAFT, _dates("chosen", CHOSEN), "proposed", Move.AGREE, Move.ASK_FOR_CHANGES
    ),
    "plan-with-new-dates": _of_client(
        AGREED, _dates("chosen", CHOSEN, agree_url="/plans/1/dates/agree")
    ),
    "plan-being-booked": _of_client(AGREED, _dates("agreed", CHOSEN)),
    "plan-dates-gone": _of_client(AGREED, _dates("refused", [], **GONE)),
    "plan-booked": _of_client(GOOD, _dates("booked", BOOKED, progress=PROGRESS)),
    "plan-long-under-way": _of_client(
        GOOD, _dates("booked", [BOOKED[0]] * 6 + [BOOKED[1]], progress=PROGRESS)
    ),
    "plan-one-cancelled": _of_client(
        GOOD, _dates("booked", [BOOKED[0], NOT_COUNTED, BOOKED[1]], **ONE_FREE)
    ),
    "plan-desk-one-cancelled": _of_practitioner(
        GOOD,
        _dates("booked", [BOOKED[0], NOT_COUNTED, BOOKED[1]], **ONE_FREE, **CHOOSE),
        "",
        Move.REVISE,
    ),
    "plan-with-a-new-date": _of_client(
        GOOD,
        _dates(
            "chosen",
            [_line(14, "Tue 2 Mar", "Ending")],
            count_label="1 session",
            beside=[BOOKED[0], NOT_COUNTED, BOOKED[1]],
            progress=PROGRESS,
            agree_url="/plans/1/dates/agree",
        ),
    ),
    "plan-desk-dates": _of_practitioner(
        DRAFT,
        _dates("chosen", CHOSEN, **CHOOSE, drop_url="/plans/1/dates/drop"),
        "draft",
        Move.REVISE,
        Move.PROPOSE,
    ),
    "plan-desk-dates-gone": _of_practitioner(
        AGREED, _dates("refused", [], **GONE, **CHOOSE), "", Move.REVISE
    ),
    "plan-desk-booked": _of_practitioner(
        GOOD,
        _dates("booked", BOOKED, progress=PROGRESS, pause_url="/plans/1/dates/pause"),
        "",
        Move.REVISE,
        Move.END,
    ),
    "plan-pause": _pausing([line | {"owed_label": NOTHING_OWED} for line in CHOSEN]),
    "plan-pause-changed": _pausing([CHOSEN[1] | {"owed_label": ALL_BACK}], is_changed=True),
    "plan-pause-of-nothing": _pausing([], is_rolling=True, is_chosen=True, last_label=""),
    "plan-pause-already": _pausing([], paused_label="Paused since Tue 1 Dec"),
    "plan-desk-runs-short": _of_practitioner(
        GOOD,
        _dates(
            "booked",
            BOOKED,
            rolls_label=ROLLS,
            short_label=NOT_ADDED[WhyRefused.DATES_GONE].format(near=" near Tue 8 Dec, 14:00"),
            choose_url="/plans/1/dates",
        ),
    ),
    "plan-rolls": _of_client(GOOD, _dates("booked", BOOKED, progress=PROGRESS, rolls_label=ROLLED)),
    "plan-given-back": _of_client(
        GOOD, _dates("stopped", BOOKED, progress=PROGRESS, given_back_label=GIVEN_BACK)
    ),
    "plan-ending-costs": _of_client(
        GOOD, _dates("booked", BOOKED, progress=PROGRESS), "", Move.END, ending_costs=COSTS
    ),
    "plan-paused": _of_client(
        GOOD, _dates("stopped", BOOKED[:1], progress=PROGRESS, stopped_label=STOPPED), "", "end"
    ),
}
