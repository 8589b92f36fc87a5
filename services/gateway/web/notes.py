"""Notes: all that somebody may read, a new one, one to write on or to read."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.contracts.plans.notes import (
    GetNote,
    ListNotes,
    NoteKind,
    NoteLine,
    NotesView,
    NoteToDo,
    NoteView,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.web import note_context, note_list, note_pages, note_to_dos, roster
from services.gateway.web.ids import new_form_id
from services.gateway.web.note_discarding import show_discarded
from services.gateway.web.note_pages import Subject, id_of
from services.gateway.web.page import page as rendered
from services.gateway.web.page import redirect
from services.gateway.web.paging import Leaves
from services.gateway.web.treating import (
    NAME_OF_NONE,
    ask_notes,
    names_of,
    reading_actors,
    treated_with,
    treating_actors,
)
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
Names = Mapping[UUID, str]
T = TypeVar("T")
LISTS = {"page": ("own", 20), "to_do": ("to-write", 10), "signed": ("supervised", 20)}
"""Where each list of the page stands, and how many lines of it are shown at a time."""


@router.get("/notes")
async def notes_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    client: str = "",
    page: str = "",
    to_do: str = "",
    signed: str = "",
) -> Response:
    """Sessions that want a note, and the notes that there are; of all clients or of one.

    `page`, `to_do` and `signed` turn the reader's notes, the sessions, and what they supervise.
    """
    actors, about = reading_actors(visitor), id_of(client) if client else None
    (found, gone), to_dos, ids = await asyncio.gather(
        _listed(backend, actors, about),
        note_to_dos.to_dos_of(backend, actors),
        treated_with(backend, actors, about),
    )
    turned = {"client": str(about or ""), "page": page, "to_do": to_do, "signed": signed}
    wanting, to_do_pages = _turned("to_do", _about(to_dos or [], about), turned)
    own, pages = _turned("page", [one for one in found if one.is_own], turned)
    others, signed_pages = _turned("signed", [one for one in found if not one.is_own], turned)
    whose = [one.client_id for one in wanting] + [one.client_id for one in (*own, *others, *gone)]
    names, cards = await asyncio.gather(
        names_of(backend, actors, [*([about] if about else []), *whose, *ids]),
        roster.of_ids(backend, (one.practitioner_id for one in others)),
    )
    shown, now = shown_zone(request, visitor), utc_now()
    roles = {role for actor in actors for role in actor.roles}
    context = {
        "client": {"name": names.get(about, NAME_OF_NONE), "id": str(about)} if about else None,
        "is_treated": about in ids,
        "treats": "practitioner" in roles,
        "to_dos": to_dos and note_to_dos.to_do_context(wanting, names, shown, now),
        "to_do_pages": to_do_pages,
        "own": note_list.lines(own, names, shown, now),
        "pages": pages,
        "discarded": note_list.lines(gone, names, shown, now),
        "supervises": "supervisor" in roles,
        "supervised": _supervised(others, names, cards, shown, now),
        "signed_pages": signed_pages,
        "clients": [{"value": str(one), "label": names[one]} for one in ids if one in names],
        "kinds": [{"value": key.value, "label": one} for key, one in note_context.KINDS.items()],
    }
    return await rendered(request, "notes.html", context, active="notes")


@router.get("/notes/new")
async def new_note_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    booking: str = "",
    client: str = "",
    kind: str = "",
) -> Response:
    """An empty draft of a session or a client; a session's progress note that is there is opened.

    Nothing is written before something is typed.
    """
    actors, known = treating_actors(visitor), note_context.known_kind(kind)
    subject = await note_pages.subject_of(backend, actors, booking, client)
    if known is NoteKind.PROGRESS and subject.booking_id is not None:
        found = await _progress_note(backend, actors, subject)
        if found is not None:
            return redirect(request, f"/notes/{found}")
    values = {
        "revision": 0,
        "kind": known.value,
        "booking": str(subject.booking_id or ""),
        "client": "" if subject.booking_id else str(subject.client_id),
    }
    id_ = UUID(new_form_id())
    return await note_pages.show_new(request, backend, visitor, id_, subject, values, {})


@router.get("/notes/{note_id}")
async def note_page(
    request: Request, backend: Asked, visitor: WebVisitor, note_id: str
) -> Response:
    """One note: its editor as long as it is a draft, then what is signed."""
    asked = GetNote(note_id=id_of(note_id))
    note = await ask_notes(backend, visitor, asked, NoteView)
    if note.is_discarded:
        return await show_discarded(request, backend, visitor, note)
    show = note_pages.show_draft if note_pages.is_draft(note) else note_pages.show_signed
    return await show(request, backend, visitor, note, {}, {})


def _turned(
    name: str, whole: Sequence[T], turned: Mapping[str, str]
) -> tuple[Sequence[T], Context]:
    """A page of one of the lists; the others stay where they are."""
    others = {key: value for key, value in turned.items() if key != name}
    anchor, size = LISTS[name]
    return Leaves(name, size, "/notes", others, anchor).turned(whole, turned[name])


def _about(to_dos: Sequence[NoteToDo], client_id: UUID | None) -> list[NoteToDo]:
    return [one for one in to_dos if client_id in (None, one.client_id)]


async def _listed(
    backend: Backend, actors: Sequence[Actor], client_id: UUID | None
) -> tuple[list[NoteLine], list[NoteLine]]:
    """The notes of all these practices, of all clients or of one, each practice's latest first;
    and the discarded drafts."""
    asked = ListNotes(client_id=client_id)
    found = await asyncio.gather(*(backend.ask(one, asked, NotesView) for one in actors))
    notes = [note for told in found for note in told.notes]
    return notes, [note for told in found for note in told.discarded]


def _supervised(
    others: Sequence[NoteLine], names: Names, cards: roster.Roster, shown: ShownZone, now: datetime
) -> list[Context]:
    authors = {id_: card.name for id_, card in cards.items()}
    return [
        note_context.line(
            one,
            names.get(one.client_id, NAME_OF_NONE),
            authors.get(one.practitioner_id, "A practitioner"),
            shown,
            now,
        )
        for one in others
    ]


async def _progress_note(
    backend: Backend, actors: Sequence[Actor], subject: Subject
) -> UUID | None:
    """The actor's progress note of the session, if there is one."""
    of_session = (
        one.id
        for one in (await _listed(backend, actors, subject.client_id))[0]
        if one.is_own and one.kind is NoteKind.PROGRESS and one.booking_id == subject.booking_id
    )
    return next(of_session, None)
