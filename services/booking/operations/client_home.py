"""What a client's start page tells of their sessions, read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.again import last_with_each
from services.booking.models import Booking
from services.booking.operations.listing import list_bookings
from services.booking.operations.slots import NextStarts, list_next_slots
from services.common.auth import Actor
from services.contracts.base import Format
from services.contracts.booking.bookings import ListBookings
from services.contracts.booking.home import GetClientHome
from services.contracts.booking.offerings import ListNextSlots

LOOKED_BACK_ON = 50
SLOTS = 3


@dataclass(frozen=True, slots=True)
class ClientHome:
    """The next bookings, the last kept one with each person, and the next starts of those."""

    upcoming: Sequence[Booking]
    last: Sequence[Booking]
    next_starts: Sequence[NextStarts]


def get_client_home(
    tx: Transaction, command: GetClientHome, *, actor: Actor, now: datetime
) -> ClientHome:
    """The actor's own sessions; raises Forbidden for who is not signed in."""
    upcoming, _ = list_bookings(tx, ListBookings(limit=command.limit), actor=actor, now=now)
    before = ListBookings(is_past=True, limit=LOOKED_BACK_ON)
    past, _ = list_bookings(tx, before, actor=actor, now=now)
    last = last_with_each([*past, *upcoming])
    return ClientHome(upcoming, last, _next_starts(tx, last, now))


def _next_starts(tx: Transaction, last: Sequence[Booking], now: datetime) -> list[NextStarts]:
    """The next starts of what was booked last with each of them."""
    if not last:
        return []
    asked = ListNextSlots(
        practitioner_ids=[one.practitioner_id for one in last],
        offering_ids=[one.offering_id for one in last],
        formats=[Format(one.format) for one in last],
        is_spread=True,
        count=SLOTS,
    )
    return list_next_slots(tx, asked, now=now)
