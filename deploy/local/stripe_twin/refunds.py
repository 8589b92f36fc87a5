"""Refunds of captured charges, whole or in part, with or without the platform's fee."""

from __future__ import annotations

import copy
from typing import Annotated, Literal

from pydantic import Field

from deploy.local.stripe_twin import balance, disputes, events, fees
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.cards import REFUND_FAILS
from deploy.local.stripe_twin.errors import Object, invalid, no_such, refused
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams, Metadata, Params, merged
from deploy.local.stripe_twin.shapes import shaped


class _CreateParams(Params):
    charge: str | None = None
    payment_intent: str | None = None
    amount: Annotated[int, Field(ge=1)] | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    refund_application_fee: bool = False
    metadata: Metadata = Field(default_factory=dict)


class _UpdateParams(Params):
    metadata: Metadata | None = None


class _ListParams(ListParams):
    charge: str | None = None
    payment_intent: str | None = None


def create(call: Call) -> Object:
    """POST /v1/refunds. Never gives back more than was captured and is left."""
    params = call.checked(_CreateParams)
    charge = _charge_of(call, params)
    if not disputes.is_refundable(call, charge):
        raise refused(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    amount = _checked_amount(charge, params.amount)
    refund = shaped(
        "refund",
        now=call.now,
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        payment_intent=charge["payment_intent"],
        reason=params.reason,
        metadata=merged({}, params.metadata),
        customer=charge["customer"],
        payment_method=charge["payment_method"],
    )
    parts = _fee_back(call, charge, amount) if params.refund_application_fee else ()
    movement = balance.book(
        call,
        call.account,
        "refund",
        -amount,
        refund,
        fees=parts,
        description="REFUND FOR CHARGE"
        + (f" ({charge['description']})" if charge["description"] else ""),
    )
    refund["balance_transaction"] = movement["id"]
    call.tx.insert(call.account, refund)
    _note_on_charge(call, charge, refund)
    told = copy.deepcopy(refund)
    if charge["payment_method_details"]["card"]["last4"] == REFUND_FAILS:
        fail(call, refund, "expired_or_canceled_card")
    return told


def fail(call: Call, refund: Object, reason: str) -> Object:
    """The bank sends a refund back: the money is on the balance again, the commission is not."""
    movement = balance.book(
        call, call.account, "refund_failure", refund["amount"], refund, description="REFUND FAILURE"
    )
    refund.update(
        status="failed", failure_reason=reason, failure_balance_transaction=movement["id"]
    )
    call.tx.save(refund)
    charge = call.own("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    charge["refunds"]["data"] = [
        refund if one["id"] == refund["id"] else one for one in charge["refunds"]["data"]
    ]
    call.tx.save(charge)
    for kind in ("refund.updated", "refund.failed", "charge.refund.updated"):
        events.emit(call, kind, refund)
    return refund


def _charge_of(call: Call, params: _CreateParams) -> Object:
    if params.charge is None and params.payment_intent is None:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or"
            " charge.",
            param="charge",
            code="parameter_missing",
        )
    charge_id = params.charge
    if params.payment_intent is not None:
        charge_id = _charge_of_intent(call, params.payment_intent, charge_id)
    charge = call.own("charge", str(charge_id), param="charge", status=400)
    if not charge["captured"]:
        raise refused(
            f"Charge {charge['id']} was not captured and has nothing to refund.", param="charge"
        )
    return charge


def _charge_of_intent(call: Call, intent_id: str, charge_id: str | None) -> str:
    intent = call.own("payment_intent", intent_id, param="payment_intent", status=400)
    latest = intent["latest_charge"]
    if latest is None or intent["status"] != "succeeded":
        raise refused(
            f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
            param="payment_intent",
        )
    if charge_id not in (None, latest):
        raise no_such("charge", str(charge_id), param="charge", status=400)
    return str(latest)


def _checked_amount(charge: Object, wanted: int | None) -> int:
    left = int(charge["amount_captured"]) - int(charge["amount_refunded"])
    if left == 0:
        raise refused(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    if wanted is not None and wanted > left:
        raise refused(
            f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left}"
            f" {charge['currency']})",
            param="amount",
        )
    return left if wanted is None else wanted


def _fee_back(call: Call, charge: Object, amount: int) -> tuple[Object, ...]:
    fee = call.tx.get("application_fee", charge["application_fee"] or "")
    if fee is None:
        raise refused(
            f"Charge {charge['id']} has no application fee to refund.",
            param="refund_application_fee",
        )
    share = fees.share_of(fee, amount, charge["amount"])
    if share == 0:
        return ()
    fees.give_back(call, fee, share)
    return (balance.fee_detail("application_fee", -share, charge["currency"], call.application),)


def _note_on_charge(call: Call, charge: Object, refund: Object) -> None:
    before = {"amount_refunded": charge["amount_refunded"], "refunded": charge["refunded"]}
    charge["amount_refunded"] += refund["amount"]
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    charge["refunds"]["data"].insert(0, refund)
    call.tx.save(charge)
    events.emit(call, "refund.created", refund)
    events.emit(call, "charge.refunded", charge, **before)
    events.emit(call, "refund.updated", refund)


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/refunds/{id}."""
    return call.own("refund", id)


def update(call: Call, id: str) -> Object:
    """POST /v1/refunds/{id}: only the metadata can change."""
    params, refund = call.checked(_UpdateParams), call.own("refund", id)
    refund["metadata"] = merged(refund["metadata"], params.metadata)
    call.tx.save(refund)
    events.emit(call, "refund.updated", refund)
    return refund


def listed(call: Call) -> Object:
    """GET /v1/refunds, by charge and PaymentIntent."""
    params = call.checked(_ListParams)
    return page(
        call,
        "refund",
        "/v1/refunds",
        params,
        charge=params.charge,
        payment_intent=params.payment_intent,
    )


ROUTES = [
    Route("GET", "/v1/refunds", listed),
    Route("POST", "/v1/refunds", create),
    Route("GET", "/v1/refunds/{id}", retrieve),
    Route("POST", "/v1/refunds/{id}", update),
]
