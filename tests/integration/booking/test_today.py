"""A day: one's own or the whole practice's, what waits to be marked, the next free time."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from services.booking.operations import today
from services.booking.operations.today import Day
from services.booking.queries import today as queries
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.today import Gap, ListDay
from tests.integration.booking.editing import treating
from tests.integration.booking.practice import Practice, at
from tests.integration.booking.test_attendance import say

DAY = ListDay(from_at=at(0), until_at=at(24))
NOON = at(12)


def day(practice: Practice, actor: Actor, *, is_whole: bool = False, now: datetime = NOON) -> Day:
    asked = DAY.model_copy(update={"is_whole": is_whole})
    with practice.database.reading(actor) as tx:
        return today.list_day(tx, asked, actor=actor, now=now)


def test_a_day_tells_what_waits_and_what_is_free(practice: Practice) -> None:
    """Marked sessions wait no longer; the gap lies between the sessions and their buffers."""
    first, second, later = (practice.book_and_pay(at(hour)).id for hour in (9, 10, 12))
    say(practice, first, Attendance.ATTENDED, now=at(10))
    seen = day(practice, treating(practice))
    assert [one.id for one in seen.bookings] == [first, second, later]
    assert [one.id for one in seen.waiting] == [second]
    assert seen.gap == Gap(starts_at=at(13), ends_at=at(17))


def test_a_day_that_is_too_long_for_one_list_says_so(practice: Practice) -> None:
    """The earliest are told; a day that just fits has no more."""
    first, second = (practice.book_and_pay(at(hour)).id for hour in (9, 10))
    actor = treating(practice)
    with practice.database.reading(actor) as tx:
        cut, whole = (
            today.list_day(tx, DAY, actor=actor, now=NOON, limit=limit) for limit in (1, 2)
        )
        assert ([one.id for one in cut.bookings], cut.is_cut) == ([first], True)
        assert ([one.id for one in whole.bookings], whole.is_cut) == ([first, second], False)


def test_a_session_waits_until_it_is_marked_however_long_that_takes(practice: Practice) -> None:
    """Two months later still, else nobody would bill it; of more than fit it is told how many."""
    first, second, third = (practice.book_and_pay(at(hour)).id for hour in (9, 10, 12))
    late, actor = at(9) + timedelta(days=60), treating(practice)
    seen = day(practice, actor, now=late)
    assert [one.id for one in seen.waiting] == [first, second, third]
    assert seen.more_waiting == 0
    with practice.database.reading(actor) as tx:
        found, count = queries.unmarked(tx, practice.id, None, late, limit=2)
        assert ([one.id for one in found], count) == ([first, second], 3)


def test_a_whole_day_is_for_who_sees_the_whole_practice(practice: Practice) -> None:
    """The desk has no other; a practitioner has their own alone."""
    colleague = Practice(practice.database, id=practice.id).open()
    own, theirs = (
        one.book_and_pay(at(9) + timedelta(hours=index)).id
        for index, one in enumerate((practice, colleague))
    )
    desk = practice.person(uuid4(), "front_desk")
    for is_whole in (False, True):
        seen = day(practice, desk, is_whole=is_whole)
        assert [one.id for one in seen.bookings] == [own, theirs]
        assert seen.gap is None
    assert [one.id for one in day(practice, treating(practice)).bookings] == [own]
    owner = practice.person(practice.practitioner_account, "owner", "practitioner")
    assert len(day(practice, owner).bookings) == 1
    assert len(day(practice, owner, is_whole=True).bookings) == 2
    for actor in (practice.person(uuid4(), "billing"), practice.person(uuid4())):
        with pytest.raises(Forbidden):
            day(practice, actor)
    with pytest.raises(Forbidden):
        day(practice, treating(practice), is_whole=True)
