"""Notes in a list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Busy
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


async def own_lines(
    backend: Backend, actor: Actor, client_id: UUID, who: str, shown: ShownZone
) -> list[Context]:
    """The actor's notes about a client; none while they cannot be told."""
    try:
        found = await backend.ask(actor, ListNotes(client_id=client_id), NotesView)
    except Busy:
        return []
    own = [one for one in found.notes if one.is_own]
    return lines(own, {client_id: who}, shown, utc_now())
