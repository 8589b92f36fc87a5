"""Sessions of the actor's own calendar, as far as treatment goes: who came, and when it was."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.booking.bookings import BookingState

LONGEST_LOOK = timedelta(days=366)
"""How far apart the ends of a list of attended sessions may be."""
MOST_LEFT_OUT = 2000


class GetTreatedSession(Command):
    """One firm session of the actor's own calendar, past or to come."""

    booking_id: UUID


class ListAttended(Command):
    """Sessions of the actor's own calendar to which the client came; they start in [from_at,
    until_at), which is a year at most. `without`: bookings to leave out."""

    from_at: Instant
    until_at: Instant
    without: Annotated[list[UUID], Field(max_length=MOST_LEFT_OUT)] = Field(default_factory=list)


class TreatedSession(View):
    """A session with whom it was."""

    booking_id: UUID
    practitioner_id: UUID
    client_id: UUID
    state: BookingState
    starts_at: Instant


class AttendedView(View):
    """Attended sessions, the latest first, 200 at most."""

    practitioner_id: UUID
    sessions: list[TreatedSession]
