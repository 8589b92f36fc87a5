"""Sessions of courses moved together: all of them or none, past one another, told once each."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.booking.models import Booking
from services.booking.operations import course_views, reschedule, series, series_moves, setup
from services.common.auth import Actor
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.booking.bookings import RescheduleBooking
from services.contracts.booking.courses import CourseReason
from services.contracts.booking.refusals import (
    NotReschedulable,
    SeriesBroken,
    SeriesChanged,
    SlotTaken,
)
from services.contracts.booking.series import (
    BreakKind,
    MoveScope,
    MoveSeries,
    MoveSeriesBack,
    PreviewSeriesMove,
    SeriesPreview,
    SessionMove,
)
from tests.integration.booking.course_practice import WEEK, book, weekly, wish
from tests.integration.booking.practice import NOW, Practice, at

COUNT = 5
Moved = Sequence[Booking]


@pytest.fixture
def course(practice: Practice) -> Moved:
    """Five Tuesdays at nine after a paid session."""
    return book(practice, wish(practice, practice.book_and_pay(), weekly(COUNT)))[1]


def ask(
    practice: Practice,
    booking_id: UUID,
    scope: MoveScope,
    on: date,
    hour: int = 9,
    actor: Actor | None = None,
    **changed: object,
) -> SeriesPreview:
    who = actor or practice.admin
    asked = PreviewSeriesMove(booking_id=booking_id, scope=scope, on=on, at=time(hour))
    with practice.transaction(who) as tx:
        command = asked.model_copy(update=changed)
        found = series.preview_series_move(tx, command, actor=who, now=NOW)
        return course_views.series_preview(found, NOW, "key")


def wanted(seen: SeriesPreview, scope: MoveScope, **changed: object) -> MoveSeries:
    """The yes to what was shown."""
    moves = [
        SessionMove(booking_id=one.booking_id, from_at=one.from_at, starts_at=one.to.starts_at)
        for one in seen.dates
        if one.to.starts_at
    ]
    command = MoveSeries(id=uuid7(), booking_id=seen.booking.id, scope=scope, moves=moves)
    return command.model_copy(update=changed)


def move(practice: Practice, command: MoveSeries, actor: Actor | None = None) -> list[datetime]:
    """Do it; where the sessions are then."""
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        return [one.starts_at for one in series_moves.move_series(tx, command, actor=who, now=NOW)]


def move_back(practice: Practice, act: MoveSeries, **changed: object) -> list[datetime]:
    """Undo an act; where the sessions are then."""
    moves = [
        one.model_copy(update={"from_at": one.starts_at, "starts_at": one.from_at})
        for one in act.moves
    ]
    who = practice.admin
    command = MoveSeriesBack(id=uuid7(), booking_id=act.booking_id, moves=moves)
    command = command.model_copy(update=changed)
    with practice.transaction(who) as tx:
        found = series_moves.move_series_back(tx, command, actor=who, now=NOW)
        return [one.starts_at for one in found]


def stands(practice: Practice, course: Moved) -> list[datetime]:
    return [practice.stored(one.id).starts_at for one in course]


def test_sessions_of_another_plan_stay_where_they_are(practice: Practice, course: Moved) -> None:
    """Of the same kind, with the same client, between those that move: what belongs together is of
    one plan, or of none."""
    other = book(practice, wish(practice, course[0], weekly(3, hour=15)))
    with practice.transaction() as tx:
        of_plan = "UPDATE booking.courses SET plan_id = gen_random_uuid() WHERE id = :id"
        tx.execute(text(of_plan), {"id": other[0].id})
    for moved, count in ((course[0], COUNT), (other[1][0], 3)):
        seen = ask(
            practice, moved.id, MoveScope.ALL, moved.starts_at.date() + timedelta(days=1), 11
        )
        assert len(seen.dates) == count


def test_this_and_following_move_and_each_is_told_once(practice: Practice, course: Moved) -> None:
    """From the third on to Thursdays at eleven; the same act again answers alike and adds
    nothing; an id of another act is refused."""
    third = course[2]
    seen = ask(practice, third.id, MoveScope.FOLLOWING, at(11, days=23).date(), 11)
    assert (seen.breaks, [one.to.reason for one in seen.dates]) == ([], [None] * 3)
    command = wanted(seen, MoveScope.FOLLOWING, is_client_told=False)
    there = [at(11, days=2 + 7 * week) for week in (3, 4, 5)]
    assert move(practice, command) == move(practice, command) == there
    assert stands(practice, course) == weekly(2) + there
    told = practice.events("booking_rescheduled")
    assert [one["booking_id"] for one in told] == [str(one.id) for one in course[2:]]
    assert {one["is_client_told"] for one in told} == {False}
    assert [one["is_first"] for one in told] == [True, False, False]
    assert [one["also"] for one in told] == [[str(one.id) for one in course[3:]], [], []]
    assert [practice.stored(one.id).sequence for one in course] == [0, 0, 1, 1, 1]
    assert [practice.session_of(one.id).starts_at for one in course[2:]] == there
    with pytest.raises(DifferentContent):
        move(practice, command.model_copy(update={"is_client_told": True}))


def test_all_to_come_pass_through_one_another(practice: Practice, course: Moved) -> None:
    """Each a week later: four of five go where another one is; nothing of it counts as taken."""
    seen = ask(practice, course[1].id, MoveScope.ALL, at(9, days=21).date())
    assert seen.is_whole
    assert move(practice, wanted(seen, MoveScope.ALL)) == weekly(COUNT, first=2)


def test_a_date_that_went_moves_none(practice: Practice, course: Moved) -> None:
    """Somebody else booked one of the dates that were shown; the dates are named."""
    seen = ask(practice, course[0].id, MoveScope.ALL, at(12, days=7).date(), 12)
    practice.book_and_pay(at(12, days=21), client_id=uuid4())
    with pytest.raises(SlotTaken) as refused:
        move(practice, wanted(seen, MoveScope.ALL))
    assert [datetime.fromisoformat(refused.value.detail["taken"])] == [at(12, days=21)]
    assert stands(practice, course) == weekly(COUNT)
    assert practice.events("booking_rescheduled") == []


def test_a_session_that_was_moved_meanwhile_is_noticed(practice: Practice, course: Moved) -> None:
    """Also one that was added to what follows; nothing moves on top of what nobody looked at."""
    seen = ask(practice, course[0].id, MoveScope.FOLLOWING, at(11, days=7).date(), 11)
    admin = practice.admin
    with practice.transaction(admin) as tx:
        alone = RescheduleBooking(id=uuid7(), booking_id=course[3].id, starts_at=at(13, days=28))
        reschedule.reschedule_booking(tx, alone, actor=admin, now=NOW)
    with pytest.raises(SeriesChanged):
        move(practice, wanted(seen, MoveScope.FOLLOWING))
    again = ask(practice, course[0].id, MoveScope.FOLLOWING, at(11, days=7).date(), 11)
    book(practice, wish(practice, course[0], weekly(2, first=COUNT + 1)))
    with pytest.raises(SeriesChanged):
        move(practice, wanted(again, MoveScope.FOLLOWING))
    assert len(practice.events("booking_rescheduled")) == 1


def test_what_it_breaks_is_told_and_needs_a_yes(practice: Practice, course: Moved) -> None:
    """One session over its neighbour: order and spacing; with a yes it moves all the same."""
    seen = ask(practice, course[1].id, MoveScope.ONE, at(11, days=23).date(), 11)
    assert [one.kind for one in seen.breaks] == [BreakKind.SPACING, BreakKind.ORDER]
    assert (seen.breaks[0].days_before, seen.breaks[0].days_after) == (7, 16)
    with pytest.raises(SeriesBroken):
        move(practice, wanted(seen, MoveScope.ONE))
    said_yes = wanted(seen, MoveScope.ONE, accepts_breaks=True)
    assert move(practice, said_yes) == [at(11, days=23)]


def test_those_that_move_keep_their_order_among_each_other(
    practice: Practice, course: Moved
) -> None:
    """Dates that were exchanged on the way are no course any more, unless somebody wants that."""
    seen = ask(practice, course[0].id, MoveScope.ALL, at(11, days=9).date(), 11)
    command = wanted(seen, MoveScope.ALL)
    one, other, *rest = command.moves
    exchanged = [
        one.model_copy(update={"starts_at": other.starts_at}),
        other.model_copy(update={"starts_at": one.starts_at}),
        *rest,
    ]
    command = command.model_copy(update={"moves": exchanged})
    with pytest.raises(SeriesBroken):
        move(practice, command)
    assert stands(practice, course) == weekly(COUNT)
    wished = command.model_copy(update={"accepts_breaks": True})
    assert move(practice, wished) == [one.starts_at for one in exchanged]


def test_a_move_around_leave_says_why(practice: Practice, course: Moved) -> None:
    """Within a tolerance the date gives way; without one the nearest free time is named, and so
    much cannot be moved."""
    off = at(9, days=24).date()
    away = setup.NewTimeOff(practice.id, uuid7(), practice.practitioner_id, off, off)
    with practice.transaction() as tx:
        setup.add_time_off(tx, away, now=NOW)
    to = {"booking_id": course[0].id, "scope": MoveScope.ALL, "on": at(9, days=10).date()}
    stuck = ask(practice, **to)  # type: ignore[arg-type]
    assert [one.to.starts_at is None for one in stuck.dates] == [False, False, True, False, False]
    assert stuck.dates[2].to.reason is CourseReason.TIME_OFF
    assert stuck.dates[2].to.nearest_at is not None
    bent = ask(practice, **to, tolerance_days=1)  # type: ignore[arg-type]
    assert bent.is_whole
    assert bent.dates[2].to.reason is CourseReason.TIME_OFF
    assert abs(bent.dates[2].to.starts_at - at(9, days=24)) == timedelta(days=1)  # type: ignore[operator]


def test_only_the_calendars_staff_moves_what_is_to_come(practice: Practice, course: Moved) -> None:
    """To others the session does not exist, clients move their own one by one; a session of no
    course and a time of no grid are refused by name."""
    first, on = course[0].id, at(9, days=9).date()
    with pytest.raises(NotFound):
        ask(practice, first, MoveScope.ALL, on, actor=practice.person(uuid4(), "practitioner"))
    link = practice.link(first)
    with pytest.raises(Forbidden):
        ask(practice, first, MoveScope.ALL, on, actor=link)
    lone = practice.book_and_pay(at(15), client_id=uuid4())
    with pytest.raises(NotReschedulable):
        ask(practice, lone.id, MoveScope.ALL, on)
    with pytest.raises(InvalidInput) as flaw:
        ask(practice, first, MoveScope.ALL, on, at=time(9, 2))
    assert set(flaw.value.detail) == {"at"}


@pytest.mark.parametrize("on", [date(2000, 1, 1), date(2199, 12, 31)])
def test_a_day_out_of_reach_is_refused_by_name(practice: Practice, course: Moved, on: date) -> None:
    """Named is a session in the midst: those before it would lie in years that no date has."""
    with pytest.raises(InvalidInput) as flaw:
        ask(practice, course[3].id, MoveScope.ALL, on)
    assert set(flaw.value.detail) == {"on"}


def test_one_by_one_they_would_stand_in_each_others_way(practice: Practice, course: Moved) -> None:
    """The twin of passing through: what moves alone meets the next one."""
    seen = ask(practice, course[0].id, MoveScope.ALL, at(9, days=14).date())
    admin = practice.admin
    for one in seen.dates[:-1]:
        alone = RescheduleBooking(id=uuid7(), booking_id=one.booking_id, starts_at=one.to.starts_at)
        with pytest.raises(SlotTaken), practice.transaction(admin) as tx:
            reschedule.reschedule_booking(tx, alone, actor=admin, now=NOW)
    assert move(practice, wanted(seen, MoveScope.ALL)) == [one + WEEK for one in weekly(COUNT)]
