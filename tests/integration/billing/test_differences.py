"""A difference from Stripe is settled once, by what was seen, and by who may; and stays so."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.operations import reconciling, refund_list
from services.billing.operations.reconciling_all import look_at
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.billing.reconciliation import (
    DifferenceChanged,
    NotThisWay,
    Way,
)
from tests.integration.billing import drift
from tests.integration.billing.drift import (
    EXPECTED,
    RIPE,
    Seed,
    command,
    keeper,
    look,
    reconciliation,
    settle,
)
from tests.integration.billing.owner import as_owner
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

LATE = "every account at Stripe was compared with the ledger in the last 15 minutes"
OPEN = "no difference from Stripe has been open for more than 15 minutes"


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid and settled: Stripe and the ledger agree."""
    world.start()
    world.pay()
    world.converge()
    return world


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
    with paid.database.reading(keeper(paid)) as tx:
        told = refund_list.view_of(tx, paid.practice_id, refund.id)
    assert (told.reason, told.percent) == ("at_stripe", None)
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


def test_the_doctor_tells_of_late_looks_and_of_what_stays_open(paid: World, servers: Stack) -> None:
    """Quarter of an hour without a look, and a difference as old: both told, both gone again."""
    reconciling.owe_looks(paid.database, utc_now() - timedelta(minutes=16))
    assert violated(paid) == {LATE}
    drift.adjustment(paid, servers)
    look(paid)
    assert violated(paid) == set()
    enter = f"SELECT set_config('attune.practice_id', '{paid.practice_id}', true)"
    earlier = "first_seen_at = first_seen_at - interval '30 minutes'"
    as_owner(servers, enter, f"UPDATE billing.reconciliation_differences SET {earlier}")
    assert violated(paid) == {OPEN}
    settle(paid, command(reconciliation(paid).differences[0], Way.EXPLAIN))
    assert violated(paid) == set()


def test_the_command_tells_a_line_for_each_practice(paid: World, servers: Stack) -> None:
    """Seen, found, gone and open; twice in a row the second finds nothing new."""
    drift.adjustment(paid, servers)
    for found in (1, 0):
        line = look_at(paid.around, paid.practice_id, lambda: utc_now() + RIPE).line()
        told = f"2 movements, {found} new differences, 0 gone, 1 open"
        assert line == f"{paid.practice_id}  {told}"
