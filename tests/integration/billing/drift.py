"""Ways in which Stripe and a practice's ledger come apart, each seeded at the twin or the books."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.models import ReconciliationDifference
from services.billing.operations import reconciliation_desk
from services.billing.operations.reconciling import reconcile
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing.reconciliation import (
    DifferenceView,
    GetReconciliation,
    ReconciliationView,
    SettleDifference,
    Way,
)
from tests.integration.billing.owner import as_owner
from tests.integration.billing.world import World

#: Later than what is judged must be old.
RIPE = timedelta(minutes=3)
WORDS = "Checked with the bank statement."


def look(world: World, now: datetime | None = None) -> None:
    """A whole look at the practice's account, page by page, as the task does it."""
    at = now or utc_now() + RIPE
    while reconcile(world.around, world.practice_id, world.practice_id, at) == timedelta(0):
        pass


def keeper(world: World) -> Actor:
    """Who answers for the practice's money."""
    roles = frozenset({"billing"})
    return Actor(kind="person", account_id=uuid7(), practice_id=world.practice_id, roles=roles)


def reconciliation(world: World, **asked: Any) -> ReconciliationView:
    """What the desk sees."""
    actor = keeper(world)
    with world.database.reading(actor) as tx:
        return reconciliation_desk.get_reconciliation(tx, GetReconciliation(**asked), actor=actor)


def differences(world: World) -> list[ReconciliationDifference]:
    """All that was ever found, the oldest first."""
    with world.database.transaction(world.us) as tx:
        latest = ReconciliationDifference.first_seen_at
        return list(tx.scalars(select(ReconciliationDifference).order_by(latest)))


def command(found: DifferenceView, way: Way, **other: Any) -> SettleDifference:
    """A decision about a difference as it was seen."""
    told = {"id": uuid7(), "difference_id": found.id, "revision": found.revision, "way": way}
    return SettleDifference(**{**told, "words": WORDS, **other})


def settle(world: World, decision: SettleDifference, actor: Actor | None = None) -> DifferenceView:
    """Decide, as somebody at the desk."""
    actor = actor or keeper(world)
    with world.database.transaction(actor) as tx:
        return reconciliation_desk.settle_difference(tx, decision, actor=actor, now=utc_now())


def balances(world: World) -> dict[str, tuple[Money, Money]]:
    """At Stripe and in the ledger, where either has anything."""
    return {
        one.at_stripe.currency: (one.at_stripe, one.in_ledger)
        for one in reconciliation(world).balances
        if one.at_stripe.amount or one.in_ledger.amount
    }


# --- seeds ---------------------------------------------------------------------------------


def movement(world: World, type_: str) -> dict[str, Any]:
    """The latest balance transaction of a type."""
    found = world.twin.objects("balance_transactions", world.stripe_account)
    return next(one for one in found if one["type"] == type_)


def change(world: World, type_: str, **fields: Any) -> None:
    """Stripe tells one otherwise than before."""
    id_ = movement(world, type_)["id"]
    world.twin.switch("balance/drift", id=id_, change=fields)


def lose(world: World, type_: str) -> None:
    """Stripe knows nothing of one any more."""
    world.twin.switch("balance/drift", id=movement(world, type_)["id"], is_gone=True)


def charge_in_the_dashboard(
    world: World, _: Stack | None = None, payment_id: str | None = None
) -> None:
    """A page that this side never opened, paid."""
    told: dict[str, Any] = {
        "mode": "payment",
        "success_url": "http://127.0.0.1/",
        "line_items[0][quantity]": 1,
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": 5000,
        "line_items[0][price_data][product_data][name]": "Appointment",
    }
    if payment_id:
        told["payment_intent_data[metadata][payment_id]"] = payment_id
    world.twin.pay(str(world.twin.post("checkout/sessions", world.stripe_account, **told)["id"]))


def refund_in_the_dashboard(world: World, _: Stack) -> None:
    """Part of the payment goes back without this side."""
    intent = world.payment().payment_intent_id
    world.twin.post("refunds", world.stripe_account, payment_intent=intent, amount=3000)


def refund_here(world: World, _: Stack) -> None:
    """A refund that Stripe forgets."""
    world.cancel(50)
    world.work_off()
    lose(world, "refund")


def charge_here(world: World, _: Stack) -> None:
    """A charge that Stripe forgets."""
    lose(world, "charge")


def other_amount(world: World, _: Stack) -> None:
    """A euro more reached the balance."""
    change(world, "charge", amount=9100, net=8490)


def other_fee(world: World, _: Stack) -> None:
    """Stripe kept 10 cents more."""
    _keep(world, 170, 450)


def other_commission(world: World, _: Stack) -> None:
    """The platform kept 50 cents less."""
    _keep(world, 160, 400)


def _keep(world: World, stripe_fee: int, commission: int) -> None:
    parts = movement(world, "charge")["fee_details"]
    by_type = {"stripe_fee": stripe_fee, "application_fee": commission}
    told = [part | {"amount": by_type[part["type"]]} for part in parts]
    fee = stripe_fee + commission
    change(world, "charge", fee=fee, fee_details=told, net=9000 - fee)


def other_currency(world: World, _: Stack) -> None:
    """Settled in dollars."""
    change(world, "charge", currency="usd", amount=9900, net=9290)


def unheard_payout(world: World, _: Stack) -> None:
    """Paid out, and its webhooks were lost."""
    world.twin.fail("webhook_lose")
    world.twin.switch("payouts", account=world.stripe_account, with_pending=True)


def forgotten_payout(world: World, servers: Stack) -> None:
    """Paid out and posted, and Stripe forgets it."""
    unheard_payout(world, servers)
    look(world)
    [found] = reconciliation(world).differences
    settle(world, command(found, Way.IMPORT))
    world.work_off()
    lose(world, "payout")


def adjustment(world: World, _: Stack) -> None:
    """Stripe moved something by itself."""
    told = {"account": world.stripe_account, "currency": "eur"}
    world.twin.switch("balance", type="adjustment", amount=-1500, source="dp_1", **told)


def stripes_own_fee(world: World, _: Stack) -> None:
    """A fee for Stripe's software."""
    told = {"account": world.stripe_account, "currency": "eur"}
    world.twin.switch("balance", type="stripe_fee", amount=-200, **told)


def missing_entry(world: World, servers: Stack) -> None:
    """The entry of what Stripe kept is taken out of the books, guards off."""
    its = f"practice_id = '{world.practice_id}'"
    entries = f"SELECT id FROM billing.ledger_transactions WHERE kind = 'processed' AND {its}"
    _rewrite(
        world, servers,
        f"DELETE FROM billing.postings WHERE transaction_id IN ({entries})",
        f"DELETE FROM billing.ledger_transactions WHERE kind = 'processed' AND {its}",
    )  # fmt: skip


def doubled_entry(world: World, servers: Stack) -> None:
    """The charge is in the books a second time, under another cause."""
    id_, its = uuid7(), f"practice_id = '{world.practice_id}'"
    _rewrite(
        world, servers,
        "INSERT INTO billing.ledger_transactions"
        " (id, practice_id, kind, payment_id, source_id, occurred_at)"
        f" SELECT '{id_}', practice_id, kind, payment_id, '{id_}', now()"
        f" FROM billing.ledger_transactions WHERE kind = 'charged' AND {its}",
        "INSERT INTO billing.postings (practice_id, transaction_id, account, currency, amount)"
        f" SELECT o.practice_id, '{id_}', o.account, o.currency, o.amount FROM billing.postings o"
        " JOIN billing.ledger_transactions t ON t.id = o.transaction_id"
        f" WHERE t.kind = 'charged' AND t.id <> '{id_}' AND o.{its}",
    )  # fmt: skip


def _rewrite(world: World, servers: Stack, *statements: str) -> None:
    tables = ("postings", "ledger_transactions")
    enter = f"SELECT set_config('attune.practice_id', '{world.practice_id}', true)"
    as_owner(servers, *(f"ALTER TABLE billing.{one} DISABLE TRIGGER USER" for one in tables))
    try:
        as_owner(servers, enter, *statements)
    finally:
        as_owner(servers, *(f"ALTER TABLE billing.{one} ENABLE TRIGGER USER" for one in tables))


Seed = Callable[[World, Stack], None]
EXPECTED: list[tuple[Seed, str, Way]] = [
    (charge_in_the_dashboard, "charge_unknown_here", Way.IMPORT),
    (charge_here, "charge_unknown_at_stripe", Way.ADJUST),
    (other_amount, "amount_differs", Way.ADJUST),
    (other_fee, "fee_differs", Way.IMPORT),
    (refund_in_the_dashboard, "refund_unknown_here", Way.IMPORT),
    (refund_here, "refund_unknown_at_stripe", Way.ADJUST),
    (other_commission, "commission_differs", Way.IMPORT),
    (other_currency, "currency_differs", Way.ADJUST),
    (unheard_payout, "payout_unknown_here", Way.IMPORT),
    (forgotten_payout, "payout_unknown_at_stripe", Way.ADJUST),
    (missing_entry, "entry_missing", Way.IMPORT),
    (doubled_entry, "posted_twice", Way.ADJUST),
    (adjustment, "movement_unknown", Way.IMPORT),
    (stripes_own_fee, "movement_unknown", Way.IMPORT),
]
"""Each seed, the kind that it must be found as, and the way that mends the books."""
