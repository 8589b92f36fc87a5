"""Sessions that want a note, on the pages that tell of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Busy, NotFound
from services.contracts.plans.notes import ListNoteToDos, NoteToDo, NoteToDosView
from services.gateway.backend import Backend
from services.gateway.web import note_context
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]


async def to_dos_of(backend: Backend, actor: Actor) -> list[NoteToDo]:
    """Sessions that want a note; none for who has no calendar, or while they cannot be told."""
    if "practitioner" not in actor.roles:
        return []
    try:
        return (await backend.ask(actor, ListNoteToDos(), NoteToDosView)).to_dos
    except (Busy, NotFound):
        return []


def to_do_context(
    to_dos: Sequence[NoteToDo], names: Mapping[UUID, str], shown: ShownZone, now: datetime
) -> list[Context]:
    """The same for a page."""
    return [
        note_context.to_do(one, names.get(one.client_id, "Client"), shown, now) for one in to_dos
    ]
