"""What needs action at the money desk: work that was given up, late money, money that is owed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, text
from uuid_utils.compat import uuid7

from services.billing.models import DueWork
from services.billing.operations import payouts, receivables
from services.billing.operations.attention import get_money_overview, list_owed
from services.billing.operations.reconciliation_desk import start_reconciliation
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden
from services.common.money import Money
from services.contracts.billing.attention import (
    GetMoneyOverview,
    ListOwed,
    MoneyOverviewView,
    OwedAge,
    OwedPage,
)
from services.contracts.billing.reconciliation import StartReconciliation
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import AttendanceRecorded
from tests.integration.billing.past import member
from tests.integration.billing.world import World

NOW = utc_now()
AGES = {OwedAge.TO_30: 30, OwedAge.TO_60: 31, OwedAge.TO_90: 90, OwedAge.OVER_90: 91}


def overview(world: World, actor: Actor | None = None) -> MoneyOverviewView:
    who = actor or member(world)
    with world.database.reading(who) as tx:
        return get_money_overview(tx, GetMoneyOverview(), actor=who, now=utc_now())


def owed(world: World, actor: Actor | None = None, **asked: Any) -> OwedPage:
    who = actor or member(world)
    with world.database.reading(who) as tx:
        return list_owed(tx, ListOwed(**asked), actor=who, now=NOW)


def attended(world: World, at: datetime) -> None:
    """A session on account took place, and it was said at that moment."""
    event = AttendanceRecorded(
        occurred_at=at,
        practice_id=world.practice_id,
        booking_id=uuid7(),
        practitioner_id=world.practitioner_id,
        client_id=world.client_id,
        starts_at=at,
        price_id=world.price.id,
        attendance=Attendance.ATTENDED,
        is_on_account=True,
        refund_percent=0,
        number=1,
    )
    with world.database.transaction(world.us) as tx:
        receivables.note_attendance(tx, event, at)


def test_a_refund_that_was_given_up_waits_for_a_person(world: World) -> None:
    """With its payment, amount and reason; another practice is told of none."""
    world.start()
    world.pay()
    world.converge()
    world.cancel(50)
    with world.database.transaction(world.us) as tx:
        tx.execute(text("UPDATE billing.refunds SET sent_at = now() - interval '25 hours'"))
    assert overview(world).stuck_count == 0
    world.work_off()
    told = overview(world)
    assert told.stuck_count == 1
    [stuck] = told.stuck
    assert (stuck.kind, stuck.error) == ("make_refund", "UnknownForGood")
    assert (stuck.payment_id, stuck.money) == (world.payment().id, Money(4500, "EUR"))


def given_up(world: World, kind: str, subject_id: UUID) -> None:
    """Work of the practice that waits for a person."""
    with world.database.plumbing() as tx:
        tx.add(
            DueWork(
                id=uuid7(),
                kind=kind,
                subject_id=subject_id,
                practice_id=world.practice_id,
                due_at=NOW,
                parked_at=NOW,
                error="StripeRefused: account_invalid",
                request_id="test",
                created_at=NOW,
            )
        )


def test_looks_that_were_given_up_wait_for_a_person(
    world: World, make_world: Callable[..., World]
) -> None:
    """They are about no payment: the comparison with Stripe, and a payout. Comparing now asks for
    both of them again."""
    with world.database.transaction(world.us) as tx:
        payout_id = payouts.announce(tx, world.practice_id, "po_lost", NOW)
        tx.execute(delete(DueWork).where(DueWork.subject_id == payout_id))
    given_up(world, "reconcile", world.practice_id)
    given_up(world, "settle_payout", payout_id)
    told = overview(world)
    assert (told.stuck, told.looks_count) == ([], 2)
    looks = {one.kind: (one.error, one.payout_id, one.money) for one in told.looks}
    error = "StripeRefused: account_invalid"
    assert looks == {"reconcile": (error, None, None), "settle_payout": (error, payout_id, None)}
    assert overview(make_world()).looks == []
    who = member(world)
    with world.database.transaction(who) as tx:
        start_reconciliation(tx, StartReconciliation(), actor=who, now=NOW)
    assert overview(world).looks == []
    assert {one.kind for one in world.due() if one.parked_at is None} == set(looks)


def test_all_that_was_given_up_is_listed(world: World) -> None:
    """Whatever its kind, and once: what keeps a month open can be found."""
    world.start()
    payment = world.payment()
    with world.database.transaction(world.us) as tx:
        tx.execute(delete(DueWork).where(DueWork.practice_id == world.practice_id))
    kinds = ("settle_payment", "settle_refunds", "settle_disputes")
    for kind in kinds:
        given_up(world, kind, payment.id)
    given_up(world, "lapse_package", payment.booking_id)
    given_up(world, "make_refund", uuid7())
    told = overview(world)
    assert {(one.kind, one.payment_id) for one in told.stuck} == {
        (kind, payment.id) for kind in (*kinds, "lapse_package")
    }
    assert [one.kind for one in told.looks] == ["make_refund"]
    assert (told.stuck_count, told.looks_count) == (4, 1)


def test_nobody_elses_stuck_work_is_told(world: World, make_world: Callable[..., World]) -> None:
    """Due work has no policy of its own, so that the practice is named in the question."""
    test_a_refund_that_was_given_up_waits_for_a_person(world)
    assert overview(make_world()) == MoneyOverviewView(
        stuck=[], stuck_count=0, late=[], late_count=0, owed=[]
    )


def test_money_that_came_too_late_is_told_until_it_is_a_month_old(world: World) -> None:
    """First on its way back, then back."""
    world.start()
    world.pay()
    world.converge()
    world.refuse()
    [late] = overview(world).late
    assert (late.money, late.is_back) == (world.money, False)
    world.work_off()
    told = overview(world)
    assert (told.late[0].is_back, told.late_count) == (True, 1)
    who, later = member(world), utc_now() + timedelta(days=31)
    with world.database.reading(who) as tx:
        assert get_money_overview(tx, GetMoneyOverview(), actor=who, now=later).late == []


def test_what_is_owed_is_told_by_its_age_to_the_day(world: World) -> None:
    """Each age from its first day to its last, counted and listed by the same bounds."""
    for days in AGES.values():
        attended(world, NOW - timedelta(days=days))
    told = {one.age: (one.count, one.money) for one in overview(world).owed}
    assert told == dict.fromkeys(OwedAge, (1, world.money))
    for age, days in AGES.items():
        [line] = owed(world, age=age).lines
        assert line.since == NOW - timedelta(days=days)
        assert (line.owed, line.practitioner_id) == (world.money, world.practitioner_id)


def test_what_is_owed_is_listed_in_parts_that_meet(world: World) -> None:
    """The longest first, there and back; what is not owed any more is not among it."""
    for days in range(5):
        attended(world, NOW - timedelta(days=days))
    every = owed(world).lines
    assert [one.since for one in every] == sorted(one.since for one in every)
    first = owed(world, limit=2)
    second = owed(world, limit=2, cursor=first.next_cursor)
    third = owed(world, limit=2, cursor=second.next_cursor)
    assert [*first.lines, *second.lines, *third.lines] == every
    assert owed(world, limit=2, cursor=third.previous_cursor).lines == second.lines
    assert owed(world, limit=2, cursor=second.previous_cursor).previous_cursor is None


@pytest.mark.parametrize("ask", [overview, owed])
def test_it_is_for_who_answers_for_the_money(world: World, ask: Callable[..., Any]) -> None:
    """The front desk is refused."""
    with pytest.raises(Forbidden):
        ask(world, member(world, "front_desk"))
