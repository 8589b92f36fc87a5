"""The terms of a booking, between the row that keeps them and the domain that reads them."""

from services.booking.domain.lifecycle import BookingState
from services.booking.domain.policy import (
    WHOLE,
    CancellationPolicy,
    Tier,
    policy_of,
    refund_percent,
    under_ceiling,
)
from services.booking.models import Booking
from services.contracts.booking.offerings import PolicyTier, PolicyView


def terms_of(booking: Booking) -> CancellationPolicy:
    """What a booking's client is owed: its policy, less what moves have used up."""
    return under_ceiling(policy_of(booking.policy), booking.refund_ceiling_percent)


def refund_of(booking: Booking) -> int | None:
    """The share that a firm booking gave back when it was cancelled; None where none was."""
    if booking.confirmed_at is None or booking.cancelled_at is None:
        return None
    if booking.state != BookingState.LATE_CANCELLED:
        return WHOLE
    return refund_percent(terms_of(booking), booking.starts_at, booking.cancelled_at)


def policy_view(policy: CancellationPolicy) -> PolicyView:
    """The policy for readers; what is given back even late is a tier of 0 hours."""
    late = [Tier(0, policy.late_percent)] if policy.late_percent else []
    return PolicyView(
        version=policy.version,
        tiers=[
            PolicyTier(hours_before=tier.hours_before, refund_percent=tier.refund_percent)
            for tier in (*policy.tiers, *late)
        ],
        reschedule_until_hours=policy.reschedule_hours,
        no_show_percent=policy.no_show_percent,
    )
