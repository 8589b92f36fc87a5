"""The practice's view of its clients: the list, and one record."""

from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.base import BadCursor
from services.contracts.profiles.records import (
    ClientLine,
    ClientLinesPage,
    ClientRecordView,
    Colleague,
    GetClientRecord,
    SearchClients,
)
from services.profiles.queries import people, records

SEES_ALL = frozenset({"owner", "admin", "front_desk"})
RECEIVES = SEES_ALL | {"practitioner"}
SEARCHES_ALL = SEES_ALL | {"billing"}
"""Who answers for the money finds the payments of a client by name."""


def search_clients(tx: Session, command: SearchClients, *, actor: Actor) -> ClientLinesPage:
    """A part of the practice's clients.

    Raises Forbidden for who receives none there or, treating some, does not name them; BadCursor.
    """
    searches = SEARCHES_ALL if command.among is None else SEARCHES_ALL | RECEIVES
    practice_id = actor.practice_id if actor.roles & searches else None
    if practice_id is None:
        raise Forbidden("Only those who receive clients see their list.")
    after = _position(tx, practice_id, command.cursor) if command.cursor else None
    found = records.by_name(
        tx,
        practice_id,
        text=command.text,
        among=command.among,
        after=after,
        limit=command.limit + 1,
    )
    part = found[: command.limit]
    return ClientLinesPage(
        clients=[ClientLine(id=one.id, name=one.name, email=one.email) for one in part],
        practitioners=colleagues(tx, practice_id),
        next_cursor=str(part[-1].id) if len(found) > command.limit else None,
    )


def get_client_record(tx: Session, command: GetClientRecord, *, actor: Actor) -> ClientRecordView:
    """One client of the practice; NotFound for those of others, and for who receives none."""
    practice_id = _practice_of(actor)
    found = practice_id and people.client(tx, practice_id, command.client_id)
    if not found:
        raise NotFound("There is no such client.")
    return ClientRecordView(
        id=found.id,
        practice_id=found.practice_id,
        name=found.name,
        email=found.email,
        phone=found.phone,
        time_zone=found.time_zone,
        has_account=found.account_id is not None,
        since=found.created_at,
        practitioners=colleagues(tx, found.practice_id),
    )


def colleagues(tx: Session, practice_id: UUID) -> list[Colleague]:
    """Who treats in the practice, by name."""
    return [Colleague(id=id_, name=name) for id_, name in records.practitioners(tx, practice_id)]


def _practice_of(actor: Actor) -> UUID | None:
    """The practice in which the actor receives clients."""
    return actor.practice_id if actor.roles & RECEIVES else None


def _position(tx: Session, practice_id: UUID, cursor: str) -> UUID:
    """The client after whom the part begins; raises BadCursor for none of the practice's."""
    try:
        after = UUID(cursor)
    except ValueError:
        after = None
    if after is None or people.client(tx, practice_id, after) is None:
        raise BadCursor("This page does not exist.", {"cursor": "is not known"})
    return after
