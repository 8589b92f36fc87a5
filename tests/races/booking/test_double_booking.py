"""Races for time: nobody is ever booked twice, and the twins show that these tests can fail."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID, uuid4

import pytest

from deploy.local.stack import Stack
from services.booking.operations import book, cancel, holds, reschedule
from services.contracts.booking.bookings import BookSession, CancelBooking, RescheduleBooking
from tests.integration.booking.owner import without_constraints, without_locks
from tests.integration.booking.practice import NOW, Practice, at
from tests.races.booking.racing import meetings, overlaps, race

TEN_SLOTS = [at(hour, days=day) for day in (0, 1) for hour in range(10, 15)]


def hold(practice: Practice, asked: BookSession, now: datetime = NOW) -> None:
    with practice.transaction() as tx:
        book.book_session(tx, asked, actor=practice.visitor, now=now)


@pytest.mark.parametrize("seed", range(3))
def test_sixty_four_tries_at_ten_slots_have_ten_winners(practice: Practice, seed: int) -> None:
    """Each slot has one winner, everybody else is told that it was taken."""
    wishes = [practice.wish(TEN_SLOTS[number % 10]) for number in range(64)]
    Random(seed).shuffle(wishes)
    ended = race([partial(hold, practice, asked) for asked in wishes])
    assert ended == {"won": 10, "SlotTaken": 54}
    assert overlaps(practice) == 0
    assert len(practice.events("booking_held")) == 10


def test_without_its_guards_the_same_race_books_twice(practice: Practice, servers: Stack) -> None:
    """The twin: neither locks nor constraints, and the domain's look alone is not enough."""
    wishes = [practice.wish(TEN_SLOTS[number // 7 % 10]) for number in range(64)]
    with without_locks(servers), without_constraints(servers, practice.id):
        ended = race([partial(hold, practice, asked) for asked in wishes])
        doubled = overlaps(practice)
    assert doubled > 0
    assert ended["won"] > 10


def test_the_constraint_alone_keeps_sessions_apart(practice: Practice, servers: Stack) -> None:
    """Should a writer ever forget the locks: one winner a slot, and clear refusals.

    Few tries, because without the locks they deadlock for seconds before they are refused.
    """
    wishes = [practice.wish(start) for start in TEN_SLOTS[:2] for _ in range(8)]
    with without_locks(servers):
        ended = race([partial(hold, practice, asked) for asked in wishes])
    assert ended == {"won": 2, "SlotTaken": 14}
    assert overlaps(practice) == 0


@pytest.mark.parametrize("seed", range(2))
def test_random_overlapping_wishes_never_overlap_nor_deadlock(
    practice: Practice, seed: int
) -> None:
    """Two practitioners, few clients, all starts of a day: every call ends, none as Busy."""
    colleague = Practice(practice.database, id=practice.id).open()
    chance, clients = Random(seed), [uuid4() for _ in range(12)]
    tries = [
        partial(
            hold,
            where,
            where.wish(at(9, 30 * chance.randrange(14)), client_id=chance.choice(clients)),
        )
        for where in (chance.choice((practice, colleague)) for _ in range(200))
    ]
    ended = race(tries)
    assert set(ended) <= {"won", "SlotTaken", "ClientElsewhere"}
    assert ended["won"] >= 8
    assert (overlaps(practice), meetings(practice)) == (0, 0)


def test_one_command_sent_many_times_at_once_has_one_effect(practice: Practice) -> None:
    """Every copy is answered with the same booking."""
    asked = practice.wish()
    assert race([partial(hold, practice, asked)] * 32) == {"won": 32}
    assert len(practice.events("booking_held")) == 1


def test_the_last_seat_of_a_group_goes_to_one(practice: Practice) -> None:
    """Thirty-two tries at a group of five: five seats, five different numbers."""
    group = Practice(practice.database, id=practice.id).open(seats=5)
    wishes = [group.wish(at(10)) for _ in range(32)]
    ended = race([partial(hold, group, asked) for asked in wishes])
    assert ended == {"won": 5, "SlotTaken": 27}


def test_moves_and_bookings_race_for_the_same_times(practice: Practice) -> None:
    """Eight confirmed sessions shuffle among sixteen times that others book: no overlap."""
    booked = [practice.book_and_pay(at(9 + number, days=2)) for number in range(8)]
    chance = Random(1)
    targets = [at(9 + number, days=3) for number in range(8)] * 4

    def move(index: int) -> None:
        actor, target = practice.link(booked[index].id), chance.choice(targets)
        asked = RescheduleBooking(id=uuid4(), booking_id=booked[index].id, starts_at=target)
        with practice.transaction(actor) as tx:
            reschedule.reschedule_booking(tx, asked, actor=actor, now=NOW)

    moves = [partial(move, index) for index in range(8)] * 3
    holdings = [partial(hold, practice, practice.wish(target)) for target in targets]
    ended = race([one for pair in zip(moves, holdings, strict=False) for one in pair])
    assert set(ended) <= {"won", "SlotTaken", "InvalidInput"}
    assert overlaps(practice) == 0


def test_payment_expiry_and_rebooking_race_to_one_owner(practice: Practice) -> None:
    """At the deadline a payment, the sweeper and a rival meet at one start: paid or refused."""
    deadline = NOW + timedelta(minutes=10)
    for start in TEN_SLOTS:
        late, rival = practice.book(start), practice.wish(start)
        pay = partial(practice.pay, late.id, now=deadline)
        sweep = partial(expire, practice, late.id, deadline)
        race([pay, sweep, partial(hold, practice, rival, deadline)] * 6)
        is_paid = practice.stored(late.id).confirmed_at is not None
        refused = {event["booking_id"] for event in practice.events("booking_refused")}
        assert overlaps(practice) == 0
        assert is_paid != (str(late.id) in refused)


def test_payment_and_cancellation_race_to_one_end(practice: Practice) -> None:
    """A hold is paid and given back at once: confirmed first, or refused for a full refund."""
    for start in TEN_SLOTS:
        booking = practice.book(start)
        pay = partial(practice.pay, booking.id)
        race([pay, partial(give_back, practice, booking.id)] * 8)
        stored = practice.stored(booking.id)
        refused = {event["booking_id"] for event in practice.events("booking_refused")}
        assert (stored.confirmed_at is None) == (str(booking.id) in refused)


def expire(practice: Practice, booking_id: UUID, now: datetime) -> None:
    with practice.transaction() as tx:
        holds.expire_hold(tx, booking_id, now)


def give_back(practice: Practice, booking_id: UUID) -> None:
    actor = practice.link(booking_id)
    asked = CancelBooking(id=uuid4(), booking_id=booking_id, expected_refund_percent=100)
    with practice.transaction(actor) as tx:
        cancel.cancel_booking(tx, asked, actor=actor, now=NOW)
