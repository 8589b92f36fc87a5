"""A plan without an end: its client reads that it goes on by itself before agreeing to dates."""

import pytest

from services.contracts.plans.courses import CourseState, PlanCourses
from services.gateway.web.plan_course import ROLLS, Shown, course_context
from tests.contracts.samples.plan_courses import CHOICE
from tests.unit.gateway.test_booking_pages import SHOWN
from tests.unit.gateway.test_plan_endings import NOW, PLAN


def rolls_label(state: CourseState, sessions: int | None) -> str:
    """What the page says of it, for dates in that state of a plan of so many sessions."""
    version = PLAN.agreed or PLAN.open
    assert version is not None
    shape = version.content.shape.model_copy(update={"sessions": sessions})
    content = version.content.model_copy(update={"shape": shape})
    shown = version.model_copy(update={"content": content})
    rolls = 1 if sessions is None and state is CourseState.BOOKED else None
    current = CHOICE.model_copy(update={"state": state, "flaw": None, "rolls_every": rolls})
    update = {"open": None, "agreed": shown, "dates": PlanCourses(current=current)}
    plan = PLAN.model_copy(update=update)
    return str(course_context(plan, Shown(None, ""), SHOWN, NOW)["rolls_label"])


@pytest.mark.parametrize("state", [CourseState.CHOSEN, CourseState.BOOKED])
def test_a_plan_without_an_end_says_that_it_rolls(state: CourseState) -> None:
    """Before both agree to its dates, and once they are booked."""
    assert rolls_label(state, None).startswith(ROLLS)
    assert rolls_label(state, 14) == ""
