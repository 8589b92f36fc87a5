"""What a booking's terms say of its money, for who answers for the practice's money.

No offering and no practitioner: what somebody comes for is not needed to give money back.
"""

from uuid import UUID

from services.common.messages import Command, Instant, View
from services.contracts.base import Percent
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.offerings import PolicyView


class GetTerms(Command):
    """The terms of a booking; for owners, admins and billing."""

    booking_id: UUID


class TermsView(View):
    """When it takes place, how it stands, and what its policy gives back as of now.

    `refund_percent`: of a cancelled booking what it gave back, of a missed one what a no-show
    gives back, of one that stands what its client would get back for cancelling now; nothing of
    an attended one.
    """

    booking_id: UUID
    starts_at: Instant
    ends_at: Instant
    confirmed_at: Instant | None
    state: BookingState
    policy: PolicyView
    refund_percent: Percent
    time_zone: str
