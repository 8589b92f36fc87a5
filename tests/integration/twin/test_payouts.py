"""Payouts and the balance transactions that they are made of, as the SDK reads them."""

from __future__ import annotations

from functools import partial

import pytest

from tests.integration.twin.running import Json, Receiver, Twin, eventually, paid_intent

DAY = 24 * 3600


@pytest.fixture
def account(twin: Twin) -> str:
    """A connected account of its own, with nothing on it."""
    return twin.client().v1.accounts.create({"country": "DE", "default_currency": "eur"}).id


def movements(twin: Twin, account: str, **how: object) -> list[Json]:
    """All of an account's balance transactions, two a page."""
    asked: dict[str, object] = {"limit": 2, **how}
    client = twin.client()
    listed = client.v1.balance_transactions.list(asked, {"stripe_account": account})  # type: ignore[arg-type]
    return [one.to_dict() for one in listed.auto_paging_iter()]


def test_a_payout_is_what_was_available_and_names_its_parts(twin: Twin, account: str) -> None:
    """Charges, a refund, a fee of Stripe's: paid out whole, nothing twice, then nothing left."""
    for _ in range(2):
        intent = paid_intent(twin, account, payment_intent_data={"application_fee_amount": 450})
    client, on = twin.client(), {"stripe_account": account}
    client.v1.refunds.create({"payment_intent": intent, "amount": 3000}, on)  # type: ignore[arg-type]
    fee = {"account": account, "type": "stripe_fee", "amount": -200, "currency": "eur"}
    twin.control("POST", "/balance", fee)
    assert twin.control("POST", "/payouts", {"account": account}) != []  # the refund was at once
    twin.control("POST", "/clock", {"advance": 2 * DAY})
    [payout] = twin.control("POST", "/payouts", {"account": account})
    assert twin.control("POST", "/payouts", {"account": account}) == []
    parts = movements(twin, account, payout=payout["id"])
    assert [part["type"] for part in parts] == ["payout", "charge", "charge"]
    assert sum(part["net"] for part in parts) == 0
    assert payout["amount"] == 2 * (9000 - 160 - 450)
    assert {one["type"] for one in movements(twin, account)} == {
        "charge", "refund", "stripe_fee", "payout"
    }  # fmt: skip
    left = client.v1.balance.retrieve(options=on).available  # type: ignore[arg-type]
    assert [part.amount for part in left] == [0]


def test_a_failed_payout_comes_back_to_the_balance(
    twin: Twin, account: str, receiver: Receiver
) -> None:
    """Paid, then sent back by the bank: a movement of its own, and a webhook for each step."""
    paid_intent(twin, account)
    [payout] = twin.control("POST", "/payouts", {"account": account, "with_pending": True})
    for status in ("paid", "failed", "failed"):
        ended = twin.control("POST", "/payouts/end", {"payout": payout["id"], "status": status})
    assert ended["failure_code"] == "account_closed"
    back = movements(twin, account, type="payout_failure")
    assert [(one["amount"], one["source"]) for one in back] == [(8840, payout["id"])]
    for kind in ("payout.created", "payout.paid", "payout.failed"):
        assert len(eventually(partial(receiver.events, kind, payout["id"]))) == 1


def test_the_daily_switch_pays_out_once_a_day(twin: Twin, account: str) -> None:
    """On the day that the charge is available, once; the day after the bank has it."""
    paid_intent(twin, account)
    client, on = twin.client(), {"stripe_account": account}
    twin.control("POST", "/payouts/daily", {"is_on": True})
    try:
        twin.control("POST", "/clock", {"advance": 2 * DAY})
        [made] = eventually(lambda: client.v1.payouts.list({}, on).data)  # type: ignore[arg-type]
        assert (made.amount, made.status, made.automatic) == (8840, "in_transit", True)
        twin.control("POST", "/clock", {"advance": DAY})
        paid = {"status": "paid"}
        assert eventually(lambda: client.v1.payouts.list(paid, on).data)  # type: ignore[arg-type]
        assert len(client.v1.payouts.list({}, on).data) == 1  # type: ignore[arg-type]
    finally:
        twin.control("POST", "/payouts/daily", {"is_on": False})


def test_a_fee_given_back_alone_adjusts_the_connected_balance(twin: Twin, account: str) -> None:
    """The platform returns a third of its fee: an adjustment there, never more than is left."""
    intent = paid_intent(twin, account, payment_intent_data={"application_fee_amount": 450})
    client = twin.client()
    [fee] = [
        one
        for one in client.v1.application_fees.list({"limit": 100}).data
        if one.account == account
    ]
    client.v1.application_fees.refunds.create(fee.id, {"amount": 150})
    [back] = movements(twin, account, type="adjustment")
    assert (back["amount"], back["reporting_category"]) == (150, "fee")
    assert intent
