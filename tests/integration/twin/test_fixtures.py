"""The twin's objects beside Stripe's published samples (fixtures/LICENSE).

How they are compared:
1. Every field of the sample is there, at every depth where both sides hold an object.
2. Where both hold a value, it has the same JSON kind; an id may stand for the object that it
   names, and the other way round (`expand`).
3. Null where the sample has a value is right only if the SDK's type of the field allows None:
   the samples do not say what may be null, the SDK's types (made from the same source) do.
4. A value where the sample is null must fit the SDK's type of the field.
Free maps (`metadata`) ask only to be objects; their keys are the caller's.
"""

from __future__ import annotations

import inspect
import json
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.integration.twin.running import BERLIN, ON_BERLIN, Json, Twin, open_session

SAMPLES: Json = json.loads(
    (Path(__file__).parent / "fixtures" / "stripe_objects.json").read_text("utf-8")
)
CLASSES: dict[str, type] = {
    "account": stripe.Account,
    "application_fee": stripe.ApplicationFee,
    "balance": stripe.Balance,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "fee_refund": stripe.ApplicationFeeRefund,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "refund": stripe.Refund,
}
# An event's `data` holds an object of whatever kind the event is about.
OPAQUE = {("event", "data")}


def differences(sample: Any, ours: Any, cls: Any, where: str) -> list[str]:
    """What of the sample our object lacks or has otherwise, by path."""
    found = []
    for name, value in sample.items():
        here = f"{where}.{name}"
        if name not in ours:
            found.append(f"{here} is missing")
        else:
            found += _compared(value, ours[name], _type_of(cls, name), here)
    return found


def _compared(sample: Any, ours: Any, declared: Any, here: str) -> list[str]:
    if ours is None:
        is_allowed = sample is None or declared is None or type(None) in _parts(declared)
        return [] if is_allowed else [f"{here} is null"]
    if sample is None:
        kinds = {kind for part in _parts(declared) if (kind := _json_kind(part))}
        is_fit = not kinds or _kind(ours) in kinds
        return [] if is_fit else [f"{here} is {_kind(ours)}, declared {sorted(kinds)}"]
    if {_kind(sample), _kind(ours)} == {"string", "object"} and (
        "id" in (sample if isinstance(sample, dict) else ours)
    ):
        return []
    if _kind(sample) != _kind(ours):
        return [f"{here} is {_kind(ours)}, not {_kind(sample)}"]
    if here.endswith(".metadata"):
        return []
    if isinstance(sample, dict) and tuple(here.rsplit(".", 2)[-2:]) not in OPAQUE:
        return differences(sample, ours, _class_in(declared), here)
    if isinstance(sample, list) and sample and ours and isinstance(sample[0], dict):
        return differences(sample[0], ours[0], _class_in(declared), here + "[0]")
    return []


def _type_of(cls: Any, name: str) -> Any:
    for base in getattr(cls, "__mro__", ()):
        if name in (declared := inspect.get_annotations(base)):
            return declared[name]
    return None


def _parts(declared: Any) -> tuple[Any, ...]:
    if typing.get_origin(declared) is typing.Union:
        return typing.get_args(declared)
    return (declared,)


def _class_in(declared: Any) -> Any:
    for part in _parts(declared):
        inner = typing.get_args(part)[0] if typing.get_origin(part) is list else part
        if isinstance(inner, type) and issubclass(inner, stripe.StripeObject):
            return inner
    return None


def _json_kind(part: Any) -> str | None:
    if typing.get_origin(part) is typing.Literal or part is str:
        return "string"
    if typing.get_origin(part) is list:
        return "list"
    if part in (int, float, bool):
        return "boolean" if part is bool else "number"
    return None if part is type(None) else "object"


def _kind(value: Any) -> str:
    """The JSON kind; the SDK makes a Decimal of what travels as a string."""
    for kind, types in (("boolean", bool), ("number", (int, float)), ("string", (str, Decimal))):
        if isinstance(value, types):
            return kind
    return "list" if isinstance(value, list) else "object"


def disputed(twin: Twin) -> Json:
    """A dispute of a charge that was paid with a card for it."""
    intent = twin.pay(open_session(twin).id, card="4000000000000259")["payment_intent"]
    listed = twin.client().v1.disputes.list({"payment_intent": intent["id"]}, ON_BERLIN)
    return listed.data[0].to_dict()


@pytest.fixture
def objects(twin: Twin) -> dict[str, Json]:
    """One of each kind, as they come over the wire after a paid and refunded session."""
    client = twin.client()
    customer = client.v1.customers.create({"name": "Jo"}, ON_BERLIN)
    session = open_session(
        twin,
        customer=customer.id,
        customer_email=None,
        payment_intent_data={"application_fee_amount": 450, "description": "Visit"},
    )
    twin.pay(session.id)
    found = client.v1.checkout.sessions.retrieve(
        session.id,
        {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]},
        ON_BERLIN,
    ).to_dict()
    intent = found["payment_intent"]
    refund = client.v1.refunds.create(
        {"payment_intent": intent["id"], "refund_application_fee": True}, ON_BERLIN
    )
    charge = intent["latest_charge"]
    fee = client.v1.application_fees.retrieve(charge["application_fee"]).to_dict()
    return {
        "account": client.v1.accounts.retrieve(BERLIN).to_dict(),
        "application_fee": fee,
        "balance": client.v1.balance.retrieve(options=ON_BERLIN).to_dict(),
        "balance_transaction": charge["balance_transaction"],
        "charge": client.v1.charges.retrieve(charge["id"], None, ON_BERLIN).to_dict(),
        "checkout.session": found,
        "customer": customer.to_dict(),
        "dispute": disputed(twin),
        "event": client.v1.events.list({"limit": 1}, ON_BERLIN).data[0].to_dict(),
        "fee_refund": fee["refunds"]["data"][0],
        "item": found["line_items"]["data"][0],
        "payment_intent": intent,
        "payment_method": client.v1.payment_methods.retrieve(
            charge["payment_method"], None, ON_BERLIN
        ).to_dict(),
        "refund": refund.to_dict(),
    }


def test_every_object_has_the_fields_and_types_of_stripes_samples(
    objects: dict[str, Json],
) -> None:
    """All fourteen kinds, at every depth."""
    assert objects.keys() == CLASSES.keys()
    wrong = [
        line
        for kind, ours in objects.items()
        for line in differences(SAMPLES[kind], ours, CLASSES[kind], kind)
    ]
    assert wrong == []


def test_open_and_declined_objects_fit_too(twin: Twin) -> None:
    """Before paying, and after a card said no."""
    session = open_session(twin)
    kind = "checkout.session"
    assert differences(SAMPLES[kind], session.to_dict(), CLASSES[kind], kind) == []
    intent = twin.pay(session.id, card="4000000000000002")["payment_intent"]
    assert differences(SAMPLES["payment_intent"], intent, stripe.PaymentIntent, "intent") == []
    charge = twin.client().v1.charges.retrieve(intent["latest_charge"], None, ON_BERLIN).to_dict()
    assert differences(SAMPLES["charge"], charge, stripe.Charge, "charge") == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"amount": "100"}, "charge.amount is string, not number"),
        ({"currency": None}, "charge.currency is null"),
        ({"billing_details": {"email": None}}, "charge.billing_details.address is missing"),
        ({"failure_code": 7}, "charge.failure_code is number, declared ['string']"),
    ],
)
def test_the_comparison_sees_what_is_wrong(
    objects: dict[str, Json], change: Json, told: str
) -> None:
    """The guard's own test: each spoiled field is told by its path."""
    spoiled = objects["charge"] | change
    assert told in differences(SAMPLES["charge"], spoiled, stripe.Charge, "charge")
    del spoiled["amount"]
    assert "charge.amount is missing" in differences(
        SAMPLES["charge"], spoiled, stripe.Charge, "charge"
    )
