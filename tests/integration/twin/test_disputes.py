"""Disputes and refunds that fail: what they move, and what is told of them."""

from __future__ import annotations

import pytest
import stripe

from tests.integration.twin.running import ON_BERLIN, Json, Twin, open_session


def disputed(twin: Twin, card: str = "4000000000000259") -> stripe.Dispute:
    """The dispute of a charge of 90.00 that was just paid."""
    intent = twin.pay(open_session(twin).id, card=card)["payment_intent"]["id"]
    [dispute] = twin.client().v1.disputes.list({"payment_intent": intent}, ON_BERLIN).data
    return dispute


def told_of(twin: Twin, dispute: stripe.Dispute) -> list[str]:
    """The kinds of events about it, oldest first."""
    found = twin.client().v1.events.list({"limit": 100}, ON_BERLIN).data
    about = [str(one.type) for one in found if one.data.object["id"] == dispute.id]
    return about[::-1]


def net_of(twin: Twin, dispute: stripe.Dispute) -> int:
    """What it moved on the balance in all."""
    params: Json = {"source": dispute.id}
    moved = twin.client().v1.balance_transactions.list(params, ON_BERLIN).data  # type: ignore[arg-type]
    return sum(one.net for one in moved)


def test_a_disputed_charge_leaves_the_balance_with_a_fee(twin: Twin) -> None:
    """At once: the amount and 15.00; it waits nine days, and is not refunded beside."""
    dispute = disputed(twin)
    assert (dispute.status, dispute.reason) == ("needs_response", "fraudulent")
    assert net_of(twin, dispute) == -dispute.amount - 1500
    assert [one.fee for one in dispute.balance_transactions] == [1500]
    assert told_of(twin, dispute) == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        twin.client().v1.refunds.create({"charge": str(dispute.charge)}, ON_BERLIN)
    assert refused.value.code == "charge_disputed"


@pytest.mark.parametrize(("words", "status", "net"), [
    ("winning_evidence", "won", -1500), ("losing_evidence", "lost", None),
])  # fmt: skip
def test_evidence_decides_by_its_words(twin: Twin, words: str, status: str, net: int) -> None:
    """As in Stripe's test mode: won it comes back without the fee, lost it stays away."""
    dispute = disputed(twin, "4000000000002685")
    client = twin.client()
    done = client.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": words}, "submit": True}, ON_BERLIN
    )
    assert done.status == status
    assert net_of(twin, dispute) == (net or -dispute.amount - 1500)
    assert told_of(twin, dispute)[2:4] == ["charge.dispute.updated", "charge.dispute.closed"]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.close(dispute.id, {}, ON_BERLIN)


def test_a_dispute_is_accepted_or_decided_by_the_switch(twin: Twin) -> None:
    """Closed it is lost; evidence without those words lies with the bank until it decides."""
    client = twin.client()
    assert client.v1.disputes.close(disputed(twin).id, {}, ON_BERLIN).status == "lost"
    waiting = disputed(twin)
    params: Json = {"evidence": {"uncategorized_text": "It took place."}}
    assert client.v1.disputes.update(waiting.id, params, ON_BERLIN).status == "under_review"  # type: ignore[arg-type]
    decided = twin.control("POST", "/disputes/decide", {"dispute": waiting.id, "outcome": "won"})
    assert decided["status"] == "won"


def test_an_inquiry_moves_nothing(twin: Twin) -> None:
    """The bank only asks: no money leaves, and the charge can be refunded."""
    dispute = disputed(twin, "4000000000001976")
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    twin.client().v1.refunds.create({"charge": str(dispute.charge)}, ON_BERLIN)


def test_a_refund_to_a_closed_card_fails_after_it_was_made(twin: Twin) -> None:
    """Answered as made, then failed: the amount is back on the balance, the charge can be refunded
    again."""
    intent = twin.pay(open_session(twin).id, card="4000000000005126")["payment_intent"]["id"]
    client = twin.client()
    made = client.v1.refunds.create({"payment_intent": intent}, ON_BERLIN)
    assert made.status == "succeeded"
    failed = client.v1.refunds.retrieve(
        made.id, {"expand": ["failure_balance_transaction"]}, ON_BERLIN
    )
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    back = failed.failure_balance_transaction
    assert isinstance(back, stripe.BalanceTransaction)
    assert back.net == made.amount
    charge = client.v1.charges.retrieve(str(made.charge), None, ON_BERLIN)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
