"""Reconciliation finds each kind of drift at the real twin, and each can be settled for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.adapters.stripe import StripeRefused, StripeUnclear
from services.billing.models import ReconciliationRun
from services.billing.operations import reconciling, work
from services.billing.operations.reconciliation_desk import start_reconciliation
from services.billing.operations.reconciling import reconcile
from services.billing.tasks import LOOKS
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.billing.reconciliation import (
    DifferenceChanged,
    NotThisWay,
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
from tests.integration.billing.test_invariants import violated
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


@pytest.mark.parametrize(("seed", "kind", "way"), EXPECTED)
def test_what_is_explained_stays_explained(
    paid: World, servers: Stack, seed: Seed, kind: str, way: Way
) -> None:
    """No entry is written, and later looks find it and leave it; other figures open it anew."""
    seed(paid, servers)
    look(paid)
    before = paid.balances()
    [found] = reconciliation(paid).differences
    settle(paid, command(found, Way.EXPLAIN))
    look(paid)
    assert reconciliation(paid).open_count == 0
    assert paid.balances() == before
    assert kind
    assert way


def test_other_figures_open_a_settled_difference_again(paid: World, servers: Stack) -> None:
    """Explained at ten cents; when it becomes twenty somebody has to look again."""
    drift.other_fee(paid, servers)
    look(paid)
    settle(paid, command(reconciliation(paid).differences[0], Way.EXPLAIN))
    drift._keep(paid, 180, 450)
    look(paid)
    [found] = reconciliation(paid).differences
    assert (found.at_stripe, len(found.decisions)) == (found.at_stripe, 1)
    assert found.at_stripe is not None
    assert found.at_stripe.amount == 180


def test_a_refund_made_in_the_dashboard_becomes_one_of_the_payment(
    paid: World, servers: Stack
) -> None:
    """Row, entries and event, as if it had been made here; no rule of the books is broken."""
    drift.refund_in_the_dashboard(paid, servers)
    look(paid)
    settle(paid, command(reconciliation(paid).differences[0], Way.IMPORT))
    [refund] = paid.refunds()
    assert (refund.amount, refund.reason, refund.state) == (3000, "at_stripe", "made")
    assert paid.payment().refunded == 3000
    assert paid.events()["refund_made"] == 1
    assert paid.balances()["booking_funds"] == -6000
    assert violated(paid) == set()
    paid.work_off()
    assert len(paid.twin.objects("refunds", paid.stripe_account)) == 1


def test_a_charge_whose_webhooks_are_lost_is_taken_over(world: World, twin: Twin) -> None:
    """The payment is captured, with its event, as the webhook would have done."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    look(world)
    [found] = reconciliation(world).differences
    assert found.kind == "charge_unknown_here"
    settle(world, command(found, Way.IMPORT))
    assert world.payment().captured == 9000
    assert world.events()["payment_succeeded"] == 1
    assert violated(world) == set()


def test_a_second_charge_of_one_payment_waits_to_be_explained(paid: World) -> None:
    """Paid twice: the second belongs to nothing here, and is taken over as unexplained money."""
    drift.charge_in_the_dashboard(paid, payment_id=str(paid.payment().id))
    look(paid)
    [found] = reconciliation(paid).differences
    assert found.kind == "charge_unknown_here"
    settle(paid, command(found, Way.IMPORT))
    assert paid.balances()["suspense"] == -5000


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


def test_a_decision_is_taken_once_and_by_what_was_seen(paid: World, servers: Stack) -> None:
    """Repeated it changes nothing; with other words or an old view it is refused by name."""
    drift.adjustment(paid, servers)
    look(paid)
    [found] = reconciliation(paid).differences
    decision, actor = command(found, Way.IMPORT), keeper(paid)
    first = settle(paid, decision, actor)
    assert settle(paid, decision, actor) == first
    assert paid.balances()["suspense"] == 1500
    with pytest.raises(DifferentContent):
        settle(paid, decision.model_copy(update={"words": "Something else."}), actor)
    with pytest.raises(DifferenceChanged):
        settle(paid, command(found, Way.EXPLAIN), actor)
    with pytest.raises(NotFound):
        settle(paid, command(found, Way.EXPLAIN, difference_id=uuid7()), actor)
    assert first.decisions[0].decided_by == actor.account_id


def test_a_way_that_a_kind_does_not_have_is_refused(paid: World, servers: Stack) -> None:
    """And nothing is written of it."""
    drift.charge_here(paid, servers)
    look(paid)
    [found] = reconciliation(paid).differences
    before = paid.balances()
    with pytest.raises(NotThisWay):
        settle(paid, command(found, Way.IMPORT))
    assert paid.balances() == before
    assert reconciliation(paid).differences[0].decisions == []


def test_decisions_are_never_rewritten(paid: World, servers: Stack) -> None:
    """The runtime role may neither change nor remove what somebody decided."""
    for change in ("UPDATE billing.reconciliation_decisions SET words = 'x'",
                   "DELETE FROM billing.reconciliation_decisions"):  # fmt: skip
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            paid.database.transaction(paid.us) as tx,
        ):
            tx.execute(text(change))


def test_only_who_answers_for_the_money_sees_and_settles(
    paid: World, servers: Stack, make_world: object
) -> None:
    """Others of the practice are forbidden; another practice's keeper finds no such difference."""
    drift.adjustment(paid, servers)
    look(paid)
    [found] = reconciliation(paid).differences
    for role in ("practitioner", "front_desk", "supervisor"):
        actor = Actor(kind="person", account_id=uuid7(), practice_id=paid.practice_id,
                      roles=frozenset({role}))  # fmt: skip
        with pytest.raises(Forbidden):
            settle(paid, command(found, Way.EXPLAIN), actor)
    other: World = make_world()  # type: ignore[operator]
    with pytest.raises(NotFound):
        settle(other, command(found, Way.EXPLAIN))
    assert reconciliation(other).differences == []


def test_every_account_is_looked_at_every_few_minutes(paid: World) -> None:
    """The look is owed by itself, owes the next one, and the button brings that one forward."""
    reconciling.owe_looks(paid.database, utc_now())
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


def _work_off_looks(world: World, at: object) -> None:
    while work.work_off(world.around, LOOKS, lambda: at):  # type: ignore[arg-type, return-value]
        pass


def test_once_a_day_a_look_goes_back_for_weeks(paid: World, servers: Stack) -> None:
    """An old entry that vanishes from the books is beyond the usual look, and found by that one."""
    look(paid)
    later = utc_now() + timedelta(hours=5)
    drift.missing_entry(paid, servers)
    look(paid, later)
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
