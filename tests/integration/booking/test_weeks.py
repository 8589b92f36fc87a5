"""A practitioner's week from the database: who sees which, what is in it, what tells of changes."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from services.booking.models import Booking, BusyTime
from services.booking.operations import attendance, payments, slots, weeks
from services.common.auth import Actor
from services.common.errors import Forbidden, NotFound
from services.common.money import Money
from services.contracts.billing import RefundMade
from services.contracts.booking.bookings import Attendance, RecordAttendance
from services.contracts.booking.hours import AddTimeOff
from services.contracts.booking.offerings import ListSlots
from services.contracts.booking.refusals import NotBookable
from services.contracts.booking.weeks import GetWeek
from tests.integration.booking.editing import do, treating
from tests.integration.booking.practice import NOW, Practice, at
from tests.integration.booking.test_changing_a_booking import give_back, move

TUESDAY = date(2093, 11, 24)


def week(
    practice: Practice,
    actor: Actor | None = None,
    practitioner_id: UUID | None = None,
    *,
    on: date | None = None,
    now: datetime = NOW,
) -> weeks.Found:
    who = actor or treating(practice)
    asked = GetWeek(practitioner_id=practitioner_id, on=on)
    with practice.transaction(who) as tx:
        return weeks.get_week(tx, asked, actor=who, now=now)


def test_a_week_holds_its_sessions_by_start_and_what_was_given_up(practice: Practice) -> None:
    """And nothing of the weeks around it; holds that were let go were no sessions."""
    later, first = practice.book_and_pay(at(11)), practice.book_and_pay(at(9))
    held = practice.book(at(14))
    practice.book_and_pay(at(9, days=7))
    give_back(practice, later, 50)
    found = week(practice)
    assert [one.id for one in found.bookings] == [first.id, later.id, held.id]
    assert found.week.monday == TUESDAY - timedelta(days=1)
    assert [one.id for one in week(practice, now=NOW + timedelta(hours=1)).bookings] == [
        first.id,
        later.id,
    ]


def test_it_holds_hours_time_off_and_times_of_other_calendars(practice: Practice) -> None:
    """Monday to Friday from nine to five, less a morning; long past ones as well."""
    do(practice, AddTimeOff, first_on=TUESDAY, last_on=TUESDAY, until_time="12:00")
    with practice.transaction() as tx:
        tx.add(
            BusyTime(
                practice_id=practice.id,
                id=uuid4(),
                practitioner_id=practice.practitioner_id,
                starts_at=at(13),
                ends_at=at(14),
            )
        )
    for now in (NOW, NOW + timedelta(days=60)):
        found = week(practice, on=TUESDAY, now=now)
        hours = [datetime.fromtimestamp(span.start, UTC) for span in found.week.hours]
        assert hours == [at(9, days=-1), at(12), *(at(9, days=day) for day in (1, 2, 3))]
        assert [datetime.fromtimestamp(span.end, UTC) for span in found.week.off] == [at(12)]
        assert [datetime.fromtimestamp(span.start, UTC) for span in found.busy] == [at(13)]


def test_who_sees_which_calendar(practice: Practice) -> None:
    """One's own without naming it; the front desk every one of the practice; others none."""
    desk = practice.person(uuid4(), "front_desk")
    mine = practice.practitioner_id
    for who in (treating(practice), desk, practice.admin):
        assert week(practice, who).practitioner_ids == [mine]
        assert week(practice, who, mine).schedule.practitioner_id == mine
    elsewhere = Practice(practice.database).open()
    for who in (
        elsewhere.admin,
        treating(elsewhere),
        practice.person(uuid4(), "practitioner"),
        practice.person(uuid4(), "billing"),
        practice.person(uuid4()),
        practice.visitor,
    ):
        with pytest.raises(NotFound):
            week(practice, who, mine)
    with pytest.raises(NotFound):
        week(practice, desk, uuid4())


def test_what_no_event_of_a_booking_tells_tells_the_calendar(practice: Practice) -> None:
    """Who came, time off, and money that went back, each once; the same act again says nothing."""
    booking = practice.book_and_pay(at(9))
    command = RecordAttendance(id=uuid7(), booking_id=booking.id, attendance=Attendance.ATTENDED)
    who = treating(practice)
    for _ in range(2):
        with practice.transaction(who) as tx:
            attendance.record_attendance(tx, command, actor=who, now=at(9))
    do(practice, AddTimeOff, first_on=date(2093, 12, 24), last_on=date(2093, 12, 24))
    refund = RefundMade(
        occurred_at=NOW,
        practice_id=practice.id,
        payment_id=uuid4(),
        booking_id=booking.id,
        refund_id=uuid4(),
        money=Money(amount=4500, currency="EUR"),
    )
    with practice.transaction() as tx:
        payments.show_refund(tx, refund, now=NOW)
    told = practice.events("calendar_changed")
    assert [one["practitioner_id"] for one in told] == [str(practice.practitioner_id)] * 3


def test_only_the_practice_moves_without_a_mail_to_the_client(practice: Practice) -> None:
    """The event says so, once however often it is asked; a client's own move always tells."""
    booking = practice.book_and_pay(at(9, days=3))
    with pytest.raises(Forbidden):
        move(practice, booking, at(11, days=3), is_client_told=False)
    act = uuid7()
    for _ in range(2):
        move(
            practice,
            booking,
            at(11, days=3),
            actor=treating(practice),
            id=act,
            is_client_told=False,
        )
    move(practice, booking, at(9, days=3), actor=treating(practice))
    told = practice.events("booking_rescheduled")
    assert [one["is_client_told"] for one in told] == [False, True]


def where_to(practice: Practice, booking: Booking, who: Actor, on: date) -> list[datetime]:
    """The times that somebody is shown to move a booking to."""
    asked = ListSlots(
        offering_id=practice.offering_id,
        from_on=on,
        until_on=on,
        time_zone="Europe/Berlin",
        moving_booking_id=booking.id,
    )
    with practice.transaction(who) as tx:
        found = slots.list_slots(tx, asked, actor=who, now=NOW).starts
    return [datetime.fromtimestamp(start, UTC) for start in found]


@pytest.mark.parametrize("offering", [{"notice_minutes": 72 * 60}, {"window_days": 1}])
def test_notice_and_window_bind_clients_and_not_the_practice(
    make_practice: Callable[..., Practice], offering: dict[str, int]
) -> None:
    """So what was moved can be moved back, however near it was, and the staff are shown those
    times, the client is not; hours bind both."""
    practice = make_practice(**offering)
    wide = NOW - timedelta(days=9) if "notice_minutes" in offering else NOW
    booking = practice.book_and_pay(at(9), now=wide)
    target = at(11) if "notice_minutes" in offering else at(9, days=2)
    with pytest.raises(NotBookable):
        move(practice, booking, target)
    who = treating(practice)
    assert target in where_to(practice, booking, who, target.date())
    assert target not in where_to(practice, booking, practice.link(booking.id), target.date())
    assert move(practice, booking, target, actor=who).starts_at == target
    assert move(practice, booking, at(9), actor=who).starts_at == at(9)
    with pytest.raises(NotBookable):
        move(practice, booking, at(18), actor=who)
