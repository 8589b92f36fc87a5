"""Sessions that were moved together go back: all of them, as they were, or none."""

from datetime import timedelta
from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.operations import reschedule
from services.common.errors import DifferentContent
from services.contracts.booking.bookings import RescheduleBooking
from services.contracts.booking.refusals import NotReschedulable, SeriesChanged, SlotTaken
from services.contracts.booking.series import MoveScope
from tests.integration.booking.course_practice import book, weekly, wish
from tests.integration.booking.practice import Practice, at
from tests.integration.booking.test_series import (
    COUNT,
    Moved,
    ask,
    course,
    move,
    move_back,
    stands,
    wanted,
)

__all__ = ["course"]


def test_all_go_back_through_one_another(practice: Practice, course: Moved) -> None:
    """A week later and back; told once each way. The same act again adds nothing, its id is no
    other act's."""
    seen = ask(practice, course[1].id, MoveScope.ALL, at(9, days=21).date())
    act, back = wanted(seen, MoveScope.ALL, is_client_told=False), uuid7()
    move(practice, act)
    assert move_back(practice, act, id=back, is_client_told=False) == weekly(COUNT)
    assert move_back(practice, act, id=back, is_client_told=False) == weekly(COUNT)
    told = practice.events("booking_rescheduled")
    assert [one["is_first"] for one in told] == [True, False, False, False, False] * 2
    assert {one["is_client_told"] for one in told} == {False}
    assert {practice.stored(one.id).sequence for one in course} == {2}
    with pytest.raises(DifferentContent):
        move_back(practice, act, id=back)


def test_what_broke_the_course_goes_back_without_a_question(
    practice: Practice, course: Moved
) -> None:
    """This and following, over the one before: they are not those that follow any more, and the
    distances of before are not asked about."""
    seen = ask(practice, course[2].id, MoveScope.FOLLOWING, at(11, days=9).date(), 11)
    assert seen.breaks
    act = wanted(seen, MoveScope.FOLLOWING, accepts_breaks=True)
    move(practice, act)
    move_back(practice, act)
    assert stands(practice, course) == weekly(COUNT)


def test_a_time_that_went_leaves_all_where_they_are(practice: Practice, course: Moved) -> None:
    """Somebody else booked one of the times from before, by name."""
    act = wanted(
        ask(practice, course[0].id, MoveScope.ALL, at(12, days=7).date(), 12), MoveScope.ALL
    )
    moved = move(practice, act)
    practice.book_and_pay(at(9, days=21), client_id=uuid4())
    with pytest.raises(SlotTaken):
        move_back(practice, act)
    assert stands(practice, course) == moved
    assert len(practice.events("booking_rescheduled")) == COUNT


def test_one_that_was_moved_meanwhile_is_noticed(practice: Practice, course: Moved) -> None:
    """Nothing is undone on top of what was done since; what was added since stays where it is."""
    act = wanted(
        ask(practice, course[0].id, MoveScope.ALL, at(12, days=7).date(), 12), MoveScope.ALL
    )
    moved = move(practice, act)
    added = book(practice, wish(practice, course[0], weekly(1, first=COUNT + 1)))[1]
    admin = practice.admin
    with practice.transaction(admin) as tx:
        alone = RescheduleBooking(id=uuid7(), booking_id=course[3].id, starts_at=at(13, days=28))
        reschedule.reschedule_booking(tx, alone, actor=admin, now=at(8))
    with pytest.raises(SeriesChanged):
        move_back(practice, act)
    again = RescheduleBooking(id=uuid7(), booking_id=course[3].id, starts_at=moved[3])
    with practice.transaction(admin) as tx:
        reschedule.reschedule_booking(tx, again, actor=admin, now=at(8))
    assert move_back(practice, act) == weekly(COUNT)
    assert stands(practice, added) == weekly(1, first=COUNT + 1)


def test_one_that_is_over_cannot_go_back(practice: Practice, course: Moved) -> None:
    """Where the session that was named has been given back by then."""
    act = wanted(
        ask(practice, course[0].id, MoveScope.ALL, at(12, days=7).date(), 12), MoveScope.ALL
    )
    moved = move(practice, act)
    lone = practice.book_and_pay(at(15), client_id=uuid4())
    with pytest.raises(NotReschedulable):
        move_back(practice, act, booking_id=lone.id)
    assert stands(practice, course) == moved
    assert moved[0] - weekly(1)[0] == timedelta(hours=3)
