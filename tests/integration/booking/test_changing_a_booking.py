"""Cancelling and moving: the terms of the day of booking, one effect per act."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.models import Booking
from services.booking.operations import cancel, reschedule, setup, slots
from services.common.auth import Actor
from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.booking.bookings import (
    CancelBooking,
    PreviewCancellation,
    RescheduleBooking,
)
from services.contracts.booking.offerings import ListSlots
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    NotCancellable,
    NotReschedulable,
    SlotTaken,
    TermsChanged,
)
from tests.integration.booking.practice import NOW, Practice, at

FRIDAY = 3
THURSDAY = 2


def give_back(
    practice: Practice,
    booking: Booking,
    percent: int,
    *,
    now: datetime = NOW,
    actor: Actor | None = None,
    **changed: object,
) -> Booking:
    who = actor or practice.link(booking.id)
    asked = CancelBooking(id=uuid7(), booking_id=booking.id, expected_refund_percent=percent)
    with practice.transaction(who) as tx:
        return cancel.cancel_booking(tx, asked.model_copy(update=changed), actor=who, now=now)


def move(
    practice: Practice,
    booking: Booking,
    starts_at: datetime,
    *,
    now: datetime = NOW,
    actor: Actor | None = None,
    **changed: object,
) -> Booking:
    who = actor or practice.link(booking.id)
    asked = RescheduleBooking(id=uuid7(), booking_id=booking.id, starts_at=starts_at)
    with practice.transaction(who) as tx:
        return reschedule.reschedule_booking(
            tx, asked.model_copy(update=changed), actor=who, now=now
        )


@pytest.mark.parametrize(
    ("days", "percent", "state"),
    [(1, 100, "cancelled"), (0, 50, "late_cancelled"), (-1, 0, "late_cancelled")],
)
def test_the_policy_decides_what_comes_back(
    practice: Practice, days: int, percent: int, state: str
) -> None:
    """48 hours before: all; 24: half; later: nothing. Nine on Tuesday is 25 hours away."""
    booking = practice.book_and_pay(at(9, days=days))
    cancelled = give_back(practice, booking, percent)
    assert (cancelled.state, cancelled.sequence) == (state, 1)
    [told] = practice.events("booking_cancelled")
    assert (told["refund_percent"], told["is_late"]) == (percent, percent < 100)
    assert told["was_confirmed"]


def test_a_hold_that_is_let_go_was_never_an_appointment(practice: Practice) -> None:
    """The event says so, whether the payment page was open already or not."""
    held, awaiting = practice.book(at(9)), practice.book(at(11))
    practice.start_payment(awaiting.id)
    for booking in (held, awaiting):
        give_back(practice, booking, 100)
    told = practice.events("booking_cancelled")
    assert [one["was_confirmed"] for one in told] == [False, False]


def test_the_preview_says_until_when_the_share_stays(practice: Practice) -> None:
    """The last instant of the tier that holds now."""
    booking = practice.book_and_pay(at(9, days=FRIDAY))
    actor = practice.link(booking.id)
    with practice.transaction(actor) as tx:
        asked = PreviewCancellation(booking_id=booking.id)
        _, share = cancel.preview_cancellation(tx, asked, actor=actor, now=NOW)
    assert share == cancel.Share(100, booking.starts_at - timedelta(hours=48))


def test_a_share_that_is_not_what_was_shown_is_refused(practice: Practice) -> None:
    """Nobody loses money unawares: a second after the tier's end less comes back."""
    booking = practice.book_and_pay(at(9, days=FRIDAY))
    with pytest.raises(TermsChanged) as refused:
        give_back(practice, booking, 100, now=booking.starts_at - timedelta(hours=48, seconds=-1))
    assert refused.value.detail == {"refund_percent": "50"}
    assert practice.stored(booking.id).state == "confirmed"


def test_a_booking_keeps_the_terms_of_its_day(practice: Practice) -> None:
    """A stricter version that comes later binds only later bookings."""
    booking = practice.book_and_pay(at(9, days=FRIDAY))
    with practice.transaction() as tx:
        stricter = setup.NewPolicy(practice.id, practice.policy_id, ((72, 0),), version=2)
        setup.add_policy(tx, stricter)
        setup.add_offering(tx, replace(practice.offering, policy_version=2), now=NOW)
    later = practice.book_and_pay(at(11, days=FRIDAY))
    assert give_back(practice, booking, 100).state == "cancelled"
    assert give_back(practice, later, 0).state == "late_cancelled"


def test_what_the_practice_cancels_comes_back_whole(practice: Practice) -> None:
    """However late."""
    booking = practice.book_and_pay(at(10))
    soon = booking.starts_at - timedelta(hours=1)
    cancelled = give_back(practice, booking, 100, now=soon, actor=practice.admin)
    assert cancelled.state == "cancelled"


def test_a_cancelled_time_is_a_slot_again(practice: Practice) -> None:
    """The session is not live any more, and the client can be elsewhere."""
    booking = practice.book_and_pay(at(10))
    give_back(practice, booking, 50)
    assert at(10) in practice.starts()
    assert practice.book(at(10), client_id=booking.client_id).state == "held"


def test_the_same_act_again_changes_nothing(practice: Practice) -> None:
    """One event; another act on a cancelled booking is refused, and so is other content."""
    booking, act = practice.book_and_pay(at(10)), uuid7()
    found = [give_back(practice, booking, 50, id=act) for _ in range(2)]
    assert [one.sequence for one in found] == [1, 1]
    assert len(practice.events("booking_cancelled")) == 1
    with pytest.raises(NotCancellable):
        give_back(practice, booking, 50)
    with pytest.raises(DifferentContent):
        give_back(practice, booking, 100, id=act)


def test_a_hold_is_given_back_whole_and_its_late_payment_too(practice: Practice) -> None:
    """Money that arrives after the client left is refused, so that all of it goes back."""
    booking = practice.book(at(10))
    give_back(practice, booking, 100)
    practice.pay(booking.id)
    assert practice.stored(booking.id).state == "cancelled"
    assert len(practice.events("booking_refused")) == 1


def test_what_has_begun_is_not_cancelled(practice: Practice) -> None:
    """Nor is a hold that has lapsed."""
    begun, lapsed = practice.book_and_pay(at(10)), practice.book(at(12))
    with pytest.raises(NotCancellable):
        give_back(practice, begun, 0, now=begun.starts_at)
    with pytest.raises(NotCancellable):
        give_back(practice, lapsed, 100, now=NOW + timedelta(minutes=10))


def test_a_booking_moves_into_its_own_old_time(practice: Practice) -> None:
    """Half an hour later overlaps the old time; nothing but itself was there."""
    booking = practice.book_and_pay(at(10, days=THURSDAY))
    moved = move(practice, booking, at(10, 30, days=THURSDAY))
    session = practice.session_of(booking.id)
    assert (moved.starts_at, moved.sequence) == (at(10, 30, days=THURSDAY), 1)
    assert session.starts_at == moved.starts_at
    assert session.blocked.upper == at(11, 30, days=THURSDAY)
    [told] = practice.events("booking_rescheduled")
    assert told["previous_starts_at"] == at(10, days=THURSDAY).isoformat().replace("+00:00", "Z")


def test_the_times_to_move_to_include_those_that_overlap_its_own(practice: Practice) -> None:
    """Only for who may see the booking; to everybody else its time is taken."""
    booking = practice.book_and_pay(at(10, days=THURSDAY))
    asked = ListSlots(
        offering_id=practice.offering_id,
        from_on=booking.starts_at.date(),
        until_on=booking.starts_at.date(),
        time_zone="Europe/Berlin",
        moving_booking_id=booking.id,
    )
    actor = practice.link(booking.id)
    with practice.transaction(actor) as tx:
        free = slots.list_slots(tx, asked, actor=actor, now=NOW).starts
    assert int(at(10, 30, days=THURSDAY).timestamp()) in free
    assert at(10, 30, days=THURSDAY) not in practice.starts(on=booking.starts_at)
    with practice.transaction() as tx, pytest.raises(NotFound):
        slots.list_slots(tx, asked, actor=practice.visitor, now=NOW)


def test_a_moved_booking_takes_its_client_along(practice: Practice) -> None:
    """The participant is at the new time and no longer at the old one."""
    booking = practice.book_and_pay(at(10, days=THURSDAY))
    colleague = Practice(practice.database, id=practice.id).open()
    move(practice, booking, at(14, days=THURSDAY))
    with pytest.raises(ClientElsewhere):
        colleague.book(at(14, days=THURSDAY), client_id=booking.client_id)
    assert colleague.book(at(10, days=THURSDAY), client_id=booking.client_id).state == "held"


def test_a_booking_does_not_move_onto_another(practice: Practice) -> None:
    """It stays where it was, and three free times are told, its own not among them."""
    booking = practice.book_and_pay(at(13, days=THURSDAY))
    practice.book(at(14, days=THURSDAY))
    with pytest.raises(SlotTaken) as refused:
        move(practice, booking, at(14, days=THURSDAY))
    nearest = {datetime.fromisoformat(one) for one in refused.value.detail["nearest"].split(",")}
    assert len(nearest) == 3
    assert at(13, days=THURSDAY) not in nearest
    assert practice.stored(booking.id).starts_at == at(13, days=THURSDAY)


def test_moving_obeys_the_rules_of_the_new_start(practice: Practice) -> None:
    """And a move to where it is already is no move."""
    booking = practice.book_and_pay(at(10, days=THURSDAY))
    with pytest.raises(NotBookable):
        move(practice, booking, at(8, days=THURSDAY))
    with pytest.raises(InvalidInput):
        move(practice, booking, booking.starts_at)


def test_a_client_moves_until_the_policys_limit_and_the_practice_beyond(
    practice: Practice,
) -> None:
    """24 hours before the start, to the second."""
    booking = practice.book_and_pay(at(10))
    too_late = booking.starts_at - timedelta(hours=24, seconds=-1)
    with pytest.raises(NotReschedulable):
        move(practice, booking, at(14), now=too_late)
    moved = move(practice, booking, at(14), now=too_late, actor=practice.admin)
    assert moved.starts_at == at(14)


def test_the_same_move_again_changes_nothing(practice: Practice) -> None:
    """Even after the booking has moved on."""
    booking, act = practice.book_and_pay(at(10, days=THURSDAY)), uuid7()
    move(practice, booking, at(12, days=THURSDAY), id=act)
    move(practice, booking, at(14, days=THURSDAY))
    again = move(practice, booking, at(12, days=THURSDAY), id=act)
    assert (again.starts_at, again.sequence) == (at(14, days=THURSDAY), 2)


def test_a_hold_is_not_moved(practice: Practice) -> None:
    """Only what is confirmed."""
    with pytest.raises(NotReschedulable):
        move(practice, practice.book(at(10, days=THURSDAY)), at(12, days=THURSDAY))


def test_a_member_changes_groups(make_practice: Callable[..., Practice]) -> None:
    """The old group keeps its other member, the new one gains a seat."""
    group = make_practice(seats=2)
    staying, going = (group.book_and_pay(at(10, days=THURSDAY)) for _ in range(2))
    waiting = group.book_and_pay(at(14, days=THURSDAY), client_id=uuid4())
    moved = move(group, going, at(14, days=THURSDAY))
    assert (moved.session_id, moved.seat_no) == (waiting.session_id, 2)
    assert group.session_of(staying.id).is_live
    assert at(10, days=THURSDAY) in group.starts(on=at(10, days=THURSDAY))
    assert at(14, days=THURSDAY) not in group.starts(on=at(14, days=THURSDAY))


def test_the_last_member_leaves_no_group_behind(make_practice: Callable[..., Practice]) -> None:
    """An empty group blocks nothing, not even the new time that overlaps it."""
    group = make_practice(seats=2)
    alone = group.book_and_pay(at(10, days=THURSDAY))
    moved = move(group, alone, at(10, 30, days=THURSDAY))
    assert moved.starts_at == at(10, 30, days=THURSDAY)
    assert at(11, days=THURSDAY) not in group.starts(on=at(11, days=THURSDAY))
