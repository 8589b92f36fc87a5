"""Bookings, one or many, for whom they concern."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking
from services.booking.operations import leave
from services.booking.operations.access import check_staff, visible_booking
from services.booking.operations.treated import own_calendar
from services.booking.queries import bookings, treated
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.base import BadCursor
from services.contracts.booking.bookings import (
    GetBooking,
    ListBookings,
    ListSessions,
    ListTreated,
    TreatedView,
)
from services.contracts.booking.staff import GetStaffBooking

After = tuple[datetime, UUID]


def get_booking(tx: Transaction, command: GetBooking, *, actor: Actor) -> Booking:
    """One booking; raises NotFound where the actor may not see it."""
    return visible_booking(tx, command.booking_id, actor)


def get_staff_booking(
    tx: Transaction, command: GetStaffBooking, *, actor: Actor, now: datetime
) -> tuple[Booking, bool]:
    """The booking, and whether it lies within time off; raises NotFound for who does not see its
    calendar."""
    booking = visible_booking(tx, command.booking_id, actor)
    practice_id = check_staff(tx, booking.practitioner_id, actor)
    return booking, bool(leave.marked(tx, practice_id, booking.practitioner_id, [booking], now))


def list_bookings(
    tx: Transaction, command: ListBookings, *, actor: Actor, now: datetime
) -> tuple[Sequence[Booking], str | None]:
    """A part of the actor's bookings over all practices, and where the next part begins."""
    if actor.kind != "person" or actor.account_id is None:
        raise Forbidden("Please sign in first.")
    listed = bookings.past_of_account if command.is_past else bookings.upcoming_of_account
    after = position_of(command.cursor) if command.cursor else None
    rows = listed(tx, actor.account_id, now, after=after, limit=command.limit + 1)
    part = rows[: command.limit]
    return part, cursor_after(part[-1]) if len(rows) > command.limit else None


def list_sessions(
    tx: Transaction, command: ListSessions, *, actor: Actor, now: datetime
) -> tuple[Sequence[Booking], list[UUID]]:
    """A practitioner's bookings by start, for the practice's staff; raises NotFound.

    And the ids of those that lie within time off.
    """
    practice_id = check_staff(tx, command.practitioner_id, actor)
    found = bookings.of_practitioner(
        tx,
        practice_id,
        command.practitioner_id,
        from_at=command.from_at,
        until_at=command.until_at,
        now=now,
    )
    return found, leave.marked(tx, practice_id, command.practitioner_id, found, now)


def list_treated(tx: Transaction, command: ListTreated, *, actor: Actor) -> TreatedView:
    """Whom the actor treats; raises NotFound for who has no calendar in the practice."""
    practice_id, practitioner_id = own_calendar(tx, actor)
    clients = treated.clients(
        tx,
        practice_id,
        practitioner_id,
        command.client_id,
        is_by_choice=command.is_by_choice,
    )
    return TreatedView(practitioner_id=practitioner_id, client_ids=list(clients))


def cursor_after(last: Booking) -> str:
    """Where a listing by start goes on, opaque."""
    text = f"{last.starts_at.isoformat()} {last.id}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def position_of(cursor: str) -> After:
    """The booking after which a part begins; raises BadCursor."""
    try:
        at, id_ = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
        position = datetime.fromisoformat(at), UUID(id_)
    except (ValueError, binascii.Error):
        raise BadCursor("This page does not exist.", {"cursor": "is not known"}) from None
    if position[0].utcoffset() is None:
        raise BadCursor("This page does not exist.", {"cursor": "is not known"})
    return position
