"""Samples of the pages of notes."""

from typing import Any

from services.gateway.web import note_context
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]
AT = {"at": "2026-11-23T13:05:00Z", "at_label": "Today, 14:05"}
SECTIONS = [
    {
        "label": "Subjective",
        "words": "The week was quieter. She called her sister, and it did not turn into a quarrel.",
    },
    {"label": "Objective", "words": "Came on time, laughed twice, kept her coat on at first."},
    {"label": "Assessment", "words": "The new way of asking holds outside the sessions as well."},
    {"label": "Plan", "words": "The same exercise with her brother.\nReview in two sessions."},
]
TO_DO = {
    "who": "Jonas Weber",
    "session_label": "Session: Today, 14:00",
    "url": "/notes/new?booking=1",
    "action_label": "Write the note",
}
LINE = {
    "who": "Jonas Weber",
    "url": "/notes/1",
    "kind_label": "Progress note",
    "session_label": "Session: Mon 16 Nov, 14:00",
    "status": {"kind": "good", "label": "Signed"},
    "author": "",
    "at_label": "Mon 16 Nov, 15:02",
}
DRAFT = LINE | {
    "url": "/notes/2",
    "kind_label": "Private note",
    "session_label": "Without a session",
    "status": {"kind": "warn", "label": "Draft"},
}
KINDS = [{"value": "progress", "label": "Progress note"}, {"value": "private", "label": "Private"}]
ONE_PAGE = {"label": "Page 1 of 1", "prev_url": None, "next_url": None}
DISCARDED = DRAFT | {"url": "/notes/3", "status": {"kind": "", "label": "Discarded"}}
VALUES: Context = {
    "revision": 3,
    "kind": "progress",
    "booking": "1",
    "client": "",
    "format": "soap",
    "subjective": SECTIONS[0]["words"],
    "text": "She also spoke of the move.",
}


def _list(**changes: Any) -> Context:
    return {
        "viewer": life.PRACTITIONER,
        "active": "notes",
        "client": None,
        "is_treated": False,
        "treats": True,
        "to_dos": [TO_DO],
        "to_do_pages": ONE_PAGE,
        "own": [LINE, DRAFT],
        "pages": ONE_PAGE,
        "discarded": [],
        "signed_pages": ONE_PAGE,
        "supervises": False,
        "supervised": [],
        "clients": [{"value": "1", "label": "Jonas Weber"}],
        "kinds": KINDS,
    } | changes


def _editor(values: Context, **changes: Any) -> Context:
    return {
        "viewer": life.PRACTITIONER,
        "active": "notes",
        "base": "/notes/1",
        "who": "Jonas Weber",
        "session_label": "Session: Today, 14:00",
        "kind_label": "Progress note",
        "is_private": False,
        "is_signed_out": False,
        "back_url": "/notes?client=1",
        "saved_label": "Saved 14:03",
        "values": values,
        "errors": {},
        "elsewhere": [],
        "withdrawn": [],
        "discard_url": None,
        "exercises": None,
        **note_context.editor(values),
    } | changes


def _signed(**changes: Any) -> Context:
    return {
        "viewer": life.PRACTITIONER,
        "active": "notes",
        "base": "/notes/1",
        "who": "Jonas Weber",
        "session_label": "Session: Today, 14:00",
        "kind_label": "Progress note",
        "is_private": False,
        "status": {"kind": "good", "label": "Signed"},
        "back_url": "/notes?client=1",
        "plan_url": "/plans/1",
        "sections": SECTIONS,
        "signature": AT | {"who": "Miriam Adler"},
        "lock_label": "The signature can be withdrawn until Mon 30 Nov, 14:05.",
        "withdraw": {"revision": 4},
        "form_id": "a",
        "addenda": [{"text": "He called: the appointment with the doctor is on Friday."} | AT],
        "withdrawn": [{"sections": SECTIONS[:1]} | AT],
        "typed": [],
        "values": {},
        "errors": {},
    } | changes


TOLD: Context = {
    "viewer": life.PRACTITIONER,
    "active": "notes",
    "who": "Jonas Weber",
    "base": "/notes/1",
    "kind_label": "Progress note",
    "session_label": "Session: Today, 14:00",
}

STATES: dict[str, State] = {
    "notes": ("notes.html", _list()),
    "notes-many": (
        "notes.html",
        _list(
            to_dos=[TO_DO] * 10,
            to_do_pages={"label": "Page 1 of 8", "prev_url": None, "next_url": "/notes?to_do=2"},
            own=[LINE] * 20,
            pages={"label": "Page 2 of 3", "prev_url": "/notes", "next_url": "/notes?page=3"},
            discarded=[DISCARDED],
        ),
    ),
    "notes-empty": ("notes.html", _list(to_dos=[], own=[], clients=[])),
    "notes-untold": ("notes.html", _list(to_dos=None)),
    "notes-of-client": (
        "notes.html",
        _list(client={"name": "Jonas Weber", "id": "1"}, is_treated=True, to_dos=[]),
    ),
    "notes-of-supervisor": (
        "notes.html",
        _list(
            treats=False,
            to_dos=[],
            own=[],
            supervises=True,
            supervised=[LINE | {"author": "Miriam Adler"}],
        ),
    ),
    "note-new": (
        "note_edit.html",
        _editor({"revision": 0, "kind": "private"}, is_private=True, saved_label="Not saved yet"),
    ),
    "note-draft": (
        "note_edit.html",
        _editor(VALUES, withdrawn=[{"sections": SECTIONS[:2]} | AT]),
    ),
    "note-draft-to-discard": ("note_edit.html", _editor(VALUES, discard_url="/notes/1/discard")),
    "note-discard": (
        "note_discard.html",
        TOLD | {"sections": SECTIONS, "revision": 4, "errors": {}},
    ),
    "note-discarded": (
        "note_discarded.html",
        TOLD | {"back_url": "/notes", "until": AT, "may_restore": True, "typed": SECTIONS[:1]},
    ),
    "note-discarded-over": (
        "note_discarded.html",
        TOLD | {"back_url": "/notes", "until": AT, "may_restore": False, "typed": []},
    ),
    "note-elsewhere": (
        "note_edit.html",
        _editor(VALUES, elsewhere=SECTIONS[:1], errors={"form": "Saved in another window."}),
    ),
    "note-too-long": ("note_edit.html", _editor(VALUES, errors={"subjective": "Too long."})),
    "note-signed-out": (
        "note_edit.html",
        _editor(VALUES, viewer=None, who="", session_label="", is_signed_out=True),
    ),
    "note-sign": (
        "note_sign.html",
        {
            "viewer": life.PRACTITIONER,
            "active": "notes",
            "who": "Jonas Weber",
            "base": "/notes/1",
            "kind_label": "Progress note",
            "session_label": "Session: Today, 14:00",
            "sections": SECTIONS,
            "revision": 4,
            "errors": {"form": "This note was changed meanwhile. This is how it stands now."},
        },
    ),
    "note-signed": ("note.html", _signed()),
    "note-locked": (
        "note.html",
        _signed(
            status={"kind": "good", "label": "Signed and locked"},
            lock_label="Locked since Mon 30 Nov, 14:05: it can be added to, and not changed.",
            withdraw=None,
            typed=SECTIONS[:1],
            errors={"text": "Write what you add."},
        ),
    ),
    "note-of-supervisor": (
        "note.html",
        _signed(withdraw=None, form_id=None, addenda=[], withdrawn=[], plan_url=None),
    ),
}
