"""Plans without an end whose added dates were given back: said where it ends, and gone on with."""

from services.booking.operations import course_ending
from services.contracts.booking.courses import CancelCourse
from services.contracts.plans.courses import CourseState
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import dates, tell
from tests.integration.courses.test_rolling import DUE, WEEKS, asks, rolling_plan


def test_a_plan_that_rolls_no_more_while_sessions_stand_is_listed(pair: Pair) -> None:
    """The practice gives back, in its calendar, what was added: twelve stand, none are added any
    more, and the practitioner's list says so until the plan is paused."""
    plan = rolling_plan(pair)
    pair.roll(DUE)
    pair.deliver()
    tell(pair)
    [event] = pair.short_events()
    actor = pair.practice.person(pair.practice.practitioner_account, "practitioner")
    with pair.practice.transaction(actor) as tx:
        command = CancelCourse(course_id=event.course_id)
        course_ending.cancel_course(tx, command, actor=actor, now=NOW)
    pair.deliver()
    tell(pair)
    stopped = pair.current(plan)
    assert (stopped.state, pair.firm(plan)) == (CourseState.STOPPED, WEEKS[:12])
    assert stopped.stopped_from is not None
    known = [one for one in dates(pair, plan).sessions if one.counts]
    assert [one.starts_at for one in known if one.starts_at >= stopped.stopped_from] == WEEKS[:12]
    assert asks(pair) == [True]
    pair.pause(plan, WEEKS[3])
    assert asks(pair) == [False]
