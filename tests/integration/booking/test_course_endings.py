"""Giving a course back: what is to come, once, by the staff of its calendar."""

from uuid import uuid4

import pytest

from services.common.auth import service_actor
from services.common.errors import NotFound
from tests.integration.booking.course_practice import book, cancel, get, weekly, wish
from tests.integration.booking.practice import Practice


def test_a_course_is_given_back_as_far_as_it_is_still_to_come(practice: Practice) -> None:
    """What took place stays; the rest is cancelled at no cost, told by one event's mark, and the
    times are free again. Once more changes nothing."""
    first, starts = practice.book_and_pay(), weekly(4)
    course, _ = book(practice, wish(practice, first, starts))
    now = starts[1]
    for _ in range(2):
        _, bookings = cancel(practice, course.id, now=now)
        assert [one.state for one in bookings] == ["confirmed"] * 2 + ["cancelled"] * 2
    told = practice.events("booking_cancelled")
    assert [(one["is_first"], one["refund_percent"]) for one in told] == [(True, 100), (False, 100)]
    assert starts[2] in practice.starts(on=starts[2])
    assert practice.session_of(bookings[3].id).is_live is False


def test_only_staff_of_its_calendar_give_a_course_back(practice: Practice) -> None:
    """To all others, its client included, there is no such course."""
    account = uuid4()
    first = practice.book_and_pay(actor=practice.person(account))
    course, _ = book(practice, wish(practice, first, weekly(2)))
    strangers = [practice.person(account), practice.person(uuid4(), "billing"), practice.visitor]
    for actor in (*strangers, service_actor("notify", practice.id, "test")):
        with pytest.raises(NotFound):
            cancel(practice, course.id, actor=actor)
    _, bookings = get(practice, course.id, practice.admin)
    assert {one.state for one in bookings} == {"confirmed"}
