"""Idempotency keys, and the faults they are there for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe
from uuid_utils.compat import uuid7

from tests.integration.twin.running import BERLIN, ON_BERLIN, TOKYO, Twin, eventually, paid_intent


def _on(key: str, account: str = BERLIN) -> stripe.RequestOptions:
    return {"stripe_account": account, "idempotency_key": key}


def _refunds(twin: Twin, intent: str) -> int:
    return len(twin.client().v1.refunds.list({"payment_intent": intent}, ON_BERLIN).data)


def test_the_same_key_and_content_answer_the_same(twin: Twin) -> None:
    """One refund, and the second answer says that it is a replay."""
    intent, key = paid_intent(twin), str(uuid7())
    wanted: Any = {"payment_intent": intent, "amount": 100}
    first = twin.client().v1.refunds.create(wanted, _on(key))
    second = twin.client().v1.refunds.create(wanted, _on(key))
    assert first.id == second.id
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert _refunds(twin, intent) == 1


def test_other_content_or_path_under_a_used_key_is_refused(twin: Twin) -> None:
    """`idempotency_error`, 400; another account may use the same key."""
    key, client = str(uuid7()), twin.client()
    client.v1.customers.create({"name": "Jo"}, _on(key))
    with pytest.raises(stripe.IdempotencyError, match="same parameters") as other:
        client.v1.customers.create({"name": "Jon"}, _on(key))
    assert other.value.http_status == 400
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client.v1.refunds.create({"charge": "ch_x"}, _on(key))
    client.v1.customers.create({"name": "Jon"}, _on(key, TOKYO))


def test_a_refusal_before_execution_does_not_use_the_key_up(twin: Twin) -> None:
    """A bad parameter is corrected under the same key; a recorded refusal is not."""
    intent, key, client = paid_intent(twin), str(uuid7()), twin.client()
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent, "amount": 0}, _on(key))
    client.v1.refunds.create({"payment_intent": intent, "amount": 9000}, _on(key))
    late = str(uuid7())
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            client.v1.refunds.create({"payment_intent": intent}, _on(late))
    assert refusal.value.headers is not None
    assert refusal.value.headers["Idempotent-Replayed"] == "true"


def test_a_dropped_answer_leaves_one_refund_however_often_it_is_repeated(twin: Twin) -> None:
    """The SDK's own retry sends the same key and gets the first answer."""
    intent, key = paid_intent(twin), str(uuid7())
    twin.fault("drop_answer", path="/v1/refunds", count=2)
    refund = twin.client(retries=3).v1.refunds.create({"payment_intent": intent}, _on(key))
    assert refund.amount == 9000
    calls = [
        row
        for row in twin.control("GET", "/log?path=/v1/refunds&method=POST")
        if row["idempotency_key"] == key
    ]
    assert [row["is_replayed"] for row in calls] == [False, True, True]
    assert _refunds(twin, intent) == 1


def test_without_a_key_a_dropped_answer_is_paid_twice(twin: Twin) -> None:
    """The twin of the test above: the key is what guards."""
    intent = paid_intent(twin)
    twin.fault("drop_answer", path="/v1/refunds")
    with pytest.raises(stripe.APIConnectionError):
        twin.client().v1.refunds.create(
            {"payment_intent": intent, "amount": 100}, _on(str(uuid7()))
        )
    twin.client().v1.refunds.create({"payment_intent": intent, "amount": 100}, _on(str(uuid7())))
    assert _refunds(twin, intent) == 2


def test_a_500_after_executing_is_kept_and_the_effect_stands(twin: Twin) -> None:
    """Repeating gives the same 500; the refund is found by looking it up."""
    intent, key = paid_intent(twin), str(uuid7())
    twin.fault("error_after", path="/v1/refunds")
    for _ in range(2):
        with pytest.raises(stripe.APIError) as failure:
            twin.client(retries=2).v1.refunds.create({"payment_intent": intent}, _on(key))
        assert failure.value.http_status == 500
    assert _refunds(twin, intent) == 1


def test_a_500_before_executing_does_nothing_and_may_be_repeated(twin: Twin) -> None:
    """The key is still free."""
    intent, key = paid_intent(twin), str(uuid7())
    twin.fault("error_before", path="/v1/refunds")
    with pytest.raises(stripe.APIError):
        twin.client().v1.refunds.create({"payment_intent": intent}, _on(key))
    assert _refunds(twin, intent) == 0
    twin.client().v1.refunds.create({"payment_intent": intent}, _on(key))
    assert _refunds(twin, intent) == 1


def test_a_call_while_the_first_one_runs_gets_409(twin: Twin) -> None:
    """And, asked again later, the first one's answer."""
    key = str(uuid7())
    twin.fault("delay", path="/v1/customers", method="POST", seconds=0.8)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(twin.client().v1.customers.create, {"name": "Jo"}, _on(key))
        eventually(lambda: twin.control("GET", "/faults")[0]["hits"] == 1)
        with pytest.raises(stripe.APIError) as conflict:
            twin.client().v1.customers.create({"name": "Jo"}, _on(key))
        assert conflict.value.http_status == 409
        made = first.result()
    assert twin.client().v1.customers.create({"name": "Jo"}, _on(key)).id == made.id


def test_many_at_once_under_one_key_have_one_effect(twin: Twin) -> None:
    """20 threads: each gets the refund or a 409, and there is one refund."""
    intent, key = paid_intent(twin), str(uuid7())

    def refund(_: int) -> str:
        wanted: Any = {"payment_intent": intent, "amount": 100}
        return twin.client(retries=5).v1.refunds.create(wanted, _on(key)).id

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(refund, range(20)))) == 1
    assert _refunds(twin, intent) == 1


def test_keys_are_forgotten_after_a_day(twin: Twin) -> None:
    """After 24 hours the same key makes a new object."""
    key, client = str(uuid7()), twin.client()
    first = client.v1.customers.create({"name": "Jo"}, _on(key))
    twin.control("POST", "/clock", {"advance": 24 * 3600 + 5})
    assert client.v1.customers.create({"name": "Jo"}, _on(key)).id != first.id


def test_a_rate_limit_is_answered_as_one(twin: Twin) -> None:
    """429, which the SDK knows by name."""
    twin.fault("rate_limit", path="/v1/balance")
    with pytest.raises(stripe.RateLimitError):
        twin.client().v1.balance.retrieve()
