"""Choosing the dates of a plan that has sessions already: where the page begins, what it says."""

from datetime import date, time

import pytest
from fastapi import FastAPI

from services.common.errors import InvalidInput
from services.contracts.base import Format
from services.contracts.booking.planned import PlannedPreview, PreviewPlannedCourse
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.courses import ChooseDates, CourseState
from services.contracts.plans.views import PlanView
from tests.contracts.samples.plan_courses import CHOICE
from tests.contracts.samples.plans import VIEWS
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_courses import app_with, dates, offering, refuse, told

PLAN = next(one for one in VIEWS if isinstance(one, PlanView)).model_copy(
    update={"practice_id": views.PRACTICE}
)
PATH = f"/plans/{PLAN.id}/dates"
CHOSEN = {
    "what": f"{views.OFFERING}.online",
    "first": "2093-12-01",
    "at": "10:00",
    "revision": "3",
    "price_id": str(views.PRICE),
    "starts": "2093-12-01T09:00:00Z",
}
NEAR = "Begin at least 4 days after the last session of this plan that is booked"


def app_of(state: CourseState) -> tuple[FastAPI, ToldBackend]:
    """Services that know a plan whose last dates stand so."""
    current = CHOICE.model_copy(update={"state": state})
    plan_dates = PLAN.dates.model_copy(update={"current": current})
    preview = PlannedPreview(
        offering=offering(),
        format=Format.ONLINE,
        first_on=date(2093, 12, 1),
        starts_at=time(10),
        dates=dates(None),
        offerings=[offering()],
    )
    services = told([]) | {
        GetPlan: lambda _: PLAN.model_copy(update={"dates": plan_dates}),
        PreviewPlannedCourse: lambda _: preview,
    }
    return app_with(services)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (CourseState.BOOKED, None),
        (CourseState.STOPPED, None),
        (CourseState.CHOSEN, CHOICE.terms.first_on),
        (CourseState.REFUSED, CHOICE.terms.first_on),
    ],
)
def test_what_was_booked_is_gone_on_from(state: CourseState, first: date | None) -> None:
    """A wish that was fulfilled lies before the sessions that stand, which may have been moved
    since: booking is asked where they are by now."""
    app, backend = app_of(state)
    assert fetch(app, PATH).status_code == 200
    [asked] = [one for one in backend.asked if isinstance(one, PreviewPlannedCourse)]
    assert asked.first_on == first
    terms, is_gone_on_from = CHOICE.terms, first is None
    assert asked.starts_at == (None if is_gone_on_from else terms.starts_at)
    usual = (terms.first_on, terms.starts_at) if is_gone_on_from else (None, None)
    assert (asked.usual_on, asked.usual_at) == usual
    assert asked.follows == PLAN.dates.course_ids


@pytest.mark.parametrize("is_near", [True, False])
def test_dates_too_near_to_what_is_booked_are_named_at_the_first_day(is_near: bool) -> None:
    """The twin: a plan that changed meanwhile says so."""
    detail = {"starts": "refused"} | ({"after": "2093-11-29T09:00:00Z"} if is_near else {})
    app, backend = app_of(CourseState.BOOKED)
    backend.told[ChooseDates] = refuse(InvalidInput("Some dates need another look.", detail))
    page = post_form(app, PATH, CHOSEN)
    assert page.status_code == (422 if is_near else 409)
    assert (NEAR in page.text) == is_near
    assert ("changed in the meantime" in page.text) != is_near
