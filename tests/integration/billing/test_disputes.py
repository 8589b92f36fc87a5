"""Disputes: the money leaves, comes back or is lost; told in any order, the books are the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from services.billing.domain.disputes import NO_DEADLINE
from services.billing.models import Dispute
from services.billing.operations import dispute_desk
from services.billing.operations.endings import promise_refund
from services.billing.operations.giving_back import refund_payment
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing.disputes import (
    AcceptLoss,
    DisputeAnswered,
    DisputeState,
    DisputeView,
    GetDispute,
    ListDisputes,
    SubmitEvidence,
)
from services.contracts.billing.refunds import PaymentDisputed
from tests.integration.billing.money_back import (
    FRAUD,
    check_books,
    decide,
    disputes_of,
    give_back,
    look,
    order,
    proposal,
)
from tests.integration.billing.world import World, payment_of_booking


@pytest.fixture
def disputed(world: World) -> World:
    """90 € paid, and disputed at once; the bank has them, and Stripe took a fee of 15 €."""
    world.start()
    world.pay(FRAUD)
    world.converge()
    look(world)
    return world


def seen(world: World) -> DisputeView:
    with world.database.transaction(world.admin) as tx:
        asked = GetDispute(dispute_id=disputes_of(world)[0].id)
        return dispute_desk.get_dispute(tx, asked, actor=world.admin, now=utc_now())


def submit(world: World, **changed: Any) -> DisputeView:
    told: dict[str, Any] = {
        "id": uuid7(),
        "dispute_id": disputes_of(world)[0].id,
        "service_date": "24 November 2026",
        "what_happened": "An appointment of 50 minutes took place.",
        "policy": "Shown before paying.",
    }
    command = SubmitEvidence(**(told | changed))
    with world.database.transaction(world.admin) as tx:
        return dispute_desk.submit_evidence(tx, command, actor=world.admin, now=utc_now())


def accept(world: World, id_: Any = None) -> DisputeView:
    command = AcceptLoss(id=id_ or uuid7(), dispute_id=disputes_of(world)[0].id)
    with world.database.transaction(world.admin) as tx:
        return dispute_desk.accept_loss(tx, command, actor=world.admin, now=utc_now())


def promise_one_cent(world: World) -> None:
    """Past the desk and all of its questions."""
    with world.database.transaction(world.us) as tx:
        payment = payment_of_booking(tx, world.booking_id)
        promise_refund(tx, payment, Money(1, "EUR"), 1, "cancelled", utc_now())


def test_a_disputed_charge_is_seen_with_its_deadline(disputed: World) -> None:
    """Nine days to answer; the money is with the bank, allocated to nothing."""
    told = seen(disputed)
    assert (told.state, told.reason, told.money.amount) == (
        DisputeState.NEEDS_ANSWER, "fraudulent", 9000,
    )  # fmt: skip
    assert told.has_money
    assert told.can_answer
    assert told.due_at is not None
    assert timedelta(days=8) < told.due_at - utc_now() < timedelta(days=10)
    assert disputed.balances() == {
        "stripe_balance": -160 - 450 - 1500,
        "held_by_banks": 9000,
        "disputed": -9000,
        "stripe_fees": 160,
        "platform_commission": 450,
        "dispute_fees": 1500,
    }
    check_books(disputed)


def test_won_the_money_is_the_bookings_again(disputed: World) -> None:
    """By winning evidence: all but the fee is back, and it can be refunded as before."""
    submit(disputed, what_happened="winning_evidence")
    look(disputed)
    assert seen(disputed).state is DisputeState.WON
    balances = disputed.balances()
    assert balances["booking_funds"] == -9000
    assert not {"disputed", "held_by_banks"} & balances.keys()
    check_books(disputed)
    assert proposal(disputed).refund.amount == 9000


def test_lost_it_is_the_clients(disputed: World) -> None:
    """By accepting, twice with one id: the loss stands in the books, nothing can be refunded."""
    id_ = uuid7()
    for _ in range(2):
        accept(disputed, id_)
    look(disputed)
    told = seen(disputed)
    assert (told.state, told.can_answer) == (DisputeState.LOST, False)
    balances = disputed.balances()
    assert (balances["dispute_losses"], balances["disputed"]) == (9000, -9000)
    assert "held_by_banks" not in balances
    check_books(disputed)
    with pytest.raises(PaymentDisputed):
        proposal(disputed)


def test_a_disputed_payment_is_not_refunded_beside(world: World) -> None:
    """Shown before the dispute, confirmed after it: refused; past the desk the database refuses."""
    world.start()
    world.pay()
    world.converge()
    shown = order(proposal(world, 3000))
    [charge] = world.twin.objects("charges", world.stripe_account)
    world.twin.befall("disputes/open", charge=charge["id"])
    look(world)
    with pytest.raises(PaymentDisputed):
        proposal(world, 3000)
    with pytest.raises(PaymentDisputed):
        refund_payment(world.around, shown, actor=world.admin, now=utc_now())
    with pytest.raises(IntegrityError) as refused:
        promise_one_cent(world)
    assert constraint_of(refused.value) == "refunds_within_captured"


@pytest.mark.parametrize(("outcome", "back"), [("won", [4500]), ("lost", [])])
def test_cancelled_while_disputed_the_policy_waits_for_the_decision(
    disputed: World, outcome: str, back: list[int]
) -> None:
    """Half is owed by the policy, but the bank has it all: owed once the dispute is won."""
    disputed.cancel(50)
    assert disputed.refunds() == []
    decide(disputed, outcome)
    look(disputed)
    disputed.work_off()
    assert [one.amount for one in disputed.refunds()] == back
    check_books(disputed)


def test_what_had_gone_back_before_is_not_disputed_of_the_payment(world: World) -> None:
    """30 € refunded, then all that is left disputed and lost: 60 € of the payment."""
    world.start()
    world.pay()
    world.converge()
    give_back(world, 3000)
    world.work_off()
    [charge] = world.twin.objects("charges", world.stripe_account)
    world.twin.befall("disputes/open", charge=charge["id"])
    look(world)
    decide(world, "lost")
    look(world)
    assert (world.payment().refunded, world.payment().disputed) == (3000, 6000)
    check_books(world)


def test_an_inquiry_takes_no_money(world: World) -> None:
    """The bank asks first: nothing moves, it can be answered, and a refund still be made."""
    world.start()
    world.pay("4000000000001976")
    world.converge()
    look(world)
    told = seen(world)
    assert (told.is_inquiry, told.has_money, told.can_answer) == (True, False, True)
    assert world.payment().disputed == 0
    give_back(world, 100)
    check_books(world)


def test_a_dispute_is_answered_once(disputed: World) -> None:
    """The same again is one answer; another text, a second answer and acceptance are refused."""
    id_ = uuid7()
    for _ in range(2):
        assert submit(disputed, id=id_).answer is not None
    with pytest.raises(DifferentContent):
        submit(disputed, id=id_, policy="Another one.")
    with pytest.raises(DisputeAnswered):
        submit(disputed)
    with pytest.raises(DisputeAnswered):
        accept(disputed)
    look(disputed)
    look(disputed)
    assert len(disputed.twin.calls("POST", "/v1/disputes/*")) >= 1
    told = seen(disputed)
    assert told.state is DisputeState.UNDER_REVIEW
    assert told.answer is not None
    assert told.answer.sent_at is not None
    [at_stripe] = disputed.twin.objects("disputes", disputed.stripe_account)
    assert at_stripe["evidence_details"]["submission_count"] == 1
    assert at_stripe["evidence"]["product_description"] == "Appointment"


def test_only_those_who_answer_for_the_money_see_disputes(
    disputed: World, make_world: Callable[..., World]
) -> None:
    """To another practice there is none; its client and its front desk are refused."""
    asked = GetDispute(dispute_id=disputes_of(disputed)[0].id)
    stranger = make_world().admin
    with pytest.raises(NotFound), disputed.database.transaction(stranger) as tx:
        dispute_desk.get_dispute(tx, asked, actor=stranger, now=utc_now())
    with pytest.raises(Forbidden), disputed.database.transaction(disputed.client) as tx:
        dispute_desk.get_dispute(tx, asked, actor=disputed.client, now=utc_now())
    with disputed.database.transaction(disputed.admin) as tx:
        for is_open in (True, False):
            listed = dispute_desk.list_disputes(
                tx, ListDisputes(is_open=is_open), actor=disputed.admin, now=utc_now()
            )
            assert [one.id for one in listed.disputes] == [asked.dispute_id]


def test_no_open_dispute_is_lost_between_parts(disputed: World) -> None:
    """Twenty-six, some without a deadline, some due together: each once, by their deadline."""
    due = [utc_now() + timedelta(days=day % 9) if day % 4 else None for day in range(25)]
    with disputed.database.transaction(disputed.us) as tx:
        first = disputes_of(disputed)[0]
        for number, due_at in enumerate(due):
            tx.add(another(first, number, due_at))
    seen_ids, cursor = list[UUID](), None
    while True:
        with disputed.database.transaction(disputed.admin) as tx:
            asked = ListDisputes(is_open=True, cursor=cursor, limit=5)
            part = dispute_desk.list_disputes(tx, asked, actor=disputed.admin, now=utc_now())
        seen_ids += [one.id for one in part.disputes]
        if (cursor := part.next_cursor) is None:
            break
    by_deadline = sorted(disputes_of(disputed), key=lambda one: (one.due_at or NO_DEADLINE, one.id))
    assert seen_ids == [one.id for one in by_deadline]
    assert len(seen_ids) == 26


def another(dispute: Dispute, number: int, due_at: datetime | None) -> Dispute:
    """One more of the same payment, which waits for an answer until then."""
    return Dispute(
        id=uuid7(),
        practice_id=dispute.practice_id,
        payment_id=dispute.payment_id,
        stripe_dispute_id=f"dp_{number}",
        amount=dispute.amount,
        currency=dispute.currency,
        reason="general",
        status="needs_response",
        due_at=due_at,
        opened_at=dispute.opened_at,
        seen_at=dispute.seen_at,
    )
