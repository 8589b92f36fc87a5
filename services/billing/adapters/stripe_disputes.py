"""Disputes at Stripe: read, answered, accepted. Nothing clinical is among what is sent."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from services.billing.adapters.stripe import DESCRIPTION, Stripe, clear
from services.billing.domain.disputes import DisputeFacts, Evidence, Movement
from services.common.money import Money


def disputes_of(stripe: Stripe, account: str, payment_intent_id: str) -> list[DisputeFacts]:
    """Every dispute of a payment as it is now. Raises StripeUnclear, StripeRefused."""
    params: Any = {"payment_intent": payment_intent_id, "limit": 100}
    with clear():
        found = stripe.client.v1.disputes.list(params, {"stripe_account": account})
        return [_dispute(one) for one in found.auto_paging_iter()]


def submit_evidence(
    stripe: Stripe, account: str, dispute_id: str, evidence: Evidence, key: str
) -> None:
    """Hand the practice's answer to the bank, once. Raises StripeUnclear, StripeRefused."""
    texts = {
        "product_description": DESCRIPTION,
        "service_date": evidence.service_date,
        "uncategorized_text": evidence.what_happened,
        "cancellation_policy_disclosure": evidence.policy,
        "refund_refusal_explanation": evidence.why_not_back,
    }
    params: Any = {"evidence": {name: text for name, text in texts.items() if text}, "submit": True}
    options: Any = {"stripe_account": account, "idempotency_key": key}
    with clear():
        stripe.client.v1.disputes.update(dispute_id, params, options)


def accept_loss(stripe: Stripe, account: str, dispute_id: str, key: str) -> None:
    """Close the dispute as lost. Raises StripeUnclear, StripeRefused."""
    options: Any = {"stripe_account": account, "idempotency_key": key}
    with clear():
        stripe.client.v1.disputes.close(dispute_id, {}, options)


def _dispute(found: Any) -> DisputeFacts:
    due = found.evidence_details.due_by
    return DisputeFacts(
        id=found.id,
        money=Money(found.amount, found.currency.upper()),
        reason=found.reason,
        status=found.status,
        due_at=datetime.fromtimestamp(due, UTC) if due else None,
        opened_at=datetime.fromtimestamp(found.created, UTC),
        movements=tuple(_movements(found.balance_transactions)),
    )


def _movements(balances: Iterable[Any]) -> Iterable[Movement]:
    for balance in balances:
        yield Movement(Money(balance.amount, balance.currency.upper()), balance.fee)
