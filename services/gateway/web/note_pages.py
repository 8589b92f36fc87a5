"""Showing a note: in its editor, to be signed, or as it was signed; and what it is about."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.booking.treated import GetTreatedSession, TreatedSession
from services.contracts.plans.notes import NoteKind, NoteMove, NoteView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import note_context, rehearsing, roster
from services.gateway.web.page import page
from services.gateway.web.treating import (
    NAME_OF_NONE,
    ask_each,
    names_of,
    notes_actors,
    treated,
)
from services.gateway.web.zones import ShownZone, shown_zone

Context = dict[str, Any]
Sections = Sequence[Context]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a new note is about."""

    client_id: UUID
    who: str
    booking_id: UUID | None = None
    session_at: datetime | None = None


def id_of(text: str) -> UUID:
    """The id in an address; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such note.") from None


async def subject_of(
    backend: Backend, actors: Sequence[Actor], booking: str, client: str
) -> Subject:
    """The session or client of a new note; raises NotFound for who does not treat them."""
    if booking:
        asked = GetTreatedSession(booking_id=id_of(booking))
        found = await ask_each(backend, actors, asked, TreatedSession)
        who = await name_of(backend, actors, found.client_id)
        return Subject(found.client_id, who, found.booking_id, found.starts_at)
    client_id = id_of(client)
    if client_id not in await treated(backend, actors, client_id):
        raise NotFound("There is no such client.")
    return Subject(client_id, await name_of(backend, actors, client_id))


async def show_new(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note_id: UUID,
    subject: Subject,
    values: Mapping[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    """The editor of a note that is not begun yet."""
    shown, now = shown_zone(request, visitor), utc_now()
    told = {
        "who": subject.who,
        "back_url": f"/notes?client={subject.client_id}",
        "session_label": note_context.session_label(subject.session_at, shown, now),
        "saved_label": note_context.UNSAVED,
        "exercises": await _beside(backend, visitor, subject.booking_id, values, shown, now),
    }
    return await _editor(request, note_id, told, values, errors, status)


async def show_draft(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note: NoteView,
    values: Mapping[str, Any],
    errors: dict[str, str],
    status: int = 200,
    *,
    is_elsewhere: bool = False,
) -> Response:
    """The editor of a draft, with what was typed over what is saved.

    `is_elsewhere`: another window saved the draft, so what it saved is shown as well.
    """
    shown, now = shown_zone(request, visitor), utc_now()
    saved = note_context.saved_label(note.changed_at, shown)
    both = {**note_context.values(note), **values}
    who, exercises = await asyncio.gather(
        name_of(backend, notes_actors(visitor), note.client_id),
        _beside(backend, visitor, note.booking_id, both, shown, now),
    )
    told = {
        "who": who,
        "back_url": f"/notes?client={note.client_id}",
        "session_label": note_context.session_label(note.session_at, shown, now),
        "saved_label": note_context.UNSAVED if values else saved,
        "elsewhere": note_context.written(note.content) if is_elsewhere else [],
        "discard_url": f"/notes/{note.id}/discard" if note.may_discard else None,
        "withdrawn": note_context.withdrawn(note, shown, now),
        "exercises": exercises,
    }
    return await _editor(request, note.id, told, both, errors, status)


async def show_signed_out(request: Request, note_id: UUID, sent: Mapping[str, str]) -> Response:
    """What was typed by somebody whose login ended meanwhile, to be sent again after signing in."""
    told = {
        "who": "",
        "back_url": "/notes",
        "session_label": "",
        "saved_label": note_context.UNSAVED,
        "is_signed_out": True,
    }
    response = await _editor(request, note_id, told, sent, {}, 401)
    response.headers["cache-control"] = "no-store"
    return response


async def show_signed(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note: NoteView,
    values: Mapping[str, Any],
    errors: dict[str, str],
    status: int = 200,
    *,
    typed: Sections = (),
) -> Response:
    """What is signed, with its addenda; `typed`: what came too late to be in it."""
    shown, now = shown_zone(request, visitor), utc_now()
    who, cards = await asyncio.gather(
        name_of(backend, notes_actors(visitor), note.client_id),
        roster.of_ids(backend, [note.practitioner_id]),
    )
    card = cards.get(note.practitioner_id)
    author = card.name if card else _name(visitor, note)
    context = note_context.signed(note, author, shown, now) | {
        "who": who,
        "back_url": f"/notes?client={note.client_id}",
        "plan_url": f"/plans/{note.plan_id}" if note.plan_id and note.is_own else None,
        "typed": typed,
        "values": values,
        "errors": errors,
    }
    return await page(request, "note.html", context, active="notes", status=status)


async def show_once_more(
    template: str,
    request: Request,
    backend: Backend,
    visitor: Visitor,
    note: NoteView,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    """The draft once more, and the question of the template: whether to sign or to discard it."""
    context = await about(backend, visitor, note, shown_zone(request, visitor), utc_now()) | {
        "sections": note_context.written(note.content),
        "revision": note.revision,
        "errors": errors,
    }
    return await page(request, template, context, active="notes", status=status)


async def about(
    backend: Backend, visitor: Visitor, note: NoteView, shown: ShownZone, now: datetime
) -> Context:
    """Which note it is: what kind, about whom, of which session."""
    return {
        "who": await name_of(backend, notes_actors(visitor), note.client_id),
        "base": f"/notes/{note.id}",
        "kind_label": note_context.KINDS[note.kind],
        "session_label": note_context.session_label(note.session_at, shown, now),
    }


def is_draft(note: NoteView) -> bool:
    """Whether who reads the note may write on it."""
    return NoteMove.WRITE in note.may


async def _beside(
    backend: Backend,
    visitor: Visitor,
    booking_id: UUID | None,
    values: Mapping[str, Any],
    shown: ShownZone,
    now: datetime,
) -> Context | None:
    """The client's exercises beside a progress note on a session; None where no plan holds.

    To be read alone: a mark would leave the page and what is typed on it.
    """
    kind = note_context.known_kind(str(values.get("kind", "")))
    if booking_id is None or kind is not NoteKind.PROGRESS:
        return None
    found = await rehearsing.exercises_of(backend, notes_actors(visitor), booking_id)
    return rehearsing.exercises_context(found, None, shown, now) if found else None


async def _editor(
    request: Request,
    note_id: UUID,
    told: Context,
    values: Mapping[str, Any],
    errors: dict[str, str],
    status: int,
) -> Response:
    kind = note_context.known_kind(str(values.get("kind", "")))
    empty: Context = {
        "elsewhere": [],
        "withdrawn": [],
        "is_signed_out": False,
        "discard_url": None,
        "exercises": None,
    }
    context = {
        **empty,
        **told,
        **note_context.editor(values),
        "base": f"/notes/{note_id}",
        "kind_label": note_context.KINDS[kind],
        "is_private": kind is NoteKind.PRIVATE,
        "values": values,
        "errors": errors,
    }
    return await page(request, "note_edit.html", context, active="notes", status=status)


async def name_of(backend: Backend, actors: Sequence[Actor], client_id: UUID) -> str:
    """The client's name, or a word for them."""
    return (await names_of(backend, actors, [client_id])).get(client_id, NAME_OF_NONE)


def _name(visitor: Visitor, note: NoteView) -> str:
    """Who wrote it, where the directory does not name them."""
    return visitor.require_login().account.name if note.is_own else "Its author"
