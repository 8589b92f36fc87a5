"""Disputes: a client's bank takes a charge back until it is decided, and asks for evidence.

Like Stripe in test mode, evidence whose text holds `winning_evidence` wins and `losing_evidence`
loses at once; any other lies with the bank until `/_twin/disputes/decide`.
"""

from __future__ import annotations

import copy
from typing import Annotated, Literal

from pydantic import Field

from deploy.local.stripe_twin import balance, events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.currencies import dispute_fee
from deploy.local.stripe_twin.errors import Object, refused
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams, Metadata, Nested, Params, merged
from deploy.local.stripe_twin.shapes import shaped

DAYS_TO_ANSWER = 9
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}
INQUIRY = "inquiry"
WAITING = ("needs_response", "warning_needs_response")
Outcome = Literal["won", "lost"]
Text = Annotated[str, Field(max_length=20_000)]


class _Evidence(Nested):
    access_activity_log: Text | None = None
    cancellation_policy_disclosure: Text | None = None
    cancellation_rebuttal: Text | None = None
    customer_email_address: Text | None = None
    customer_name: Text | None = None
    product_description: Text | None = None
    refund_policy_disclosure: Text | None = None
    refund_refusal_explanation: Text | None = None
    service_date: Text | None = None
    uncategorized_text: Text | None = None


class _UpdateParams(Params):
    evidence: _Evidence = Field(default_factory=_Evidence)
    submit: bool = True
    metadata: Metadata | None = None


class _ListParams(ListParams):
    charge: str | None = None
    payment_intent: str | None = None


def open_dispute(call: Call, charge: Object, reason: str) -> Object:
    """The client disputes what is left of a charge, or all of one that went back whole; `inquiry`:
    the bank only asks for now."""
    is_inquiry = reason == INQUIRY
    left = charge["amount_captured"] - charge["amount_refunded"]
    dispute = shaped(
        "dispute",
        now=call.now,
        amount=left or charge["amount_captured"],
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason="general" if is_inquiry else reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
        is_charge_refundable=is_inquiry,
    )
    dispute["evidence_details"]["due_by"] = call.now + DAYS_TO_ANSWER * 24 * 3600
    card = dispute["payment_method_details"]["card"]
    card.update(
        brand=charge["payment_method_details"]["card"]["brand"],
        case_type="inquiry" if is_inquiry else "chargeback",
        network_reason_code=NETWORK_CODES.get(reason, "13.7"),
    )
    if not is_inquiry:
        _move(call, dispute, -dispute["amount"], "dispute", dispute_fee(dispute["currency"]))
    call.tx.insert(call.account, dispute)
    charge["disputed"] = True
    call.tx.save(charge)
    events.emit(call, "charge.dispute.created", dispute)
    if not is_inquiry:
        events.emit(call, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def is_refundable(call: Call, charge: Object) -> bool:
    """Whether no bank has the charge, or has had it for good."""
    found = call.tx.find("dispute", "charge", charge["id"], account=call.account)
    return all(one["is_charge_refundable"] or one["status"] == "won" for one in found)


def decide(call: Call, dispute: Object, outcome: Outcome) -> Object:
    """The bank decides, and gives the money back where the practice won."""
    is_inquiry = dispute["status"].startswith("warning")
    dispute["status"] = "warning_closed" if is_inquiry else outcome
    is_back = outcome == "won" and not is_inquiry
    if is_back:
        _move(call, dispute, dispute["amount"], "dispute_reversal", 0)
    call.tx.save(dispute)
    events.emit(call, "charge.dispute.closed", dispute)
    if is_back:
        events.emit(call, "charge.dispute.funds_reinstated", dispute)
    return dispute


def _move(call: Call, dispute: Object, amount: int, category: str, fee: int) -> None:
    """Money of a dispute leaves the balance or comes back; the movement stands in the dispute."""
    part = balance.fee_detail("stripe_fee", fee, dispute["currency"], None)
    movement = balance.book(
        call,
        call.account,
        "adjustment",
        amount,
        dispute,
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'}",
        fees=(part | {"description": "Dispute fee"},) if fee else (),
        category=category,
    )
    dispute["balance_transactions"].append(copy.deepcopy(movement))


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/disputes/{id}."""
    return call.own("dispute", id)


def update(call: Call, id: str) -> Object:
    """POST /v1/disputes/{id}: evidence, handed to the bank with `submit`."""
    params, dispute = call.checked(_UpdateParams), call.own("dispute", id)
    _check_waits(dispute)
    given = params.evidence.model_dump(exclude_none=True)
    dispute["evidence"].update(given)
    dispute["metadata"] = merged(dispute["metadata"], params.metadata)
    details = dispute["evidence_details"]
    details["has_evidence"] = any(dispute["evidence"][name] for name in given)
    if params.submit:
        details["submission_count"] += 1
        is_inquiry = dispute["status"].startswith("warning")
        dispute["status"] = "warning_under_review" if is_inquiry else "under_review"
    call.tx.save(dispute)
    events.emit(call, "charge.dispute.updated", dispute)
    return _decided_by_its_words(call, dispute) if params.submit else dispute


def _decided_by_its_words(call: Call, dispute: Object) -> Object:
    text = dispute["evidence"]["uncategorized_text"] or ""
    if "winning_evidence" in text:
        return decide(call, dispute, "won")
    if "losing_evidence" in text:
        return decide(call, dispute, "lost")
    return dispute


def close(call: Call, id: str) -> Object:
    """POST /v1/disputes/{id}/close: the loss is accepted, for good."""
    call.checked(Params)
    dispute = call.own("dispute", id)
    _check_waits(dispute)
    return decide(call, dispute, "lost")


def _check_waits(dispute: Object) -> None:
    if dispute["status"] not in WAITING:
        raise refused(
            f"This dispute is already {dispute['status']} and takes no answer.",
            code="dispute_already_closed",
        )


def listed(call: Call) -> Object:
    """GET /v1/disputes, by charge and PaymentIntent."""
    params = call.checked(_ListParams)
    return page(
        call,
        "dispute",
        "/v1/disputes",
        params,
        charge=params.charge,
        payment_intent=params.payment_intent,
    )


ROUTES = [
    Route("GET", "/v1/disputes", listed),
    Route("GET", "/v1/disputes/{id}", retrieve),
    Route("POST", "/v1/disputes/{id}", update),
    Route("POST", "/v1/disputes/{id}/close", close),
]
