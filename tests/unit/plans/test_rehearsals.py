"""In which sessions an exercise can have been rehearsed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.contracts.plans.content import PlanState
from services.plans.domain.lifecycle import UNDER_WAY
from services.plans.domain.rehearsals import may_rehearse
from services.plans.domain.sessions import Known
from tests.unit.plans.test_sessions import AT, CAME, FIRM, FREE, LATE, MISSED


@pytest.mark.parametrize("state", PlanState)
def test_exercises_are_rehearsed_while_the_plan_holds(state: PlanState) -> None:
    """From its agreement to its end."""
    assert may_rehearse(state, FIRM, AT) == (state in UNDER_WAY)


@pytest.mark.parametrize("known", [FIRM, FREE, LATE, CAME, MISSED])
def test_they_are_rehearsed_in_a_session_that_was_held(known: Known) -> None:
    """From its beginning on; not in one that was given up or missed."""
    assert may_rehearse(PlanState.ACTIVE, known, AT) == (known in (FIRM, CAME))
    later = replace(known, starts_at=AT + timedelta(seconds=1))
    assert not may_rehearse(PlanState.ACTIVE, later, AT)
