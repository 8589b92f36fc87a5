"""A plan follows each of its sessions: moved, given back alone, attended, missed; in any order."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.common.errors import InvalidInput
from services.contracts.booking.bookings import Attendance, BookingState
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingEvent,
    BookingRescheduled,
)
from services.contracts.plans.views import PlanView
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import (
    dates,
    give_back,
    hear,
    mark,
    move,
    placed_and_left,
    tell,
)
from tests.integration.courses.test_stopping import TUESDAYS, active
from tests.integration.plans.measuring import GAD_7, WEEK, Measuring

SOON = [at(11, days=14 * number) for number in range(6)]
"""The first of them in a little more than a day: who gives it back now owes half of it."""


def told(pair: Pair, plan: PlanView) -> list[tuple[datetime, BookingState, bool]]:
    """Each session as both read it."""
    for actor in (pair.desk.client, pair.desk.practitioner):
        found = pair.desk.read(plan.id, actor).dates.sessions
    return [(one.starts_at, one.state, one.counts) for one in found]


def test_who_gives_a_session_back_in_time_has_it_again(pair: Pair) -> None:
    """The plan tells of it, and offers its place: a date after the last session, to which the
    client agrees. Heard again and again it stays one."""
    plan = active(pair)
    tell(pair)
    assert (placed_and_left(pair, plan), dates(pair, plan).may_choose) == ((6, 0), False)
    give_back(pair, TUESDAYS[3])
    for _ in range(2):
        tell(pair)
    assert (placed_and_left(pair, plan), dates(pair, plan).may_choose) == ((5, 1), True)
    assert told(pair, plan)[3] == (TUESDAYS[3], BookingState.CANCELLED, False)
    chosen = pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), [at(9, days=91)])
    assert chosen.dates.placed_before == 5
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    tell(pair)
    assert pair.firm(plan) == [*TUESDAYS[:3], *TUESDAYS[4:], at(9, days=91)]
    assert placed_and_left(pair, plan) == (6, 0)


def test_who_gives_a_session_back_late_has_used_it(pair: Pair) -> None:
    """Something is owed for it. The twin: where the practice gives it back, nothing is."""
    plan = active(pair, SOON)
    give_back(pair, SOON[0], percent=50)
    tell(pair)
    assert placed_and_left(pair, plan) == (6, 0)
    assert told(pair, plan)[0] == (SOON[0], BookingState.LATE_CANCELLED, True)
    other = pair.another_client(at(14))
    twin = active(other, [at(15, days=14 * number) for number in range(6)])
    give_back(other, at(15), actor=pair.practice.admin)
    tell(other)
    assert placed_and_left(other, twin) == (5, 1)


def test_a_session_is_where_it_was_moved_to(pair: Pair) -> None:
    """Further dates come after the last one as it is now, and the plan's own order follows."""
    plan = active(pair)
    move(pair, TUESDAYS[5], at(9, days=91))
    move(pair, TUESDAYS[0], at(10, days=24))
    give_back(pair, TUESDAYS[4])
    tell(pair)
    starts = [TUESDAYS[1], at(10, days=24), TUESDAYS[2], TUESDAYS[3], TUESDAYS[4], at(9, days=91)]
    assert [start for start, _, _ in told(pair, plan)] == starts
    with pytest.raises(InvalidInput) as refused:
        pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), [at(9, days=92)])
    assert refused.value.detail["after"] == at(9, days=91).isoformat()


def test_who_came_decides_what_is_used(pair: Pair) -> None:
    """Attended and missed count; what is missed and costs nothing does not, until it is said
    otherwise. The highest number stands, whatever comes when."""
    plan = active(pair)
    for number, mark_ in enumerate([Attendance.ATTENDED, Attendance.NO_SHOW]):
        mark(pair, TUESDAYS[number], mark_)
    tell(pair)
    assert told(pair, plan)[:2] == [
        (TUESDAYS[0], BookingState.ATTENDED, True),
        (TUESDAYS[1], BookingState.NO_SHOW, True),
    ]
    missed = AttendanceRecorded.model_validate(pair.practice.events("attendance_recorded")[1])
    free = missed.model_copy(update={"number": 3, "refund_percent": 100})
    back = missed.model_copy(update={"number": 4, "attendance": Attendance.UNMARKED})
    hear(pair, free)
    assert told(pair, plan)[1] == (TUESDAYS[1], BookingState.NO_SHOW, False)
    assert placed_and_left(pair, plan) == (5, 1)
    for fact in (back, free, missed):
        hear(pair, fact)
    assert told(pair, plan)[1] == (TUESDAYS[1], BookingState.CONFIRMED, True)


def facts(pair: Pair, course_id: UUID) -> list[BookingEvent]:
    """A session's life, each part of it said a moment before the one that it follows."""
    about = {
        "practice_id": pair.practice.id,
        "booking_id": uuid4(),
        "practitioner_id": pair.practice.practitioner_id,
        "client_id": pair.desk.client_id,
        "course_id": course_id,
    }
    lives: list[tuple[type[BookingEvent], int, dict[str, Any]]] = [
        (BookingConfirmed, 9, {}),
        (BookingRescheduled, 10, {"previous_starts_at": at(9)}),
        (BookingRescheduled, 11, {"previous_starts_at": at(10)}),
        (BookingCancelled, 11, {"refund_percent": 50, "is_late": True}),
    ]
    return [
        kind.model_validate(
            about
            | more
            | {
                "starts_at": at(hour, days=700),
                "sequence": number,
                "occurred_at": NOW - timedelta(seconds=number),
            }
        )
        for number, (kind, hour, more) in enumerate(lives)
    ]


def test_facts_may_come_in_any_order_and_twice(pair: Pair) -> None:
    """Each order of a session's four facts, each fact twice: it is as the last one says, although
    the clocks had it otherwise; until that is heard it is as the latest that was."""
    plan = active(pair)
    tell(pair)
    course_id = dates(pair, plan).course_ids[0]
    for order in permutations(range(4)):
        life = facts(pair, course_id)
        heard = 0
        for number in order:
            hear(pair, life[number])
            hear(pair, life[number])
            heard = max(heard, number)
            found = next(
                one for one in dates(pair, plan).sessions if one.booking_id == life[0].booking_id
            )
            assert (found.starts_at, found.state) == (
                life[heard].starts_at,
                BookingState.LATE_CANCELLED if heard == 3 else BookingState.CONFIRMED,
            )


def test_another_practice_changes_nothing(pair: Pair) -> None:
    """A fact of the same session and course that is another practice's stays there."""
    plan = active(pair)
    tell(pair)
    before = told(pair, plan)
    body = pair.practice.events("booking_confirmed")[-1]
    foreign = body | {"practice_id": str(uuid4()), "sequence": 9, "refund_percent": 0}
    hear(pair, BookingCancelled.model_validate(foreign | {"is_late": False}))
    assert told(pair, plan) == before


def test_a_pause_goes_by_where_sessions_are(pair: Pair) -> None:
    """One that had been moved before the pause takes place, and is not left to place; one that is
    moved behind it later stays booked there and counts."""
    plan = active(pair)
    move(pair, TUESDAYS[4], at(10, days=28))
    tell(pair)
    pair.pause(plan, TUESDAYS[2])
    assert placed_and_left(pair, plan) == (3, 3)
    pair.deliver()
    tell(pair)
    assert placed_and_left(pair, plan) == (3, 3)
    assert len(told(pair, plan)) == 3
    move(pair, TUESDAYS[1], at(11, days=42), now=NOW + timedelta(hours=1))
    tell(pair)
    assert pair.firm(plan) == [TUESDAYS[0], at(10, days=28), at(11, days=42)]
    assert (placed_and_left(pair, plan), len(told(pair, plan))) == ((3, 3), 3)


def test_what_is_not_heard_of_yet_goes_by_what_was_agreed(pair: Pair) -> None:
    """As long as one of a course's sessions is unknown."""
    plan = active(pair)
    confirmed = pair.practice.events("booking_confirmed")[1:]
    for body in confirmed[:-1]:
        hear(pair, BookingConfirmed.model_validate(body))
    give_back(pair, TUESDAYS[0])
    tell(pair, [BookingCancelled])
    assert placed_and_left(pair, plan) == (6, 0)
    hear(pair, BookingConfirmed.model_validate(confirmed[-1]))
    assert placed_and_left(pair, plan) == (5, 1)


def test_sessions_of_another_plan_bring_no_round_of_a_measure(pair: Pair) -> None:
    """Two plans of the same two people: of the sessions that are known, the one that is of no plan
    counts for the second plan, which waits for another; the six of the first do not."""
    active(pair)
    other = Measuring(pair.desk, now=NOW)
    other.agree(GAD_7)
    other.fill([1] * 7, instrument="gad-7")
    tell(pair)
    assert other.measure(slug="gad-7").due_at is None
    other.hear(BookingConfirmed, NOW + 2 * WEEK)
    assert other.measure(slug="gad-7").due_at == NOW + 2 * WEEK
