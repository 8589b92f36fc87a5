"""Time off over booked sessions: told before it is saved, and marked until they are handled."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.booking.models import Booking
from services.booking.operations import cancel, leave, listing, reschedule, schedules
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.bookings import CancelBooking, ListSessions, RescheduleBooking
from services.contracts.booking.hours import (
    AddTimeOff,
    PreviewTimeOff,
    RemoveTimeOff,
    SetDateHours,
    UndoScheduleChange,
)
from services.contracts.booking.refusals import SessionsTouched
from tests.integration.booking.editing import TUESDAY, do, seen, treating
from tests.integration.booking.practice import NOW, Practice, at

DAY: dict[str, Any] = {"first_on": TUESDAY, "last_on": TUESDAY}


def touched(practice: Practice, **days: object) -> tuple[list[UUID], str]:
    """Which bookings it would touch, and what names them."""
    who = treating(practice)
    told = {"practitioner_id": practice.practitioner_id, **DAY, **days}
    with practice.transaction(who) as tx:
        found = schedules.preview_time_off(
            tx, PreviewTimeOff.model_validate(told), actor=who, now=NOW
        )
        return [one.id for one in found], leave.seen(found)


def marked(practice: Practice, now: datetime = NOW) -> list[UUID]:
    """What is marked on Tuesday's page; the page of hours marks the same."""
    who = treating(practice)
    asked = ListSessions(
        practitioner_id=practice.practitioner_id, from_at=at(0), until_at=at(0, days=1)
    )
    with practice.transaction(who) as tx:
        _, found = listing.list_sessions(tx, asked, actor=who, now=now)
    assert [one.booking_id for one in seen(practice, now=now).in_time_off] == found
    return found


def take_off(practice: Practice, **days: Any) -> None:
    """Add the time off, having seen what it touches."""
    do(practice, AddTimeOff, sessions_seen=touched(practice, **days)[1], **DAY | days)


def test_what_time_off_touches_is_told_before_it_is_saved(practice: Practice) -> None:
    """Paid or still held; what only borders on it is not."""
    paid, held = practice.book_and_pay(at(11)), practice.book(at(12))
    for other in (at(10), at(13), at(11, days=1)):
        practice.book_and_pay(other)
    part = {"from_time": "10:50", "until_time": "13:00"}
    assert touched(practice, **part)[0] == [paid.id, held.id]
    assert len(touched(practice)[0]) == 4
    assert seen(practice).time_off == []


def test_a_lapsed_hold_is_not_touched(practice: Practice) -> None:
    """It blocks nobody, swept or not."""
    practice.book(at(11), now=NOW - timedelta(hours=1))
    assert touched(practice)[0] == []
    do(practice, AddTimeOff, **DAY)


def test_time_off_is_not_saved_over_sessions_that_its_author_has_not_seen(
    practice: Practice,
) -> None:
    """Nor over one that was booked since; seen, it is saved and the sessions stay."""
    first = practice.book_and_pay(at(11))
    with pytest.raises(SessionsTouched) as refused:
        do(practice, AddTimeOff, **DAY)
    assert refused.value.detail == {"count": "1"}
    _, told = touched(practice)
    second = practice.book_and_pay(at(14))
    with pytest.raises(SessionsTouched):
        do(practice, AddTimeOff, sessions_seen=told, **DAY)
    assert seen(practice).time_off == []
    take_off(practice)
    assert practice.starts() == []
    assert [practice.stored(one.id).state for one in (first, second)] == ["confirmed"] * 2
    assert marked(practice) == [first.id, second.id]


def test_a_mark_stays_until_the_session_is_moved_cancelled_or_over(practice: Practice) -> None:
    """Or until the time off is taken back."""
    moved, cancelled, kept = (practice.book_and_pay(at(hour)) for hour in (9, 11, 13))
    take_off(practice)
    who = treating(practice)
    with practice.transaction(who) as tx:
        command = RescheduleBooking(id=uuid7(), booking_id=moved.id, starts_at=at(9, days=1))
        reschedule.reschedule_booking(tx, command, actor=who, now=NOW)
    with practice.transaction(who) as tx:
        given = CancelBooking(id=uuid7(), booking_id=cancelled.id, expected_refund_percent=100)
        cancel.cancel_booking(tx, given, actor=who, now=NOW)
    assert marked(practice) == [kept.id]
    assert marked(practice, now=at(13, 49)) == [kept.id]
    assert marked(practice, now=at(13, 50)) == []


def test_a_session_of_a_zone_far_west_is_marked_in_its_own_day(practice: Practice) -> None:
    """In Honolulu it is still Monday when Tuesday has begun in UTC."""
    west = Practice(practice.database).open(zone="Pacific/Honolulu")
    evening = datetime.fromisoformat("2093-11-23T15:00:00-10:00")
    booking: Booking = west.book_and_pay(evening)
    monday = date(2093, 11, 23)
    take_off(west, first_on=monday, last_on=monday)
    later = evening + timedelta(minutes=5)
    assert [one.booking_id for one in seen(west, now=later).in_time_off] == [booking.id]


def test_flaws_and_strangers_are_refused_before_anything_is_told(practice: Practice) -> None:
    """As when it is saved."""
    with pytest.raises(InvalidInput) as refused:
        touched(practice, last_on=TUESDAY - timedelta(days=1))
    assert set(refused.value.detail) == {"last_on"}
    stranger = practice.person(practice.id, "practitioner")
    asked = PreviewTimeOff(practitioner_id=practice.practitioner_id, **DAY)
    with practice.transaction(stranger) as tx, pytest.raises(NotFound):
        schedules.preview_time_off(tx, asked, actor=stranger, now=NOW)


def test_time_off_comes_back_over_no_session_that_its_author_has_not_seen(
    practice: Practice,
) -> None:
    """Removed, it let clients book; undoing that tells of them as adding it would."""
    off = do(practice, AddTimeOff, **DAY)
    do(practice, RemoveTimeOff, time_off_id=off.id)
    booking = practice.book_and_pay(at(11))
    with pytest.raises(SessionsTouched) as refused:
        do(practice, UndoScheduleChange)
    assert refused.value.detail == {"count": "1"}
    assert seen(practice).time_off == []
    last = seen(practice).last_change
    assert last is not None
    assert [one.booking_id for one in last.touched] == [booking.id]
    do(practice, UndoScheduleChange, sessions_seen=last.sessions_seen)
    assert marked(practice) == [booking.id]


def test_closing_a_date_tells_of_its_sessions_as_time_off_does(practice: Practice) -> None:
    """They are named before and marked after it; other hours of the date, and none, are neither."""
    booking = practice.book_and_pay(at(11))
    practice.book_and_pay(at(11, days=1))
    with pytest.raises(SessionsTouched):
        do(practice, SetDateHours, on=TUESDAY, windows=[])
    assert seen(practice).dates == []
    found, told = touched(practice)
    assert found == [booking.id]
    do(practice, SetDateHours, on=TUESDAY, windows=[], sessions_seen=told)
    assert marked(practice) == [booking.id]
    do(practice, SetDateHours, on=TUESDAY)
    assert marked(practice) == []
    with pytest.raises(SessionsTouched):
        do(practice, UndoScheduleChange)


def test_time_off_that_is_over_is_refused(practice: Practice) -> None:
    """Saved, it would be listed nowhere; what has only begun is fine. It is 8 o'clock."""
    today: dict[str, Any] = {"first_on": NOW.date(), "last_on": NOW.date(), "from_time": "06:00"}
    with pytest.raises(InvalidInput) as refused:
        do(practice, AddTimeOff, **today, until_time="08:00")
    assert refused.value.detail == {"until_time": "is over already"}
    do(practice, AddTimeOff, **today, until_time="08:05")
    assert len(seen(practice).time_off) == 1
