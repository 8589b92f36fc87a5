"""Samples of the pages that hold text: crisis help, pages for therapists, errors."""

from typing import Any

from services.gateway.web.words import CRISIS_COUNTRIES, ERROR_WORDS

Context = dict[str, Any]
State = tuple[str, Context]


def _error(status: int) -> State:
    words = ERROR_WORDS[status]._asdict()
    return "error.html", words | {"status": status, "reference": "0193a5c2"}


def _unsent(why: str, **changes: Any) -> State:
    told: Context = {
        "why": why,
        "action": "/plans/1/exercises/2",
        "fields": [
            {"name": "form_id", "text": "01939f00-0000-7000-8000-000000000044"},
            {"name": "happened", "text": WRITTEN},
            {"name": "went", "text": "6"},
        ],
        "texts": [WRITTEN],
    }
    return "unsent.html", told | changes


WRITTEN = (
    "I told my sister that I could not come on Sunday.\n"
    "She was quiet for a moment, and then asked for another day."
)
PAGES: dict[str, State] = {
    "crisis-help": ("crisis_help.html", {"active": "crisis", "countries": CRISIS_COUNTRIES}),
    "join-as-therapist": (
        "join_as_therapist.html",
        {"active": "for-therapists", "contact_email": "hello@attune.example"},
    ),
    "therapist-benefits": ("therapist_benefits.html", {"active": "benefits"}),
    "terms": ("terms.html", {"active": "terms"}),
}
UNSENT = {f"unsent-{why}": _unsent(why) for why in ("signed-out", "stale", "broken", "over")}
STATES = PAGES | UNSENT | {f"error-{status}": _error(status) for status in ERROR_WORDS}
