"""Discarding a draft, and bringing it back within some days."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.contracts.plans.notes import (
    DiscardNote,
    GetNote,
    NoteChanged,
    NoteDiscarded,
    NoteExists,
    NoteSigned,
    NoteView,
    RestoreNote,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.notes import ReadForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import labels
from services.gateway.web.note_pages import Sections, about, id_of, show_once_more
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import ask_notes
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/notes/{note_id}")
Context = dict[str, Any]
QUESTION = "note_discard.html"
CHANGED = "This draft was changed meanwhile. Read it as it is now before you discard it."
SIGNED = "What was signed is never discarded. Add to the note instead."
GONE = "This draft was discarded too long ago: its text has been erased."
ANOTHER = "This session has another note of yours by now, so that the draft cannot come back."
RESTORED = "The draft is back, as it was."


@router.get("/discard")
async def discarding_page(
    request: Request, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """The draft once more, and the question whether to discard it."""
    note = await _note(backend, visitor, note_id)
    if not note.may_discard:
        return redirect(request, f"/notes/{note.id}")
    return await show_once_more(QUESTION, request, backend, visitor, note, {})


@router.post("/discard")
async def discard_note(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """Discard what was shown."""
    id_ = id_of(note_id)
    try:
        command = DiscardNote(note_id=id_, revision=parsed(ReadForm, sent).revision)
        await ask_notes(backend, visitor, command, NoteView)
    except NoteSigned:
        return redirect(request, f"/notes/{id_}", notice=SIGNED, kind="warn")
    except (Flawed, NoteChanged):
        note = await _note(backend, visitor, note_id)
        if not note.may_discard:
            return redirect(request, f"/notes/{id_}", notice=CHANGED, kind="warn")
        errors = {"form": CHANGED}
        return await show_once_more(QUESTION, request, backend, visitor, note, errors, 409)
    return redirect(request, f"/notes/{id_}")


@router.post("/restore")
async def restore_note(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """A draft again, with the words that it had."""
    id_ = id_of(note_id)
    try:
        await ask_notes(backend, visitor, RestoreNote(note_id=id_), NoteView)
    except NoteExists:
        return redirect(request, f"/notes/{id_}", notice=ANOTHER, kind="warn")
    except NoteDiscarded:
        return redirect(request, "/notes", notice=GONE, kind="warn")
    return redirect(request, f"/notes/{id_}", notice=RESTORED)


async def show_discarded(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note: NoteView,
    *,
    typed: Sections = (),
    status: int = 200,
) -> Response:
    """That a draft is discarded, and until when it can come back; nothing of what it says.

    `typed`: what came too late to be in it.
    """
    shown, now = shown_zone(request, visitor), utc_now()
    context = await about(backend, visitor, note, shown, now) | {
        "back_url": f"/notes?client={note.client_id}",
        "until": _until(note, shown, now),
        "may_restore": note.may_restore,
        "typed": typed,
    }
    return await page(request, "note_discarded.html", context, active="notes", status=status)


def _until(note: NoteView, shown: ShownZone, now: datetime) -> Context | None:
    at = note.restorable_until
    if at is None:
        return None
    return {"at": labels.instant(at), "at_label": labels.moment_label(at, shown.info, now)}


async def _note(backend: Backend, visitor: Visitor, note_id: str) -> NoteView:
    return await ask_notes(backend, visitor, GetNote(note_id=id_of(note_id)), NoteView)
