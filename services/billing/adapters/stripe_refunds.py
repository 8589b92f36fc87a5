"""All refunds of a charge at Stripe, also those that were made in its own dashboard."""

from typing import Any

from services.billing.adapters.stripe import Stripe, clear, label_of, refund_facts
from services.billing.domain.facts import ToldRefund
from services.common.money import Money


def refunds_of(stripe: Stripe, account: str, payment_intent_id: str) -> list[ToldRefund]:
    """Every refund of a payment as it is now, the oldest first.

    Raises StripeUnclear, StripeRefused.
    """
    params: Any = {
        "payment_intent": payment_intent_id,
        "limit": 100,
        "expand": ["data.balance_transaction"],
    }
    with clear():
        found = stripe.client.v1.refunds.list(params, {"stripe_account": account})
        return [_told(one) for one in found.auto_paging_iter()][::-1]


def _told(refund: Any) -> ToldRefund:
    return ToldRefund(
        facts=refund_facts(refund),
        money=Money(refund.amount, refund.currency.upper()),
        is_labelled=label_of(refund, "refund_id") is not None,
    )
