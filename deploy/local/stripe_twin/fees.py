"""Application fees: the platform's share of a direct charge, and its refunds."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import Field

from deploy.local.stripe_twin import balance, events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.errors import Object, no_such, refused
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams, Params
from deploy.local.stripe_twin.shapes import list_of, shaped


class _ListParams(ListParams):
    charge: str | None = None


class _RefundParams(Params):
    amount: Annotated[int, Field(ge=1)] | None = None


def take(call: Call, charge: Object, amount: int) -> Object:
    """The platform's fee on a charge of the call's account, and `application_fee.created`."""
    fee = shaped(
        "application_fee",
        now=call.now,
        account=call.account,
        amount=amount,
        application=call.application,
        charge=charge["id"],
        currency=charge["currency"],
        fee_source={"charge": charge["id"], "type": "charge"},
    )
    fee["refunds"] = list_of(f"/v1/application_fees/{fee['id']}/refunds", [])
    movement = balance.book(
        call, call.platform, "application_fee", amount, fee, description="Application fee"
    )
    fee["balance_transaction"] = movement["id"]
    call.tx.insert(call.platform, fee)
    events.emit(call, "application_fee.created", fee, account=call.platform)
    return fee


def share_of(fee: Object, refunded: int, charged: int) -> int:
    """The part of a fee that goes back with a refund: in proportion, never above what is left."""
    part = (Decimal(int(fee["amount"])) * refunded / charged).quantize(Decimal(1), ROUND_HALF_UP)
    return min(int(part), int(fee["amount"]) - int(fee["amount_refunded"]))


def give_back(call: Call, fee: Object, amount: int) -> Object:
    """Refund part of a fee out of the platform's balance."""
    refund = shaped(
        "fee_refund", now=call.now, amount=amount, currency=fee["currency"], fee=fee["id"]
    )
    movement = balance.book(call, call.platform, "application_fee_refund", -amount, refund)
    refund["balance_transaction"] = movement["id"]
    call.tx.insert(call.platform, refund)
    fee["amount_refunded"] += amount
    fee["refunded"] = fee["amount_refunded"] == fee["amount"]
    fee["refunds"]["data"].insert(0, refund)
    call.tx.save(fee)
    events.emit(call, "application_fee.refunded", fee, account=call.platform)
    return refund


def create_refund(call: Call, id: str) -> Object:
    """POST /v1/application_fees/{id}/refunds: the platform gives a fee back by itself.

    On the connected account it is an adjustment of the category `fee`
    (https://docs.stripe.com/reports/reporting-categories).
    """
    params, fee = call.checked(_RefundParams), call.own("application_fee", id)
    left = int(fee["amount"]) - int(fee["amount_refunded"])
    amount = left if params.amount is None else params.amount
    if not 0 < amount <= left:
        raise refused(f"Refund amount ({amount}) is greater than {left}", param="amount")
    refund = give_back(call, fee, amount)
    words = "Application fee refund"
    balance.book(call, fee["account"], "adjustment", amount, refund, description=words,
                 category="fee")  # fmt: skip
    return refund


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/application_fees/{id}."""
    return call.own("application_fee", id)


def listed(call: Call) -> Object:
    """GET /v1/application_fees, by charge."""
    params = call.checked(_ListParams)
    return page(call, "application_fee", "/v1/application_fees", params, charge=params.charge)


def list_refunds(call: Call, id: str) -> Object:
    """GET /v1/application_fees/{id}/refunds."""
    call.own("application_fee", id)
    url = f"/v1/application_fees/{id}/refunds"
    return page(call, "fee_refund", url, call.checked(ListParams), fee=id)


def retrieve_refund(call: Call, id: str, refund: str) -> Object:
    """GET /v1/application_fees/{id}/refunds/{refund}."""
    found = call.own("fee_refund", refund)
    if found["fee"] != id:
        raise no_such("fee_refund", refund)
    return found


ROUTES = [
    Route("GET", "/v1/application_fees", listed),
    Route("GET", "/v1/application_fees/{id}", retrieve),
    Route("GET", "/v1/application_fees/{id}/refunds", list_refunds),
    Route("POST", "/v1/application_fees/{id}/refunds", create_refund),
    Route("GET", "/v1/application_fees/{id}/refunds/{refund}", retrieve_refund),
]
