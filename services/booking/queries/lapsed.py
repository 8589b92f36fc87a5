"""Holds past their deadline. They count for nobody, but a constraint does not know the time."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Uuid, bindparam, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Session


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
    }
    if named is None:
        return list(tx.scalars(_LAPSED, asked))
    found = tx.scalars(_LAPSED_AND_NAMED, asked | {"named": named})
    return sorted(found, key=lambda booking: booking.id)


_BLOCKED = bindparam("blocked", type_=TSTZRANGE())
_LAPSED = (
    select(Booking)
    .join(
        Session,
        (Session.practice_id == Booking.practice_id) & (Session.id == Booking.session_id),
    )
    .where(
        Booking.practice_id == bindparam("practice", type_=Uuid),
        Booking.deadline_at <= bindparam("now", type_=DateTime(timezone=True)),
        or_(
            Booking.practitioner_id == bindparam("practitioner", type_=Uuid),
            Booking.client_id == bindparam("client", type_=Uuid),
            Session.room_id.in_(bindparam("rooms", expanding=True)),
        ),
        Session.blocked.op("&&")(_BLOCKED),
    )
    .order_by(Booking.id)
)
_NAMED = select(Booking).where(Booking.id == bindparam("named", type_=Uuid))
_LAPSED_AND_NAMED = select(Booking).from_statement(_NAMED.union_all(_LAPSED.order_by(None)))
