"""Writing notes: saved as they are typed or by a button, signed, withdrawn, added to."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.common.errors import DifferentContent, InvalidInput
from services.contracts.plans.notes import (
    AddAddendum,
    GetNote,
    NoteChanged,
    NoteDiscarded,
    NoteEmpty,
    NoteExists,
    NoteLocked,
    NoteNotSigned,
    NoteSigned,
    NoteView,
    SavedNote,
    SignNote,
    StartNote,
    WithdrawSignature,
    WriteNote,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.notes import (
    SECTIONS,
    AddendumForm,
    DraftForm,
    ReadForm,
    content_of,
)
from services.gateway.forms.reading import SENT_BEFORE, Flawed, Sent, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import note_context, note_pages
from services.gateway.web.note_discarding import show_discarded
from services.gateway.web.note_pages import id_of
from services.gateway.web.page import redirect
from services.gateway.web.treating import ask_notes, notes_actors
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/notes/{note_id}")
QUESTION = "note_sign.html"
ELSEWHERE = (
    "This note was saved in another window meanwhile. What you typed here stands in the fields, "
    "what was saved there stands below. Saving replaces it."
)
TOO_LATE = "This note was signed meanwhile. What you typed is below, and can become an addendum."
CHANGED = "This note was changed meanwhile. This is how it stands now."
LOCKED = "The signature stands: its time is over, or something was added. Add to the note instead."
EMPTY = "There is nothing in this note yet."
NOT_SIGNED = "This note is a draft again. Write in it instead of adding to it."


@router.post("")
async def save_note(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """Save the draft, and go on to signing it where that was pressed.

    Whoever's login has ended gets back what they typed, to send it again once they are signed in.
    """
    id_ = id_of(note_id)
    if visitor.login is None:
        return await note_pages.show_signed_out(request, id_, sent)
    try:
        form = parsed(DraftForm, sent)
        await _save(backend, visitor, id_, form, sent)
    except Flawed as flawed:
        return await _again(request, backend, visitor, id_, sent, flawed.errors)
    except NoteExists as exists:
        there = UUID(exists.detail["note_id"])
        return await _meanwhile(request, backend, visitor, there, sent)
    except (NoteChanged, NoteSigned, NoteDiscarded):
        return await _meanwhile(request, backend, visitor, id_, sent)
    if form.act == "sign":
        return redirect(request, f"/notes/{id_}/sign")
    return redirect(request, f"/notes/{id_}", notice="The draft is saved.")


@router.post("/draft")
async def autosave_note(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """Save the draft while it is typed; a problem body says why not.

    It counts as being there, like every request: the page asks only after a key was pressed.
    """
    visitor.require_login()
    id_ = id_of(note_id)
    try:
        form = parsed(DraftForm, sent)
        saved = await _save(backend, visitor, id_, form, sent)
    except Flawed as flawed:
        words = next(iter(flawed.errors.values()))
        raise InvalidInput(words, flawed.errors) from None
    label = note_context.saved_label(saved.saved_at, shown_zone(request, visitor))
    return JSONResponse({"revision": saved.revision, "saved_label": label})


@router.get("/sign")
async def signing_page(
    request: Request, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """The draft as it will stand, and the question whether to sign it."""
    note = await _note(backend, visitor, id_of(note_id))
    if not note_pages.is_draft(note):
        return redirect(request, f"/notes/{note.id}")
    return await note_pages.show_once_more(QUESTION, request, backend, visitor, note, {})


@router.post("/sign")
async def sign_note(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """Sign what was shown."""
    id_ = id_of(note_id)
    try:
        revision = parsed(ReadForm, sent).revision
        command = SignNote(note_id=id_, revision=revision)
        await ask_notes(backend, visitor, command, NoteView)
    except (Flawed, NoteChanged, NoteEmpty) as refused:
        note = await _note(backend, visitor, id_)
        if not note_pages.is_draft(note):
            return redirect(request, f"/notes/{id_}", notice=CHANGED, kind="warn")
        is_empty = isinstance(refused, NoteEmpty)
        errors = {"form": EMPTY if is_empty else CHANGED}
        status = 422 if is_empty else 409
        return await note_pages.show_once_more(
            QUESTION, request, backend, visitor, note, errors, status
        )
    return redirect(request, f"/notes/{id_}", notice="Signed.")


@router.post("/withdraw")
async def withdraw_signature(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """A draft again, while the signature is fresh."""
    id_ = id_of(note_id)
    try:
        revision = parsed(ReadForm, sent).revision
        command = WithdrawSignature(note_id=id_, revision=revision)
        await ask_notes(backend, visitor, command, NoteView)
    except (Flawed, NoteChanged):
        await _note(backend, visitor, id_)
        return redirect(request, f"/notes/{id_}", notice=CHANGED, kind="warn")
    except NoteLocked:
        return redirect(request, f"/notes/{id_}", notice=LOCKED, kind="warn")
    notice = "The note is a draft again. What was signed is kept beside it."
    return redirect(request, f"/notes/{id_}", notice=notice)


@router.post("/addenda")
async def add_addendum(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """Add to what is signed, once for each form."""
    id_ = id_of(note_id)
    try:
        form = parsed(AddendumForm, sent)
        command = AddAddendum(id=form.form_id, note_id=id_, text=form.text)
        await ask_notes(backend, visitor, command, NoteView)
    except Flawed as flawed:
        note = await _note(backend, visitor, id_)
        if note.is_discarded:
            return redirect(request, f"/notes/{id_}", notice=NOT_SIGNED, kind="warn")
        show = note_pages.show_draft if note_pages.is_draft(note) else note_pages.show_signed
        return await show(request, backend, visitor, note, dict(sent), flawed.errors, 422)
    except DifferentContent:
        note, errors = await _note(backend, visitor, id_), {"text": SENT_BEFORE}
        return await note_pages.show_signed(request, backend, visitor, note, sent, errors, 409)
    except NoteNotSigned:
        return redirect(request, f"/notes/{id_}", notice=NOT_SIGNED, kind="warn")
    return redirect(request, f"/notes/{id_}", notice="Added.")


async def _save(
    backend: Backend, visitor: Visitor, note_id: UUID, form: DraftForm, sent: dict[str, str]
) -> SavedNote:
    """Begin the note, or write the next draft of it; raises Flawed and refusals."""
    content = content_of(sent, form)
    if form.revision:
        command = WriteNote(note_id=note_id, revision=form.revision, content=content)
        return await ask_notes(backend, visitor, command, SavedNote)
    if (form.booking is None) == (form.client is None):
        raise Flawed({"form": note_context.NOBODY})
    start = StartNote(
        id=note_id,
        kind=form.kind,
        booking_id=form.booking,
        client_id=form.client,
        content=content,
    )
    return await ask_notes(backend, visitor, start, SavedNote)


async def _again(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note_id: UUID,
    sent: dict[str, str],
    errors: dict[str, str],
) -> Response:
    """The editor with what was typed and what is wrong with it."""
    if sent.get("revision", "0").strip("0"):
        note = await _note(backend, visitor, note_id)
        if not note_pages.is_draft(note):
            return await _too_late(request, backend, visitor, note, sent)
        return await note_pages.show_draft(request, backend, visitor, note, sent, errors, 422)
    booking, client = sent.get("booking", ""), sent.get("client", "")
    subject = await note_pages.subject_of(backend, notes_actors(visitor), booking, client)
    values = sent | {"revision": "0"}
    return await note_pages.show_new(
        request, backend, visitor, note_id, subject, values, errors, 422
    )


async def _meanwhile(
    request: Request, backend: Backend, visitor: Visitor, note_id: UUID, sent: dict[str, str]
) -> Response:
    """What was typed beside what is there: another draft, or what was signed."""
    note = await _note(backend, visitor, note_id)
    if not note_pages.is_draft(note):
        return await _too_late(request, backend, visitor, note, sent)
    typed = {name: sent.get(name, "") for name in (*SECTIONS, "format")}
    errors = {"form": ELSEWHERE}
    return await note_pages.show_draft(
        request, backend, visitor, note, typed, errors, 409, is_elsewhere=True
    )


async def _too_late(
    request: Request, backend: Backend, visitor: Visitor, note: NoteView, sent: dict[str, str]
) -> Response:
    typed, errors = note_context.typed(sent), {"form": TOO_LATE}
    if note.is_discarded:
        return await show_discarded(request, backend, visitor, note, typed=typed, status=409)
    return await note_pages.show_signed(
        request, backend, visitor, note, {}, errors, 409, typed=typed
    )


async def _note(backend: Backend, visitor: Visitor, note_id: UUID) -> NoteView:
    return await ask_notes(backend, visitor, GetNote(note_id=note_id), NoteView)
