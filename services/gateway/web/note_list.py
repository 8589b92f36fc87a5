"""Notes in a list."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Busy, NotFound
from services.contracts.plans.notes import ListNotes, NoteLine, NotesView
from services.gateway.backend import Backend
from services.gateway.web import note_context
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]


def lines(
    notes: Sequence[NoteLine], names: Mapping[UUID, str], shown: ShownZone, now: datetime
) -> list[Context]:
    """The reader's own notes, in a list."""
    return [
        note_context.line(one, names.get(one.client_id, "Client"), "", shown, now) for one in notes
    ]


async def of_plan(backend: Backend, actors: Sequence[Actor], plan_id: UUID) -> list[NoteLine]:
    """The reader's own notes about the client of a plan that they keep in one of these practices;
    none while they cannot be told."""
    told = await asyncio.gather(*(_of_plan(backend, one, plan_id) for one in actors))
    return [one for notes in told for one in notes if one.is_own]


async def _of_plan(backend: Backend, actor: Actor, plan_id: UUID) -> list[NoteLine]:
    try:
        return (await backend.ask(actor, ListNotes(plan_id=plan_id), NotesView)).notes
    except (Busy, NotFound):
        return []
