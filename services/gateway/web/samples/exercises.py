"""Samples of exercises: to try, and beside a session."""

from typing import Any

from services.gateway.web.samples import notes
from services.gateway.web.samples import people as life
from services.gateway.web.samples.account import Context, State
from services.gateway.web.samples.plans import ENTRY, REHEARSED

BESIDE: Context = {
    "action": "/practices/p/bookings/b/rehearsed",
    "plan_url": "/plans/p",
    "since": REHEARSED,
    "entries": [ENTRY],
    "exercises": [
        {
            "id": "2",
            "situation": ENTRY["situation"],
            "new_way": ENTRY["new_way"],
            "is_rehearsed": True,
            "rehearsed": REHEARSED,
        },
        {
            "id": "3",
            "situation": "My sister asks how I am.",
            "new_way": "Say one true sentence.",
            "is_rehearsed": False,
            "rehearsed": None,
        },
    ],
    "may_mark": True,
}


def _exercise(errors: dict[str, str], **changes: Any) -> State:
    told = {
        "active": "plans",
        "viewer": life.CLIENT,
        "back_url": "/plans/1",
        "action": "/plans/1/exercises/2",
        "situation": ENTRY["situation"],
        "new_way": ENTRY["new_way"],
        "rehearsed": REHEARSED,
        "form_id": "01939f00-0000-7000-8000-000000000032",
        "values": {"went": "7"},
        "errors": errors,
        "entries": [ENTRY],
    }
    return "plan_exercise.html", told | changes


STATES: dict[str, State] = {
    "note-beside-exercises": (
        "note_edit.html",
        notes.STATES["note-draft"][1] | {"exercises": BESIDE | {"action": None}},
    ),
    "plan-exercise": _exercise({}),
    "plan-exercise-errors": _exercise({"went": "Choose how it went, from 0 to 10."}, entries=[]),
}
