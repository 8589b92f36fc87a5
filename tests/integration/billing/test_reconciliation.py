"""Reconciliation finds each kind of drift at the real twin, and each can be settled for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from sqlalchemy import delete, text, update

from deploy.local.stack import Stack
from services.billing.adapters.stripe import StripeRefused, StripeUnclear
from services.billing.models import DueWork, ReconciliationRun
from services.billing.operations import reconciling, work
from services.billing.operations.reconciliation_desk import start_reconciliation
from services.billing.operations.reconciling import reconcile
from services.billing.tasks import LOOKS
from services.common.clock import utc_now
from services.contracts.billing.reconciliation import (
    StartReconciliation,
    Way,
)
from tests.integration.billing import drift
from tests.integration.billing.drift import (
    EXPECTED,
    RIPE,
    Seed,
    balances,
    command,
    differences,
    keeper,
    look,
    reconciliation,
    settle,
)
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid and settled: Stripe and the ledger agree."""
    world.start()
    world.pay()
    world.converge()
    return world


def test_where_both_agree_nothing_is_found(paid: World) -> None:
    """Charge, refund and payout, all of them booked: no difference, and one balance."""
    paid.cancel(50)
    paid.work_off()
    look(paid)
    told = reconciliation(paid)
    assert told.differences == []
    assert told.last_run is not None
    assert (told.last_run.seen, told.last_run.found) == (2, 0)
    [(at_stripe, in_ledger)] = balances(paid).values()
    assert at_stripe == in_ledger


@pytest.mark.parametrize("card", ["4000000000000259", "4000000000005126"])
def test_disputes_and_refunds_that_failed_are_no_drift(world: World, card: str) -> None:
    """Taken by the client's bank, or sent back by it: both sides tell the same."""
    world.start()
    world.pay(card)
    world.converge()
    sleep(0.3)
    world.work_off()
    if card.endswith("5126"):
        world.cancel(50)
        world.work_off()
        sleep(0.3)
        world.work_off()
    look(world)
    assert differences(world) == []
    for at_stripe, in_ledger in balances(world).values():
        assert at_stripe == in_ledger


@pytest.mark.parametrize(("seed", "kind", "way"), EXPECTED)
def test_each_kind_of_drift_is_found_and_settled(
    paid: World, servers: Stack, seed: Seed, kind: str, way: Way
) -> None:
    """Seeded, found as what it is and once; settled, and then both balances are the same again."""
    seed(paid, servers)
    for _ in range(2):
        look(paid)
    open_ones = [one for one in differences(paid) if one.state == "open"]
    assert [one.kind for one in open_ones] == [kind]
    [found] = reconciliation(paid).differences
    assert way in found.ways
    settled = settle(paid, command(found, way))
    assert (settled.state, settled.decisions[0].words) == ("settled", drift.WORDS)
    paid.work_off()
    look(paid)
    assert reconciliation(paid).differences == []
    for at_stripe, in_ledger in balances(paid).values():
        assert at_stripe == in_ledger


def test_late_webhooks_settle_their_difference_by_themselves(world: World, twin: Twin) -> None:
    """Found while the webhook was lost, gone at the next look: and the row says so."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    look(world)
    assert reconciliation(world).open_count == 1
    world.work_off(utc_now() + timedelta(seconds=61))
    look(world)
    assert reconciliation(world).open_count == 0
    [gone] = differences(world)
    assert (gone.state, gone.outcome) == ("settled", "vanished")
    told = reconciliation(world)
    assert told.last_run is not None
    assert told.last_run.settled == 1


def test_what_just_happened_is_not_judged_yet(world: World, twin: Twin) -> None:
    """A charge of this minute may have its webhook on the way; minutes later it is told."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    look(world, utc_now())
    assert differences(world) == []
    look(world)
    assert len(differences(world)) == 1


def test_a_look_goes_on_where_it_was_interrupted(paid: World, twin: Twin) -> None:
    """220 movements; Stripe falls silent after the first page: the look is the same one later."""
    for _ in range(220):
        twin.switch("balance", account=paid.stripe_account, type="stripe_fee", amount=-1,
                    currency="eur")  # fmt: skip
    at = utc_now() + RIPE
    step = (paid.around, paid.practice_id, paid.practice_id)
    assert reconcile(*step, at) == timedelta(0)
    begun = reconciliation(paid).running
    assert begun is not None
    assert begun.seen == 100
    twin.fail("error_before", path="/v1/balance_transactions", count=1)
    with pytest.raises(StripeUnclear):
        reconcile(*step, at)
    look(paid, at)
    told = reconciliation(paid, limit=500)
    assert told.last_run is not None
    assert (told.last_run.id, told.last_run.seen) == (begun.id, 221)
    assert len(told.differences) == 220
    calls = twin.calls("GET", "/v1/balance_transactions")
    assert len([one for one in calls if one["account"] == paid.stripe_account]) == 4


def test_looks_at_once_find_each_difference_once(paid: World, servers: Stack) -> None:
    """Two workers and a person at the same time: one row, one look at a time."""
    drift.adjustment(paid, servers)
    at = utc_now() + RIPE

    def try_it(_: int) -> None:
        for _ in range(3):
            reconcile(paid.around, paid.practice_id, paid.practice_id, at)

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda number: _tried(try_it, number), range(3)))
    assert None in outcomes
    assert len(differences(paid)) == 1
    with paid.database.transaction(paid.us) as tx:
        unfinished = "SELECT count(*) FROM billing.reconciliation_runs WHERE finished_at IS NULL"
        assert tx.scalar(text(unfinished)) == 0


def _tried(what: object, number: int) -> str | None:
    try:
        what(number)  # type: ignore[operator]
    except Exception as refusal:
        return type(refusal).__name__
    return None


def test_every_account_is_looked_at_every_few_minutes(paid: World) -> None:
    """The look is owed by itself, owes the next one, and the button brings that one forward."""
    reconciling.owe_looks(paid.database, utc_now())
    _forget_other_looks(paid)
    _work_off_looks(paid, utc_now() + RIPE)
    due_at = reconciliation(paid).due_at
    assert due_at is not None
    assert due_at <= utc_now() + RIPE + timedelta(minutes=5)
    actor = keeper(paid)
    with paid.database.transaction(actor) as tx:
        start_reconciliation(tx, StartReconciliation(), actor=actor, now=utc_now())
    due_at = reconciliation(paid).due_at
    assert due_at is not None
    assert due_at <= utc_now()


def _forget_other_looks(world: World) -> None:
    """Those owed at the hundreds of accounts of other tests: each is as this one."""
    with world.database.plumbing() as tx:
        others = DueWork.kind == work.RECONCILE, DueWork.practice_id != world.practice_id
        tx.execute(delete(DueWork).where(*others))


def _work_off_looks(world: World, at: object) -> None:
    while work.work_off(world.around, LOOKS, lambda: at):  # type: ignore[arg-type, return-value]
        pass


def test_once_a_day_a_look_goes_back_for_weeks(paid: World, servers: Stack) -> None:
    """An old entry that vanishes from the books is beyond the usual look, and found by that one."""
    look(paid)
    later = utc_now() + timedelta(hours=5)
    look(paid, later)
    drift.missing_entry(paid, servers)
    look(paid, later + timedelta(hours=1))
    assert reconciliation(paid).open_count == 0
    look(paid, later + timedelta(days=1))
    assert [one.kind for one in reconciliation(paid).differences] == ["entry_missing"]


def test_a_place_that_stripe_has_forgotten_begins_the_look_again(paid: World) -> None:
    """The cursor names a movement that is gone: refused once, then from the latest on."""
    at = utc_now() + RIPE
    with paid.database.transaction(paid.us) as tx:
        reconciling._begin(tx, paid.practice_id, at)
        tx.execute(update(ReconciliationRun).values(after="txn_gone"))
    with pytest.raises(StripeRefused):
        reconcile(paid.around, paid.practice_id, paid.practice_id, at)
    look(paid, at)
    assert reconciliation(paid).last_run is not None
