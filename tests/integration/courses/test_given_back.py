"""A plan's course that its practice cancels in the calendar, not with the plan."""

from services.booking.operations import course_ending
from services.contracts.booking.courses import CancelCourse
from services.contracts.plans.content import PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.views import PlanView
from services.plans.domain.course import count
from tests.integration.booking.course_practice import book, cancel, wish
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair
from tests.integration.courses.test_stopping import TUESDAYS, active

LATER = [at(9, days=91 + 14 * number) for number in range(6)]


def cancel_course(pair: Pair, plan: PlanView) -> None:
    """By who keeps the calendar."""
    actor = pair.practice.person(pair.practice.practitioner_account, "practitioner")
    command = CancelCourse(course_id=pair.agreed_events()[0].course_id)
    with pair.practice.transaction(actor) as tx:
        course_ending.cancel_course(tx, command, actor=actor, now=NOW)


def test_its_sessions_are_placed_anew(pair: Pair) -> None:
    """The plan knows that none is booked any more, once; its client agrees to other dates."""
    plan = active(pair)
    cancel_course(pair, plan)
    cancel_course(pair, plan)
    assert len(pair.practice.events("course_cancelled")) == 1
    pair.deliver()
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert pair.current(plan).stopped_from == NOW
    assert (
        read.state,
        read.dates.may_choose,
        read.dates.may_pause,
        count(read.dates.to_place),
    ) == (
        PlanState.ACTIVE,
        True,
        False,
        6,
    )
    pair.choose(read, LATER)
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    assert pair.firm(plan) == LATER


def test_dates_that_wait_for_an_answer_are_taken_back(pair: Pair) -> None:
    """They are too few now; what was given back with a pause before stays so."""
    plan = active(pair)
    paused = pair.pause(plan, TUESDAYS[4])
    pair.deliver()
    pair.choose(paused, LATER[:2])
    cancel_course(pair, plan)
    pair.deliver()
    assert (pair.current(plan).state, pair.current(plan).stopped_from) == (CourseState.STOPPED, NOW)
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert (read.dates.may_agree, count(read.dates.to_place)) == (False, 6)


def test_it_may_be_heard_before_the_booking_itself(pair: Pair) -> None:
    """No order is promised: the plan has begun, and its sessions have no dates."""
    plan = pair.proposed(TUESDAYS)
    pair.agree(plan)
    pair.deliver_to_booking()
    cancel_course(pair, plan)
    pair.deliver_cancelled()
    pair.deliver()
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert (read.state, count(read.dates.to_place)) == (PlanState.ACTIVE, 6)


def test_of_a_course_without_a_plan_nothing_is_kept(pair: Pair) -> None:
    """The plan beside it stays as it is."""
    plan = active(pair)
    first = pair.practice.book_and_pay(at(11))
    course, _ = book(pair.practice, wish(pair.practice, first, [at(11, days=8), at(11, days=15)]))
    cancel(pair.practice, course.id, now=NOW)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS
    assert pair.current(plan).state is CourseState.BOOKED
