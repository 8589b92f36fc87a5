"""Courses: what is proposed, what is written, what is refused, and for whom."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from uuid import uuid4

import pytest

from services.booking.operations import setup
from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.base import Format
from services.contracts.booking.courses import CoursePhase, CourseReason
from services.contracts.booking.refusals import (
    ClientElsewhere,
    NotBookable,
    PriceChanged,
    SlotTaken,
)
from tests.integration.booking.course_practice import (
    book,
    get,
    pattern,
    preview,
    rows,
    starts_of,
    weekly,
    wish,
)
from tests.integration.booking.practice import NOW, Practice, at


def test_a_course_keeps_the_wall_clock_beyond_the_window_of_clients(practice: Practice) -> None:
    """Twenty Tuesdays at nine in Berlin, over the spring change of clocks."""
    first = practice.book_and_pay()
    proposed = preview(practice, pattern(first, 20))
    starts = starts_of(proposed.dates)
    assert len(starts) == 20
    assert starts[:2] == weekly(2)
    assert {one.hour for one in starts} == {8, 7}
    assert {one.reason for one in proposed.dates} == {None}


def test_leave_holidays_and_clashes_are_gone_around_with_their_reasons(practice: Practice) -> None:
    """Another booking, a closed day, leave of two weeks: the third moves to the later side, for
    on the earlier one it would lie too far from the fourth."""
    first = practice.book_and_pay()
    practice.book_and_pay(at(9, days=14))
    away = (at(0, days=28).date(), at(0, days=39).date())
    with practice.transaction() as tx:
        off = setup.NewTimeOff(practice.id, uuid4(), practice.practitioner_id, *away)
        setup.add_time_off(tx, off, now=NOW)
        closed = at(9, days=21).date()
        setup.add_closure(tx, setup.NewClosure(practice.id, uuid4(), closed, closed), now=NOW)
    dates = preview(practice, pattern(first, 5)).dates
    assert [one.starts_at for one in dates] == [
        at(9, days=7),
        at(10, days=14),
        at(9, days=22),
        at(9, days=42),
        at(9, days=49),
    ]
    assert [one.reason for one in dates] == [
        None,
        CourseReason.TAKEN,
        CourseReason.TIME_OFF,
        CourseReason.TIME_OFF,
        None,
    ]


def test_a_date_that_cannot_be_placed_says_so(practice: Practice) -> None:
    """The course is not whole, and the nearest free start is told."""
    first = practice.book_and_pay()
    with practice.transaction() as tx:
        off = (date(2093, 12, 7), date(2094, 1, 20))
        away = setup.NewTimeOff(practice.id, uuid4(), practice.practitioner_id, *off)
        setup.add_time_off(tx, away, now=NOW)
    proposed = preview(practice, pattern(first, 3))
    gap = proposed.dates[1]
    assert not proposed.is_whole
    assert (gap.starts_at, gap.reason) == (None, CourseReason.TIME_OFF)
    assert gap.nearest_at == datetime(2094, 1, 21, 8, 0, tzinfo=UTC)


def test_a_booked_course_is_firm_and_told(practice: Practice) -> None:
    """Sessions, bookings and participants of all dates, one event each, the first marked."""
    account = uuid4()
    first = practice.book_and_pay(actor=practice.person(account))
    asked = wish(practice, first, weekly(12))
    course, bookings = book(practice, asked)
    assert [one.starts_at for one in bookings] == asked.starts
    assert {(one.state, one.account_id, one.client_id) for one in bookings} == {
        ("confirmed", account, first.client_id)
    }
    assert rows(practice) == {"courses": 1, "sessions": 13, "bookings": 13, "participants": 13}
    told = [one for one in practice.events("booking_confirmed") if one["course_id"]]
    assert [one["is_first"] for one in told] == [True] + [False] * 11
    assert {one["course_id"] for one in told} == {str(course.id)}
    assert not set(asked.starts) & set(practice.starts(on=asked.starts[3]))


def test_the_same_course_again_is_the_same_and_another_content_is_refused(
    practice: Practice,
) -> None:
    """One id, one effect."""
    asked = wish(practice, practice.book_and_pay(), weekly(4))
    one, again = book(practice, asked), book(practice, asked)
    assert [it.id for it in one[1]] == [it.id for it in again[1]]
    with pytest.raises(DifferentContent):
        book(practice, asked.model_copy(update={"starts": weekly(3)}))
    assert rows(practice)["bookings"] == 5


def test_one_date_that_went_leaves_nothing_and_gets_another_proposed(practice: Practice) -> None:
    """The refusal names it, and a time that goes with the others; booked with that, it is whole."""
    first, starts = practice.book_and_pay(), weekly(4)
    practice.book(starts[2])
    before = rows(practice)
    with pytest.raises(SlotTaken) as refused:
        book(practice, wish(practice, first, starts))
    assert rows(practice) == before
    assert refused.value.detail["taken"] == "2093-12-15T08:00:00Z"
    instead = datetime.fromisoformat(refused.value.detail["nearest"])
    assert instead == at(10, days=21)
    book(practice, wish(practice, first, [*starts[:2], instead, starts[3]]))


def test_lapsed_holds_are_in_nobodys_way(practice: Practice) -> None:
    """Unswept, on two of the dates: the course is booked and they have expired."""
    first, starts = practice.book_and_pay(), weekly(3)
    holds = [practice.book(start) for start in starts[:2]]
    book(practice, wish(practice, first, starts), now=at(9, days=1))
    assert {practice.stored(one.id).state for one in holds} == {"expired"}


def test_sessions_in_person_each_have_a_room(make_practice: Callable[..., Practice]) -> None:
    """The second room where the first is taken; without one the date is lost."""
    practice = make_practice(needs_room=True)
    colleague = Practice(practice.database, id=practice.id).open(needs_room=True)
    first, starts = practice.book_and_pay(format=Format.IN_PERSON), weekly(3)
    colleague.book(starts[1], format=Format.IN_PERSON)
    with pytest.raises(SlotTaken):
        book(practice, wish(practice, first, starts))
    with practice.transaction() as tx:
        setup.add_room(tx, setup.NewRoom(practice.id, uuid4(), "Room 2"))
    _, bookings = book(practice, wish(practice, first, starts))
    used = [practice.session_of(one.id).room_id for one in bookings]
    assert used[0] == used[2] == practice.room_id
    assert used[1] not in (None, practice.room_id)


def test_a_client_is_not_booked_into_two_places(practice: Practice) -> None:
    """With another practitioner of the practice at one of the times."""
    colleague = Practice(practice.database, id=practice.id).open()
    first = practice.book_and_pay()
    colleague.book(at(9, 30, days=14), client_id=first.client_id)
    with pytest.raises(ClientElsewhere):
        book(practice, wish(practice, first, weekly(3)))


def test_what_cannot_be_booked_names_its_date(practice: Practice) -> None:
    """A Sunday among the dates; nothing is written."""
    first = practice.book_and_pay()
    before = rows(practice)
    with pytest.raises(NotBookable) as refused:
        book(practice, wish(practice, first, [at(9, days=7), at(9, days=12)]))
    assert refused.value.detail["starts"] == (
        "2093-12-06T08:00:00Z is outside of the working hours"
    )
    assert rows(practice) == before


@pytest.mark.parametrize("days", [(7, 10), (14, 7), (7, 7)])
def test_dates_out_of_order_or_too_near_are_refused_by_field(
    practice: Practice, days: tuple[int, ...]
) -> None:
    """Never two in one gap."""
    starts = [at(9, days=day) for day in days]
    with pytest.raises(InvalidInput) as refused:
        book(practice, wish(practice, practice.book_and_pay(), starts))
    assert list(refused.value.detail) == ["starts"]


def test_a_price_that_is_no_longer_asked_is_refused_with_todays(practice: Practice) -> None:
    """Nobody is invoiced what was not shown."""
    with pytest.raises(PriceChanged) as refused:
        book(practice, wish(practice, practice.book_and_pay(), weekly(2), price_id=uuid4()))
    assert refused.value.detail == {"price_id": str(practice.price_id)}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"starts_at": time(9, 1)}, "starts_at"),
        ({"starts_at": time(9, 0, 30)}, "starts_at"),
        (
            {
                "phases": [
                    CoursePhase(sessions=40, every_weeks=1, least_days=5, most_days=9),
                    CoursePhase(sessions=40, every_weeks=1, least_days=5, most_days=9),
                ]
            },
            "phases",
        ),
        (
            {"phases": [CoursePhase(sessions=4, every_weeks=1, least_days=8, most_days=9)]},
            "least_days",
        ),
        (
            {"phases": [CoursePhase(sessions=4, every_weeks=2, least_days=8, most_days=9)]},
            "most_days",
        ),
    ],
)
def test_a_pattern_that_cannot_hold_is_refused_by_field(
    practice: Practice, changed: dict[str, object], name: str
) -> None:
    """Before any calendar is looked at."""
    with pytest.raises(InvalidInput) as refused:
        preview(practice, pattern(practice.book_and_pay(), 4, **changed))
    assert list(refused.value.detail) == [name]


def test_a_course_goes_on_from_a_firm_session_alone(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """Neither from a hold nor from a seat in a group; the refusal says which."""
    group = make_practice(seats=3)
    for place, booking in (
        (practice, practice.book(at(10))),
        (group, group.book_and_pay(at(10))),
    ):
        with pytest.raises(NotBookable) as refused:
            preview(place, pattern(booking, 3))
        assert list(refused.value.detail) == ["follows_booking_id"]


def test_only_staff_of_the_calendar_may(practice: Practice) -> None:
    """Practitioner and front desk; the client is told who does, for others there is nothing."""
    account = uuid4()
    first = practice.book_and_pay(actor=practice.person(account))
    for actor in (
        practice.person(uuid4(), "front_desk"),
        practice.person(practice.practitioner_account, "practitioner"),
    ):
        assert preview(practice, pattern(first, 3), actor=actor).is_whole
    with pytest.raises(Forbidden):
        preview(practice, pattern(first, 3), actor=practice.person(account))
    strangers: list[Actor] = [
        practice.visitor,
        practice.person(uuid4()),
        practice.person(uuid4(), "practitioner"),
        practice.person(uuid4(), "billing"),
    ]
    for actor in strangers:
        with pytest.raises(NotFound):
            preview(practice, pattern(first, 3), actor=actor)
        with pytest.raises(NotFound):
            book(practice, wish(practice, first, weekly(3)), actor=actor)
    with pytest.raises(Forbidden):
        preview(practice, pattern(first, 3), actor=practice.link(first.id))


def test_a_course_is_seen_by_the_staff_of_its_calendar_alone(
    practice: Practice, make_practice: Callable[..., Practice]
) -> None:
    """Its id says nothing to anybody else, of other practices neither."""
    account, other = uuid4(), make_practice()
    first = practice.book_and_pay(actor=practice.person(account))
    course, _ = book(practice, wish(practice, first, weekly(3)))
    assert len(get(practice, course.id, practice.admin)[1]) == 3
    for actor in (practice.person(account), practice.person(uuid4(), "billing"), other.admin):
        with pytest.raises(NotFound):
            get(practice, course.id, actor)
