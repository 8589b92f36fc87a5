"""Samples of the pages on which a practice keeps what it asks before a first session."""

from typing import Any

from services.gateway.web.samples.intake import QUESTIONS, WAITING
from services.gateway.web.samples.people import ADMIN

Context = dict[str, Any]
State = tuple[str, Context]
SETUP = "/practices/1/intake"


def _setup(**changes: Any) -> State:
    told = {
        "viewer": ADMIN,
        "back_url": "/today",
        "base": SETUP,
        "revision": 3,
        "is_changed": True,
        "questions": [
            {
                "label": one["label"],
                "kind_label": "Some lines of text",
                "is_required": one["is_required"],
                "url": f"{SETUP}/questions/{at}",
            }
            for at, one in enumerate(QUESTIONS)
        ],
        "new_url": f"{SETUP}/questions/9",
        "is_full": False,
        "versions": [
            {"label": "Version 1", "at_label": "Mon 2 Nov, 10:00", "url": f"{SETUP}/versions/1"}
        ],
        "texts": [
            {
                "label": "Treatment agreement",
                "url": f"{SETUP}/texts/treatment",
                "text": WAITING[0],
            },
            {"label": "Recordings", "url": f"{SETUP}/texts/recording", "text": None},
        ],
    }
    return "intake_setup.html", told | changes


def _edit(values: Context, errors: dict[str, str], *, is_new: bool) -> State:
    return (
        "intake_question.html",
        {
            "viewer": ADMIN,
            "back_url": SETUP,
            "action": f"{SETUP}/questions/1",
            "revision": 3,
            "is_new": is_new,
            "kinds": [
                {"value": "long_text", "label": "Some lines of text"},
                {"value": "single_choice", "label": "One of several"},
            ],
            "values": values,
            "errors": errors,
        },
    )


def _text(number: int, errors: dict[str, str]) -> State:
    return (
        "consent_text.html",
        {
            "viewer": ADMIN,
            "back_url": SETUP,
            "action": f"{SETUP}/texts/treatment",
            "heading": "Treatment agreement",
            "number": number,
            "form_id": "01939f00-0000-7000-8000-000000000041",
            "values": {"title": "Treatment agreement", "body": "We work together."},
            "errors": errors,
        },
    )


STATES: dict[str, State] = {
    "intake-setup": _setup(),
    "intake-setup-published": _setup(is_changed=False),
    "intake-setup-empty": _setup(questions=[], versions=[]),
    "intake-question": _edit(
        {"label": "What brings you here?", "is_required": "yes"}, {}, is_new=False
    ),
    "intake-question-errors": _edit(
        {"kind": "single_choice", "options": "One"},
        {
            "label": "Write what is asked, on one line of at most 200 characters.",
            "options": "Write two options or more, one on each line.",
        },
        is_new=True,
    ),
    "intake-preview": (
        "intake_preview.html",
        {"viewer": ADMIN, "back_url": SETUP, "version_label": "Draft", "questions": QUESTIONS},
    ),
    "intake-preview-empty": (
        "intake_preview.html",
        {"viewer": ADMIN, "back_url": SETUP, "version_label": "Draft", "questions": []},
    ),
    "consent-text": _text(2, {}),
    "consent-text-first": _text(0, {"body": "Write the text; it may have 8,000 characters."}),
}
