"""A refund that the practice makes in Stripe's own dashboard is a refund of its payment here."""

from datetime import timedelta
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from services.billing.operations import work
from services.billing.operations.reading import preview_refund
from services.billing.tasks import STEPS
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.money import Money
from services.contracts.billing import PreviewRefund, RefundPreview
from services.contracts.billing.reconciliation import Way
from tests.integration.billing.drift import command, look, reconciliation, settle
from tests.integration.billing.money_back import check_books, give_back
from tests.integration.billing.twin import Twin
from tests.integration.billing.world import World

TOLD = frozenset({"refund.created", "charge.refunded", "refund.updated"})


@pytest.fixture
def paid(world: World) -> World:
    """90 € are paid and settled."""
    world.start()
    world.pay()
    world.converge()
    return world


def refund_there(world: World, amount: int) -> str:
    """Somebody at the practice gives money back in Stripe's dashboard; the refund's id."""
    intent = world.payment().payment_intent_id
    made = world.twin.post("refunds", world.stripe_account, payment_intent=intent, amount=amount)
    return str(made["id"])


def until_told(world: World, refunds: int = 1) -> None:
    """Wait until so many refunds' webhooks of each kind came; none is worked off."""
    until = monotonic() + 10
    while monotonic() < until:
        kinds = [event.type for event in world.stripe_events()]
        if all(kinds.count(kind) >= refunds for kind in TOLD):
            return
        sleep(0.05)
    raise AssertionError("the webhooks did not come")


def previewed(world: World, percent: int = 100) -> RefundPreview:
    asked = PreviewRefund(booking_id=world.booking_id, percent=percent)
    return preview_refund(world.around, asked, actor=world.client)


def rows(world: World) -> list[tuple[int, str, str]]:
    return [(one.amount, one.reason, one.state) for one in world.refunds()]


def sent(world: World) -> list[int]:
    """What went back by Stripe, the oldest first."""
    found = world.twin.objects("refunds", world.stripe_account)
    return [one["amount"] for one in reversed(found)]


def test_its_webhook_takes_it_over_at_once_and_once(paid: World, twin: Twin) -> None:
    """However often and in whatever order it is told: one row, one event, nobody was asked."""
    twin.fail("webhook_duplicate")
    refund_id = refund_there(paid, 5000)
    until_told(paid, refunds=1)
    paid.work_off()
    for kind in sorted(TOLD):
        twin.redeliver(kind)
        paid.work_off()
    assert rows(paid) == [(5000, "at_stripe", "made")]
    assert paid.refunds()[0].stripe_refund_id == refund_id
    assert (paid.payment().refunded, paid.balances()["booking_funds"]) == (5000, -4000)
    assert paid.events()["refund_made"] == 1
    look(paid)
    assert reconciliation(paid).differences == []
    check_books(paid)


def test_a_cancellation_afterwards_promises_and_gives_the_rest(paid: World) -> None:
    """What is shown is what goes back; what went back counts towards the percentage."""
    refund_there(paid, 5000)
    until_told(paid)
    paid.work_off()
    half, whole = previewed(paid, 50), previewed(paid)
    assert (half.refund.amount, half.kept.amount) == (0, 4000)
    euro = (Money(9000, "EUR"), Money(5000, "EUR"), Money(4000, "EUR"), Money(0, "EUR"))
    assert (whole.captured, whole.back_before, whole.refund, whole.kept) == euro
    paid.cancel(100)
    paid.work_off()
    assert sent(paid) == [5000, 4000]
    assert paid.payment().refunded == 9000
    check_books(paid)


def test_our_own_refunds_events_take_nothing_over(paid: World) -> None:
    """Ours tells of itself by the same webhooks: one refund, the one we made."""
    paid.cancel(50)
    paid.work_off()
    until_told(paid)
    paid.work_off()
    assert rows(paid) == [(4500, "cancelled", "made")]
    assert paid.payment().refunded == 4500
    check_books(paid)


def test_ours_whose_answer_was_lost_is_never_taken_for_anothers(paid: World, twin: Twin) -> None:
    """Made at Stripe, its answer dropped, its webhooks first: the repeated call finds it."""
    twin.fail("drop_answer", path="/v1/refunds", method="POST", count=1)
    paid.cancel(50)
    work.work_off(paid.around, {work.MAKE_REFUND: STEPS[work.MAKE_REFUND]}, utc_now)
    assert [one.state for one in paid.refunds()] == ["promised"]
    until_told(paid)
    paid.work_off()
    assert len(paid.refunds()) == 1
    settle_later(paid)
    assert rows(paid) == [(4500, "cancelled", "made")]
    assert sent(paid) == [4500]
    check_books(paid)


def settle_later(world: World) -> None:
    """As the task goes on after a while."""
    for minutes in range(1, 8):
        world.work_off(utc_now() + timedelta(minutes=minutes))


@pytest.mark.parametrize("amount", [5000, 9000])
def test_a_promise_that_comes_second_gives_only_the_rest(
    paid: World, twin: Twin, amount: int
) -> None:
    """All was promised before anybody heard of it, and its webhooks are lost: Stripe refuses, the
    refund there is found, and fulfils the promise in part or whole."""
    twin.fail("webhook_lose")
    refund_there(paid, amount)
    paid.cancel(100)
    settle_later(paid)
    assert sum(one.amount for one in paid.refunds()) == 9000
    assert {one.state for one in paid.refunds()} == {"made"}
    assert sent(paid) == ([5000, 4000] if amount == 5000 else [9000])
    assert (paid.payment().refunded, paid.due()) == (9000, [])
    assert paid.balances()["stripe_fees"] == 160
    check_books(paid)


def test_a_whole_refund_there_beside_half_promised_here(paid: World, twin: Twin) -> None:
    """Half is fulfilled by it; the other half comes out of what had been retained."""
    twin.fail("webhook_lose")
    paid.cancel(50)
    refund_there(paid, 9000)
    settle_later(paid)
    assert rows(paid) == [(9000, "cancelled", "made")]
    assert sent(paid) == [9000]
    assert paid.balances().get("retained_fees", 0) == 0
    check_books(paid)


def test_without_its_webhooks_it_is_a_difference_that_previews_leave_out(
    paid: World, twin: Twin
) -> None:
    """Open: less is promised. Settled by a person: a refund like any; the rest goes back."""
    twin.fail("webhook_lose")
    refund_there(paid, 3000)
    assert previewed(paid).refund.amount == 9000
    look(paid)
    assert previewed(paid).refund.amount == 6000
    [found] = reconciliation(paid).differences
    settle(paid, command(found, Way.IMPORT))
    assert previewed(paid).refund.amount == 6000
    paid.cancel(100)
    paid.work_off()
    assert sent(paid) == [3000, 6000]
    check_books(paid)


def test_a_cancellation_beside_an_open_difference_promises_the_rest(
    paid: World, twin: Twin
) -> None:
    """Whoever settles it afterwards finds room for it; a webhook that comes late does it alone."""
    twin.fail("webhook_lose")
    refund_there(paid, 3000)
    look(paid)
    twin.heal()
    paid.cancel(100)
    paid.work_off()
    assert sent(paid) == [3000, 6000]
    twin.redeliver("charge.refunded")
    until_told(paid)
    settle_later(paid)
    assert {one.state for one in paid.refunds()} == {"made"}
    assert paid.payment().refunded == 9000
    look(paid)
    assert reconciliation(paid).open_count == 0
    check_books(paid)


def test_what_a_person_left_as_it_is_stays_so(paid: World, twin: Twin) -> None:
    """Explained; webhooks of another refund of the payment do not take it over after all."""
    twin.fail("webhook_lose")
    refund_there(paid, 3000)
    look(paid)
    [found] = reconciliation(paid).differences
    settle(paid, command(found, Way.EXPLAIN))
    twin.heal()
    refund_there(paid, 1000)
    until_told(paid)
    paid.work_off()
    assert rows(paid) == [(1000, "at_stripe", "made")]


def test_what_has_no_room_stays_a_difference(paid: World) -> None:
    """More would go back than is left, for one of ours has failed and is owed: a person decides."""
    paid.cancel(100)
    with paid.database.transaction(paid.us) as tx:
        failed = "UPDATE billing.refunds SET state = 'failed', failed_at = now(), failure = 'x'"
        tx.execute(text(failed))
    refund_there(paid, 3000)
    until_told(paid)
    paid.work_off()
    assert [one.state for one in paid.refunds()] == ["failed"]
    look(paid)
    assert [one.kind for one in reconciliation(paid).differences] == ["refund_unknown_here"]


def test_the_amount_of_a_refund_is_kept_once_stripe_was_asked(paid: World) -> None:
    """A trigger refuses another amount of what was sent, whoever asks."""
    give_back(paid, 3000)
    paid.work_off()
    with pytest.raises(IntegrityError) as refused, paid.database.transaction(paid.us) as tx:
        tx.execute(text("UPDATE billing.refunds SET amount = 1"))
    assert constraint_of(refused.value) == "refunds_amount_kept"
