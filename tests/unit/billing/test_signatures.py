"""The one reading of Stripe's signature header: whose age is judged is what was signed."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from services.billing.domain.webhooks import is_fresh
from services.billing.operations.webhooks import check_webhook
from services.contracts.billing import BadEvent, BadSignature, ReceiveWebhook
from services.gateway.errors import status_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = int((NOW - timedelta(days=30)).timestamp())
JUST_NOW = int(NOW.timestamp())
SECRET = "whsec_of_this_test"
BODY = '{"id": "evt_1", "type": "charge.succeeded", "data": {"object": {"id": "ch_1"}}}'


def mac(at: int, body: str = BODY) -> str:
    """What Stripe signs a body with, at that second."""
    return hmac.new(SECRET.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    "stamps",
    [
        f"t={LONG_AGO} ,t={JUST_NOW}",
        f"t={LONG_AGO}=x,t={JUST_NOW}",
        f" t={LONG_AGO},t={JUST_NOW}",
        f"t=+{LONG_AGO},t={JUST_NOW}",
        f"t={LONG_AGO},x=1,t={JUST_NOW}",
        f"t={LONG_AGO}",
    ],
)
def test_a_captured_webhook_stays_old_however_its_header_is_dressed(stamps: str) -> None:
    """A fresh second timestamp beside the signed one makes nothing fresh."""
    replayed = ReceiveWebhook(payload=BODY, signature=f"{stamps},v1={mac(LONG_AGO)}")
    with pytest.raises(BadSignature):
        check_webhook(replayed, SECRET, NOW)


@pytest.mark.parametrize("more", ["", f",v1={'0' * 64}", f",v0={'a' * 64}"])
def test_a_fresh_webhook_passes_with_the_signatures_of_other_keys_beside(more: str) -> None:
    """While a secret changes Stripe signs with both; test mode adds a scheme of its own."""
    sent = ReceiveWebhook(payload=BODY, signature=f"t={JUST_NOW},v1={mac(JUST_NOW)}{more}")
    assert check_webhook(sent, SECRET, NOW).id == "evt_1"


@pytest.mark.parametrize(
    "header",
    [
        f"v1={'a' * 64}",
        f"t={JUST_NOW}",
        f"v1={'a' * 64},t={JUST_NOW}",
        f"t={JUST_NOW},v1={'a' * 64}\n",
        f"t={JUST_NOW}, v1={'a' * 64}",
        f"t={JUST_NOW},v1=",
        f"t={JUST_NOW},v1=not-hex",
        "t=٢٣,v1=aa",
        f"t={'9' * 12},v1=aa",
        "t=,v1=aa",
        "=,=",
    ],
)
def test_a_header_of_any_other_shape_is_refused(header: str) -> None:
    """One timestamp, then signatures: nothing is left to two readers to understand differently."""
    assert not is_fresh(header, NOW)


def signed(told: object) -> ReceiveWebhook:
    """A body as who has the secret may send it."""
    body = json.dumps(told)
    return ReceiveWebhook(payload=body, signature=f"t={JUST_NOW},v1={mac(JUST_NOW, body)}")


@pytest.mark.parametrize("field", ["id", "type", "account"])
@pytest.mark.parametrize("told", ["evt_\x00x", "a\nb", "", "\ud800"])
def test_a_signed_body_that_cannot_be_kept_is_refused(field: str, told: str) -> None:
    """A NUL fits into no column: it is told so at once, and nothing is written."""
    with pytest.raises(BadEvent) as refused:
        check_webhook(signed(json.loads(BODY) | {field: told}), SECRET, NOW)
    assert status_of(refused.value) == 400


@pytest.mark.parametrize("told", ["pi_\x00", 7, {"id": "pi_1"}, "x" * 256])
def test_what_cannot_name_a_payment_names_none(told: object) -> None:
    """The event is kept without it: no later look can fall over it."""
    thing = {"data": {"object": {"id": "ch_1", "payment_intent": told}}}
    event = check_webhook(signed(json.loads(BODY) | thing), SECRET, NOW)
    assert (event.object_id, event.parent_id) == ("ch_1", None)
