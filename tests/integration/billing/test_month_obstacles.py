"""What keeps a month open: each thing is told, refused, and gone once somebody settled it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep
from uuid import UUID

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.domain.movements import GRACE
from services.billing.models import DueWork, ReconciliationRun
from services.billing.operations.refund_failures import note_paid_elsewhere
from services.common.clock import utc_now
from services.contracts.billing.months import MonthNotClosable, MonthState, Obstacle
from services.contracts.billing.refunds import NotePaidElsewhere
from tests.integration.billing.closing import close, end_of, over, seen, this_month
from tests.integration.billing.drift import look
from tests.integration.billing.money_back import FRAUD
from tests.integration.billing.money_back import look as look_at_disputes
from tests.integration.billing.owner import as_owner
from tests.integration.billing.past import bring_in, past
from tests.integration.billing.test_attention import attended
from tests.integration.billing.world import World

CLOSED_CARD = "4000000000005126"
PATIENCE = 10.0


def in_the_way(world: World) -> dict[Obstacle, int]:
    """What this month's page tells when the month is over."""
    return seen(world, this_month(), over(this_month())).obstacles


def refused_for(world: World) -> str:
    """Why closing it is refused."""
    with pytest.raises(MonthNotClosable) as refused:
        close(world, this_month(), over(this_month()))
    return refused.value.detail["why"]


def owe(
    world: World, kind: str, subject_id: UUID, at: datetime, *, is_parked: bool = False
) -> None:
    """Work of the practice that was asked for at that moment."""
    with world.database.plumbing() as tx:
        tx.add(
            DueWork(
                id=uuid7(),
                kind=kind,
                subject_id=subject_id,
                practice_id=world.practice_id,
                due_at=at,
                parked_at=at if is_parked else None,
                request_id="test",
                created_at=at,
            )
        )


@pytest.fixture
def unseen(world: World) -> World:
    """A payment in this month's books, and nobody compared them with Stripe since."""
    world.start()
    world.pay()
    world.converge()
    return world


@pytest.fixture
def paid(unseen: World) -> World:
    """The same, compared after the month."""
    look(unseen, over(this_month()))
    assert in_the_way(unseen) == {}
    return unseen


def test_a_month_waits_for_a_look_at_stripe_that_began_after_its_end(unseen: World) -> None:
    """So long after it that all of the month was judged, and finished: without a look there are no
    differences."""
    until_at = end_of(this_month())
    assert in_the_way(unseen) == {Obstacle.NOT_COMPARED: 1}
    assert refused_for(unseen) == "not_compared"
    look(unseen, until_at + GRACE - timedelta(seconds=1))
    assert in_the_way(unseen) == {Obstacle.NOT_COMPARED: 1}
    begun = ReconciliationRun(
        id=uuid7(),
        practice_id=unseen.practice_id,
        is_thorough=False,
        started_at=until_at + GRACE,
    )
    with unseen.database.transaction(unseen.us) as tx:
        tx.add(begun)
    assert in_the_way(unseen) == {Obstacle.NOT_COMPARED: 1}
    look(unseen, over(this_month()))
    assert in_the_way(unseen) == {}
    assert close(unseen, this_month(), over(this_month())).month.state is MonthState.CLOSED


def test_without_an_account_at_stripe_there_is_nothing_to_compare(
    unseen: World, servers: Stack
) -> None:
    """A month of a practice that is not connected is closed without a look."""
    mine = f"WHERE practice_id = '{unseen.practice_id}'"
    as_owner(servers, f"DELETE FROM billing.stripe_accounts {mine}")
    assert in_the_way(unseen) == {}
    close(unseen, this_month(), over(this_month()))


def test_money_that_never_was_at_stripe_needs_no_look(
    world: World, make_world: Callable[..., World]
) -> None:
    """Sessions on account, or payments of the time before: connected, and nothing to compare."""
    attended(world, utc_now())
    assert in_the_way(world) == {}
    close(world, this_month(), over(this_month()))
    older = make_world()
    [payment] = bring_in(older, [past(older, 0)])
    month = payment.captured_at.date().replace(day=1)
    assert close(older, month, over(month)).month.state is MonthState.CLOSED


def test_a_refund_that_failed_keeps_its_month_open_until_it_is_settled(world: World) -> None:
    """The client has nothing yet; once it is noted how they were paid back the month is closed."""
    world.start()
    world.pay(CLOSED_CARD)
    world.converge()
    world.cancel(50)
    ends = monotonic() + PATIENCE
    while world.refunds()[0].state != "failed":
        assert monotonic() < ends
        world.work_off(utc_now() + timedelta(seconds=6))
        sleep(0.05)
    look(world, over(this_month()))
    assert in_the_way(world) == {Obstacle.REFUNDS_FAILED: 1}
    assert refused_for(world) == "refunds_failed"
    [refund] = world.refunds()
    noted = NotePaidElsewhere(refund_id=refund.id, attempt=1, words="By bank transfer.")
    with world.database.transaction(world.admin) as tx:
        note_paid_elsewhere(tx, noted, actor=world.admin, now=utc_now())
    assert in_the_way(world) == {}


def test_a_refund_that_is_on_its_way_keeps_its_month_open(paid: World) -> None:
    """From its promise until Stripe has made it."""
    paid.cancel(50)
    assert in_the_way(paid) == {Obstacle.UNDER_WAY: 1}
    assert refused_for(paid) == "under_way"
    paid.work_off()
    assert in_the_way(paid) == {}


def test_a_payment_of_unknown_outcome_keeps_its_month_open(
    paid: World, make_world: Callable[..., World]
) -> None:
    """By when it was begun or captured, whenever it was looked at last; another practice's does
    not, nor does one that was begun later."""
    payment, later = paid.payment(), end_of(this_month()) + timedelta(minutes=1)
    owe(paid, "settle_payment", payment.id, later)
    assert in_the_way(paid) == {Obstacle.UNDER_WAY: 1}
    paid.work_off(later)
    assert in_the_way(paid) == {}
    stranger = make_world()
    stranger.start()
    owe(paid, "settle_payment", uuid7(), later)
    assert in_the_way(paid) == {}


def test_what_is_given_up_after_the_month_is_still_work_on_its_money(paid: World) -> None:
    """It was under way at the end, and then nobody tried any more."""
    later = end_of(this_month()) + timedelta(minutes=1)
    owe(paid, "settle_payment", paid.payment().id, later, is_parked=True)
    owe(paid, "settle_disputes", paid.payment().id, later, is_parked=True)
    assert in_the_way(paid) == {Obstacle.GIVEN_UP: 1}


@pytest.mark.parametrize("kind", ["settle_disputes", "settle_payout", "lapse_package", "reconcile"])
def test_what_waits_for_others_keeps_no_month_open(paid: World, kind: str) -> None:
    """Disputes take months, payouts and packages their time: they are open items and no errors."""
    owe(paid, kind, uuid7(), utc_now())
    assert in_the_way(paid) == {}


def test_open_disputes_are_told_and_keep_no_month_open(world: World) -> None:
    """Of an open month and of a closed one, until they are decided."""
    world.start()
    world.pay(FRAUD)
    world.converge()
    look_at_disputes(world)
    look(world, over(this_month()))
    told = seen(world, this_month(), over(this_month()))
    assert (told.open_disputes, told.obstacles) == (1, {})
    assert close(world, this_month(), over(this_month())).open_disputes == 1
    with world.database.transaction(world.us) as tx:
        tx.execute(text("UPDATE billing.disputes SET status = 'won', closed_at = now()"))
    assert seen(world, this_month(), over(this_month())).open_disputes == 0
