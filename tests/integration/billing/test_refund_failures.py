"""A refund that the bank sends back is owed again, until it is sent once more or paid elsewhere."""

from collections import Counter
from datetime import timedelta
from time import monotonic, sleep

import pytest

from services.billing.operations import import_past_payments
from services.billing.operations.refund_failures import note_paid_elsewhere, retry_refund
from services.common.clock import utc_now
from services.common.errors import Forbidden
from services.contracts.billing import PaymentState
from services.contracts.billing.refunds import (
    NotePaidElsewhere,
    NotRetryable,
    PracticeRefund,
    RefundState,
    RetryRefund,
)
from tests.integration.billing.money_back import check_books, give_back, proposal
from tests.integration.billing.past import past
from tests.integration.billing.world import World

CLOSED_CARD = "4000000000005126"


def until_failed(world: World, attempt: int = 1) -> None:
    """Work as the task does until the bank's word has come."""
    until = monotonic() + 10
    while monotonic() < until and not _has_failed(world, attempt):
        world.work_off(utc_now() + timedelta(seconds=6))
        sleep(0.05)
    assert _has_failed(world, attempt)


def _has_failed(world: World, attempt: int) -> bool:
    [refund] = world.refunds()
    return refund.state == "failed" and refund.attempt == attempt


def retry(world: World, attempt: int = 1) -> PracticeRefund:
    with world.database.transaction(world.admin) as tx:
        command = RetryRefund(refund_id=world.refunds()[0].id, attempt=attempt)
        return retry_refund(tx, command, actor=world.admin, now=utc_now())


def pay_elsewhere(world: World, words: str = "By bank transfer.") -> PracticeRefund:
    with world.database.transaction(world.admin) as tx:
        command = NotePaidElsewhere(refund_id=world.refunds()[0].id, attempt=1, words=words)
        return note_paid_elsewhere(tx, command, actor=world.admin, now=utc_now())


@pytest.fixture
def failed(world: World) -> World:
    """Paid with a card that is closed later; 30 of 90 € were refunded and came back."""
    world.start()
    world.pay(CLOSED_CARD)
    world.converge()
    give_back(world, 3000)
    until_failed(world)
    return world


def test_a_failed_refund_is_owed_again(failed: World) -> None:
    """The payment has nothing back, 30 € are due to the client, and the books are Stripe's."""
    [refund] = failed.refunds()
    assert (refund.made_at, refund.failure) == (None, "expired_or_canceled_card")
    assert failed.payment().state is PaymentState.SUCCEEDED
    assert failed.balances()["refunds_due"] == -3000
    check_books(failed)


def test_told_twice_and_late_it_failed_once(failed: World) -> None:
    """The webhooks again, in whatever order: the same books."""
    before = failed.moves()
    for kind in ("refund.failed", "refund.created", "charge.refund.updated", "refund.updated"):
        failed.twin.redeliver(kind)
    sleep(0.5)
    failed.work_off(utc_now() + timedelta(seconds=6))
    assert failed.moves() == before
    assert before == Counter(charged=1, processed=1, granted=1, refunded=1, refund_failed=1)


def test_sent_once_more_it_takes_no_second_share_of_the_commission(failed: World) -> None:
    """Tried again twice by the same click: one more refund at Stripe, the commission back once."""
    assert retry(failed).state is RefundState.PROMISED
    assert retry(failed).attempt == 2
    until_failed(failed, attempt=2)
    made = failed.twin.objects("refunds", failed.stripe_account)
    assert len(made) == 2
    assert failed.balances()["platform_commission"] == 450 - 150
    check_books(failed)


def test_paid_back_elsewhere_it_counts_as_back(failed: World) -> None:
    """By words, once: 30 € are back from the practice's own bank, and nothing is due."""
    for _ in range(2):
        assert pay_elsewhere(failed).state is RefundState.ELSEWHERE
    assert failed.payment().refunded == 3000
    assert failed.balances()["bank"] == -3000
    assert "refunds_due" not in failed.balances()
    check_books(failed)
    with pytest.raises(NotRetryable):
        retry(failed)


def test_what_has_not_failed_has_no_way_out(world: World) -> None:
    """A refund that was made is neither repeated nor noted; nobody but the money's people may."""
    world.start()
    world.pay()
    world.converge()
    give_back(world, 3000)
    world.work_off()
    for act in (retry, pay_elsewhere):
        with pytest.raises(NotRetryable):
            act(world)
    command = RetryRefund(refund_id=world.refunds()[0].id, attempt=1)
    with pytest.raises(Forbidden), world.database.transaction(world.client) as tx:
        retry_refund(tx, command, actor=world.client, now=utc_now())


def test_what_stripe_does_not_know_is_paid_back_by_the_practice_itself(world: World) -> None:
    """Brought in from before: shown as such, promised, and owed until it is noted as paid back."""
    brought = past(world, 0)
    with world.database.transaction(world.us) as tx:
        import_past_payments(tx, world.practice_id, [brought])
    world.booking_id = brought.booking_id
    shown = proposal(world, 3000)
    assert (shown.is_at_stripe, shown.commission_back.amount) == (False, 0)
    give_back(world, 3000)
    world.work_off()
    with pytest.raises(NotRetryable):
        retry(world)
    assert world.balances()["refunds_due"] == -3000
    pay_elsewhere(world)
    assert world.balances()["bank"] == -3000
    assert world.payment().state is PaymentState.PARTLY_REFUNDED
