"""Random lives of a payment, with doubled, late and lost messages: always the same end."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

import httpx
import pytest

from services.common.clock import utc_now
from services.contracts.billing import NotPayable, PaymentState, PaymentsUnavailable
from tests.integration.billing.world import World

# Ends are rare, so that most histories are paid before they end; the rest meets the end first.
ACTS = {
    "start": 6,
    "pay": 5,
    "decline": 1,
    "expire": 0.5,
    "cancel": 1.5,
    "refuse": 0.3,
    "work": 4,
    "repeat": 1,
}
FAULTS = ["webhook_lose", "webhook_duplicate", "drop_answer", "error_after", "error_before"]


def act(world: World, what: str, chance: Random) -> None:
    """One thing that may happen at any time; what is refused or unanswered changes nothing."""
    with suppress(NotPayable, PaymentsUnavailable, httpx.HTTPError):
        match what:
            case "start":
                world.start()
            case "pay":
                world.pay()
            case "decline":
                world.pay("4000000000000002")
            case "expire":
                world.expire()
            case "cancel":
                world.cancel(chance.choice([0, 33, 50, 100]))
            case "refuse":
                world.refuse()
            case "work":
                world.work_off(utc_now() + timedelta(seconds=chance.choice([0, 5, 90])))
            case "repeat":
                world.twin.redeliver(chance.choice(["payment_intent.succeeded", "charge.refunded"]))


def calm(world: World) -> None:
    """No more faults; everything owed is done, whatever its wait."""
    world.twin.heal()
    for minutes in (10, 21, 32, 43, 54):
        world.work_off(utc_now() + timedelta(minutes=minutes))


@pytest.mark.parametrize("seed", range(20))
def test_any_history_ends_with_books_that_agree_with_stripe(
    make_world: Callable[..., World], seed: int
) -> None:
    """One charge at most; refunds as promised; the ledger's balance is the one at Stripe."""
    chance = Random(seed)
    world = make_world(amount=chance.choice([100, 8995, 9001]))
    world.hold()
    for kind in chance.sample(FAULTS, 2):
        world.twin.fail(kind, path="/v1/*", probability=0.3)
    for what in chance.choices(list(ACTS), list(ACTS.values()), k=14):
        act(world, what, chance)
    calm(world)
    _check(world)


def _check(world: World) -> None:
    payment, balances = world.payment(), world.balances()
    charges = [
        charge
        for charge in world.twin.objects("charges", world.stripe_account)
        if charge["status"] == "succeeded"
    ]
    movements = world.twin.objects("balance_transactions", world.stripe_account)
    assert len(charges) <= 1
    assert payment.captured == sum(charge["amount"] for charge in charges)
    assert payment.refunded == sum(charge["amount_refunded"] for charge in charges)
    assert balances.get("stripe_balance", 0) == sum(entry["net"] for entry in movements)
    assert sum(balances.values()) == 0
    assert "refunds_due" not in balances
    if payment.captured and payment.refund_percent is not None:
        owed = payment.captured_money.share(payment.refund_percent)
        assert payment.refunded == owed.amount
        assert -balances.get("retained_fees", 0) == payment.captured - payment.refunded
    assert world.events()["payment_succeeded"] == len(charges)
    assert payment.state is not PaymentState.OPEN or payment.close_asked_at is None
