"""Webhooks: only Stripe's, only fresh ones, once each, and never trusted for their content."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.operations.webhooks import check_webhook, process_stripe_events, store_webhook
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import InvalidInput
from services.contracts.billing import BadSignature, PaymentState, ReceiveWebhook
from tests.integration.billing.twin import SECRET
from tests.integration.billing.world import LEASE, World


def signed(
    payload: str, *, secret: str = SECRET, age: int = 0, sent: str | None = None
) -> ReceiveWebhook:
    """A webhook signed `age` seconds ago; `sent` is the body that comes in its place."""
    at = int(utc_now().timestamp()) - age
    mac = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256).hexdigest()
    return ReceiveWebhook(payload=sent or payload, signature=f"t={at},v1={mac}")


def completed(account: str, payment_id: object, session: str | None = None) -> str:
    """The body of a completed session's event."""
    thing = {"id": session or f"cs_{uuid7()}", "metadata": {"payment_id": str(payment_id)}}
    event = {"id": f"evt_{uuid7()}", "type": "checkout.session.completed", "account": account}
    return json.dumps(event | {"object": "event", "data": {"object": thing}})


def receive(database: Database, command: ReceiveWebhook) -> bool:
    event = check_webhook(command, SECRET, utc_now())
    with database.plumbing() as tx:
        return store_webhook(tx, event, now=utc_now()).is_new


def stored(database: Database) -> int:
    with database.plumbing() as tx:
        return int(tx.scalar(text("SELECT count(*) FROM billing.stripe_events")) or 0)


def dressed(old: str, good: ReceiveWebhook, between: str) -> str:
    """An old header with a fresh timestamp put in, which two readers may read differently."""
    stamp, _, macs = old.partition(",")
    return f"{stamp}{between},{good.signature.partition(',')[0]},{macs}"


def forged() -> dict[str, ReceiveWebhook]:
    body = completed("acct_x", uuid7())
    good, old = signed(body), signed(body, age=302).signature
    return {
        "wrong secret": signed(body, secret="whsec_somebody_elses"),
        "301 s old": signed(body, age=302),
        "from the future": signed(body, age=-60),
        "tampered": signed(body, sent=body.replace("acct_x", "acct_y")),
        "no signature": ReceiveWebhook(payload=body, signature=""),
        "no timestamp": ReceiveWebhook(payload=body, signature=good.signature.split(",")[1]),
        "two timestamps": ReceiveWebhook(payload=body, signature=f"t=1,{good.signature}"),
        "old, dressed as fresh": ReceiveWebhook(payload=body, signature=dressed(old, good, " ")),
        "old, fresh for one": ReceiveWebhook(payload=body, signature=dressed(old, good, "=x")),
    }


@pytest.mark.parametrize("flaw", forged())
def test_what_is_not_stripes_is_refused_and_nothing_written(billing: Database, flaw: str) -> None:
    """Forged, old, future, tampered or misread: BadSignature before the database is touched."""
    before = stored(billing)
    with pytest.raises(BadSignature):
        receive(billing, forged()[flaw])
    assert stored(billing) == before


@pytest.mark.parametrize(
    ("flaw", "secret", "moved"),
    [
        ("wrong secret", "whsec_somebody_elses", timedelta()),
        ("301 s old", SECRET, timedelta(seconds=-60)),
        ("from the future", SECRET, timedelta(seconds=60)),
    ],
)
def test_its_flaw_alone_keeps_each_of_them_out(flaw: str, secret: str, moved: timedelta) -> None:
    """The twin: to a house with that secret, or at that time, the same webhook is Stripe's."""
    assert check_webhook(forged()[flaw], secret, utc_now() + moved).account == "acct_x"


@pytest.mark.parametrize("body", ["[]", "{", '{"type": "x"}', '{"id": 1, "type": "x"}'])
def test_a_signed_body_that_is_no_event_is_refused(billing: Database, body: str) -> None:
    """Signed but senseless: InvalidInput names the payload, nothing is written."""
    before = stored(billing)
    with pytest.raises(InvalidInput) as refused:
        receive(billing, signed(body))
    assert "payload" in refused.value.detail
    assert stored(billing) == before


def test_a_webhook_is_kept_once_and_quickly(billing: Database) -> None:
    """The second copy is known; 50 webhooks take far less than 200 ms each."""
    webhook = signed(completed("acct_x", uuid7()))
    assert receive(billing, webhook) is True
    assert receive(billing, webhook) is False
    began = monotonic()
    for _ in range(50):
        receive(billing, signed(completed("acct_x", uuid7())))
    assert (monotonic() - began) / 50 < 0.2


def test_nothing_of_the_payer_is_kept(billing: Database) -> None:
    """The row holds ids and times; the payer's name and address in the body are forgotten."""
    body: dict[str, Any] = json.loads(completed("acct_x", uuid7()))
    body["data"]["object"]["customer_details"] = {"email": "canary@example.org"}
    receive(billing, signed(json.dumps(body)))
    query = text("SELECT stripe_events::text FROM billing.stripe_events WHERE id = :id")
    with billing.plumbing() as tx:
        assert "canary" not in str(tx.scalar(query, {"id": body["id"]}))


def test_an_unknown_type_is_stored_and_ignored(world: World) -> None:
    """Stripe sends new kinds at any time; they are kept and change nothing."""
    body = completed(world.stripe_account, uuid7()).replace("completed", "unheard_of")
    receive(world.database, signed(body))
    world.work_off()
    [event] = world.stripe_events()
    assert (event.outcome, world.due()) == ("ignored", [])


def test_a_webhook_of_an_unknown_account_matches_nothing(world: World) -> None:
    """Even with the id of a payment of ours: whose account it is decides."""
    world.start()
    looks = world.due()[0].asked
    body = completed("acct_nobodys", world.payment().id)
    receive(world.database, signed(body))
    process_stripe_events(world.database, utc_now(), LEASE)
    query = text("SELECT outcome FROM billing.stripe_events WHERE id = :id")
    with world.database.plumbing() as tx:
        assert tx.scalar(query, {"id": json.loads(body)["id"]}) == "unmatched"
    assert world.due()[0].asked == looks


def test_one_practices_webhook_cannot_touch_anothers_payment(
    world: World, make_world: Callable[..., World]
) -> None:
    """A connected account names a payment of another practice: unmatched, nobody looks."""
    other = make_world()
    world.start()
    receive(world.database, signed(completed(other.stripe_account, world.payment().id)))
    world.work_off()
    assert [event.outcome for event in other.stripe_events()] == ["unmatched"]
    assert world.due()[0].asked == 1


def test_a_webhook_that_lies_changes_nothing(world: World) -> None:
    """It says completed, Stripe says open: the object is fetched anew, and that counts."""
    world.start()
    payment = world.payment()
    session = payment.checkout_session_id
    receive(world.database, signed(completed(world.stripe_account, payment.id, session)))
    world.work_off()
    assert [event.outcome for event in world.stripe_events()] == ["asked"]
    assert world.payment().state is PaymentState.OPEN
    assert world.balances() == {}
