"""Refunds: never above what was captured, the platform's fee in proportion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.integration.twin.running import ON_BERLIN, Twin, paid_intent


def test_a_partial_refund_gives_back_the_fee_in_proportion(twin: Twin) -> None:
    """A third of 90.00 gives back a third of 4.50; the processing fee stays with Stripe."""
    intent = paid_intent(twin, payment_intent_data={"application_fee_amount": 450})
    client = twin.client()
    refund = client.v1.refunds.create(
        {
            "payment_intent": intent,
            "amount": 3000,
            "refund_application_fee": True,
            "expand": ["balance_transaction", "charge"],
        },
        ON_BERLIN,
    )
    movement, charge = refund.balance_transaction, refund.charge
    assert isinstance(movement, stripe.BalanceTransaction)
    assert (movement.amount, movement.fee, movement.net) == (-3000, -150, -2850)
    assert isinstance(charge, stripe.Charge)
    assert (charge.amount_refunded, charge.refunded) == (3000, False)
    assert isinstance(charge.application_fee, str)
    fee = client.v1.application_fees.retrieve(charge.application_fee)
    assert (fee.amount_refunded, fee.refunded) == (150, False)
    client.v1.refunds.create({"charge": charge.id, "refund_application_fee": True}, ON_BERLIN)
    assert client.v1.application_fees.retrieve(fee.id).refunded
    found = client.v1.refunds.list({"payment_intent": intent}, ON_BERLIN).data
    assert sorted(part.amount for part in found) == [3000, 6000]
    assert client.v1.refunds.retrieve(refund.id, None, ON_BERLIN).amount == 3000


def test_refunds_never_exceed_what_was_captured(twin: Twin) -> None:
    """Too much is refused in Stripe's words; a refunded charge has nothing left."""
    intent, client = paid_intent(twin), twin.client()
    client.v1.refunds.create({"payment_intent": intent, "amount": 4000}, ON_BERLIN)
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded") as much:
        client.v1.refunds.create({"payment_intent": intent, "amount": 5001}, ON_BERLIN)
    assert much.value.param == "amount"
    client.v1.refunds.create({"payment_intent": intent}, ON_BERLIN)
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create({"payment_intent": intent}, ON_BERLIN)
    assert again.value.code == "charge_already_refunded"


def test_racing_refunds_together_stay_within_the_charge(twin: Twin) -> None:
    """Ten at once of a quarter each: exactly four go through."""
    intent = paid_intent(twin, amount=8000)

    def refund(_: int) -> bool:
        try:
            twin.client().v1.refunds.create({"payment_intent": intent, "amount": 2000}, ON_BERLIN)
        except stripe.InvalidRequestError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(refund, range(10))) == 4
    charge = twin.client().v1.charges.list({"payment_intent": intent}, ON_BERLIN).data[0]
    assert (charge.amount_refunded, charge.refunded) == (8000, True)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "charge"),
        ({"payment_intent": "pi_none"}, "payment_intent"),
        ({"charge": "ch_none"}, "charge"),
        ({"charge": "ch_none", "amount": 0}, "amount"),
        ({"charge": "ch_none", "reason": "mood"}, "reason"),
    ],
)
def test_a_bad_refund_names_its_parameter(
    twin: Twin, params: dict[str, object], param: str
) -> None:
    """A 400 each, never a refund."""
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        twin.client().v1.refunds.create(params, ON_BERLIN)  # type: ignore[arg-type]
    assert (refusal.value.http_status, refusal.value.param) == (400, param)
