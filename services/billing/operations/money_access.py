"""Who answers for a practice's money, and where a list of it goes on."""

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from services.billing.queries.payments import READERS
from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import Forbidden, NotFound
from services.contracts.base import BadCursor


def practice_answered_for(actor: Actor) -> UUID:
    """The practice whose money the actor answers for: owners, admins, billing. Forbidden else."""
    is_member = actor.kind == "person" and bool(actor.roles & READERS)
    if actor.practice_id is None or not is_member:
        raise Forbidden("This is for those who answer for the practice's money.")
    return actor.practice_id


def cursor_after(at: datetime, id_: UUID) -> str:
    """Where a list by time goes on, opaque."""
    return base64.urlsafe_b64encode(f"{at.isoformat()} {id_}".encode()).decode()


def position_of(cursor: str) -> tuple[datetime, UUID]:
    """What a part of a list begins after; raises BadCursor."""
    try:
        at, id_ = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        position = datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise BadCursor("This page does not exist.", {"cursor": "is not known"}) from None
    if position[0].utcoffset() is None:
        raise BadCursor("This page does not exist.", {"cursor": "is not known"})
    return position


@contextmanager
def unknown_if_taken(primary_key: str) -> Iterator[None]:
    """An id that another practice has used answers like one that there is not: NotFound."""
    try:
        yield
    except IntegrityError as clash:
        if constraint_of(clash) != primary_key:
            raise
        raise NotFound("There is no such thing.") from clash
