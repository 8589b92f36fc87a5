"""What the time of a practice went into, from the database: by calendar, for its desk alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from services.booking.operations import attendance, schedules, usage
from services.common.auth import Actor
from services.common.errors import Forbidden
from services.contracts.booking.bookings import Attendance, RecordAttendance
from services.contracts.booking.hours import SetWeeklyHours
from services.contracts.booking.usage import GetUsage, UsageFigures, UsageView
from tests.integration.booking.editing import seen, treating
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_changing_a_booking import give_back

FROM, UNTIL = at(0, days=-1), at(0, days=6)
"""The week of the tests, Monday to Sunday; it is open Monday to Friday from nine to five."""


def usage_of(practice: Practice, actor: Actor | None = None, *, later: int = 0) -> UsageView:
    who = actor or practice.person(uuid4(), "billing")
    with practice.transaction(who) as tx:
        now = NOW + timedelta(days=later)
        return usage.get_usage(tx, GetUsage(from_at=FROM, until_at=UNTIL), actor=who, now=now)


def test_bookings_are_counted_by_how_they_ended(practice: Practice) -> None:
    """A hold counts nothing; whom nobody marked is not said to have come."""
    came, missed, given_up, late, unmarked = (
        practice.book_and_pay(at(hour)) for hour in (9, 10, 11, 13, 14)
    )
    practice.book(at(16))
    give_back(practice, given_up, 100, actor=treating(practice))
    give_back(practice, late, 0, now=at(12))
    for booking, said in ((came, Attendance.ATTENDED), (missed, Attendance.NO_SHOW)):
        who = treating(practice)
        told = RecordAttendance(id=uuid4(), booking_id=booking.id, attendance=said)
        with practice.transaction(who) as tx:
            attendance.record_attendance(tx, told, actor=who, now=at(12))
    found = usage_of(practice, later=30).totals
    session = int((unmarked.ends_at - unmarked.starts_at).total_seconds() // 60)
    assert found == UsageFigures(
        open_minutes=5 * 8 * 60,
        used_minutes=3 * session,
        attended=1,
        no_show=1,
        cancelled=1,
        late_cancelled=1,
        unmarked=1,
    )
    assert usage_of(practice).totals.to_come == 1


def test_hours_are_those_of_then_and_another_practice_is_not_in_it(practice: Practice) -> None:
    """Hours that were cut after the week leave its open hours as they were."""
    [before] = usage_of(practice).practitioners
    assert before.practitioner_id == practice.practitioner_id
    who, after = treating(practice), UNTIL + timedelta(days=2)
    cut = SetWeeklyHours(
        id=uuid7(),
        practitioner_id=practice.practitioner_id,
        version=seen(practice).version,
        weekly=[],
    )
    with practice.transaction(who) as tx:
        schedules.set_weekly_hours(tx, cut, actor=who, now=after)
    assert usage_of(practice).practitioners == [before]
    elsewhere = Actor(
        practice_id=uuid4(), account_id=uuid4(), roles=frozenset({"owner"}), issuer="gateway"
    )
    assert usage_of(practice, elsewhere).practitioners == []


def test_only_who_answers_for_the_money_may_ask(practice: Practice) -> None:
    """Neither who treats, nor the front desk, nor a client; and not for more than a year."""
    for who in (treating(practice), practice.person(uuid4(), "front_desk"), Actor()):
        with pytest.raises(Forbidden):
            usage_of(practice, who)
    with pytest.raises(ValidationError, match="until_at"):
        GetUsage(from_at=FROM, until_at=FROM + timedelta(days=400))
