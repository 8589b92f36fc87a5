"""What the doctor finds of a closed month that was changed while the guards were off."""

import pytest
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.ledger import Posting
from services.billing.domain.months import following
from services.billing.operations.posting import post
from services.common.clock import utc_now
from services.common.money import Money
from tests.integration.billing.closing import CHANGED, close, over, this_month, unguarded
from tests.integration.billing.drift import look
from tests.integration.billing.owner import as_owner, without_trigger
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.world import World


@pytest.fixture
def closed(world: World) -> World:
    """A practice with a payment, whose month is closed, and the next one as well."""
    world.start()
    world.pay()
    world.converge()
    look(world, over(this_month(), 1))
    close(world, this_month(), over(this_month()))
    close(world, following(this_month()), over(this_month(), 1))
    assert violated(world) == set()
    return world


def test_an_entry_that_came_with_its_reversal_is_found(closed: World, servers: Stack) -> None:
    """No balance tells of them, but both sides do."""
    before, payment = closed.balances(), closed.payment()
    with unguarded(servers), closed.database.transaction(closed.us) as tx:
        for cents in (5, -5):
            money = Money(cents, "EUR")
            entries = (Posting(Account.BANK, money), Posting(Account.SUSPENSE, -money))
            post(tx, Kind.IMPORTED, payment, uuid7(), entries, utc_now())
    assert closed.balances() == before
    assert violated(closed) == {CHANGED}


@pytest.mark.parametrize("which", [0, 1])
def test_a_month_that_begins_with_other_figures_is_found(
    closed: World, servers: Stack, which: int
) -> None:
    """What stood before a month is what the one before it ended with; before the first, nothing."""
    enter = f"SELECT set_config('attune.practice_id', '{closed.practice_id}', true)"
    changed = f"""UPDATE billing.closed_balances SET opening = opening + 1
        WHERE closed_month_id = (
          SELECT id FROM billing.closed_months ORDER BY month_on OFFSET {which} LIMIT 1)"""
    with without_trigger(servers, "closed_balances", "closed_balances_immutable"):
        as_owner(servers, enter, changed)
    assert violated(closed) == {CHANGED}
