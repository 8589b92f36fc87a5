"""R4: the webhooks' endpoint is down for three days; the reconciler makes up for all of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete

from services.billing.models import DueWork
from services.common.clock import utc_now
from services.contracts.billing import PaymentState
from services.contracts.billing.reconciliation import Way
from tests.integration.billing.drift import (
    RIPE,
    command,
    differences,
    look,
    reconciliation,
    settle,
)
from tests.integration.billing.money_back import check_books
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

HOUR, HOURS = timedelta(hours=1), 72
DECLINED = "4000000000000002"
#: What becomes of each client: how their payment has to end, and what of it went back.
ENDS = {
    "paid": (PaymentState.SUCCEEDED, 0),
    "declined, then paid": (PaymentState.SUCCEEDED, 0),
    "paid, cancelled at half": (PaymentState.PARTLY_REFUNDED, 4500),
    "paid, refused": (PaymentState.REFUNDED, 9000),
    "cancelled unpaid": (PaymentState.EXPIRED, 0),
    "left alone": (PaymentState.EXPIRED, 0),
}


class Days:
    """Three days at both ends: our side is told the time, the twin's clock is moved along."""

    def __init__(self, twin: Twin, make_world: Callable[..., World]) -> None:
        self._twin, self.make_world = twin, make_world
        self.now = utc_now()
        self.worlds: list[tuple[str, World]] = []

    def pass_by(self, *, is_working: bool) -> None:
        """A client every eight hours, and the worker's turn every hour, or not at all."""
        kinds = [*ENDS, *ENDS]
        for hour in range(HOURS):
            if hour % 8 == 0:
                world = self.make_world()
                self.worlds.append((kinds[hour // 8], world))
                self._befall(*self.worlds[-1])
            self.advance()
            if is_working:
                self.work()

    def advance(self) -> None:
        self._twin.switch("clock", advance=HOUR.total_seconds())
        self.now += HOUR

    def work(self) -> None:
        """All that is due by now, whoever's it is."""
        self.worlds[0][1].work_off(self.now)

    def _befall(self, kind: str, world: World) -> None:
        world.start(self.now)
        if kind.startswith("declined"):
            world.pay(DECLINED)
        if "paid" in kind.replace("unpaid", ""):
            world.pay()
        if kind.startswith("cancelled"):
            world.cancel(100)
        if kind.endswith("half"):
            world.cancel(50)
        if kind.endswith("refused"):
            world.refuse()


@pytest.fixture
def days(twin: Twin, make_world: Callable[..., World]) -> Iterator[Days]:
    """Nothing is owed to anybody else, every webhook is lost, and in the end it is today again."""
    made = Days(twin, make_world)
    with make_world().database.plumbing() as tx:
        tx.execute(delete(DueWork))
    twin.fail("webhook_lose")
    yield made
    twin.switch("clock", offset=0)


def ends(days: Days) -> list[tuple[str, PaymentState, int]]:
    told = [(kind, world.payment()) for kind, world in days.worlds]
    return [(kind, payment.state, payment.refunded) for kind, payment in told]


@pytest.mark.parametrize("is_working", [True, False], ids=["endpoint down", "everything down"])
def test_three_days_without_a_webhook_are_made_up_for(days: Days, is_working: bool) -> None:
    """Nine payments, some cancelled or left alone: each ends as it would have, books even."""
    days.pass_by(is_working=is_working)
    for _ in range(3):
        days.advance()
        days.work()
    assert ends(days) == [(kind, *ENDS[kind]) for kind, _ in days.worlds]
    for _, world in days.worlds:
        assert world.stripe_events() == []
        assert world.due() == []
        check_books(world)
        look(world, days.now + RIPE)
        assert differences(world) == []


def test_without_the_owed_looks_all_of_it_would_be_lost(days: Days) -> None:
    """The twin: with the looks that are owed taken away nobody ever asks Stripe."""
    days.pass_by(is_working=False)
    with days.worlds[0][1].database.plumbing() as tx:
        tx.execute(delete(DueWork))
    days.work()
    assert {state for _, state, _ in ends(days)} == {PaymentState.OPEN}


def test_a_dispute_that_nobody_told_becomes_a_row_and_is_taken_over(days: Days) -> None:
    """Opened while the endpoint is down, of a payment that was settled: the next look at the
    account has it, and a person's word makes the books say it."""
    world = days.make_world()
    world.start()
    world.pay()
    world.work_off(utc_now() + timedelta(seconds=61))
    charge = world.payment().charge_id
    world.twin.befall("disputes/open", charge=str(charge), reason="fraudulent")
    look(world)
    [found] = reconciliation(world).differences
    settle(world, command(found, Way.IMPORT))
    world.work_off()
    look(world)
    assert reconciliation(world).differences == []
    assert world.payment().disputed == 9000
    check_books(world)
