"""Webhooks: signed, retried, lost, doubled, reordered; and the ends of sessions."""

from __future__ import annotations

import json
import signal
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import stripe

from deploy.local.stripe_twin.webhooks import LONGEST_WAIT_SECONDS, wait_before
from tests.integration.twin.running import (
    BERLIN,
    ON_BERLIN,
    SECRET,
    Json,
    Receiver,
    Twin,
    eventually,
    open_session,
    paid_intent,
)

COMPLETED, EXPIRED = "checkout.session.completed", "checkout.session.expired"


def test_a_payment_is_told_by_a_signed_webhook_that_the_sdk_accepts(
    twin: Twin, receiver: Receiver
) -> None:
    """`construct_event` verifies body, secret and time; a changed body is refused."""
    session = open_session(twin)
    twin.pay(session.id)
    eventually(lambda: receiver.events(COMPLETED, session.id))
    body, header = next(
        (body, header)
        for body, header, _ in receiver.heard
        if session.id.encode() in body and COMPLETED.encode() in body
    )
    event = stripe.Webhook.construct_event(body, header, SECRET)
    assert (event.type, event.account) == (COMPLETED, BERLIN)
    assert event.data.object["payment_status"] == "paid"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body + b" ", header, SECRET)
    kept = twin.client().v1.events.retrieve(event.id, None, ON_BERLIN)
    assert kept.type == COMPLETED


def test_a_refused_delivery_is_tried_again_until_it_is_taken(
    twin: Twin, receiver: Receiver
) -> None:
    """503 first, 200 a second later: one event, delivered at the second try."""
    session = open_session(twin)
    eventually(lambda: all(row["state"] != "due" for row in twin.control("GET", "/deliveries")))
    receiver.answers.append(503)
    twin.client().v1.checkout.sessions.expire(session.id, None, ON_BERLIN)
    eventually(lambda: len(receiver.events(EXPIRED, session.id)) == 2)
    event = receiver.events(EXPIRED, session.id)[0]["id"]

    def delivered() -> list[Json]:
        rows = twin.control("GET", f"/deliveries?event={event}")
        return [row for row in rows if row["state"] == "delivered"]

    assert eventually(delivered)[0]["attempts"] == 2


def test_the_waits_between_tries_grow_to_an_hour() -> None:
    """1, 2, 4 … seconds, never more than an hour."""
    waits = [wait_before(attempt) for attempt in range(1, 40)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_SECONDS


def test_a_lost_webhook_comes_only_when_asked_for(twin: Twin, receiver: Receiver) -> None:
    """The event exists and can be listed; nobody is told until it is redelivered."""
    session = open_session(twin)
    twin.fault("webhook_lose", event_type=COMPLETED)
    twin.pay(session.id)
    eventually(lambda: receiver.events("charge.succeeded", BERLIN) or receiver.heard)
    events = twin.client().v1.events.list({"type": COMPLETED, "limit": 1}, ON_BERLIN).data
    assert events[0].data.object["id"] == session.id
    assert receiver.events(COMPLETED, session.id) == []
    assert [row["state"] for row in twin.control("GET", f"/deliveries?event={events[0].id}")] == [
        "lost"
    ]
    twin.control("POST", "/webhooks/redeliver", {"event": events[0].id})
    eventually(lambda: receiver.events(COMPLETED, session.id))


def test_a_doubled_webhook_carries_the_same_event_id(twin: Twin, receiver: Receiver) -> None:
    """At least once means that the consumer has to know the id."""
    session = open_session(twin)
    twin.fault("webhook_duplicate", event_type=COMPLETED)
    twin.pay(session.id)
    eventually(lambda: len(receiver.events(COMPLETED, session.id)) == 2)
    assert len({event["id"] for event in receiver.events(COMPLETED, session.id)}) == 1


def test_webhooks_can_come_in_reverse(twin: Twin, receiver: Receiver) -> None:
    """The later session's event arrives first."""
    first, second = open_session(twin), open_session(twin)
    twin.fault("webhook_reorder", event_type=COMPLETED, count=2, seconds=0.4)
    twin.pay(first.id)
    twin.pay(second.id)
    eventually(lambda: receiver.events(COMPLETED, first.id))
    ids = [json.loads(body)["data"]["object"]["id"] for body, _, _ in receiver.heard]
    assert ids.index(first.id) > 0
    order = [
        event["data"]["object"]["id"]
        for event in (json.loads(body) for body, _, _ in receiver.heard)
        if event["type"] == COMPLETED and event["data"]["object"]["id"] in (first.id, second.id)
    ]
    assert order == [second.id, first.id]


def test_a_session_expires_by_itself(twin: Twin, receiver: Receiver) -> None:
    """At `expires_at`, with its event, and it can no longer be paid."""
    session = open_session(twin)
    twin.pay(session.id, card="4000000000000002")
    twin.control("POST", "/clock", {"advance": 24 * 3600 + 1})
    eventually(lambda: receiver.events(EXPIRED, session.id))
    found = twin.client().v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent"]}, ON_BERLIN
    )
    assert (found.status, found.url) == ("expired", None)
    assert isinstance(found.payment_intent, stripe.PaymentIntent)
    assert found.payment_intent.status == "canceled"
    with pytest.raises(urllib.error.HTTPError):
        twin.pay(session.id)


def test_paying_and_expiring_at_once_has_exactly_one_winner(twin: Twin) -> None:
    """30 races: paid with one charge, or expired with none; the loser is refused."""

    def expire(session: str) -> bool:
        try:
            twin.client().v1.checkout.sessions.expire(session, None, ON_BERLIN)
        except stripe.InvalidRequestError:
            return False
        return True

    def pay(session: str) -> bool:
        try:
            return bool(twin.pay(session)["status"] == "succeeded")
        except urllib.error.HTTPError:
            return False

    sessions = [open_session(twin).id for _ in range(30)]
    with ThreadPoolExecutor(8) as pool:
        runs = [
            (pool.submit(pay, one), pool.submit(expire, one))
            if number % 2
            else (pool.submit(expire, one), pool.submit(pay, one))[::-1]
            for number, one in enumerate(sessions)
        ]
        results = [(paid.result(), expired.result()) for paid, expired in runs]
    assert all(paid != expired for paid, expired in results)
    for one, (paid, _) in zip(sessions, results, strict=True):
        found = twin.client().v1.checkout.sessions.retrieve(one, None, ON_BERLIN)
        assert found.status == ("complete" if paid else "expired")
        assert (found.payment_intent is not None) == paid


def test_kill_9_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    """Charge, refund, keys and undelivered events are there after the restart."""
    receiver = Receiver()
    receiver.answers.extend([503] * 50)
    own = Twin(tmp_path, receiver.url).start()
    intent = paid_intent(own)
    options: stripe.RequestOptions = {**ON_BERLIN, "idempotency_key": "once"}
    refund = own.client().v1.refunds.create({"payment_intent": intent, "amount": 100}, options)
    own.fault("webhook_delay", event_type="nothing.*")
    own.end(signal.SIGKILL)
    receiver.answers.clear()
    own.start()
    again = own.client().v1.refunds.create({"payment_intent": intent, "amount": 100}, options)
    assert again.id == refund.id
    found = own.client().v1.payment_intents.retrieve(intent, None, ON_BERLIN)
    assert (found.status, found.amount_received) == ("succeeded", 9000)
    assert own.control("GET", "/faults")[0]["remaining"] == 1
    eventually(lambda: receiver.events("charge.refunded", intent))
    eventually(lambda: receiver.events(COMPLETED, intent))
    assert own.end() == 0
    receiver.close()


def test_a_kill_in_the_middle_of_a_call_leaves_its_key_free(tmp_path: Path) -> None:
    """Nothing was executed, so the repeated call executes."""
    own = Twin(tmp_path, "http://127.0.0.1:9/nobody").start()
    own.fault("delay", path="/v1/customers", method="POST", seconds=5)
    options: stripe.RequestOptions = {"idempotency_key": "cut"}
    with ThreadPoolExecutor(1) as pool:
        cut = pool.submit(own.client().v1.customers.create, {"name": "Jo"}, options)
        eventually(lambda: own.control("GET", "/faults")[0]["hits"] == 1)
        own.end(signal.SIGKILL)
        assert isinstance(cut.exception(), stripe.APIConnectionError)
    own.start()
    made = own.client().v1.customers.create({"name": "Jo"}, options)
    assert [found.id for found in own.client().v1.customers.list().data] == [made.id]
    own.end(signal.SIGKILL)
