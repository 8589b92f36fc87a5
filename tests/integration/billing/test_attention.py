"""What needs action at the money desk: work that was given up, late money, money that is owed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.billing.operations import import_past_payments, receivables
from services.billing.operations.attention import get_money_overview, list_owed
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
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import AttendanceRecorded
from tests.integration.billing.past import member, past
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
    brought = past(world, 0)
    with world.database.transaction(world.us) as tx:
        import_past_payments(tx, world.practice_id, [brought])
    world.booking_id = brought.booking_id
    world.cancel(50)
    assert overview(world).stuck_count == 0
    world.work_off()
    told = overview(world)
    assert told.stuck_count == 1
    [stuck] = told.stuck
    assert (stuck.kind, stuck.error) == ("make_refund", "UnknownForGood")
    assert (stuck.payment_id, stuck.money) == (brought.id, Money(4500, "EUR"))


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
