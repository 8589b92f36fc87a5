"""Clients of one practice by name, and each one's record."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from services.profiles.models import Client, Practitioner

_NAME = func.lower(Client.name)


def by_name(
    tx: Session,
    practice_id: UUID,
    *,
    text: str,
    among: Sequence[UUID] | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Client]:
    """Clients after the one named, whose name or address holds the text, by name."""
    query = select(Client).where(Client.practice_id == practice_id)
    if text:
        query = query.where(_holding(text))
    if among is not None:
        query = query.where(Client.id.in_(among))
    if after is not None:
        query = query.where(tuple_(_NAME, Client.id) > _place_of(practice_id, after))
    return tx.scalars(query.order_by(_NAME, Client.id).limit(limit)).all()


def practitioners(tx: Session, practice_id: UUID) -> list[tuple[UUID, str]]:
    """Who treats in the practice, by name."""
    named = select(Practitioner.id, Practitioner.name).where(
        Practitioner.practice_id == practice_id
    )
    return [(id_, name) for id_, name in tx.execute(named.order_by(Practitioner.name))]


def _holding(text: str) -> Any:
    wanted = text.lower()
    return or_(
        _NAME.contains(wanted, autoescape=True),
        func.lower(Client.email).contains(wanted, autoescape=True),
    )


def _place_of(practice_id: UUID, client_id: UUID) -> Select[Any]:
    """Where a client stands in the list: an address holds their id, and never a name."""
    return select(_NAME, Client.id).where(Client.practice_id == practice_id, Client.id == client_id)
