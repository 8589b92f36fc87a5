"""What an answer to a dispute begins with: times, attendance and policy of the appointment.

The bank reads it. So there is nothing of what somebody came for: no offering, no practitioner, no
topic; only that an appointment was booked, paid for, and what became of it.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.contracts.billing.disputes import DisputeView
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.offerings import PolicyTier
from services.contracts.booking.terms import TermsView
from services.gateway.web import labels

OUTCOMES = {
    BookingState.ATTENDED: "The client attended the appointment.",
    BookingState.NO_SHOW: "The client did not come to the appointment.",
    BookingState.CANCELLED: "The appointment was cancelled.",
    BookingState.LATE_CANCELLED: "The client cancelled the appointment late.",
}


def beginning(dispute: DisputeView, terms: TermsView, now: datetime) -> dict[str, str]:
    """The texts of the form, to be read and changed before they are sent."""
    zone = ZoneInfo(terms.time_zone)
    return {
        "service_date": _moment(terms.starts_at, zone),
        "what_happened": "\n".join(_what_happened(dispute, terms, zone, now)),
        "policy": "\n".join(_policy(terms)),
        "why_not_back": _why_not_back(terms),
    }


def _what_happened(
    dispute: DisputeView, terms: TermsView, zone: ZoneInfo, now: datetime
) -> list[str]:
    minutes = int((terms.ends_at - terms.starts_at).total_seconds() // 60)
    lines = [
        f"An appointment of {minutes} minutes was booked for {_moment(terms.starts_at, zone)}."
    ]
    if dispute.paid_at:
        lines.append(f"It was paid for on {_moment(dispute.paid_at, zone)}.")
    if terms.confirmed_at:
        lines.append(f"The booking was confirmed on {_moment(terms.confirmed_at, zone)}.")
    if terms.state in OUTCOMES:
        lines.append(OUTCOMES[terms.state])
    elif terms.starts_at > now:
        lines.append("The appointment is still to come.")
    return lines


def _policy(terms: TermsView) -> list[str]:
    told = ["Before paying, the client was shown this cancellation policy:"]
    told += [_tier(tier) for tier in terms.policy.tiers]
    told.append(f"Not coming: {terms.policy.no_show_percent} % come back.")
    return told


def _tier(tier: PolicyTier) -> str:
    if not tier.hours_before:
        return f"Cancelled later: {tier.refund_percent} % come back."
    ahead = f"at least {labels.hours_label(tier.hours_before)} ahead"
    return f"Cancelled {ahead}: {tier.refund_percent} % come back."


def _why_not_back(terms: TermsView) -> str:
    if terms.state in (BookingState.ATTENDED, BookingState.NO_SHOW, BookingState.LATE_CANCELLED):
        return f"By this policy {terms.refund_percent} % of the price are due back."
    return ""


def _moment(at: datetime, zone: ZoneInfo) -> str:
    day = labels.full_date_label(at.astimezone(zone).date())
    return f"{day}, {labels.time_label(at, zone)} ({labels.zone_name(zone)})"
