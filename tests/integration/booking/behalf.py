"""Booking for clients of one practice, as its staff do."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from uuid_utils.compat import uuid7

from services.booking.models import Booking
from services.booking.operations import on_behalf, practice_slots
from services.common.auth import Actor
from services.contracts.base import Format
from services.contracts.booking.on_behalf import BookForClient, ListPracticeSlots, PaidBy
from tests.integration.booking.practice import NINE, NOW, Practice


def wish_for(practice: Practice, starts_at: datetime = NINE, **changed: object) -> BookForClient:
    """For somebody new, paid by invoice."""
    asked = BookForClient(
        id=uuid7(),
        offering_id=practice.offering_id,
        starts_at=starts_at,
        format=Format.ONLINE,
        price_id=practice.price_id,
        client_id=uuid4(),
        client_time_zone="Europe/Berlin",
        paid_by=PaidBy.ACCOUNT,
    )
    return asked.model_copy(update=changed)


def book_for(
    practice: Practice,
    asked: BookForClient,
    *,
    actor: Actor | None = None,
    now: datetime = NOW,
) -> Booking:
    """In a transaction of its own."""
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        return on_behalf.book_for_client(tx, asked, actor=who, now=now)


def open_to_staff(
    practice: Practice,
    on: date,
    *,
    actor: Actor | None = None,
    client_id: UUID | None = None,
    now: datetime = NOW,
) -> list[datetime]:
    """The starts of one date that the staff may book."""
    who = actor or practice.admin
    asked = ListPracticeSlots(
        practitioner_id=practice.practitioner_id,
        client_id=client_id,
        from_on=on,
        until_on=on,
        time_zone="Europe/Berlin",
    )
    with practice.database.reading(who) as tx:
        found = practice_slots.list_practice_slots(tx, asked, actor=who, now=now)
    return [datetime.fromtimestamp(start, UTC) for start in found.free.starts]
