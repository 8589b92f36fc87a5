"""Plans without an end whose added dates were given back: said where it ends, and gone on with."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.booking.operations import course_ending
from services.contracts.booking.courses import CancelCourse
from services.contracts.plans.content import Stretch
from services.contracts.plans.courses import CourseState
from services.contracts.plans.views import PlanView
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import dates, tell
from tests.integration.courses.test_rolling import DUE, WEEKS, asks, away, back, rolling_plan


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


def choose_and_drop(pair: Pair, plan: PlanView) -> None:
    """Dates are chosen while others are being added, and taken back once those were booked."""
    later = [at(10, days=7 * (week + 13)) for week in range(12)]
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    chosen = pair.choose(read, later)
    pair.deliver()
    pair.drop(chosen)


def end_and_go_on(pair: Pair, plan: PlanView) -> None:
    """Both agree that twelve are all, while others are being added, and then to no end again."""
    for sessions in (12, None):
        read = pair.desk.read(plan.id, pair.desk.practitioner)
        assert read.agreed is not None
        told = {"sessions": sessions, "rhythm": [Stretch(weeks_apart=1)]}
        shape = read.agreed.content.shape.model_copy(update=told)
        pair.desk.propose(pair.desk.revise(read, shape=shape))
        pair.agree(pair.desk.read(plan.id, pair.desk.client), None)
        pair.deliver()


@pytest.mark.parametrize("meanwhile", [choose_and_drop, end_and_go_on])
def test_dates_that_belonged_nowhere_are_given_back_and_asked_for_again(
    pair: Pair, meanwhile: Callable[[Pair, PlanView], None]
) -> None:
    """However often that was: the next ask is another one, and what it books is the plan's."""
    plan = rolling_plan(pair)
    if meanwhile is choose_and_drop:
        short_of_place(pair)
    for day in (4, 8):
        pair.roll(DUE + timedelta(days=day))
        meanwhile(pair, plan)
        assert pair.firm(plan) == pair.live_sessions()[1:] == WEEKS[:12]
    pair.roll(DUE + timedelta(days=12))
    pair.deliver()
    assert pair.firm(plan) == WEEKS
    assert len({event.course_id for event in pair.short_events()}) == 3
    pair.rolled_again(pair.short_events()[-1])
    assert pair.live_sessions()[1:] == WEEKS


def short_of_place(pair: Pair) -> None:
    """There was none for the next date, so that dates can be chosen; now there is one again."""
    away(pair, WEEKS[12], WEEKS[15])
    pair.roll(DUE)
    pair.deliver()
    back(pair)
