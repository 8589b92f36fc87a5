"""Ending a plan: both of its people read beforehand what becomes of the sessions to come."""

from datetime import UTC, datetime

import pytest

from services.contracts.plans.content import Move
from services.contracts.plans.courses import CourseState, PlanCourses
from services.contracts.plans.views import PlanView
from services.gateway.web.plan_course import Shown, course_context
from services.gateway.web.rendering import render
from services.gateway.web.samples import COMMON, people
from services.gateway.web.samples.plans import GOOD, plan_page
from tests.contracts.samples.plan_courses import CHOICE
from tests.contracts.samples.plans import VIEWS
from tests.contracts.samples.values import COURSE
from tests.unit.gateway.test_booking_pages import SHOWN

NOW = datetime(2093, 11, 30, 9, 0, tzinfo=UTC)
PLAN = next(one for one in VIEWS if isinstance(one, PlanView))
STAY = "Sessions that are booked stay booked."
CANCELLED = {
    "plan_of_client.html": "All sessions to come are cancelled, each on its terms for cancelling.",
    "plan_of_practitioner.html": "owes nothing for the sessions to come: all are cancelled.",
}
VIEWERS = {"plan_of_client.html": people.CLIENT, "plan_of_practitioner.html": people.PRACTITIONER}


@pytest.mark.parametrize("page", CANCELLED)
@pytest.mark.parametrize(
    ("state", "is_one_booked", "ends"),
    [
        (None, False, False),
        (None, True, True),
        (CourseState.CHOSEN, False, False),
        (CourseState.CHOSEN, True, True),
        (CourseState.AGREED, False, True),
        (CourseState.REFUSED, False, False),
        (CourseState.REFUSED, True, True),
        (CourseState.BOOKED, True, True),
        (CourseState.STOPPED, True, True),
    ],
)
def test_an_end_says_what_it_cancels(
    page: str, state: CourseState | None, is_one_booked: bool, ends: bool
) -> None:
    """Whatever the newest dates are: an earlier course of the plan is given back with its end."""
    current = CHOICE.model_copy(update={"state": state, "flaw": None}) if state else None
    dates = PlanCourses(current=current, course_ids=[COURSE] if is_one_booked else [])
    plan = PLAN.model_copy(update={"dates": dates})
    told = course_context(plan, Shown(None, ""), SHOWN, NOW)
    context = COMMON | plan_page(VIEWERS[page], "", Move.END, status=GOOD, dates=told)
    html = render(page, context)
    assert (CANCELLED[page] in html) == ends
    assert (STAY in html) != ends
