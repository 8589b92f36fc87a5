"""Payouts: posted once each, whatever webhooks come in whatever order."""

from collections import Counter
from itertools import permutations
from time import monotonic, sleep

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe_event import Envelope
from services.billing.models import BalanceTransaction, Payout
from services.billing.operations.webhooks import store_webhook
from services.common.clock import utc_now
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

NET = 9000 - 160 - 450
#: What is left on every account once the charge alone is known.
CHARGED = {"booking_funds": -9000, "stripe_fees": 160, "platform_commission": 450}
KINDS = ["payout.created", "payout.updated", "payout.paid", "payout.failed"]


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid: 83.90 € are on their way to the practice's balance."""
    world.start()
    world.pay()
    world.converge()
    return world


def payout_of(world: World) -> Payout:
    with world.database.transaction(world.us) as tx:
        return tx.execute(select(Payout)).scalar_one()


def hear(world: World, payout_id: str, kind: str) -> None:
    """A webhook of the payout arrives, as from Stripe."""
    data = {"object": {"id": payout_id}}
    told = {"id": f"evt_{uuid7()}", "type": kind, "account": world.stripe_account, "data": data}
    with world.database.plumbing() as tx:
        store_webhook(tx, Envelope.model_validate(told), now=utc_now())


def pay_out(world: World, twin: Twin, *ends: str) -> str:
    """The twin pays out all that there is, and the bank does these things with it."""
    [made] = twin.switch("payouts", account=world.stripe_account, with_pending=True)
    for end in ends:
        twin.switch("payouts/end", payout=made["id"], status=end)
    return str(made["id"])


def await_posted(world: World, kind: str) -> None:
    """Work as the task does until a webhook has come and this is in the books."""
    until = monotonic() + 10
    while monotonic() < until and not world.moves()[kind]:
        world.work_off()
        sleep(0.05)


def test_a_payout_leaves_the_balance_and_arrives_at_the_bank(paid: World, twin: Twin) -> None:
    """In transit at first, then at the bank, by its webhooks alone; its parts are known."""
    stripe_id = pay_out(paid, twin)
    await_posted(paid, "paid_out")
    assert paid.balances() == CHARGED | {"payouts_in_transit": NET}
    twin.switch("payouts/end", payout=stripe_id, status="paid")
    await_posted(paid, "arrived")
    assert paid.balances() == CHARGED | {"bank": NET}
    payout = payout_of(paid)
    assert (payout.status, payout.amount, payout.is_listed) == ("paid", NET, True)
    with paid.database.transaction(paid.us) as tx:
        parts = tx.scalars(select(BalanceTransaction).where(
            BalanceTransaction.payout_id == payout.id)).all()  # fmt: skip
    assert Counter(part.type for part in parts) == Counter(charge=1, payout=1)


def test_a_payout_that_came_back_is_on_the_balance_again(paid: World, twin: Twin) -> None:
    """The bank had it, and sent it back: the entries stay, and end where they began."""
    stripe_id = pay_out(paid, twin, "paid")
    await_posted(paid, "arrived")
    twin.switch("payouts/end", payout=stripe_id, status="failed")
    await_posted(paid, "returned")
    assert paid.balances() == CHARGED | {"stripe_balance": NET}
    assert payout_of(paid).failure == "account_closed"


@pytest.mark.parametrize("ends", [("paid",), ("paid", "failed"), ("failed",)])
def test_every_order_of_the_webhooks_ends_in_the_same_books(
    paid: World, twin: Twin, ends: tuple[str, ...]
) -> None:
    """All 24 orders, each webhook twice, looked at after each: one entry of each kind."""
    twin.fail("webhook_lose")
    stripe_id = pay_out(paid, twin, *ends)
    for order in permutations(KINDS):
        for kind in order:
            hear(paid, stripe_id, kind)
            hear(paid, stripe_id, kind)
        paid.work_off()
    came_back = "failed" in ends
    place = "stripe_balance" if came_back else "bank"
    assert paid.balances() == CHARGED | {place: NET}
    moved = Counter(paid.moves())
    assert moved["paid_out"] == 1
    assert moved["returned" if came_back else "arrived"] == 1
    assert paid.due() == []


def test_a_lost_webhook_costs_an_hour(paid: World, twin: Twin) -> None:
    """What is under way is asked for by itself, until the bank has it."""
    stripe_id = pay_out(paid, twin)
    await_posted(paid, "paid_out")
    twin.fail("webhook_lose")
    twin.switch("payouts/end", payout=stripe_id, status="paid")
    paid.work_off()
    assert paid.balances()["payouts_in_transit"] == NET
    [row] = paid.due()
    paid.work_off(row.due_at)
    assert paid.balances()["bank"] == NET
    assert paid.due() == []


def test_a_payout_of_many_parts_is_fetched_page_by_page(paid: World, twin: Twin) -> None:
    """250 movements: three pages, each a piece of work of its own; the parts make up the whole."""
    for _ in range(249):
        twin.switch("balance", account=paid.stripe_account, type="adjustment", amount=1,
                    currency="eur")  # fmt: skip
    pay_out(paid, twin)
    await_posted(paid, "paid_out")
    paid.work_off()
    with paid.database.transaction(paid.us) as tx:
        parts = tx.scalars(select(BalanceTransaction)).all()
    assert len(parts) == 251
    assert sum(one.amount - one.stripe_fee - one.commission for one in parts) == 0
    assert payout_of(paid).is_listed


def test_a_strangers_payout_is_nobodys(paid: World, twin: Twin) -> None:
    """An account that no practice has: kept as unmatched, and nothing is written."""
    with paid.database.plumbing() as tx:
        told = {"id": f"evt_{uuid7()}", "type": "payout.paid", "account": "acct_stranger"}
        store_webhook(tx, Envelope.model_validate(told), now=utc_now())
    paid.work_off()
    with paid.database.transaction(paid.us) as tx:
        assert tx.scalars(select(Payout)).all() == []
