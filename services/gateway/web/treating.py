"""Where somebody treats or supervises: in one practice nearly always, in several for some.

The address of a plan or a note names no practice, nor does what is begun for a client or of a
session. So who works in several is asked for in each of them, until one knows what is named.
"""

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.messages import Command
from services.common.rpc.wire import is_read
from services.contracts.booking.bookings import ListTreated, TreatedView
from services.contracts.profiles.accounts import Membership, Role
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.backend import Backend, address
from services.gateway.calling import Answer
from services.gateway.visitors import Visitor
from services.gateway.web.receiving import treats

NAME_OF_NONE = "Client"
MOST_NAMES = 200


def treating(visitor: Visitor) -> list[Actor]:
    """The person in each practice where they treat."""
    return [visitor.actor(one.practice_id) for one in _memberships(visitor) if treats(one)]


def treating_actors(visitor: Visitor) -> list[Actor]:
    """The same; raises Forbidden for who treats nobody."""
    found = treating(visitor)
    if not found:
        raise Forbidden("Only practitioners begin plans and notes.")
    return found


def plans_actors(visitor: Visitor) -> list[Actor]:
    """The same, or the person within no practice, where the plans of a client open too."""
    return treating(visitor) or [visitor.actor()]


def notes_actors(visitor: Visitor) -> list[Actor]:
    """The person in each practice where they treat or supervise, or else within none."""
    here = [one for one in _memberships(visitor) if treats(one) or _supervises(one)]
    return [visitor.actor(one.practice_id) for one in here] or [visitor.actor()]


def reading_actors(visitor: Visitor) -> list[Actor]:
    """Who treats or supervises; raises Forbidden for everybody else."""
    found = notes_actors(visitor)
    if found[0].practice_id is None:
        raise Forbidden("Notes are for who treats, and for supervisors.")
    return found


async def ask_each(
    backend: Backend, actors: Sequence[Actor], command: Command, answer: type[Answer]
) -> Answer:
    """The answer of the first practice that knows what is named; NotFound where none does.

    Reads are asked for in all of them at once, writes in one after another."""
    if is_read(address(type(command))[1]):
        return await _first(backend, actors, command, answer)
    *others, last = actors
    for actor in others:
        try:
            return await backend.ask(actor, command, answer)
        except NotFound:
            continue
    return await backend.ask(last, command, answer)


async def _first(
    backend: Backend, actors: Sequence[Actor], command: Command, answer: type[Answer]
) -> Answer:
    asked = (backend.ask(one, command, answer) for one in actors)
    *others, last = await asyncio.gather(*asked, return_exceptions=True)
    told = next((one for one in others if not isinstance(one, NotFound)), last)
    if isinstance(told, BaseException):
        raise told
    return told


async def ask_plans(
    backend: Backend, visitor: Visitor, command: Command, answer: type[Answer]
) -> Answer:
    """What a plan's practice answers, to its client or its practitioner."""
    return await ask_each(backend, plans_actors(visitor), command, answer)


async def ask_notes(
    backend: Backend, visitor: Visitor, command: Command, answer: type[Answer]
) -> Answer:
    """What a note's practice answers."""
    return await ask_each(backend, notes_actors(visitor), command, answer)


async def client_names(backend: Backend, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of clients of the practice by id, asked for in one call."""
    wanted = list(dict.fromkeys(ids))[:MOST_NAMES]
    if not wanted:
        return {}
    found = await backend.ask(actor, ListClients(client_ids=wanted), ClientsView)
    return {one.id: one.name for one in found.clients}


async def names_of(
    backend: Backend, actors: Sequence[Actor], ids: Iterable[UUID]
) -> dict[UUID, str]:
    """Names of clients of any of the practices."""
    wanted = list(ids)
    told = await asyncio.gather(*(client_names(backend, one, wanted) for one in actors))
    return {id_: name for names in told for id_, name in names.items()}


async def treated(
    backend: Backend, actors: Sequence[Actor], client_id: UUID | None = None
) -> list[UUID]:
    """Whom the person treats in these practices; nobody where they have no calendar."""
    found = await asyncio.gather(*(_treated(backend, one, client_id) for one in actors))
    return [id_ for ids in found for id_ in ids]


async def treated_with(
    backend: Backend, actors: Sequence[Actor], client_id: UUID | None
) -> list[UUID]:
    """Whom the person treats, the named client first where the lists end before them."""
    ids = await treated(backend, actors)
    if client_id is None or client_id in ids:
        return ids
    return [*await treated(backend, actors, client_id), *ids]


async def _treated(backend: Backend, actor: Actor, client_id: UUID | None) -> list[UUID]:
    if Role.PRACTITIONER not in actor.roles:
        return []
    try:
        asked = ListTreated(client_id=client_id)
        return (await backend.ask(actor, asked, TreatedView)).client_ids
    except NotFound:
        return []


def _memberships(visitor: Visitor) -> list[Membership]:
    return visitor.require_login().account.memberships


def _supervises(here: Membership) -> bool:
    return Role.SUPERVISOR in here.roles
