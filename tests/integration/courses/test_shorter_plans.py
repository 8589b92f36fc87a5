"""A plan that both agree to make shorter than what is booked for it."""

from datetime import timedelta

import pytest

from services.contracts.plans.courses import CourseState
from services.contracts.plans.refusals import PlanChanged
from services.contracts.plans.views import PlanView
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import move, tell
from tests.integration.courses.test_stopping import TUESDAYS, active


def shorter(pair: Pair, plan: PlanView, sessions: int) -> None:
    """Before the client: the same plan with fewer sessions."""
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert read.agreed is not None
    told = read.agreed.content.shape
    phases = [told.phases[0].model_copy(update={"sessions": None})]
    shape = told.model_copy(update={"sessions": sessions, "phases": phases})
    pair.desk.propose(pair.desk.revise(read, shape=shape))


def test_the_last_sessions_are_named_and_given_back_with_the_agreement(pair: Pair) -> None:
    """Both read which they are before they sign; nothing is owed for them, and nothing is left to
    place. Until then all of them stand."""
    plan = active(pair)
    shorter(pair, plan, 4)
    for actor in (pair.desk.client, pair.desk.practitioner):
        assert pair.desk.read(plan.id, actor).dates.surplus == TUESDAYS[4:]
    assert pair.firm(plan) == TUESDAYS
    read = pair.desk.read(plan.id, pair.desk.client)
    pair.agree(read, None)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:4]
    told = pair.practice.events("booking_cancelled")
    assert [one["refund_percent"] for one in told] == [100, 100]
    after = pair.desk.read(plan.id, pair.desk.practitioner).dates
    assert (after.placed, after.surplus, after.to_place) == (4, [], [])
    assert after.current is not None
    assert after.current.state is CourseState.STOPPED


def test_nobody_agrees_to_cancel_other_sessions_than_they_read(pair: Pair) -> None:
    """One that was moved meanwhile is another date: nothing is agreed to and all stand. As it
    stands now they can agree."""
    plan = active(pair)
    shorter(pair, plan, 4)
    read = pair.desk.read(plan.id, pair.desk.client)
    move(pair, TUESDAYS[5], there := TUESDAYS[5] + timedelta(days=1))
    tell(pair)
    with pytest.raises(PlanChanged):
        pair.agree(read, None)
    assert pair.firm(plan) == [*TUESDAYS[:5], there]
    pair.agree(pair.desk.read(plan.id, pair.desk.client), None)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:4]


def test_a_change_that_has_place_for_all_gives_nothing_back(pair: Pair) -> None:
    """The same number as is booked."""
    plan = active(pair)
    shorter(pair, plan, 6)
    read = pair.desk.read(plan.id, pair.desk.client)
    assert read.dates.surplus == []
    pair.agree(read, None)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS
    assert min(TUESDAYS) > NOW
