"""Who came decides what is billed: kept, given back by the policy, or owed; in any order."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from deploy.local.stack import Stack
from services.billing.models import Receivable
from services.billing.operations import receivables
from services.billing.operations.reading import list_payments
from services.common.clock import utc_now
from services.contracts.billing import ListPayments
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
)
from tests.integration.billing.owner import as_owner
from tests.integration.billing.test_client_accounts import member, told
from tests.integration.billing.test_invariants import violated
from tests.integration.billing.world import World

CAME, MISSED, UNMARKED = Attendance.ATTENDED, Attendance.NO_SHOW, Attendance.UNMARKED
OWED = "what is owed for a session on account is what the ledger earned of it"
Fact = BookingConfirmed | AttendanceRecorded | BookingCancelled


def about(world: World) -> dict[str, Any]:
    now = utc_now()
    return {
        "occurred_at": now,
        "practice_id": world.practice_id,
        "booking_id": world.booking_id,
        "practitioner_id": world.practitioner_id,
        "client_id": world.client_id,
        "starts_at": now,
        "price_id": world.price.id,
    }


def confirmed(world: World) -> BookingConfirmed:
    return BookingConfirmed(**about(world), is_on_account=True)


def marked(
    world: World, what: Attendance, number: int, back: int = 0, *, on_account: bool = True
) -> AttendanceRecorded:
    return AttendanceRecorded(
        **about(world),
        attendance=what,
        number=number,
        refund_percent=back,
        is_on_account=on_account,
    )


def cancelled(world: World, back: int) -> BookingCancelled:
    return BookingCancelled(
        **about(world), refund_percent=back, is_late=back < 100, is_on_account=True
    )


def hear(world: World, fact: Fact) -> None:
    """As the service's handlers do, in a transaction of its own."""
    with world.database.transaction(world.us) as tx:
        if isinstance(fact, BookingConfirmed):
            receivables.note_confirmed(tx, fact, utc_now())
        elif isinstance(fact, AttendanceRecorded):
            receivables.note_attendance(tx, fact, utc_now())
        else:
            receivables.note_cancelled(tx, fact, utc_now())


def owed(world: World) -> int:
    with world.database.transaction(world.us) as tx:
        return tx.execute(select(Receivable.owed)).scalar_one()


@pytest.fixture
def paid(world: World) -> World:
    """A booking that is paid and settled: 90 €."""
    world.start()
    world.pay()
    world.converge()
    return world


def test_what_is_on_account_is_owed_once_it_took_place(world: World) -> None:
    """Booked: open and not owed. Attended: owed, once. Withdrawn: taken back in the ledger."""
    hear(world, confirmed(world))
    assert (owed(world), world.balances()) == (0, {})
    for _ in range(3):
        hear(world, marked(world, CAME, 1))
    assert owed(world) == 9000
    assert world.balances() == {"receivables": 9000, "session_fees": -9000}
    for _ in range(2):
        hear(world, marked(world, UNMARKED, 2))
    assert (owed(world), world.balances()) == (0, {})
    assert world.moves() == Counter(owed=1, reversed=1)
    assert violated(world) == set()


@pytest.mark.parametrize(("back", "left"), [(0, 9000), (40, 5400), (100, 0)])
def test_who_misses_a_session_on_account_owes_by_the_policy(
    world: World, back: int, left: int
) -> None:
    """The share that the policy gives back is not owed; so it is when cancelled late."""
    hear(world, marked(world, MISSED, 1, back))
    assert owed(world) == left
    hear(world, cancelled(world, back))
    assert owed(world) == left
    assert violated(world) == set()


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_marks_come_in_any_order(world: World, order: tuple[int, ...]) -> None:
    """Attended, missed, withdrawn, attended: the last one said stands, twice told or not."""
    said = [
        marked(world, CAME, 1),
        marked(world, MISSED, 2, 50),
        marked(world, UNMARKED, 3),
        marked(world, CAME, 4),
    ]
    for index in (*order, order[0]):
        hear(world, said[index])
    hear(world, confirmed(world))
    assert owed(world) == 9000
    assert world.balances() == {"receivables": 9000, "session_fees": -9000}
    assert violated(world) == set()


def test_a_cancellation_is_the_last_word(world: World) -> None:
    """In time it takes everything back, also before a late message of who came."""
    hear(world, cancelled(world, 100))
    hear(world, marked(world, CAME, 1))
    hear(world, confirmed(world))
    assert (owed(world), world.balances()) == (0, {})


def test_one_mark_told_many_times_at_once_is_owed_once(world: World) -> None:
    """Two marks, each twenty times, by five at a time."""
    facts = [marked(world, CAME, 1), marked(world, MISSED, 2, 50)] * 20
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda fact: hear(world, fact), facts))
    assert owed(world) == 4500
    assert world.balances() == {"receivables": 4500, "session_fees": -4500}
    assert violated(world) == set()


def test_a_paid_session_that_was_attended_keeps_its_money(paid: World) -> None:
    """Nothing moves, marked or withdrawn."""
    before = paid.balances(), paid.moves()
    for number, what in enumerate((CAME, UNMARKED, MISSED), 1):
        hear(paid, marked(paid, what, number, on_account=False))
    paid.work_off()
    assert (paid.balances(), paid.moves()) == before
    assert paid.refunds() == []


def test_of_a_paid_session_that_was_missed_the_policys_share_goes_back(paid: World) -> None:
    """Once, by the refunds that there are; the rest stays allocated to the booking."""
    for _ in range(3):
        hear(paid, marked(paid, MISSED, 1, 40, on_account=False))
    paid.work_off()
    assert [(one.amount, one.reason) for one in paid.refunds()] == [(3600, "no_show")]
    assert paid.payment().refunded == 3600
    assert paid.balances()["booking_funds"] == -5400
    assert "retained_fees" not in paid.balances()
    assert paid.events()["refund_made"] == 1
    assert violated(paid) == set()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_what_went_back_stays_with_the_client(paid: World, order: tuple[int, ...]) -> None:
    """Missed, withdrawn, missed again: one refund, whatever comes first."""
    said = [
        marked(paid, MISSED, 1, 50, on_account=False),
        marked(paid, UNMARKED, 2, on_account=False),
        marked(paid, MISSED, 3, 50, on_account=False),
    ]
    for index in order:
        hear(paid, said[index])
    paid.work_off()
    assert [one.amount for one in paid.refunds()] == [4500]
    assert violated(paid) == set()


def test_a_session_without_a_payment_moves_nothing(world: World) -> None:
    """One that was agreed elsewhere, or is held unpaid."""
    hear(world, marked(world, MISSED, 1, 100, on_account=False))
    world.hold()
    hear(world, marked(world, MISSED, 1, 100, on_account=False))
    assert world.refunds() == []


def test_what_is_owed_is_told_to_those_who_receive_the_client(
    world: World, make_world: Callable[..., World]
) -> None:
    """In sum and by booking; not to the client's link, nor to another practice."""
    hear(world, marked(world, CAME, 1))
    desk = member(world, "front_desk")
    [total] = told(world, desk).sums
    assert total.owed is not None
    assert (total.paid.amount, total.owed.amount) == (0, 9000)
    assert [one.owed.amount for one in told(world, desk).receivables] == [9000]
    asked = ListPayments(booking_ids=[world.booking_id])
    for actor, count in ((desk, 1), (world.client, 0), (member(make_world(), "owner"), 0)):
        with world.database.reading(actor) as tx:
            listed = list_payments(tx, asked, actor=actor, now=utc_now())
        assert len(listed.receivables) == count


def test_the_doctor_sees_a_debt_that_the_ledger_does_not_know(world: World, servers: Stack) -> None:
    """One cent too many, written past the use case; what was agreed cannot be rewritten."""
    hear(world, marked(world, MISSED, 1, 50))
    enter = f"SELECT set_config('attune.practice_id', '{world.practice_id}', true)"
    as_owner(servers, enter, "UPDATE billing.receivables SET owed = owed + 1")
    assert violated(world) == {OWED}
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.database.transaction(world.us) as tx,
    ):
        tx.execute(text("UPDATE billing.receivables SET amount = 1"))
