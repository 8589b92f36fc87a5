"""Plans without an end go by the sessions that take place: given back, moved, heard of late."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from services.booking.operations import course_ending
from services.common.auth import service_actor
from services.contracts.booking.courses import CancelCourse
from services.contracts.booking.events import BookingCancelled
from services.contracts.booking.planned import CourseBooked, CourseCancelled
from services.contracts.plans.courses import CourseState
from services.contracts.plans.views import PlanView
from services.plans.domain.course import count
from services.plans.operations import course_moves
from services.plans.queries import courses
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import dates, give_back, move, placed_and_left, tell
from tests.integration.courses.test_rolling import DUE, WEEKS, rolling_plan

WEEK = timedelta(weeks=1)


def test_what_was_given_back_is_not_counted_as_booked(pair: Pair) -> None:
    """The last four weeks fall away: four more are added at once, after them and not into them."""
    plan = rolling_plan(pair)
    tell(pair)
    pair.roll(NOW)
    assert pair.short_events() == []
    for start in WEEKS[8:12]:
        give_back(pair, start)
    tell(pair)
    pair.roll(NOW)
    pair.deliver()
    tell(pair)
    assert pair.firm(plan) == WEEKS[:8] + WEEKS[12:]
    assert (placed_and_left(pair, plan), dates(pair, plan).may_choose) == ((12, 0), False)
    pair.roll(WEEKS[15] - 11 * WEEK - timedelta(seconds=1))
    assert len(pair.short_events()) == 1


def test_a_last_session_that_moved_is_waited_for(pair: Pair) -> None:
    """A week later: further dates are added a week later, too."""
    plan = rolling_plan(pair)
    tell(pair)
    move(pair, WEEKS[11], WEEKS[12])
    tell(pair)
    pair.roll(DUE + WEEK - timedelta(seconds=1))
    assert pair.short_events() == []
    pair.roll(DUE + WEEK)
    pair.deliver()
    assert len(pair.firm(plan)) == 16


def test_a_session_given_back_before_its_course_was_heard_of_is_known(pair: Pair) -> None:
    """Booked and given back while plans heard of neither: the next dates come that much sooner."""
    plan = rolling_plan(pair)
    tell(pair)
    pair.roll(DUE)
    pair.deliver_to_booking()
    give_back(pair, WEEKS[15])
    tell(pair)
    pair.deliver()
    assert placed_and_left(pair, plan) == (15, 0)
    pair.roll(WEEKS[14] - 11 * WEEK - timedelta(seconds=1))
    assert len(pair.short_events()) == 1
    pair.roll(WEEKS[14] - 11 * WEEK)
    assert len(pair.short_events()) == 2


def added_and_given_back(pair: Pair) -> tuple[PlanView, UUID]:
    """Further dates were booked and cancelled in the calendar; plans heard of neither."""
    plan = rolling_plan(pair)
    tell(pair)
    pair.roll(DUE)
    pair.deliver_to_booking()
    [event] = pair.short_events()
    actor = pair.practice.person(pair.practice.practitioner_account, "practitioner")
    with pair.practice.transaction(actor) as tx:
        command = CancelCourse(course_id=event.course_id)
        course_ending.cancel_course(tx, command, actor=actor, now=NOW)
    return plan, event.course_id


def test_a_course_given_back_before_it_was_heard_of_is_not_passed_over(pair: Pair) -> None:
    """Its end comes first, twice: once its beginning is heard the plan has it stopped, its sessions
    do not count, and the practitioner chooses further dates."""
    plan, course_id = added_and_given_back(pair)
    for _ in range(2):
        pair.deliver_cancelled()
    tell(pair, [BookingCancelled])
    pair.deliver()
    tell(pair)
    stopped, told = pair.current(plan), dates(pair, plan)
    assert (stopped.course_id, stopped.state) == (course_id, CourseState.STOPPED)
    assert (told.placed, told.may_choose, count(told.to_place)) == (12, True, 12)
    assert pair.desk.rows("SELECT 1 FROM plans.cancelled_courses") == []
    pair.roll(DUE + 2 * WEEK)
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:12]


def both_at_once(pair: Pair, *, is_locked: bool) -> CourseState:
    """The end of a course is being heard as its beginning comes; how the plan has it then."""
    plan, course_id = added_and_given_back(pair)
    booked = CourseBooked.model_validate(pair.practice.events("course_booked")[-1])
    ended = CourseCancelled.model_validate(pair.practice.events("course_cancelled")[-1])
    actor = service_actor("plans", pair.practice.id, "test")

    def hear_of_its_end(tx: Session) -> None:
        if is_locked:
            course_moves.settle_cancelled(tx, ended, now=NOW)
        else:
            courses.keep_cancelled(tx, pair.practice.id, course_id, ended.occurred_at)

    def hear_of_its_beginning() -> None:
        with pair.desk.database.transaction(actor) as tx:
            course_moves.settle_booked(tx, booked, now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with pair.desk.database.transaction(actor) as tx:
            hear_of_its_end(tx)
            second = pool.submit(hear_of_its_beginning)
            wait([second], timeout=0.5)
        second.result(10)
    return pair.current(plan).state


def test_end_and_beginning_of_a_course_may_be_heard_at_once(pair: Pair) -> None:
    """Whoever comes second waits, and sees what the first one kept."""
    assert both_at_once(pair, is_locked=True) is CourseState.STOPPED


def test_without_the_courses_lock_its_end_is_passed_over(pair: Pair) -> None:
    """The twin: neither sees the other, and the plan has what does not take place."""
    assert both_at_once(pair, is_locked=False) is CourseState.BOOKED
