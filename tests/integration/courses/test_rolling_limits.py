"""Plans without an end that cannot go on: paused too far ahead, or tried again day by day."""

from datetime import timedelta

import pytest

from services.common.errors import InvalidInput
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Focus
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import tell
from tests.integration.courses.test_rolling import DUE, WEEKS, away, rolling_plan


def test_a_pause_that_lies_further_than_what_is_booked_is_refused(pair: Pair) -> None:
    """Else nothing would be added until then, and nobody told; where the next one would be it may
    begin: all that is booked stays, and no more comes."""
    plan = rolling_plan(pair)
    tell(pair)
    with pytest.raises(InvalidInput) as refused:
        pair.pause(plan, WEEKS[12] + timedelta(seconds=1))
    assert refused.value.detail["until"] == WEEKS[12].isoformat()
    assert "from_at" in refused.value.detail
    pair.roll(DUE)
    pair.deliver()
    assert pair.firm(plan) == WEEKS
    next_at = WEEKS[15] + timedelta(weeks=1)
    pair.pause(plan, next_at)
    pair.roll(DUE + timedelta(weeks=8))
    pair.deliver()
    assert (pair.firm(plan), pair.current(plan).stopped_from) == (WEEKS, next_at)


def test_who_writes_at_a_plan_loses_nothing_where_it_runs_short(pair: Pair) -> None:
    """The plan that was read before is still the one, whenever it was tried meanwhile."""
    plan = rolling_plan(pair)
    away(pair, WEEKS[12], WEEKS[15])
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    for day in range(3):
        pair.roll(DUE + timedelta(days=day))
        pair.deliver()
        assert len(pair.practice.events("course_refused")) == day + 1
    assert pair.current(plan).runs_short is WhyRefused.DATES_GONE
    assert pair.desk.read(plan.id, pair.desk.practitioner).revision == read.revision
    pair.desk.revise(read, focus=Focus(title="Another word", reason="As before"))
