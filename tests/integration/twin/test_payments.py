"""Paying: what the SDK sees of sessions, cards, charges, fees and balances."""

from __future__ import annotations

import time
import urllib.error

import httpx
import pytest
import stripe

from tests.integration.twin.running import (
    BERLIN,
    KEY,
    ON_BERLIN,
    TOKYO,
    Twin,
    open_session,
    order,
    paid_intent,
)

SUM_EXPAND = "payment_intent.latest_charge.balance_transaction"


def test_a_paid_session_leads_to_a_charge_whose_fees_add_up(twin: Twin) -> None:
    """90.00: 1.35 + 0.25 to the processor, 4.50 to the platform, 83.90 to the practice."""
    fields = {"application_fee_amount": 450, "metadata": {"payment": "p1"}, "description": "Visit"}
    session = open_session(twin, payment_intent_data=fields, client_reference_id="ref-1")
    assert (session.status, session.payment_status, session.payment_intent) == (
        "open",
        "unpaid",
        None,
    )
    twin.pay(session.id)
    done = twin.client().v1.checkout.sessions.retrieve(
        session.id, {"expand": [SUM_EXPAND, "line_items"]}, ON_BERLIN
    )
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert done.client_reference_id == "ref-1"
    assert done.line_items is not None
    assert done.line_items.data[0].amount_total == 9000
    intent = done.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert intent.metadata["payment"] == "p1"
    assert intent.description == "Visit"
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    movement = charge.balance_transaction
    assert isinstance(movement, stripe.BalanceTransaction)
    assert (movement.amount, movement.fee, movement.net) == (9000, 610, 8390)
    assert {part.type: part.amount for part in movement.fee_details} == {
        "stripe_fee": 160,
        "application_fee": 450,
    }


def test_the_platform_gets_its_fee_on_its_own_balance(twin: Twin) -> None:
    """The application fee is an object of the platform, not of the connected account."""
    intent = paid_intent(twin, payment_intent_data={"application_fee_amount": 450})
    charge = twin.client().v1.charges.list({"payment_intent": intent}, ON_BERLIN).data[0]
    own = twin.client().v1.application_fees.list({"charge": charge.id})
    assert [(fee.amount, fee.account) for fee in own.data] == [(450, BERLIN)]
    assert twin.client().v1.application_fees.list({"charge": charge.id}, ON_BERLIN).data == []


def test_a_currency_without_decimals_is_charged_in_whole_units(twin: Twin) -> None:
    """8,000 yen: 120 + 25 of fees; nothing is multiplied by a hundred."""
    intent = paid_intent(twin, TOKYO, amount=8000, currency="jpy")
    charge = (
        twin.client()
        .v1.charges.list(
            {"payment_intent": intent, "expand": ["data.balance_transaction"]},
            {"stripe_account": TOKYO},
        )
        .data[0]
    )
    movement = charge.balance_transaction
    assert isinstance(movement, stripe.BalanceTransaction)
    assert (movement.amount, movement.fee, movement.net) == (8000, 145, 7855)


def test_the_balance_is_the_sum_of_its_transactions(twin: Twin) -> None:
    """Pending at first, available two days later."""
    client = twin.client()
    paid_intent(twin)
    rows = client.v1.balance_transactions.list({"limit": 100}, ON_BERLIN).auto_paging_iter()
    total = sum(row.net for row in rows)
    balance = client.v1.balance.retrieve(options=ON_BERLIN)
    pending = sum(part.amount for part in balance.pending if part.currency == "eur")
    available = sum(part.amount for part in balance.available if part.currency == "eur")
    assert pending + available == total
    twin.control("POST", "/clock", {"advance": 3 * 24 * 3600})
    later = client.v1.balance.retrieve(options=ON_BERLIN)
    assert {part.currency: part.amount for part in later.available}["eur"] == total


@pytest.mark.parametrize(
    ("card", "code"),
    [("4000000000000002", "generic_decline"), ("4000000000009995", "insufficient_funds")],
)
def test_a_declined_card_leaves_the_session_open_and_charges_nothing(
    twin: Twin, card: str, code: str
) -> None:
    """The failed charge is kept and the same PaymentIntent can be paid with another card."""
    session = open_session(twin)
    declined = twin.pay(session.id, card=card)["payment_intent"]
    assert declined["status"] == "requires_payment_method"
    assert declined["last_payment_error"]["decline_code"] == code
    assert declined["amount_received"] == 0
    paid = twin.pay(session.id)["payment_intent"]
    assert (paid["id"], paid["status"]) == (declined["id"], "succeeded")
    charges = twin.client().v1.charges.list({"payment_intent": paid["id"]}, ON_BERLIN).data
    assert [charge.status for charge in charges] == ["succeeded", "failed"]
    assert sum(charge.amount_captured for charge in charges) == 9000


def test_three_d_secure_can_fail_and_then_succeed(twin: Twin) -> None:
    """A failed authentication makes no charge at all."""
    session = open_session(twin)
    failed = twin.pay(session.id, card="4000002500003155", authenticate="fail")["payment_intent"]
    assert failed["last_payment_error"]["code"] == "payment_intent_authentication_failure"
    assert failed["latest_charge"] is None
    passed = twin.pay(session.id, card="4000002500003155")["payment_intent"]
    charge = twin.client().v1.charges.retrieve(passed["latest_charge"], None, ON_BERLIN)
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    assert charge.payment_method_details.card.three_d_secure is not None
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


def test_a_session_is_paid_once(twin: Twin) -> None:
    """A second payment is refused, and there is still one charge."""
    session = open_session(twin)
    intent = twin.pay(session.id)["payment_intent"]["id"]
    with pytest.raises(urllib.error.HTTPError):
        twin.pay(session.id)
    assert len(twin.client().v1.charges.list({"payment_intent": intent}, ON_BERLIN).data) == 1


@pytest.mark.parametrize(
    ("change", "param", "words"),
    [
        ({"expires_at": int(time.time()) + 60}, "expires_at", "at least 30 minutes"),
        ({"expires_at": int(time.time()) + 90_000}, "expires_at", "less than 24 hours"),
        ({"line_items": []}, "line_items", "Missing required param"),
        ({"colour": "red"}, "colour", "unknown parameter"),
        ({"mode": "subscription"}, "mode", "Invalid mode"),
        ({"success_url": "javascript:alert(1)"}, "success_url", "Invalid success_url"),
        ({"customer_email": "nobody"}, "customer_email", "Invalid customer_email"),
        (
            {"payment_intent_data": {"application_fee_amount": 9001}},
            "payment_intent_data[application_fee_amount]",
            "greater than",
        ),
        ({"amount": 10}, "line_items", "too small"),
        ({"currency": "xxx"}, "line_items[0][price_data][currency]", "Invalid currency"),
        ({"amount": "many"}, "line_items[0][price_data][unit_amount]", "Invalid integer"),
    ],
)
def test_a_bad_parameter_is_named_and_nothing_is_made(
    twin: Twin, change: dict[str, object], param: str, words: str
) -> None:
    """Each refusal is a 400 that names the parameter."""
    client = twin.client()
    before = client.v1.checkout.sessions.list({"limit": 1}, ON_BERLIN).data
    amount, currency = change.pop("amount", 9000), change.pop("currency", "eur")
    wanted = order(amount, currency=currency, **change)  # type: ignore[arg-type]
    with pytest.raises(stripe.InvalidRequestError, match=words) as refusal:
        client.v1.checkout.sessions.create(wanted, ON_BERLIN)
    assert (refusal.value.http_status, refusal.value.param) == (400, param)
    assert client.v1.checkout.sessions.list({"limit": 1}, ON_BERLIN).data == before


def test_an_application_fee_needs_a_connected_account(twin: Twin) -> None:
    """On the platform's own charges there is nobody to take a fee from."""
    wanted = order(payment_intent_data={"application_fee_amount": 10})
    with pytest.raises(stripe.InvalidRequestError, match="direct payment"):
        twin.client().v1.checkout.sessions.create(wanted)


def test_keys_accounts_and_ids_are_checked_as_stripe_does(twin: Twin) -> None:
    """401 for a wrong key, 403 for a foreign account, 404 for an id of another account."""
    session = open_session(twin)
    with pytest.raises(stripe.AuthenticationError) as unknown:
        twin.client(key="sk_test_wrong_0123456789").v1.balance.retrieve()
    assert unknown.value.http_status == 401
    with pytest.raises(stripe.PermissionError) as foreign:
        twin.client().v1.balance.retrieve(options={"stripe_account": "acct_nobody"})
    assert foreign.value.http_status == 403
    with pytest.raises(stripe.InvalidRequestError, match="No such checkout") as hidden:
        twin.client().v1.checkout.sessions.retrieve(session.id, None, {"stripe_account": TOKYO})
    assert (hidden.value.http_status, hidden.value.code) == (404, "resource_missing")


def test_lists_page_through_everything_once(twin: Twin) -> None:
    """Forward by auto-paging, backward by `ending_before`; newest first."""
    client = twin.client()
    made = [client.v1.customers.create({"email": "page@example.com"}).id for _ in range(5)]
    pages = client.v1.customers.list({"email": "page@example.com", "limit": 2})
    assert [found.id for found in pages.auto_paging_iter()] == made[::-1]
    back = client.v1.customers.list(
        {"email": "page@example.com", "limit": 2, "ending_before": made[0]}
    )
    assert [found.id for found in back.data] == [made[2], made[1]]
    assert back.has_more


def test_accounts_and_customers_can_be_made_and_changed(twin: Twin) -> None:
    """Metadata merges, an empty value removes its key."""
    client = twin.client()
    made = client.v1.accounts.create({"type": "standard", "country": "GB", "email": "a@b.example"})
    assert (made.default_currency, made.charges_enabled) == ("gbp", True)
    assert client.v1.accounts.retrieve(made.id).email == "a@b.example"
    on_made: stripe.RequestOptions = {"stripe_account": made.id}
    customer = client.v1.customers.create({"name": "Jo", "metadata": {"a": "1", "b": "2"}}, on_made)
    client.v1.customers.update(customer.id, {"metadata": {"a": "", "c": "3"}}, on_made)
    found = client.v1.customers.retrieve(customer.id, None, on_made)
    assert found.metadata is not None
    assert found.metadata.to_dict() == {"b": "2", "c": "3"}
    session = client.v1.checkout.sessions.create(
        order(customer=customer.id, customer_email=None, currency="gbp"), on_made
    )
    assert twin.pay(session.id)["payment_intent"]["customer"] == customer.id


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=x",
        "created=9999999999999999999999",
        "created[gte]=-1",
        "a[b=1",
        "created[gte][lt]=1",
        "starting_after=cus_none",
        "expand[]=name",
        "x[²]=1",
        "a[b]=1&a=2",
        "expand[]=" + "a." * 9 + "b",
        "[" * 50,
        "expand=data",
        "limit[]=1",
    ],
)
def test_a_broken_query_is_refused_and_never_a_server_error(twin: Twin, query: str) -> None:
    """400 with Stripe's error body."""
    twin.client().v1.customers.create({"name": "Jo"})
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = httpx.get(f"{twin.url}/v1/customers?{query}", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_basic_auth_works_and_a_missing_key_is_told(twin: Twin) -> None:
    """The key as the user name; without any, 401 says how to send one."""
    assert httpx.get(f"{twin.url}/v1/balance", auth=(KEY, "")).status_code == 200
    nobody = httpx.get(f"{twin.url}/v1/balance")
    assert nobody.status_code == 401
    assert "did not provide an API key" in nobody.json()["error"]["message"]
    assert httpx.get(f"{twin.url}/v1/nothing", auth=(KEY, "")).status_code == 404
