"""Holds past their deadline. They count for nobody, but a constraint does not know the time."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE, Range
from sqlalchemy.orm import Session as Transaction
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from services.booking.models import Booking


def in_the_way(
    tx: Transaction,
    practice_id: UUID,
    *,
    practitioner_id: UUID,
    client_id: UUID,
    rooms: Collection[UUID],
    blocked: Range[datetime],
    now: datetime,
    named: UUID | None = None,
) -> list[Booking]:
    """Holds past their deadline that still stand in a constraint's way; and the booking `named`,
    whatever it is, for who asks for both under the same locks."""
    asked = {
        "practice": practice_id,
        "practitioner": practitioner_id,
        "client": client_id,
        "rooms": list(rooms),
        "blocked": blocked,
        "now": now,
        "named": named,
    }
    return sorted(tx.scalars(_IN_THE_WAY, asked), key=lambda booking: booking.id)


_ASKED = ("practice", "practitioner", "client", "rooms", "blocked", "now", "named")
_KINDS: dict[str, TypeEngine[Any]] = {"rooms": ARRAY(Uuid), "blocked": TSTZRANGE()}
_FOUND = func.booking.in_the_way(*(bindparam(it, type_=_KINDS.get(it)) for it in _ASKED))
# A connection keeps the function's plan: planning took most of the time (docs/adr/0024).
_IN_THE_WAY = select(
    aliased(Booking, _FOUND.table_valued(*Booking.__table__.c), adapt_on_names=True)
)
