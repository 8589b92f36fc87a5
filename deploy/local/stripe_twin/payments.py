"""PaymentIntents, and paying a Checkout Session with a card.

Paying, expiring by hand and expiring by the clock each look at the session and change it in one
transaction, so that exactly one of them wins.
"""

from __future__ import annotations

from dataclasses import dataclass

from deploy.local.stripe_twin import charges, customers, disputes, events
from deploy.local.stripe_twin.call import Call, Route
from deploy.local.stripe_twin.cards import AUTHENTICATION_FAILED, Card, card_of, payment_error
from deploy.local.stripe_twin.errors import Object, StripeError
from deploy.local.stripe_twin.ids import random_text
from deploy.local.stripe_twin.listing import page
from deploy.local.stripe_twin.params import ListParams
from deploy.local.stripe_twin.shapes import shaped


class _ListParams(ListParams):
    customer: str | None = None


@dataclass(frozen=True)
class Payer:
    """What the payer typed beside the card."""

    email: str | None = None
    name: str | None = None


def pay(call: Call, session: Object, card: Card, payer: Payer) -> Object:
    """Try the card; the PaymentIntent tells what came of it (`status`, `last_payment_error`).

    Raises StripeError (400, `session_not_open`) when the session is paid or expired.
    """
    _check_open(call, session)
    intent = _intent_of(call, session, payer)
    method = charges.payment_method(call, card, email=payer.email, name=payer.name)
    intent.update(payment_method=method["id"], last_payment_error=None, next_action=None)
    if card.outcome == "authenticates":
        return _ask_for_authentication(call, session, intent)
    if card.outcome == "declines":
        return _decline(call, intent, method, card)
    return _complete(call, session, intent, card, is_3ds=False)


def authenticate(call: Call, session: Object, *, is_granted: bool) -> Object:
    """Finish 3-D Secure: charge the card, or ask for another. Raises StripeError (400)."""
    _check_open(call, session)
    intent = _waiting_intent(call, session)
    intent["next_action"] = None
    if is_granted:
        method = call.own("payment_method", intent["payment_method"])
        return _complete(call, session, intent, _authenticating_card(method), is_3ds=True)
    method = call.own("payment_method", intent["payment_method"])
    intent["last_payment_error"] = payment_error(AUTHENTICATION_FAILED, charge=None, method=method)
    return _ask_for_another_card(call, intent)


def _check_open(call: Call, session: Object) -> None:
    is_late = session["status"] == "open" and session["expires_at"] <= call.now
    status = "expired" if is_late else session["status"]
    if status != "open":
        message = f"This Checkout Session is {status} and takes no payment."
        raise StripeError(400, message, code="session_not_open")


def _waiting_intent(call: Call, session: Object) -> Object:
    intent = call.tx.get("payment_intent", session["payment_intent"] or "", call.account)
    if intent is None or intent["status"] != "requires_action":
        raise StripeError(400, "No payment waits for authentication.", code="no_authentication")
    return intent


def _authenticating_card(method: Object) -> Card:
    card = card_of("4000002500003155")
    return Card(
        card.number,
        method["card"]["brand"],
        "succeeds",
        card.label,
        exp_month=method["card"]["exp_month"],
        exp_year=method["card"]["exp_year"],
    )


def _intent_of(call: Call, session: Object, payer: Payer) -> Object:
    """The session's PaymentIntent; like Stripe, made when somebody first tries to pay."""
    if session["payment_intent"]:
        return call.own("payment_intent", session["payment_intent"])
    wishes = call.tx.get("checkout.wishes", "wishes_" + session["id"]) or {}
    if session["customer_creation"] == "always" and session["customer"] is None:
        session["customer"] = customers.insert(call, email=payer.email, name=payer.name)["id"]
    intent = shaped(
        "payment_intent",
        now=call.now,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        application=call.application if call.is_connected else None,
        application_fee_amount=wishes.get("application_fee_amount"),
        description=wishes.get("description"),
        metadata=wishes.get("metadata") or {},
        receipt_email=wishes.get("receipt_email"),
    )
    intent["client_secret"] = f"{intent['id']}_secret_{random_text(25)}"
    call.tx.insert(call.account, intent)
    session["payment_intent"] = intent["id"]
    call.tx.save(session)
    events.emit(call, "payment_intent.created", intent)
    return intent


def _ask_for_authentication(call: Call, session: Object, intent: Object) -> Object:
    url = f"{call.public_url}/c/pay/{session['id']}/authenticate"
    intent.update(
        status="requires_action",
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {"url": url, "return_url": session["url"]},
        },
    )
    call.tx.save(intent)
    events.emit(call, "payment_intent.requires_action", intent)
    return intent


def _decline(call: Call, intent: Object, method: Object, card: Card) -> Object:
    assert card.decline is not None
    charge = charges.fail(call, intent, method, card)
    intent["latest_charge"] = charge["id"]
    intent["last_payment_error"] = payment_error(card.decline, charge=charge["id"], method=method)
    return _ask_for_another_card(call, intent)


def _ask_for_another_card(call: Call, intent: Object) -> Object:
    intent.update(status="requires_payment_method", payment_method=None)
    call.tx.save(intent)
    events.emit(call, "payment_intent.payment_failed", intent)
    return intent


def _complete(call: Call, session: Object, intent: Object, card: Card, *, is_3ds: bool) -> Object:
    method = call.own("payment_method", intent["payment_method"])
    charge = charges.succeed(call, intent, method, card, is_3ds=is_3ds)
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
    )
    call.tx.save(intent)
    session.update(
        status="complete",
        payment_status="paid",
        url=None,
        customer_details=_details(method["billing_details"]),
    )
    call.tx.save(session)
    events.emit(call, "payment_intent.succeeded", intent)
    events.emit(call, "checkout.session.completed", session)
    if card.dispute:
        disputes.open_dispute(call, charge, card.dispute)
    return intent


def _details(billing: Object) -> Object:
    return {
        "address": dict(billing["address"]),
        "business_name": None,
        "email": billing["email"],
        "individual_name": None,
        "name": billing["name"],
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def retrieve(call: Call, id: str) -> Object:
    """GET /v1/payment_intents/{id}."""
    return call.own("payment_intent", id)


def listed(call: Call) -> Object:
    """GET /v1/payment_intents, by customer."""
    params = call.checked(_ListParams)
    url = "/v1/payment_intents"
    return page(call, "payment_intent", url, params, customer=params.customer)


def retrieve_method(call: Call, id: str) -> Object:
    """GET /v1/payment_methods/{id}."""
    return call.own("payment_method", id)


ROUTES = [
    Route("GET", "/v1/payment_intents", listed),
    Route("GET", "/v1/payment_intents/{id}", retrieve),
    Route("GET", "/v1/payment_methods/{id}", retrieve_method),
]
