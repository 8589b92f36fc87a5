"""Whose calendar it is, is told nothing of what they did in it themselves."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.operations import cancel, reschedule, series_moves
from services.common.auth import Actor
from services.contracts.booking.bookings import (
    CancelBooking,
    PreviewCancellation,
    RescheduleBooking,
)
from services.contracts.booking.series import MoveScope
from tests.integration.booking import course_practice
from tests.integration.booking.behalf import book_for, wish_for
from tests.integration.booking.course_practice import weekly, wish
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_series import ask, wanted


def own(practice: Practice) -> Actor:
    """The practitioner."""
    return practice.person(practice.practitioner_account, "practitioner", "owner")


def front_desk(practice: Practice) -> Actor:
    """Somebody else who keeps the calendar."""
    return practice.person(uuid4(), "front_desk")


@pytest.mark.parametrize(("who", "is_own"), [(own, True), (front_desk, False)])
def test_each_act_says_whether_it_is_their_own(
    practice: Practice, who: Callable[[Practice], Actor], is_own: bool
) -> None:
    """Booked for a client, moved, given back; a course booked, moved, given back."""
    actor = who(practice)
    one = book_for(practice, wish_for(practice, at(14)), actor=actor)
    with practice.transaction(actor) as tx:
        move = RescheduleBooking(id=uuid7(), booking_id=one.id, starts_at=at(15))
        reschedule.reschedule_booking(tx, move, actor=actor, now=NOW)
        back = CancelBooking(id=uuid7(), booking_id=one.id, expected_refund_percent=100)
        cancel.cancel_booking(tx, back, actor=actor, now=NOW)
    first = book_for(practice, wish_for(practice, at(9)), actor=actor)
    asked = wish(practice, first, weekly(2))
    course, bookings = course_practice.book(practice, asked, actor=actor)
    seen = ask(practice, bookings[0].id, MoveScope.ALL, at(10, days=7).date(), 10, actor)
    with practice.transaction(actor) as tx:
        act = wanted(seen, MoveScope.ALL)
        series_moves.move_series(tx, act, actor=actor, now=NOW)
    course_practice.cancel(practice, course.id, actor=actor)
    for type_, count in (("confirmed", 4), ("rescheduled", 3), ("cancelled", 3)):
        told = practice.events(f"booking_{type_}")
        assert [one["is_by_practitioner"] for one in told] == [is_own] * count


def test_what_clients_do_is_told(practice: Practice) -> None:
    """A paid booking, moved and given back by the link of a mail."""
    one = practice.book_and_pay()
    link = practice.link(one.id)
    with practice.transaction(link) as tx:
        move = RescheduleBooking(id=uuid7(), booking_id=one.id, starts_at=at(15, days=7))
        reschedule.reschedule_booking(tx, move, actor=link, now=NOW)
        _, share = cancel.preview_cancellation(
            tx, PreviewCancellation(booking_id=one.id), actor=link, now=NOW
        )
        back = CancelBooking(id=uuid7(), booking_id=one.id, expected_refund_percent=share.percent)
        cancel.cancel_booking(tx, back, actor=link, now=NOW)
    for type_ in ("confirmed", "rescheduled", "cancelled"):
        [told] = practice.events(f"booking_{type_}")
        assert told["is_by_practitioner"] is False
