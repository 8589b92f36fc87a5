"""The terms of a booking, between the row that keeps them and the domain that reads them."""

from typing import Any

from services.booking.domain.policy import CancellationPolicy, Tier
from services.contracts.booking import PolicyTier, PolicyView


def policy_of(terms: dict[str, Any]) -> CancellationPolicy:
    """The policy as the domain knows it; `terms` as in `Policy.terms`."""
    return CancellationPolicy(
        version=terms["version"],
        tiers=tuple(Tier(hours, percent) for hours, percent in terms["tiers"]),
        late_percent=terms["late_percent"],
        no_show_percent=terms["no_show_percent"],
        reschedule_hours=terms["reschedule_hours"],
    )


def policy_view(terms: dict[str, Any]) -> PolicyView:
    """The policy for readers; what is given back even late is a tier of 0 hours."""
    tiers = [*terms["tiers"], *([[0, terms["late_percent"]]] if terms["late_percent"] else [])]
    return PolicyView(
        version=terms["version"],
        tiers=[PolicyTier(hours_before=hours, refund_percent=percent) for hours, percent in tiers],
        reschedule_until_hours=terms["reschedule_hours"],
    )
