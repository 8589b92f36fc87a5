"""Samples of the pages before a first session, for who comes and for who treats them."""

from typing import Any

from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]
BASE = "/b/3fQk9/intake"
LONG = "I sleep badly since the move.\nAnd I argue more than I would like to."


def _question(name: str, kind: str, label: str, **changes: Any) -> Context:
    return {
        "kind": kind,
        "name": f"q-{name}",
        "label": label,
        "help": "",
        "is_required": False,
        "is_kept": False,
        "options": [],
        "more": None,
    } | changes


QUESTIONS = [
    _question(
        "0",
        "heading",
        "Before we meet",
        help="A few questions, so that our first hour is yours. Write as much as you like.",
    ),
    _question(
        "1", "short_text", "Whom may I call in an emergency?", help="A name and a phone number."
    ),
    _question("2", "long_text", "What brings you here?", is_required=True),
    _question(
        "3",
        "yes_no",
        "Have you been in therapy or counselling before?",
        more={"name": "q-3-more", "label": "What helped, and what did not?"},
    ),
    _question("4", "scale", "How are you these days?", help="0: very badly. 10: very well."),
    _question(
        "5",
        "single_choice",
        "How shall I call you?",
        options=[{"name": "q-5-0", "label": "First name"}, {"name": "q-5-1", "label": "Surname"}],
    ),
    _question(
        "6",
        "multiple_choice",
        "When do you come most easily?",
        options=[{"name": "q-6-0", "label": "Mornings"}, {"name": "q-6-1", "label": "Evenings"}],
    ),
    _question("7", "date", "Since when do you feel so?"),
]
PANEL = {
    "is_open": True,
    "text": "A few things to read and to answer, when you have a quiet moment.",
    "label": "Go on",
    "url": BASE,
}
PROGRESS = {"answered": 3, "asked": 7, "label": "3 of 7 answered"}
VALUES = {"q-1": "Alex, 0151 2345678", "q-2": LONG, "q-3": "yes", "q-4": "4", "q-6-1": "yes"}
ROWS = [
    {
        "label": "Before we meet",
        "is_heading": True,
        "text": "",
        "more_label": "",
        "more": "",
    },
    {
        "label": "What brings you here?",
        "is_heading": False,
        "text": LONG,
        "more_label": "",
        "more": "",
    },
    {
        "label": "Have you been in therapy or counselling before?",
        "is_heading": False,
        "text": "Yes",
        "more_label": "What helped, and what did not?",
        "more": "To be asked, and to be left in peace.",
    },
    {
        "label": "How are you these days?",
        "is_heading": False,
        "text": "",
        "more_label": "",
        "more": "",
    },
]
GIVEN = {
    "number": 2,
    "version_label": "version 1 of the form",
    "at": "2026-11-23T09:00:00Z",
    "at_label": "Today, 10:00",
    "rows": ROWS,
}
BEFORE = GIVEN | {"number": 1, "at_label": "Sun 22 Nov, 20:15"}


def _consent(number: int, title: str, **changes: Any) -> Context:
    return {
        "title": title,
        "body": "We work together in sessions at the times that you book.\n\nYou can end our work "
        "at any time, and you need not say why.",
        "is_required": True,
        "version_label": "version 1",
        "field": f"text-{number}",
        "url": f"{BASE}/consents/{number}",
        "is_current": True,
        "is_standing": False,
        "signed_label": "",
        "withdrawn_label": "",
        "withdrawing": "Without it we cannot work together.",
    } | changes


WAITING = [
    _consent(1, "Treatment agreement", version_label="version 2"),
    _consent(2, "Sessions by video", is_required=False),
]
SIGNED = _consent(3, "Privacy notice", is_standing=True, signed_label="Today, 10:05")
REPLACED = SIGNED | {"title": "Treatment agreement", "is_current": False, "is_standing": False}
TAKEN_BACK = _consent(
    5, "Sessions by video", signed_label="Today, 10:05", withdrawn_label="Today, 11:00"
)


def _form(values: Context, errors: dict[str, str], **changes: Any) -> State:
    return (
        "intake.html",
        {
            "viewer": life.CLIENT,
            "action": BASE,
            "keep_url": f"{BASE}/draft",
            "back_url": "/b/3fQk9",
            "form_id": "01939f00-0000-7000-8000-000000000040",
            "form_number": 2,
            "revision": 0,
            "questions": QUESTIONS,
            "progress": PROGRESS,
            "due_label": "Tue 24 Nov, 14:00",
            "zone_label": "Berlin time",
            "is_correction": False,
            "may_read": True,
            "values": values,
            "errors": errors,
            "named_errors": errors,
        }
        | changes,
    )


def _given(**changes: Any) -> State:
    return (
        "intake_given.html",
        {
            "viewer": life.CLIENT,
            "back_url": "/b/3fQk9",
            "who": "Miriam Adler",
            "is_given": True,
            "may_read": True,
            "given": [GIVEN, BEFORE],
            "correct_url": f"{BASE}?correct=yes",
            "consents": [SIGNED, TAKEN_BACK],
            "consents_url": f"{BASE}/consents",
            "is_complete": True,
            "looks_url": f"{BASE}/looks",
        }
        | changes,
    )


def _consents(waiting: list[Context], signed: list[Context], **changes: Any) -> State:
    return (
        "intake_consents.html",
        {
            "viewer": life.CLIENT,
            "action": f"{BASE}/consents",
            "back_url": "/b/3fQk9",
            "intake_url": BASE,
            "is_form_open": False,
            "waiting": waiting,
            "signed": signed,
            "zone_label": "Berlin time",
            "values": {},
            "errors": {},
        }
        | changes,
    )


def _of_client(**changes: Any) -> State:
    return (
        "client_intake.html",
        {
            "active": "today",
            "viewer": life.PRACTITIONER,
            "back_url": "/today",
            "client_name": "Jonas Weber",
            "status": {"kind": "good", "label": "Intake complete"},
            "given": [GIVEN, BEFORE],
            "consents": [SIGNED, TAKEN_BACK, WAITING[0]],
            "zone_label": "Berlin time",
            "setup_url": "/practices/1/intake",
        }
        | changes,
    )


STATES: dict[str, State] = {
    "intake": _form({}, {}, progress=PROGRESS | {"answered": 0, "label": "0 of 7 answered"}),
    "intake-kept": _form(VALUES, {}),
    "intake-errors": _form(
        VALUES | {"q-2": ""},
        {"q-2": "Please write a few words.", "q-4": "Please choose from 0 to 10."},
    ),
    "intake-by-link": _form(
        {},
        {},
        viewer=None,
        may_read=False,
        questions=[one | {"is_kept": one["name"] in ("q-1", "q-4")} for one in QUESTIONS],
    ),
    "intake-correction": _form(VALUES, {}, is_correction=True),
    "intake-given": _given(),
    "intake-given-by-link": _given(
        viewer=None,
        given=[],
        may_read=False,
        correct_url=None,
        looks_url=None,
        is_complete=False,
    ),
    "intake-too-late": _given(is_given=False, given=[], correct_url=None, is_complete=False),
    "intake-consents": _consents(WAITING, [SIGNED, REPLACED]),
    "intake-consents-errors": _consents(WAITING, [], errors={"text-1": "Tick what you agree to."}),
    "intake-consents-signed": _consents([], [SIGNED, TAKEN_BACK], is_form_open=True),
    "intake-consents-none": _consents([], [], intake_url=None),
    "consent": (
        "consent.html",
        {
            "viewer": life.CLIENT,
            "back_url": f"{BASE}/consents",
            "consent": TAKEN_BACK | {"is_current": False},
            "zone_label": "Berlin time",
        },
    ),
    "client-intake": _of_client(),
    "client-intake-missing": _of_client(
        given=[], setup_url=None, status={"kind": "warn", "label": "Intake missing"}
    ),
    "client-intake-not-asked": _of_client(given=[], consents=[], status=None),
}
