"""Sessions that want a note, on the pages that tell of them."""

import asyncio
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


async def to_dos_of(backend: Backend, actors: Sequence[Actor]) -> list[NoteToDo] | None:
    """Sessions of all these practices that want a note, the latest first: what is freshest is
    written best. None of them for who has no calendar, and None while it cannot be told."""
    try:
        found = await asyncio.gather(*(_to_dos_of(backend, one) for one in actors))
    except Busy:
        return None
    every = (one for told in found for one in told)
    return sorted(every, key=lambda one: one.starts_at, reverse=True)


async def _to_dos_of(backend: Backend, actor: Actor) -> list[NoteToDo]:
    if "practitioner" not in actor.roles:
        return []
    try:
        return (await backend.ask(actor, ListNoteToDos(), NoteToDosView)).to_dos
    except NotFound:
        return []


def to_do_context(
    to_dos: Sequence[NoteToDo] | None, names: Mapping[UUID, str], shown: ShownZone, now: datetime
) -> list[Context] | None:
    """The same for a page."""
    if to_dos is None:
        return None
    return [
        note_context.to_do(one, names.get(one.client_id, "Client"), shown, now) for one in to_dos
    ]
