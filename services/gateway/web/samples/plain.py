"""Samples of the pages that hold text: crisis help, pages for therapists, errors."""

from typing import Any

from services.gateway.web.words import CRISIS_COUNTRIES, ERROR_WORDS

Context = dict[str, Any]
State = tuple[str, Context]


def _error(status: int) -> State:
    words = ERROR_WORDS[status]._asdict()
    return "error.html", words | {"status": status, "reference": "0193a5c2"}


PAGES: dict[str, State] = {
    "crisis-help": ("crisis_help.html", {"active": "crisis", "countries": CRISIS_COUNTRIES}),
    "join-as-therapist": (
        "join_as_therapist.html",
        {"active": "for-therapists", "contact_email": "hello@attune.example"},
    ),
    "therapist-benefits": ("therapist_benefits.html", {"active": "benefits"}),
    "terms": ("terms.html", {"active": "terms"}),
}
STATES = PAGES | {f"error-{status}": _error(status) for status in ERROR_WORDS}
