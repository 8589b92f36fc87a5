"""R10 of money: whatever happens in whatever order, the books hold after every step."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import delete
from uuid_utils.compat import uuid7

from services.billing.domain import ledger
from services.billing.domain.accounts import Kind
from services.billing.models import DueWork
from services.billing.operations.posting import post
from services.common.clock import utc_now
from services.common.money import Money
from tests.integration.billing.money_machine import MoneyMachine
from tests.integration.billing.world import World

LIVES, LIVES_OF_SOAK, STEPS = 8, 400, 14
ANY_LIFE = settings(
    max_examples=LIVES_OF_SOAK if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else LIVES,
    stateful_step_count=STEPS,
    derandomize=os.environ.get("HYPOTHESIS_PROFILE") != "soak",
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def worlds(make_world: Callable[..., World]) -> Callable[..., World]:
    """Worlds whose worker owes nothing to anybody else."""
    with make_world().database.plumbing() as tx:
        tx.execute(delete(DueWork))
    return make_world


class Meddled(MoneyMachine):
    """The same, and now and then a cent too much is posted of a charge: balanced, and wrong."""

    @rule()
    def meddle(self) -> None:
        """The guard of one posting per charge is walked around."""
        world, entries = self.world, ledger.charged(Money(1, "EUR"))
        with world.database.transaction(world.us) as tx:
            post(tx, Kind.CHARGED, world.payment(), uuid7(), entries, utc_now())


def machine(kind: type[MoneyMachine], worlds: Callable[..., World]) -> type[MoneyMachine]:
    return type(kind.__name__, (kind,), {"make_world": staticmethod(worlds)})


def test_the_books_hold_in_any_life(worlds: Callable[..., World]) -> None:
    """Payments, refunds, disputes and payouts: sums, allocation, and in the end Stripe's word."""
    run_state_machine_as_test(machine(MoneyMachine, worlds), settings=ANY_LIFE)


def test_a_cent_too_much_would_be_found(worlds: Callable[..., World]) -> None:
    """The twin: a second posting of a charge, and the machine turns red."""
    quick = settings(ANY_LIFE, max_examples=3, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="meddle"):
        run_state_machine_as_test(machine(Meddled, worlds), settings=quick)
