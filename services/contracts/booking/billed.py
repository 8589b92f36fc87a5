"""Sessions that billing writes an invoice of, and offerings as its desk tells them apart."""

from uuid import UUID

from services.common.messages import Command, Instant, View
from services.contracts.base import Ids
from services.contracts.booking.bookings import BookingState


class ListBilledSessions(Command):
    """When these bookings of a practice take place and whose they are; for billing alone.

    Those that the practice does not have are left out.
    """

    booking_ids: Ids


class BilledSession(View):
    """A booking as an invoice tells of it; `account_id` is its client's, where they have one."""

    booking_id: UUID
    client_id: UUID
    account_id: UUID | None
    offering_id: UUID
    practitioner_id: UUID
    state: BookingState
    starts_at: Instant
    ends_at: Instant
    time_zone: str


class BilledSessionsView(View):
    """Sessions, by start."""

    sessions: list[BilledSession]


class ListPracticeOfferings(Command):
    """What the actor's practice offers, for those who answer for its money."""


class PracticeOffering(View):
    """An offering by name; `minutes` long."""

    id: UUID
    practitioner_id: UUID
    name: str
    minutes: int


class PracticeOfferingsView(View):
    """Active offerings, by name; the first 100."""

    offerings: list[PracticeOffering]
