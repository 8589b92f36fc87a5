"""Closed months: kept as they were, closed in order, and shut to whatever would change them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Thread
from time import monotonic, sleep

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.billing.domain.months import following
from services.billing.models import DueWork, ReconciliationDifference
from services.billing.operations import endings, months
from services.common.clock import utc_now
from services.common.database import constraint_of
from services.common.errors import DifferentContent, Forbidden, NotFound
from services.contracts.billing.months import (
    CloseMonth,
    ListMonths,
    MonthNotClosable,
    MonthState,
    Obstacle,
)
from services.contracts.booking.events import BookingCancelled
from tests.integration.billing.closing import (
    CHANGED,
    ZONE,
    close,
    end_of,
    over,
    seen,
    this_month,
    unguarded,
)
from tests.integration.billing.drift import look
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.world import World

PATIENCE = 20.0


def cancel(world: World, now: datetime) -> None:
    """The booking is cancelled, half of it goes back."""
    event = BookingCancelled(**world._event(), refund_percent=50, is_late=True)
    with world.database.transaction(world.us) as tx:
        endings.refund_cancelled(tx, event, now)


@pytest.fixture
def paid(world: World) -> World:
    """A practice with a payment in this month's books, compared with Stripe after all the months
    of these tests."""
    world.start()
    world.pay()
    world.converge()
    look(world, over(this_month(), 2))
    return world


def test_a_month_is_closed_with_the_balances_that_it_had(paid: World) -> None:
    """They are those of the ledger; the same act again changes nothing, another id is refused."""
    month, now, act = this_month(), over(this_month()), uuid7()
    before = seen(paid, month, now)
    assert before.month.state is MonthState.OPEN
    assert before.obstacles == {}
    ends = {
        one.account: one.opening.amount + one.debit.amount - one.credit.amount
        for one in before.balances
    }
    assert {account: sum_ for account, sum_ in ends.items() if sum_} == paid.balances()
    closed = close(paid, month, now, id_=act)
    assert closed.balances == before.balances
    assert (closed.month.state, closed.month.closed_at) == (MonthState.CLOSED, now)
    assert close(paid, month, now + timedelta(days=1), id_=act) == closed
    with pytest.raises(DifferentContent):
        close(paid, following(month), over(month, 1), id_=act)
    with pytest.raises(MonthNotClosable) as refused:
        close(paid, month, now)
    assert refused.value.detail == {"why": "closed"}
    assert violated(paid) == set()


def test_what_is_told_later_is_posted_on_its_day_and_changes_nothing(paid: World) -> None:
    """The next month begins with what stood at the end of this one."""
    month = this_month()
    closed = close(paid, month, over(month))
    cancel(paid, over(month))
    paid.work_off(over(month))
    assert seen(paid, month, over(month)) == closed
    after = {one.account: one for one in seen(paid, following(month), over(month, 1)).balances}
    assert after["booking_funds"].opening.amount == -9000
    assert after["booking_funds"].debit.amount == 9000
    close(paid, following(month), over(month, 1))
    third = seen(paid, following(following(month)), over(month, 2)).balances
    stands = {one.account: one.opening.amount for one in third if one.opening.amount}
    assert stands == paid.balances()
    assert violated(paid) == set()


def test_a_closed_month_takes_no_entry(paid: World, servers: Stack) -> None:
    """Neither a transaction of its days nor another entry of an old one; nothing is half written.
    The twin: without the guards it takes them, and the doctor says so."""
    close(paid, this_month(), over(this_month()))
    before = paid.balances()
    with pytest.raises(IntegrityError) as refused:
        cancel(paid, utc_now())
    assert constraint_of(refused.value) == "ledger_transactions_month_open"
    more = """INSERT INTO billing.postings (practice_id, transaction_id, account, currency, amount)
        SELECT practice_id, id, unnest(ARRAY['bank','suspense']), 'EUR', unnest(ARRAY[5,-5])
        FROM billing.ledger_transactions LIMIT 2"""
    with pytest.raises(IntegrityError) as refused, paid.database.transaction(paid.us) as tx:
        tx.execute(text(more))
    assert constraint_of(refused.value) == "ledger_transactions_month_open"
    assert paid.balances() == before
    assert paid.refunds() == []
    with unguarded(servers):
        cancel(paid, utc_now())
    assert CHANGED in violated(paid)


def closing_waits(world: World) -> bool:
    """Whether somebody waits for the lock of a practice's months."""
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with world.database.plumbing() as tx:
        return bool(tx.scalar(text(query)))


def race(world: World, until: Callable[[Thread], bool]) -> None:
    """Close the month while an entry of it is posted and not committed yet."""
    event = BookingCancelled(**world._event(), refund_percent=0, is_late=True)
    closing = Thread(target=close, args=(world, this_month(), over(this_month())))
    with world.database.transaction(world.us) as tx:
        endings.refund_cancelled(tx, event, utc_now())
        tx.flush()
        closing.start()
        ends = monotonic() + PATIENCE
        while not until(closing):
            assert monotonic() < ends
            sleep(0.02)
    closing.join(PATIENCE)
    assert not closing.is_alive()


def test_who_closes_waits_for_who_posts(paid: World, servers: Stack) -> None:
    """So the month has the entry. The twin: without the guards it is closed beside it, and the
    ledger says another thing than the month."""
    race(paid, lambda _: closing_waits(paid))
    held = {one.account for one in seen(paid, this_month(), over(this_month())).balances}
    assert "retained_fees" in held
    assert violated(paid) == set()


def test_without_the_guards_a_month_is_closed_beside_who_posts(paid: World, servers: Stack) -> None:
    """The twin of the race: nobody waits, and the doctor finds the month changed."""
    with unguarded(servers):
        race(paid, lambda closing: not closing.is_alive())
    assert violated(paid) == {CHANGED}


def test_months_are_closed_when_they_are_over_and_in_order(paid: World) -> None:
    """Each refusal names what is in the way, and the page of the month says the same."""
    month, later = this_month(), following(this_month())
    just_over = end_of(month) + timedelta(minutes=59)
    for which, now, why in (
        (month, just_over, Obstacle.NOT_OVER),
        (later, over(later), Obstacle.EARLIER_OPEN),
    ):
        assert seen(paid, which, now).obstacles == {why: 1}
        with pytest.raises(MonthNotClosable) as refused:
            close(paid, which, now)
        assert refused.value.detail == {"why": why.value}
    close(paid, month, over(month))
    close(paid, later, over(later))
    with paid.database.reading(paid.admin) as tx:
        asked, now = ListMonths(time_zone=ZONE), over(later)
        told = months.list_months(tx, asked, actor=paid.admin, now=now).months
    assert [one.state for one in told] == [MonthState.RUNNING, *[MonthState.CLOSED] * 2]


def test_what_nobody_explained_keeps_a_month_open(paid: World) -> None:
    """A difference from Stripe, and work that was given up: of that month, not of a later one."""
    month, now = this_month(), utc_now()
    until_at = end_of(month)
    with paid.database.transaction(paid.us) as tx:
        for at in (now, until_at + timedelta(hours=1)):
            tx.add(_difference(paid, at))
            tx.add(_given_up(paid, at))
    assert seen(paid, month, over(month)).obstacles == {
        Obstacle.DIFFERENCES: 1,
        Obstacle.GIVEN_UP: 1,
    }
    with pytest.raises(MonthNotClosable) as refused:
        close(paid, month, over(month))
    assert refused.value.detail == {"why": "differences"}


def test_a_month_begins_where_the_one_before_was_closed(paid: World) -> None:
    """A practice that moved to Sydney has no hour in two months, and none in no month."""
    month = this_month()
    first = close(paid, month, over(month)).month
    second = close(paid, following(month), over(month, 1), zone="Australia/Sydney").month
    assert second.from_at == first.until_at
    assert second.until_at < over(month, 1) - timedelta(hours=2)


def test_only_who_answers_for_the_money_sees_months_and_closes_them(paid: World) -> None:
    """A client is refused; a month before or after the books is none."""
    command = CloseMonth(id=uuid7(), month=this_month(), time_zone=ZONE)
    with paid.database.transaction(paid.client) as tx, pytest.raises(Forbidden):
        months.close_month(tx, command, actor=paid.client, now=over(this_month()))
    for month in (date(2020, 1, 1), following(following(this_month()))):
        with pytest.raises(NotFound):
            seen(paid, month, over(this_month()))
        with pytest.raises(NotFound):
            close(paid, month, over(this_month()))


def _difference(world: World, at: datetime) -> ReconciliationDifference:
    return ReconciliationDifference(
        id=uuid7(),
        practice_id=world.practice_id,
        kind="movement_unknown",
        subject=f"txn_{at:%s}",
        stripe_amount=500,
        stripe_currency="EUR",
        state="open",
        happened_at=at,
        first_seen_at=at,
        last_seen_at=at,
    )


def _given_up(world: World, at: datetime) -> DueWork:
    return DueWork(
        id=uuid7(),
        kind="settle_payment",
        subject_id=uuid7(),
        practice_id=world.practice_id,
        due_at=at,
        parked_at=at,
        error="Refused",
        request_id="test",
        created_at=at,
    )
