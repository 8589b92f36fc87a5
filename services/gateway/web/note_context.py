"""Notes as their pages tell them: sections under their names, states in words, who signed when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.contracts.plans.notes import (
    NoteContent,
    NoteFormat,
    NoteKind,
    NoteLine,
    NoteMove,
    NoteState,
    NoteToDo,
    NoteView,
)
from services.gateway.forms.notes import SECTIONS
from services.gateway.web import labels
from services.gateway.web.ids import new_form_id
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
FORMATS: dict[NoteFormat, tuple[str, tuple[str, ...]]] = {
    NoteFormat.SOAP: (
        "SOAP: subjective, objective, assessment, plan",
        ("subjective", "objective", "assessment", "plan"),
    ),
    NoteFormat.DAP: ("DAP: data, assessment, plan", ("data", "assessment", "plan")),
    NoteFormat.FREE: ("Free text", ("text",)),
}
LABELS: dict[str, tuple[str, str]] = {
    "subjective": ("Subjective", "What the client says, in their words."),
    "objective": ("Objective", "What you see and hear yourself."),
    "data": ("Data", "What was said, and what you saw."),
    "assessment": ("Assessment", "How you understand it, and what has changed."),
    "plan": ("Plan", "What comes next, and what was agreed to try."),
    "text": ("Text", ""),
}
KINDS = {NoteKind.PROGRESS: "Progress note", NoteKind.PRIVATE: "Private note"}
STATES: dict[NoteState, tuple[str, str]] = {
    NoteState.DRAFT: ("warn", "Draft"),
    NoteState.SIGNED: ("good", "Signed"),
    NoteState.LOCKED: ("good", "Signed and locked"),
}
UNSAVED = "Not saved yet"
NOBODY = "This page does not say whom the note is about. Please open it again from the session."


def session_label(at: datetime | None, shown: ShownZone, now: datetime) -> str:
    """ "Session: Tue 24 Nov, 14:00"; "" for a note that is about none."""
    return "" if at is None else f"Session: {labels.moment_label(at, shown.info, now)}"


def saved_label(at: datetime, shown: ShownZone) -> str:
    """ "Saved 14:03"."""
    return f"Saved {labels.time_label(at, shown.info)}"


def written(content: NoteContent) -> list[Context]:
    """The sections that hold words, under their names; those of another format too."""
    told = ((LABELS[name][0], getattr(content, name)) for name in SECTIONS)
    return [{"label": label, "words": words} for label, words in told if words]


def typed(sent: Mapping[str, str]) -> list[Context]:
    """The same of what a form sent."""
    told = ((LABELS[name][0], sent.get(name, "").strip()) for name in SECTIONS)
    return [{"label": label, "words": words} for label, words in told if words]


def editor(values: Mapping[str, Any]) -> Context:
    """The sections to type in: those of the chosen format, and others that hold words."""
    chosen = known_format(str(values.get("format", "")))
    return {
        "formats": [{"value": key.value, "label": label} for key, (label, _) in FORMATS.items()],
        "chosen": chosen.value,
        "sections": [
            {
                "name": name,
                "label": LABELS[name][0],
                "hint": LABELS[name][1],
                "formats": " ".join(key.value for key, (_, of) in FORMATS.items() if name in of),
                "is_shown": name in FORMATS[chosen][1] or bool(values.get(name)),
            }
            for name in SECTIONS
        ],
    }


def known_format(text: str) -> NoteFormat:
    """The format of that name; SOAP for any other."""
    return NoteFormat(text) if text in set(NoteFormat) else NoteFormat.SOAP


def known_kind(text: str) -> NoteKind:
    """The kind of that name; a progress note for any other."""
    return NoteKind(text) if text in set(NoteKind) else NoteKind.PROGRESS


def values(note: NoteView) -> Context:
    """What the fields of the editor hold."""
    return note.content.model_dump(mode="json") | {
        "revision": note.revision,
        "kind": note.kind.value,
        "booking": str(note.booking_id or ""),
        "client": "" if note.booking_id else str(note.client_id),
    }


def line(note: NoteLine, who: str, author: str, shown: ShownZone, now: datetime) -> Context:
    """The note in a list; `author` "" where that is the reader."""
    kind, label = ("", "Discarded") if note.is_discarded else STATES[note.state]
    at = note.signed_at or note.changed_at
    return {
        "who": who,
        "url": f"/notes/{note.id}",
        "kind_label": KINDS[note.kind],
        "session_label": session_label(note.session_at, shown, now) or "Without a session",
        "status": {"kind": kind, "label": label},
        "author": author,
        "at_label": labels.moment_label(at, shown.info, now),
    }


def to_do(one: NoteToDo, who: str, shown: ShownZone, now: datetime) -> Context:
    """A session that wants a note."""
    url = f"/notes/{one.note_id}" if one.note_id else f"/notes/new?booking={one.booking_id}"
    return {
        "who": who,
        "session_label": session_label(one.starts_at, shown, now),
        "url": url,
        "action_label": "Finish and sign" if one.note_id else "Write the note",
    }


def signed(note: NoteView, author: str, shown: ShownZone, now: datetime) -> Context:
    """A note as it is read: its words, the signature, what was added, what can be done."""
    kind, label = STATES[note.state]
    can_withdraw, can_add = NoteMove.WITHDRAW in note.may, NoteMove.ADD in note.may
    return {
        "base": f"/notes/{note.id}",
        "kind_label": KINDS[note.kind],
        "is_private": note.kind is NoteKind.PRIVATE,
        "status": {"kind": kind, "label": label},
        "session_label": session_label(note.session_at, shown, now),
        "sections": written(note.content),
        "signature": _at(note.signed_at or note.changed_at, shown, now) | {"who": author},
        "lock_label": _lock_label(note, shown, now),
        "withdraw": {"revision": note.revision} if can_withdraw else None,
        "form_id": new_form_id() if can_add else None,
        "addenda": [{"text": one.text} | _at(one.added_at, shown, now) for one in note.addenda],
        "withdrawn": [
            {"sections": written(one.content)} | _at(one.signed_at, shown, now)
            for one in note.withdrawn
        ],
    }


def withdrawn(note: NoteView, shown: ShownZone, now: datetime) -> list[Context]:
    """What was signed before, beside a draft."""
    found: list[Context] = signed(note, "", shown, now)["withdrawn"]
    return found


def _lock_label(note: NoteView, shown: ShownZone, now: datetime) -> str:
    if note.locks_at is None:
        return ""
    at = labels.moment_label(note.locks_at, shown.info, now)
    if note.state is NoteState.LOCKED:
        return f"Locked since {at}: it can be added to, and not changed."
    if note.is_own and NoteMove.WITHDRAW not in note.may:
        return "It was added to, so the signature stands."
    return f"The signature can be withdrawn until {at}. After that it is only added to."


def _at(at: datetime, shown: ShownZone, now: datetime) -> Context:
    return {"at": labels.instant(at), "at_label": labels.moment_label(at, shown.info, now)}
