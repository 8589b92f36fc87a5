"""The stable address of a session's video room, open from 15 minutes before until its end."""

from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from services.booking.domain.lifecycle import BookingState
from services.booking.models import Booking
from services.booking.operations.views import JOIN_PURPOSE
from services.booking.queries import bookings, calendars
from services.common import crypto
from services.common.database import enter_practice
from services.common.errors import NotFound
from services.contracts.base import Format
from services.contracts.booking.bookings import DOOR_OPENS_BEFORE, DoorView, OpenDoor

# Who comes late was perhaps marked as missed meanwhile, and is let in until the end all the same.
ADMITTED = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW})


def open_door(tx: Transaction, command: OpenDoor, *, now: datetime, join_key: str) -> DoorView:
    """Where the room is, while it is open; the code alone admits. Raises NotFound."""
    key, id_ = join_key.encode(), str(command.booking_id)
    if not crypto.is_signed(key, JOIN_PURPOSE, id_, command.code):
        raise NotFound("There is no such session.")
    booking = bookings.booking_at_door(tx, command.booking_id)
    if booking is None or booking.state not in ADMITTED:
        raise NotFound("There is no such session.")
    enter_practice(tx, booking.practice_id)
    opens_at = booking.starts_at - DOOR_OPENS_BEFORE
    return DoorView(
        room_url=_room(tx, booking) if opens_at <= now < booking.ends_at else None,
        opens_at=opens_at,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        time_zone=booking.client_time_zone,
    )


def _room(tx: Transaction, booking: Booking) -> str | None:
    if booking.format != Format.ONLINE:
        return None
    return calendars.video_url(tx, booking.practice_id, booking.practitioner_id)
