"""Which webhooks are fresh, and which kinds matter."""

import re
from datetime import UTC, datetime, timedelta

#: https://docs.stripe.com/webhooks#replay-attacks
TOLERANCE = timedelta(seconds=300)
CLOCK_SKEW = timedelta(seconds=10)
#: The one shape that Stripe sends: the second that was signed, then a signature for each key. In
#: any other the library that checks the signature might read another second than we do.
_SHAPE = re.compile(r"t=([0-9]{1,10})(?:,v[0-9]=[0-9a-f]+)+")

#: All that may change what we know of a payment; the object itself is fetched anew.
SUBSCRIBED = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.expired",
        "payment_intent.succeeded",
        "charge.succeeded",
        "charge.updated",
    }
)
#: All that may become of a payout; it, too, is fetched anew.
OF_PAYOUTS = frozenset(
    {
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.failed",
        "payout.canceled",
        "payout.reconciliation_completed",
    }
)
OF_REFUNDS = frozenset({"refund.updated", "refund.failed", "charge.refund.updated"})
#: Money went back, perhaps by somebody in Stripe's own dashboard.
REFUNDED = frozenset({"charge.refunded", "refund.created", "refund.updated"})
OF_DISPUTES = frozenset(
    {
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    }
)
#: A dispute may be told before its charge is known here; until then its webhook waits.
UNKNOWN_CHARGE_WAITS = timedelta(minutes=10)


def is_fresh(signature: str, now: datetime) -> bool:
    """Whether the second that the header signs lies within 300 s before `now`, and not ahead of it.

    A header of another shape than Stripe's is never fresh.
    """
    header = _SHAPE.fullmatch(signature)
    if header is None:
        return False
    signed_at = datetime.fromtimestamp(int(header[1]), UTC)
    return now - TOLERANCE <= signed_at <= now + CLOCK_SKEW
