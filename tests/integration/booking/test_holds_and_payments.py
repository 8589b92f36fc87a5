"""Deadlines and money: a hold lapses by time alone, and a payment confirms or is given back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from services.booking.models import Booking
from services.booking.operations import holds, payments
from services.common.money import Money
from services.contracts.billing import PricePublished
from services.contracts.booking.bookings import ExtendHold
from services.contracts.booking.refusals import AlreadyExtended, HoldExpired, PriceChanged
from tests.integration.booking.practice import NOW, Practice, at

MINUTES = timedelta(minutes=1)
LAPSED = NOW + 10 * MINUTES


def extend(practice: Practice, booking: Booking, minute: int) -> Booking:
    actor, now = practice.link(booking.id), NOW + minute * MINUTES
    with practice.transaction(actor) as tx:
        asked = ExtendHold(booking_id=booking.id)
        return holds.extend_hold(tx, asked, actor=actor, now=now)


def sweep(practice: Practice, booking: Booking, minute: int) -> bool:
    with practice.transaction() as tx:
        return holds.expire_hold(tx, booking.id, NOW + minute * MINUTES)


def test_a_lapsed_hold_blocks_nobody_although_nobody_swept_it(practice: Practice) -> None:
    """At the deadline its start is a slot again, and the next booking ends it."""
    lapsing = practice.book(at(10))
    assert at(10) not in practice.starts(now=LAPSED - timedelta(seconds=1))
    assert at(10) in practice.starts(now=LAPSED)
    practice.book(at(10, 30), now=LAPSED)
    assert practice.stored(lapsing.id).state == "expired"
    [expired] = practice.events("booking_expired")
    assert expired["booking_id"] == str(lapsing.id)


def test_a_client_is_not_kept_elsewhere_by_their_own_lapsed_hold(practice: Practice) -> None:
    """The hold with one practitioner lapses; the time can be had with another."""
    colleague = Practice(practice.database, id=practice.id).open()
    client_id = uuid4()
    practice.book(at(10), client_id=client_id)
    colleague.book(at(10), client_id=client_id, now=LAPSED)


def test_the_sweeper_ends_lapsed_holds_once_and_leaves_the_others(practice: Practice) -> None:
    """Before the deadline nothing happens; after it one event leaves, however often it runs."""
    booking = practice.book(at(10))
    assert [sweep(practice, booking, minute) for minute in (9, 10, 11)] == [False, True, False]
    stored, session = practice.stored(booking.id), practice.session_of(booking.id)
    assert (stored.state, stored.seat_no, session.is_live) == ("expired", None, False)
    assert len(practice.events("booking_expired")) == 1


def test_lapsed_holds_are_claimed_by_one_sweeper(practice: Practice) -> None:
    """The second one finds nothing while the first holds the lease."""
    booking = practice.book(at(10), now=NOW - timedelta(days=1))
    with practice.database.plumbing() as first, practice.database.plumbing() as second:
        taken = holds.take_lapsed(first, NOW - timedelta(hours=23), 1000)
        assert (practice.id, booking.id) in taken
        assert (practice.id, booking.id) not in holds.take_lapsed(
            second, NOW - timedelta(hours=23), 1000
        )


def test_a_hold_is_extended_once_by_ten_minutes(practice: Practice) -> None:
    """WCAG 2.2.1; a second time is refused."""
    booking = practice.book(at(10))
    assert extend(practice, booking, 9).deadline_at == NOW + 20 * MINUTES
    assert at(10) not in practice.starts(now=NOW + 19 * MINUTES)
    assert not sweep(practice, booking, 11)
    with pytest.raises(AlreadyExtended):
        extend(practice, booking, 12)


def test_a_lapsed_hold_is_not_extended(practice: Practice) -> None:
    """At the deadline it is over, swept or not."""
    booking = practice.book(at(10))
    with pytest.raises(HoldExpired):
        extend(practice, booking, 10)


def test_starting_to_pay_extends_the_deadline_once(practice: Practice) -> None:
    """A second start of the same payment gives no more time."""
    booking = practice.book(at(10))
    for minute in (5, 6):
        practice.start_payment(booking.id, now=NOW + minute * MINUTES)
    stored = practice.stored(booking.id)
    assert stored.state == "awaiting_payment"
    assert stored.deadline_at == NOW + 20 * MINUTES


def test_starting_to_pay_after_the_deadline_revives_nothing(practice: Practice) -> None:
    """The hold stays lapsed."""
    booking = practice.book(at(10))
    practice.start_payment(booking.id, now=LAPSED)
    assert practice.stored(booking.id).state == "held"
    assert at(10) in practice.starts(now=LAPSED)


def test_a_payment_confirms_once(practice: Practice) -> None:
    """Told twice, it still makes one event, and the seat has no deadline any more."""
    booking = practice.book(at(10))
    for _ in range(2):
        practice.pay(booking.id)
    stored = practice.stored(booking.id)
    assert (stored.state, stored.deadline_at, stored.confirmed_at) == ("confirmed", None, NOW)
    assert practice.session_of(booking.id).held_until is None
    assert len(practice.events("booking_confirmed")) == 1
    assert not sweep(practice, booking, 30)


def test_a_payment_known_before_its_start_confirms_and_stays_so(practice: Practice) -> None:
    """No order of events is promised."""
    booking = practice.book(at(10))
    practice.pay(booking.id)
    practice.start_payment(booking.id)
    assert practice.stored(booking.id).state == "confirmed"


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_late_payment_confirms_while_the_time_is_free(practice: Practice, is_swept: bool) -> None:
    """Lapsed or expired, the seat is taken again."""
    booking = practice.book(at(10))
    if is_swept:
        assert sweep(practice, booking, 10)
    practice.pay(booking.id, now=NOW + 15 * MINUTES)
    assert practice.stored(booking.id).state == "confirmed"
    assert practice.session_of(booking.id).is_live
    assert at(10) not in practice.starts(now=NOW + 15 * MINUTES)
    assert practice.events("booking_refused") == []


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_late_payment_for_a_taken_time_is_refused_for_a_full_refund(
    practice: Practice, is_swept: bool
) -> None:
    """The one who booked in between keeps the time."""
    late = practice.book(at(10))
    if is_swept:
        assert sweep(practice, late, 10)
    winner = practice.book(at(10, 30), now=LAPSED)
    practice.pay(late.id, now=NOW + 15 * MINUTES)
    assert practice.stored(late.id).state == "expired"
    assert practice.stored(winner.id).state == "held"
    [refused] = practice.events("booking_refused")
    assert refused["booking_id"] == str(late.id)


def test_a_late_payment_moves_other_lapsed_holds_out_of_its_way(practice: Practice) -> None:
    """Two lapsed holds at overlapping times: who pays first has it."""
    first = practice.book(at(10))
    second = practice.book(at(10, 30), now=LAPSED)
    practice.pay(first.id, now=LAPSED + 11 * MINUTES)
    assert practice.stored(first.id).state == "confirmed"
    assert practice.stored(second.id).state == "expired"


def test_a_late_payment_finds_its_seat_in_a_group(make_practice: Callable[..., Practice]) -> None:
    """A seat that somebody else has by now is not given twice."""
    group = make_practice(seats=2)
    late, other = group.book(at(10)), group.book(at(10))
    group.pay(other.id)
    assert sweep(group, late, 10)
    third = group.book(at(10), now=LAPSED)
    group.pay(third.id, now=LAPSED)
    group.pay(late.id, now=LAPSED)
    states = [group.stored(one.id).state for one in (late, other, third)]
    assert states == ["expired", "confirmed", "confirmed"]
    assert len(group.events("booking_refused")) == 1


def test_only_a_newer_price_is_adopted(practice: Practice) -> None:
    """Events may come in any order; the price that was shown before is refused."""
    new, old = uuid4(), uuid4()
    for price_id, version in ((new, 3), (old, 2)):
        event = PricePublished(
            occurred_at=NOW,
            practice_id=practice.id,
            price_id=price_id,
            offering_id=practice.offering_id,
            practitioner_id=practice.practitioner_id,
            price_version=version,
            money=Money(amount=9900, currency="EUR"),
        )
        with practice.transaction() as tx:
            payments.adopt_price(tx, event)
    with pytest.raises(PriceChanged) as refused:
        practice.book()
    assert refused.value.detail == {"price_id": str(new)}
    assert practice.book(price_id=new).price_id == new
