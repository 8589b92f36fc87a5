"""Plans without an end that cannot go on: paused too far ahead, or tried again day by day."""

from datetime import timedelta

import pytest

from services.common.errors import InvalidInput
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import tell
from tests.integration.courses.test_rolling import DUE, WEEKS, rolling_plan


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
