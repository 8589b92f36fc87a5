"""Money goes back as the booking's end says: by percent, once, never more than came."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from deploy.local.stack import Stack
from services.billing.models import Base, DueWork
from services.billing.operations.endings import promise_refund
from services.billing.operations.reading import get_payment, preview_refund
from services.common import parking
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing import GetPayment, PaymentState, PreviewRefund
from tests.integration.billing.owner import without_trigger
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World, payment_of_booking


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid and settled: 90 €, of which 1.60 Stripe's and 4.50 commission."""
    world.start()
    world.pay()
    world.converge()
    return world


def test_a_full_refund_leaves_only_stripes_fee(paid: World) -> None:
    """Refused by booking: all of it goes back, the commission too; the payment is refunded."""
    paid.refuse()
    paid.work_off()
    assert paid.payment().state is PaymentState.REFUNDED
    assert paid.balances() == {"stripe_balance": -160, "stripe_fees": 160}
    assert paid.events()["refund_made"] == 1
    [refund] = paid.twin.objects("refunds", paid.stripe_account)
    assert refund["amount"] == 9000


def test_half_goes_back_and_half_is_retained(paid: World) -> None:
    """50 %: the rest is the practice's fee; the commission comes back in proportion."""
    paid.cancel(50)
    paid.work_off()
    assert paid.payment().state is PaymentState.PARTLY_REFUNDED
    assert paid.balances() == {
        "stripe_balance": 9000 - 160 - 450 - 4500 + 225,
        "retained_fees": -4500,
        "stripe_fees": 160,
        "platform_commission": 225,
    }


def test_zero_percent_retains_all_and_calls_nobody(paid: World) -> None:
    """Cancelled too late: only the retention is posted."""
    paid.cancel(0)
    paid.work_off()
    assert paid.payment().state is PaymentState.SUCCEEDED
    assert paid.balances()["retained_fees"] == -9000
    assert paid.refunds() == []
    assert paid.twin.objects("refunds", paid.stripe_account) == []


def test_a_cancellation_repeated_refunds_once(paid: World) -> None:
    """However often and however simultaneously the end is told, one refund is made."""
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda _: paid.cancel(70), range(20)))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: paid.work_off(), range(3)))
    assert [refund.amount for refund in paid.refunds()] == [6300]
    assert len(paid.twin.objects("refunds", paid.stripe_account)) == 1
    assert paid.moves() == Counter(charged=1, processed=1, ended=1, refunded=1)


def test_a_refusal_after_a_cancellation_adds_what_is_missing(paid: World) -> None:
    """Half was promised, then the seat turned out to be gone: in all, everything goes back."""
    paid.cancel(50)
    paid.refuse()
    paid.work_off()
    assert sorted(refund.amount for refund in paid.refunds()) == [4500, 4500]
    assert paid.payment().state is PaymentState.REFUNDED
    assert paid.balances() == {"stripe_balance": -160, "stripe_fees": 160}


def test_cancelled_before_the_payment_arrived_is_refunded_when_it_does(
    world: World, twin: Twin
) -> None:
    """The page is ended; what was paid in the same moment goes back by the same percentage."""
    twin.fail("webhook_lose")
    world.start()
    world.pay()
    world.cancel(100)
    world.work_off()
    world.work_off()
    assert world.payment().state is PaymentState.REFUNDED
    assert world.balances() == {"stripe_balance": -160, "stripe_fees": 160}


def test_cancelled_unpaid_ends_the_page_and_moves_no_money(world: World) -> None:
    """Nothing was captured, so nothing is owed."""
    world.start()
    world.cancel(100)
    world.work_off()
    assert world.payment().state is PaymentState.EXPIRED
    assert world.balances() == {}


def test_a_dropped_answer_makes_one_refund(paid: World, twin: Twin) -> None:
    """Stripe refunded and nobody heard: the repeated call carries the same key."""
    twin.fail("drop_answer", method="POST", path="/v1/refunds", count=1)
    paid.cancel(100)
    paid.work_off()
    assert paid.payment().refunded == 0
    paid.work_off(utc_now() + timedelta(seconds=5))
    assert paid.payment().refunded == 9000
    assert len(twin.objects("refunds", paid.stripe_account)) == 1


def test_an_error_after_the_refund_is_looked_up(paid: World, twin: Twin) -> None:
    """Stripe keeps the 500 under the key for ever: the refund is found by its metadata."""
    twin.fail("error_after", method="POST", path="/v1/refunds", count=1)
    paid.cancel(100)
    for seconds in (0, 5, 30):
        paid.work_off(utc_now() + timedelta(seconds=seconds))
    assert paid.payment().refunded == 9000
    assert len(twin.objects("refunds", paid.stripe_account)) == 1


def test_an_error_before_the_refund_is_tried_under_another_key(paid: World, twin: Twin) -> None:
    """Nothing was refunded under the key that keeps the error: the next key is used, once."""
    twin.fail("error_before", method="POST", path="/v1/refunds", count=2)
    paid.cancel(100)
    for seconds in (0, 5, 30, 90):
        paid.work_off(utc_now() + timedelta(seconds=seconds))
    assert paid.payment().refunded == 9000
    assert len(twin.objects("refunds", paid.stripe_account)) == 1


def test_after_a_day_of_silence_a_refund_is_looked_up_and_parked(paid: World, twin: Twin) -> None:
    """The outcome is unknown and the key forgotten: never sent again, a person has to look."""
    twin.fail("error_before", method="POST", path="/v1/refunds", count=1)
    paid.cancel(100)
    paid.work_off()
    with paid.database.transaction(paid.us) as tx:
        tx.execute(text("UPDATE billing.refunds SET sent_at = sent_at - interval '25 hours'"))
    sent = len(twin.calls("POST", "/v1/refunds"))
    paid.work_off(utc_now() + timedelta(seconds=5))
    assert len(twin.calls("POST", "/v1/refunds")) == sent
    [row] = paid.due()
    assert row.parked_at is not None
    assert row.error == "UnknownForGood"


def test_a_parked_refund_cannot_be_let_go(paid: World) -> None:
    """The client's money waits for it: it is there to be tried again, whatever is typed."""
    paid.cancel(100)
    with paid.database.transaction(paid.us) as tx:
        owed = update(DueWork).where(DueWork.practice_id == paid.practice_id)
        key = tx.scalar(owed.values(parked_at=utc_now()).returning(DueWork.id))
        assert str(key) in {row.key for row in parking.list_parked(tx, Base.metadata)}
        assert parking.drop(tx, Base.metadata, str(key)) == 0
        assert parking.replay(tx, Base.metadata) >= 1
    paid.work_off()
    assert paid.payment().refunded == 9000


def test_a_hundred_concurrent_refunds_stay_within_what_was_captured(paid: World) -> None:
    """100 × 10 % at once: ten are promised, the database refuses the others by name."""

    def promise(_: int) -> str:
        try:
            _promise_without_asking(paid)
        except IntegrityError as error:
            return constraint_of(error)
        return "promised"

    with ThreadPoolExecutor(5) as pool:
        outcomes = Counter(pool.map(promise, range(100)))
    assert outcomes == Counter(promised=10, refunds_within_captured=90)
    assert sum(refund.amount for refund in paid.refunds()) == 9000


def test_without_the_guard_refunds_would_exceed_what_was_captured(
    paid: World, servers: Stack
) -> None:
    """The twin of the test above: the trigger switched off, the eleventh refund goes through."""
    with without_trigger(servers, "refunds", "refunds_within_captured"):
        for _ in range(11):
            _promise_without_asking(paid)
    assert sum(refund.amount for refund in paid.refunds()) > 9000


def test_the_preview_rounds_as_the_refund_does(make_world: Callable[..., World]) -> None:
    """What is shown before cancelling is what goes back, to the minor unit."""
    world = make_world(amount=8995)
    world.start()
    world.pay()
    world.converge()
    command = PreviewRefund(booking_id=world.booking_id, percent=50)
    shown = preview_refund(world.around, command, actor=world.client)
    assert shown.refund == Money(4498, "EUR")
    assert shown.kept == Money(4497, "EUR")
    world.cancel(50)
    world.work_off()
    assert world.payment().refunded == shown.refund.amount


def test_only_those_who_see_the_booking_see_its_payment(paid: World) -> None:
    """Client, link and the practice's billing roles do; others get the answer for unknown ids."""
    practice = paid.practice_id
    yes = [
        paid.client,
        Actor(kind="link", booking_id=paid.booking_id, practice_id=practice),
        Actor(kind="person", account_id=practice, practice_id=practice, roles=frozenset({"admin"})),
    ]
    no = [
        Actor(practice_id=practice),
        Actor(kind="link", booking_id=practice, practice_id=practice),
        Actor(kind="person", account_id=practice, practice_id=practice),
        Actor(kind="person", account_id=practice, practice_id=paid.booking_id,
              roles=frozenset({"owner"})),
    ]  # fmt: skip
    command = GetPayment(booking_id=paid.booking_id)
    for actor in yes:
        assert get_payment(paid.around, command, actor=actor, now=utc_now()).captured.amount == 9000
    for actor in no:
        with pytest.raises(NotFound):
            get_payment(paid.around, command, actor=actor, now=utc_now())


def _promise_without_asking(world: World) -> None:
    """A tenth of the captured amount, promised without a lock or a look at earlier promises."""
    with world.database.transaction(world.us) as tx:
        payment = payment_of_booking(tx, world.booking_id)
        promise_refund(tx, payment, Money(900, "EUR"), 10, "cancelled", utc_now())
