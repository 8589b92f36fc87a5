"""Charges: one try to take money from a card, and what it moves."""

from __future__ import annotations

from typing import Any

from deploy.local.stripe_twin import balance, events, fees
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.cards import Card
from deploy.local.stripe_twin.currencies import processing_fee
from deploy.local.stripe_twin.errors import Object
from deploy.local.stripe_twin.ids import random_text
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams
from deploy.local.stripe_twin.shapes import list_of, shaped


class _ListParams(ListParams):
    customer: str | None = None
    payment_intent: str | None = None


def payment_method(call: Call, card: Card, *, email: str | None, name: str | None) -> Object:
    """The card as the account's payment method."""
    body = shaped("payment_method", now=call.now)
    body["card"].update(_card_fields(card), display_brand=card.brand)
    body["card"]["networks"]["available"] = [card.brand]
    body["billing_details"].update(email=email, name=name)
    return call.tx.insert(call.account, body)


def _card_fields(card: Card) -> Object:
    return {
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
    }


def _charge(call: Call, intent: Object, method: Object, card: Card, **fields: Any) -> Object:
    body = shaped(
        "charge",
        now=call.now,
        amount=intent["amount"],
        currency=intent["currency"],
        application=intent["application"],
        application_fee_amount=intent["application_fee_amount"],
        billing_details=method["billing_details"],
        customer=intent["customer"],
        description=intent["description"],
        metadata=dict(intent["metadata"]),
        payment_intent=intent["id"],
        payment_method=method["id"],
        receipt_email=intent["receipt_email"],
        **fields,
    )
    details = body["payment_method_details"]["card"]
    details.update(_card_fields(card), network=card.brand)
    details["overcapture"]["maximum_amount_capturable"] = body["amount"]
    body["refunds"] = list_of(f"/v1/charges/{body['id']}/refunds", [])
    body["calculated_statement_descriptor"] = "ATTUNE TEST"
    return body


def fail(call: Call, intent: Object, method: Object, card: Card) -> Object:
    """A charge that the card declined, and `charge.failed`."""
    assert card.decline is not None
    body = _charge(
        call,
        intent,
        method,
        card,
        status="failed",
        paid=False,
        captured=False,
        failure_code=card.decline.code,
        failure_message=card.decline.message,
        outcome=_outcome("issuer_declined", "declined_by_network", card.decline.decline_code),
    )
    call.tx.insert(call.account, body)
    events.emit(call, "charge.failed", body)
    return body


def succeed(call: Call, intent: Object, method: Object, card: Card, *, is_3ds: bool) -> Object:
    """A captured charge with its fees and balance transaction, and `charge.succeeded`."""
    amount, currency = int(intent["amount"]), str(intent["currency"])
    body = _charge(
        call,
        intent,
        method,
        card,
        status="succeeded",
        paid=True,
        captured=True,
        amount_captured=amount,
        outcome=_outcome("authorized", "approved_by_network", None),
        receipt_url=f"{call.public_url}/receipts/{random_text(24)}",
    )
    if is_3ds:
        body["payment_method_details"]["card"]["three_d_secure"] = _authenticated()
    parts = [balance.fee_detail("stripe_fee", processing_fee(amount, currency), currency, None)]
    share = intent["application_fee_amount"]
    if share:
        body["application_fee"] = fees.take(call, body, share)["id"]
        parts.append(balance.fee_detail("application_fee", share, currency, call.application))
    movement = balance.book(
        call,
        call.account,
        "charge",
        amount,
        body,
        description=intent["description"],
        fees=tuple(parts),
        is_pending=True,
    )
    body["balance_transaction"] = movement["id"]
    call.tx.insert(call.account, body)
    events.emit(call, "charge.succeeded", body)
    return body


def _outcome(kind: str, network_status: str, reason: str | None) -> Object:
    message = "Payment complete." if kind == "authorized" else "The bank declined the payment."
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network_status,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": message,
        "type": kind,
    }


def _authenticated() -> Object:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": random_text(24),
        "version": "2.2.0",
    }


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/charges/{id}."""
    return call.own("charge", id)


def listed(call: Call) -> Object:
    """GET /v1/charges, by customer and PaymentIntent."""
    params = call.checked(_ListParams)
    return page(
        call,
        "charge",
        "/v1/charges",
        params,
        customer=params.customer,
        payment_intent=params.payment_intent,
    )


ROUTES = [
    Route("GET", "/v1/charges", listed),
    Route("GET", "/v1/charges/{id}", retrieve),
]
