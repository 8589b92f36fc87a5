"""The payments of a practice at its money desk: in parts, by filters, for who keeps the money."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.operations.practice_payments import (
    get_practice_payment,
    list_practice_payments,
)
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.base import BadCursor
from services.contracts.billing import PaymentState
from services.contracts.billing.practice_payments import (
    GetPracticePayment,
    ListPracticePayments,
    PaymentSum,
    PracticePaymentsPage,
    PracticePaymentView,
)
from tests.integration.billing.past import FIRST, bring_in, member, past
from tests.integration.billing.world import World


def told(world: World, actor: Actor | None = None, **asked: Any) -> PracticePaymentsPage:
    who = actor or member(world)
    with world.database.reading(who) as tx:
        return list_practice_payments(tx, ListPracticePayments(**asked), actor=who)


def one(world: World, payment_id: UUID, actor: Actor | None = None) -> PracticePaymentView:
    who = actor or member(world)
    with world.database.reading(who) as tx:
        return get_practice_payment(tx, GetPracticePayment(payment_id=payment_id), actor=who)


def ids(page: PracticePaymentsPage) -> list[UUID]:
    return [payment.id for payment in page.payments]


def test_parts_lead_on_and_back_over_every_payment_once(world: World) -> None:
    """Eleven in parts of three, two of each instant: the same parts on the way there and back."""
    every = [payment.id for payment in bring_in(world, (past(world, n) for n in range(11)))]
    there, page = [], told(world, limit=3)
    assert page.previous_cursor is None
    while page.next_cursor:
        there.append(ids(page))
        page = told(world, limit=3, cursor=page.next_cursor)
    assert [id_ for part in there for id_ in part] + ids(page) == every
    back = []
    while page.previous_cursor:
        page = told(world, limit=3, cursor=page.previous_cursor)
        back.append(ids(page))
    assert back == there[::-1]


def test_a_payment_that_comes_in_between_moves_no_other_one(world: World) -> None:
    """Keyset paging: the next part begins after the last row that was seen."""
    older = bring_in(world, (past(world, n) for n in range(4)))
    first = told(world, limit=2)
    bring_in(world, [past(world, 20)])
    second = told(world, limit=2, cursor=first.next_cursor)
    assert ids(first) + ids(second) == [payment.id for payment in older]


def test_each_filter_lets_through_what_it_names(world: World) -> None:
    """By state, half-open time, practitioner, client and amount; sums are of all, not of a part."""
    other = uuid7()
    every = bring_in(world, (past(world, n, other if n < 2 else None) for n in range(8)))
    by_state = told(world, states=[PaymentState.PARTLY_REFUNDED])
    assert {payment.refunded.amount for payment in by_state.payments} == {4500}
    day = FIRST + timedelta(days=1)
    assert len(ids(told(world, from_at=day, until_at=day + timedelta(days=1)))) == 2
    assert ids(told(world, from_at=day, until_at=day)) == []
    assert len(ids(told(world, practitioner_id=world.practitioner_id))) == len(every)
    assert ids(told(world, practitioner_id=uuid7())) == []
    assert len(ids(told(world, client_ids=[other]))) == 2
    assert ids(told(world, client_ids=[])) == []
    assert len(ids(told(world, currency="EUR", least=9000, most=9000))) == len(every)
    assert ids(told(world, currency="EUR", least=9001)) == []
    assert ids(told(world, currency="GBP")) == []
    asked, back = Money(8 * 9000, "EUR"), Money(2 * 4500, "EUR")
    summed = told(world, with_sums=True, limit=1)
    assert summed.sums == [PaymentSum(count=8, asked=asked, captured=asked, refunded=back)]
    assert told(world).sums is None


def test_a_payment_is_dated_by_when_it_was_paid(world: World) -> None:
    """Until then by when it was begun."""
    world.start()
    begun = told(world).payments[0].dated_at
    world.pay()
    world.converge()
    assert told(world).payments[0].dated_at == world.payment().captured_at != begun


def test_one_payment_is_told_with_its_history(world: World) -> None:
    """Refund, ids at Stripe, and each transaction with entries that sum to zero."""
    world.start()
    world.pay()
    world.converge()
    world.cancel(50)
    world.work_off()
    [line] = told(world).payments
    found = one(world, line.id)
    assert found.payment == line
    assert [(refund.money.amount, refund.state) for refund in found.refunds] == [(4500, "made")]
    assert found.payment_intent_id == world.payment().payment_intent_id
    kinds = [transaction.kind for transaction in found.transactions]
    assert kinds == ["charged", "processed", "ended", "refunded"]
    for transaction in found.transactions:
        assert sum(entry.money.amount for entry in transaction.entries) == 0


@pytest.mark.parametrize("role", ["front_desk", "practitioner", "supervisor", ""])
def test_who_does_not_answer_for_the_money_is_refused(world: World, role: str) -> None:
    """And so is nobody in particular; a keeper of another practice finds nothing."""
    world.hold()
    stranger = member(world, role) if role else Actor()
    for ask in (told, lambda *of: one(of[0], world.payment().id, of[1])):
        with pytest.raises(Forbidden):
            ask(world, stranger)


def test_another_practices_payments_are_not_there(
    world: World, make_world: Callable[..., World]
) -> None:
    """Neither in the list nor by id."""
    world.hold()
    other = make_world()
    assert ids(told(other)) == []
    with pytest.raises(NotFound):
        one(other, world.payment().id)


@pytest.mark.parametrize("cursor", ["x", "b24gMjAyNg", "äöü", "b24gMjAyNi0wMS0wMSAx"])
def test_a_cursor_of_somebody_elses_making_is_refused(world: World, cursor: str) -> None:
    """BadCursor, not a page of something."""
    with pytest.raises(BadCursor):
        told(world, cursor=cursor)


def test_the_list_is_read_along_its_index(world: World) -> None:
    """Also on the way back and by state: no sort, and no row that another place has."""
    query = (
        "EXPLAIN SELECT id FROM billing.payments WHERE practice_id = :practice {}"
        " AND (dated_at, id) < (now(), :practice) ORDER BY dated_at DESC, id DESC LIMIT 25"
    )
    for narrowed, index in (("", "payments_dated_idx"), ("AND state = 'open'", "payments_state_")):
        with world.database.transaction(world.us) as tx:
            tx.execute(text("SET LOCAL enable_seqscan = off"))
            tx.execute(text("SET LOCAL enable_bitmapscan = off"))
            asked = text(query.format(narrowed))
            plan = "\n".join(tx.scalars(asked, {"practice": world.practice_id}))
        assert index in plan, plan
        assert "Sort" not in plan, plan
