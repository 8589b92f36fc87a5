"""Booking for a client: the practice's staff choose the time, and how it is paid."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant
from services.contracts.base import Day, Format, Zone
from services.contracts.booking.offerings import OfferingView, SlotsView


class PaidBy(StrEnum):
    """How a session that the practice books is paid.

    `link`: the client pays by a link in a mail, until when the seat is held. `account`: at the
    practice or on its invoice, so that the seat is firm at once.
    """

    LINK = "link"
    ACCOUNT = "account"


class BookForClient(Command):
    """Book a seat for a client, as the practice's staff. `id` names the booking.

    Neither notice nor window binds them; everything else of a slot does. `price_id` is the price
    that was shown.
    """

    id: UUID
    offering_id: UUID
    starts_at: Instant
    format: Format
    price_id: UUID
    client_id: UUID
    client_time_zone: Zone
    paid_by: PaidBy


class ListPracticeSlots(Command):
    """Starts that the staff of a calendar may book, on dates of `time_zone`, both included.

    Of the offering named, else of the first; beyond notice and window; at most 93 days. Raises
    NotFound where nothing is offered, and for a `client_id` whom the actor never had in their
    calendar while others of the practice had.
    """

    practitioner_id: UUID
    offering_id: UUID | None = None
    client_id: UUID | None = None
    from_on: Day
    until_on: Day
    time_zone: Zone
    format: Format | None = None


class PracticeSlotsView(SlotsView):
    """Free starts of one offering, and all that its practitioner offers."""

    offerings: list[OfferingView] = Field(default_factory=list)
