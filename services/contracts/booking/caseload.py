"""Whose sessions there are: the clients of a calendar or a practice, and what each has booked."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import Ids, Page
from services.contracts.booking.bookings import BookingView

MOST_TREATED = 2000


class ListCaseload(Command):
    """When clients were and will be there: those named, or all whom the actor treats.

    For who treats only their own sessions count, also of clients who are named.
    """

    client_ids: Ids | None = None


class ClientSessions(View):
    """A client's last session that took place, and the next one."""

    client_id: UUID
    last_at: Instant | None
    next_at: Instant | None


class CaseloadView(View):
    """Clients with a booking, those seen latest first, MOST_TREATED at most."""

    clients: list[ClientSessions]


class ListClientBookings(Command):
    """What a client has booked, the latest first: in the actor's calendar, or in the practice.

    Raises NotFound for who treats and never had them in their calendar.
    """

    client_id: UUID
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class ClientBookingsPage(Page):
    """A part of a client's bookings.

    `goes_on_from` is the latest one from which a course can go on; `is_treated`: the actor
    treats them themselves.
    """

    bookings: list[BookingView]
    goes_on_from: UUID | None = None
    is_treated: bool = False
