"""Which sessions of a plan have no date, for who chooses them."""

import pytest

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.sessions import PlanProgress
from services.plans.domain.progress import undated

SHORT, ENDLESS = PlanProgress(used=1, total=6, placed=4), PlanProgress(used=1, placed=4)


@pytest.mark.parametrize(
    ("state", "dates", "progress", "left"),
    [
        (PlanState.ACTIVE, CourseState.BOOKED, SHORT, 2),
        (PlanState.ACTIVE, CourseState.STOPPED, SHORT, 2),
        (PlanState.ACTIVE, CourseState.CHOSEN, SHORT, 0),
        (PlanState.ACTIVE, CourseState.AGREED, SHORT, 0),
        (PlanState.ACTIVE, None, None, 0),
        (PlanState.ACTIVE, CourseState.BOOKED, ENDLESS, 0),
        (PlanState.ACTIVE, CourseState.BOOKED, SHORT.model_copy(update={"placed": 7}), 0),
        (PlanState.ENDED, CourseState.STOPPED, SHORT, 0),
    ],
)
def test_sessions_without_a_date_are_counted_once_others_were_booked(
    state: PlanState, dates: CourseState | None, progress: PlanProgress | None, left: int
) -> None:
    """Not while dates are on their way, nor without an end; the client is not asked for it."""
    assert undated(state, dates, progress, Party.PRACTITIONER) == left
    assert undated(state, dates, progress, Party.CLIENT) == 0
