"""A plan without an end: its client reads that it goes on by itself before agreeing to dates."""

from datetime import timedelta

import pytest

from services.contracts.booking.bookings import BookingState
from services.contracts.plans.content import Move
from services.contracts.plans.courses import CourseState, PlanCourses
from services.contracts.plans.sessions import PlanSession
from services.gateway.web.labels import moment_label
from services.gateway.web.plan_course import NONE_ADDED, ROLLS, Shown, course_context
from services.gateway.web.rendering import render
from services.gateway.web.samples import COMMON
from services.gateway.web.samples.plans import GOOD, plan_page
from tests.contracts.samples.plan_courses import CHOICE, SESSION
from tests.unit.gateway.test_booking_pages import SHOWN
from tests.unit.gateway.test_plan_endings import NOW, PLAN, VIEWERS

MOMENT = moment_label(CHOICE.starts[-1], SHOWN.info, NOW)


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


def stopped(*sessions: PlanSession) -> dict[str, object]:
    """What the page says where the dates that were added last were given back."""
    current = CHOICE.model_copy(update={"state": CourseState.STOPPED, "flaw": None})
    dates = PlanCourses(current=current, sessions=list(sessions))
    return course_context(PLAN.model_copy(update={"dates": dates}), Shown(None, ""), SHOWN, NOW)


@pytest.mark.parametrize("page", VIEWERS)
def test_dates_that_were_given_back_are_no_pause_while_others_stand(page: str) -> None:
    """The page names them, and that none are added by themselves; once none stands it is paused."""
    end = CHOICE.starts[-1]
    earlier = SESSION.model_copy(update={"starts_at": end - timedelta(days=1)})
    stands = SESSION.model_copy(update={"state": BookingState.CONFIRMED})
    told = stopped(earlier, SESSION, stands)
    html = render(page, COMMON | plan_page(VIEWERS[page], "", Move.END, status=GOOD, dates=told))
    assert f"The session of {MOMENT} was cancelled; the others take place. {NONE_ADDED}" in html
    assert "Paused since" not in html
    told = stopped(earlier, SESSION, stands.model_copy(update={"counts": False}))
    html = render(page, COMMON | plan_page(VIEWERS[page], "", Move.END, status=GOOD, dates=told))
    assert ("Paused since" in html, NONE_ADDED in html) == (True, False)
