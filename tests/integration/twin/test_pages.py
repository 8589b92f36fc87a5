"""The payment page, used the way a browser without JavaScript uses it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.twin.running import ON_BERLIN, Twin, open_session

CARD = {"expiry": "12 / 34", "cvc": "123", "name": "Jo"}


@pytest.fixture
def browser(twin: Twin) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=twin.url) as client:
        yield client


def test_the_page_shows_what_is_paid_and_leads_on_after_paying(
    twin: Twin, browser: httpx.Client
) -> None:
    """Amount, item and practice are there; the id is filled into the success address."""
    session = open_session(twin)
    page = browser.get(f"/c/pay/{session.id}")
    for shown in (
        "Test payment page",
        "€90.00",
        "Appointment, 50 minutes",
        "Praxis Berlin",
        "jo@example.com",
        "http://127.0.0.1:9/back",
    ):
        assert shown in page.text
    assert "<script" not in page.text
    assert "form-action 'self' http://127.0.0.1:9;" in page.headers["content-security-policy"]
    done = browser.post(f"/c/pay/{session.id}", data=CARD | {"number": "4242 4242 4242 4242"})
    assert done.status_code == 303
    assert done.headers["location"] == f"http://127.0.0.1:9/done?s={session.id}"
    again = browser.get(f"/c/pay/{session.id}")
    assert "already paid" in again.text


def test_a_declined_card_shows_why_and_the_next_one_pays(twin: Twin, browser: httpx.Client) -> None:
    """The page comes back with the reason."""
    url = f"/c/pay/{open_session(twin).id}"
    poor = browser.post(url, data={"test_card": "4000000000009995"}, follow_redirects=True)
    assert "insufficient funds" in poor.text
    paid = browser.post(url, data={"test_card": "4242424242424242"})
    assert paid.headers["location"].startswith("http://127.0.0.1:9/done")


def test_three_d_secure_is_a_page_of_its_own(twin: Twin, browser: httpx.Client) -> None:
    """Failing leads back, completing leads on."""
    url = f"/c/pay/{open_session(twin).id}"
    asked = browser.post(url, data=CARD | {"number": "4000002500003155"})
    assert asked.headers["location"] == url + "/authenticate"
    assert "Complete authentication" in browser.get(url + "/authenticate").text
    failed = browser.post(url + "/authenticate", data={"answer": "fail"}, follow_redirects=True)
    assert "unable to authenticate" in failed.text
    browser.post(url, data=CARD | {"number": "4000002500003155"})
    passed = browser.post(url + "/authenticate", data={"answer": "complete"})
    assert passed.headers["location"].startswith("http://127.0.0.1:9/done")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "4242 4242 4242 4241"}, "card number is invalid"),
        ({"number": "4242424242424242", "expiry": "13 / 34"}, "expiration date is invalid"),
        ({"number": "4242424242424242", "expiry": "01 / 20"}, "in the past"),
        ({"number": "4242424242424242", "cvc": "1"}, "security code is invalid"),
        ({"number": "4242424242424242", "expiry": "²² / 34"}, "expiration date is invalid"),
    ],
)
def test_what_is_typed_wrong_is_named_and_nothing_is_charged(
    twin: Twin, browser: httpx.Client, typed: dict[str, str], words: str
) -> None:
    """422 with the words, and no PaymentIntent is made."""
    session = open_session(twin)
    page = browser.post(f"/c/pay/{session.id}", data=CARD | typed)
    assert page.status_code == 422
    assert words in page.text
    found = twin.client().v1.checkout.sessions.retrieve(session.id, None, ON_BERLIN)
    assert found.payment_intent is None


def test_an_expired_session_shows_a_page_and_takes_no_payment(
    twin: Twin, browser: httpx.Client
) -> None:
    """410 with the way back; posting changes nothing."""
    session = open_session(twin)
    twin.client().v1.checkout.sessions.expire(session.id, None, ON_BERLIN)
    page = browser.get(f"/c/pay/{session.id}")
    assert (page.status_code, "has expired" in page.text) == (410, True)
    assert "http://127.0.0.1:9/back" in page.text
    assert (
        browser.post(f"/c/pay/{session.id}", data={"test_card": "4242424242424242"}).status_code
        == 410
    )
    found = twin.client().v1.checkout.sessions.retrieve(session.id, None, ON_BERLIN)
    assert found.payment_status == "unpaid"
    assert browser.get("/c/pay/cs_test_unknown").status_code == 404


def test_an_answer_dropped_after_charging_leaves_one_charge(
    twin: Twin, browser: httpx.Client
) -> None:
    """The payer's browser sees a broken connection; paying again finds it paid."""
    session = open_session(twin)
    twin.fault("drop_answer", path="/c/pay/*", method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        browser.post(f"/c/pay/{session.id}", data={"test_card": "4242424242424242"})
    again = browser.post(f"/c/pay/{session.id}", data={"test_card": "4242424242424242"})
    assert "already paid" in again.text
    found = twin.client().v1.checkout.sessions.retrieve(session.id, None, ON_BERLIN)
    charges = twin.client().v1.charges.list(
        {"payment_intent": str(found.payment_intent)}, ON_BERLIN
    )
    assert [charge.amount_captured for charge in charges.data] == [9000]
