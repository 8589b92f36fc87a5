"""Refunds by the practice's will: shown, then done as shown; the booking stands with less."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from services.billing.operations.giving_back import propose_refund, refund_payment
from services.billing.operations.refund_list import list_refunds
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.common.money import Money
from services.contracts.base import BadCursor
from services.contracts.billing import PaymentState
from services.contracts.billing.refunds import (
    ListRefunds,
    NothingToRefund,
    ProposeRefund,
    RefundChanged,
    RefundReason,
    RefundState,
    RefundWay,
)
from tests.integration.billing.money_back import check_books, give_back, order, proposal
from tests.integration.billing.world import World


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid and settled: 90 €, of which 1.60 Stripe's and 4.50 commission."""
    world.start()
    world.pay()
    world.converge()
    return world


def test_a_part_goes_back_as_it_was_shown_and_the_booking_stands(paid: World) -> None:
    """30 of 90 €: a third of the commission back, 60 € stay the booking's; one mail's event."""
    shown = proposal(paid, 3000)
    told = [shown.refund, shown.commission_back, shown.balance, shown.stripe_fee]
    assert [one.amount for one in told] == [3000, 150, -2850, 160]
    assert (shown.booking_after.amount, shown.left_after.amount) == (6000, 6000)
    assert shown.booking_stands
    before = paid.balances()
    refund = give_back(paid, 3000)
    assert (refund.state, refund.words) == (RefundState.PROMISED, "The room was cold.")
    paid.work_off()
    after = paid.balances()
    assert after["stripe_balance"] - before["stripe_balance"] == shown.balance.amount
    assert after["booking_funds"] == -shown.booking_after.amount
    assert "retained_fees" not in after
    assert paid.payment().state is PaymentState.PARTLY_REFUNDED
    assert paid.payment().ended_at is None
    assert paid.events()["refund_made"] == 1
    check_books(paid)


def test_no_word_of_the_practice_reaches_stripe(paid: World) -> None:
    """What was typed stays in billing: not in the refund at Stripe, nor in an event."""
    give_back(paid, 3000)
    paid.work_off()
    [refund] = paid.twin.objects("refunds", paid.stripe_account)
    assert "cold" not in str(refund)
    with paid.database.plumbing() as tx:
        query = "SELECT count(*) FROM billing.outbox WHERE body::text LIKE '%cold%'"
        assert tx.scalar(text(query)) == 0


def test_the_policys_share_is_what_booking_tells(paid: World) -> None:
    """Half by the policy; what went back before counts; where nothing more is due, it says so."""
    give_back(paid, 1000)
    shown = proposal(paid, way=RefundWay.POLICY)
    assert (shown.percent, shown.refund.amount) == (50, 3500)
    command = order(shown)
    refund = refund_payment(paid.around, command, actor=paid.admin, now=utc_now())
    assert refund.percent == 50
    with pytest.raises(NothingToRefund):
        proposal(paid, way=RefundWay.POLICY)
    assert proposal(paid).refund.amount == 4500


def test_what_was_retained_can_be_given_back_too(paid: World) -> None:
    """Cancelled at half: the practice gives 20 € of its own half, whose booking is over."""
    paid.cancel(50)
    shown = proposal(paid, 2000)
    assert (shown.from_booking.amount, shown.from_retained.amount) == (0, 2000)
    assert not shown.booking_stands
    give_back(paid, 2000)
    paid.work_off()
    assert paid.balances()["retained_fees"] == -2500
    check_books(paid)


def test_a_cancellation_after_it_counts_what_went_back(paid: World) -> None:
    """20 € of goodwill, then cancelled with all back: in all exactly what was paid."""
    give_back(paid, 2000)
    paid.cancel(100)
    paid.work_off()
    assert sorted(one.amount for one in paid.refunds()) == [2000, 7000]
    assert paid.payment().state is PaymentState.REFUNDED
    check_books(paid)


def test_the_same_refund_again_is_one_and_another_under_its_id_is_refused(paid: World) -> None:
    """Repeatable by the caller's id; other content under it is told apart."""
    command = order(proposal(paid, 3000))
    first, second = (
        refund_payment(paid.around, command, actor=paid.admin, now=utc_now()) for _ in range(2)
    )
    assert first.id == second.id
    other = command.model_copy(update={"words": "Something else."})
    with pytest.raises(DifferentContent):
        refund_payment(paid.around, other, actor=paid.admin, now=utc_now())
    paid.work_off()
    assert [one.amount for one in paid.refunds()] == [3000]


def test_changed_figures_are_refused_and_nothing_is_written(paid: World) -> None:
    """Somebody refunded meanwhile: the old word is refused, and only the first refund is there."""
    seen = order(proposal(paid, 3000))
    give_back(paid, 500)
    with pytest.raises(RefundChanged):
        refund_payment(paid.around, seen, actor=paid.admin, now=utc_now())
    forged = order(proposal(paid, 3000), money=Money(4000, "EUR"))
    with pytest.raises(RefundChanged):
        refund_payment(paid.around, forged, actor=paid.admin, now=utc_now())
    assert [one.amount for one in paid.refunds()] == [500]
    check_books(paid)


def test_amounts_that_cannot_go_back_are_named(paid: World) -> None:
    """Too much, nothing, and another currency: the field is named, nothing written."""
    for money in (Money(9001, "EUR"), Money(0, "EUR"), Money(-5, "EUR"), Money(100, "GBP")):
        command = ProposeRefund(payment_id=paid.payment().id, way=RefundWay.PART, money=money)
        with pytest.raises(InvalidInput) as refused:
            propose_refund(paid.around, command, actor=paid.admin)
        assert set(refused.value.detail) == {"amount"}
    for flaw in ({"reason": RefundReason.CANCELLED}, {"reason": RefundReason.OTHER, "words": ""}):
        with pytest.raises(InvalidInput):
            refund_payment(
                paid.around, order(proposal(paid), **flaw), actor=paid.admin, now=utc_now()
            )
    assert paid.refunds() == []


def test_an_unpaid_booking_has_nothing_to_give_back(world: World) -> None:
    """Held and not paid."""
    world.start()
    with pytest.raises(NothingToRefund):
        proposal(world)


def test_only_those_who_answer_for_the_money_give_it_back(
    paid: World, make_world: Callable[..., World]
) -> None:
    """Owner, admin, billing of this practice; to those of another one there is no payment."""
    shown = proposal(paid)
    for role in ("owner", "admin", "billing"):
        actor = replace(paid.admin, roles=frozenset({role}))
        command = ProposeRefund(payment_id=shown.payment_id)
        assert propose_refund(paid.around, command, actor=actor).agreed == shown.agreed
    for role in ("front_desk", "practitioner", "supervisor"):
        actor = replace(paid.admin, roles=frozenset({role}))
        with pytest.raises(Forbidden):
            refund_payment(paid.around, order(shown), actor=actor, now=utc_now())
    strangers: list[tuple[Actor, type[Exception]]] = [
        (make_world().admin, NotFound), (paid.client, Forbidden), (Actor(), Forbidden),
    ]  # fmt: skip
    for actor, refusal in strangers:
        with pytest.raises(refusal):
            refund_payment(paid.around, order(shown), actor=actor, now=utc_now())
    assert paid.refunds() == []


def test_an_id_of_another_practices_refund_answers_like_none(
    paid: World, make_world: Callable[..., World]
) -> None:
    """The same id under another tenant: unknown, and nothing is written."""
    other = make_world()
    for step in (other.start, other.pay, other.converge):
        step()
    taken = give_back(other, 100).id
    with pytest.raises(NotFound):
        give_back(paid, 100, id=taken)
    assert paid.refunds() == []


def test_the_list_goes_on_by_cursor_and_by_state(paid: World) -> None:
    """Five in pages of two, the latest first; by state and payment; a foreign cursor is named."""
    made = [give_back(paid, 100 + number).id for number in range(5)]
    seen, cursor = [], None
    with paid.database.transaction(paid.admin) as tx:
        for _ in range(3):
            part = list_refunds(tx, ListRefunds(cursor=cursor, limit=2), actor=paid.admin)
            seen += [one.id for one in part.refunds]
            cursor = part.next_cursor
        assert seen == made[::-1]
        assert cursor is None
        asked = ListRefunds(state=RefundState.MADE, payment_id=paid.payment().id)
        assert list_refunds(tx, asked, actor=paid.admin).refunds == []
        with pytest.raises(BadCursor):
            list_refunds(tx, ListRefunds(cursor="x"), actor=paid.admin)
        with pytest.raises(Forbidden):
            list_refunds(tx, ListRefunds(), actor=paid.client)
