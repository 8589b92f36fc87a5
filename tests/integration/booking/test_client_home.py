"""What a client's start page and a session's page of the staff tell, each read in one go."""

from uuid import uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.operations import client_home, listing
from services.booking.operations.client_home import ClientHome
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.contracts.booking.bookings import Attendance
from services.contracts.booking.home import GetClientHome
from services.contracts.booking.hours import AddTimeOff
from services.contracts.booking.staff import GetStaffBooking
from tests.integration.booking.editing import do, treating
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_attendance import say
from tests.integration.booking.test_leave import DAY, touched


def home(practice: Practice, actor: Actor, **asked: int) -> ClientHome:
    """What the person is told, a week after the first sessions."""
    with practice.transaction(actor) as tx:
        command = GetClientHome(**asked)
        return client_home.get_client_home(tx, command, actor=actor, now=at(8, days=7))


def test_home_tells_what_comes_and_who_may_be_seen_again(practice: Practice) -> None:
    """With the next starts of what was booked last with them; nothing of anybody else."""
    person, other = practice.person(uuid4()), practice.person(uuid4())
    before = practice.book_and_pay(at(10), actor=person)
    say(practice, before.id, Attendance.ATTENDED, now=at(12))
    ahead = practice.book_and_pay(at(10, days=8), actor=person)
    theirs = practice.book_and_pay(at(12, days=8), actor=other)
    found = home(practice, person)
    assert [one.id for one in found.upcoming] == [ahead.id]
    assert [one.id for one in found.last] == [before.id]
    (free,) = found.next_starts
    assert (free.practitioner_id, free.offering_id) == (before.practitioner_id, before.offering_id)
    assert len(free.starts) == client_home.SLOTS
    assert [one.id for one in home(practice, other, limit=1).upcoming] == [theirs.id]


def test_home_of_who_booked_nothing_is_empty(practice: Practice) -> None:
    """And nobody has one who is not signed in."""
    found = home(practice, practice.person(uuid4()))
    assert (found.upcoming, found.last, found.next_starts) == ([], [], [])
    with pytest.raises(Forbidden):
        home(practice, practice.visitor)


def test_staff_are_told_that_a_session_lies_in_time_off(practice: Practice) -> None:
    """Who does not see the calendar is told of no booking."""
    booked = practice.book_and_pay(at(11))
    asked = GetStaffBooking(booking_id=booked.id)

    def told(actor: Actor) -> bool:
        with practice.transaction(actor) as tx:
            seen, is_off = listing.get_staff_booking(tx, asked, actor=actor, now=NOW)
            assert seen.id == booked.id
            return is_off

    assert not told(treating(practice))
    do(practice, AddTimeOff, sessions_seen=touched(practice)[1], **DAY)
    assert told(treating(practice))
    for stranger in (practice.person(uuid4()), practice.link(booked.id), practice.link(uuid7())):
        with pytest.raises(NotFound):
            told(stranger)
