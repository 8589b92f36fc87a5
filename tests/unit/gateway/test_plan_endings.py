"""Ending a plan: both of its people read beforehand what becomes of the sessions to come."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.clock import utc_now
from services.common.errors import ServiceUnavailable
from services.contracts.booking.bookings import (
    BookingState,
    CancellationPreview,
    PreviewCancellation,
)
from services.contracts.booking.planned import PlannedCourseView, ShowPlannedCourse
from services.contracts.plans.commands import GetPlan, MovePlan
from services.contracts.plans.content import Move, Party, PlanState
from services.contracts.plans.courses import CourseState, PlanCourses
from services.contracts.plans.sessions import PlanSession
from services.contracts.plans.views import PlanView
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.web.measure_context import measures_and_reviews
from services.gateway.web.plan_course import Shown, course_context
from services.gateway.web.rendering import render
from services.gateway.web.samples import COMMON, people
from services.gateway.web.samples.plans import GOOD, plan_page
from tests.contracts.samples.plan_courses import CHOICE
from tests.contracts.samples.plans import VIEWS
from tests.contracts.samples.values import COURSE
from tests.unit.gateway import views
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_booking_pages import SHOWN
from tests.unit.gateway.test_courses import app_with, offering, refuse, session, told

NOW = datetime(2093, 11, 30, 9, 0, tzinfo=UTC)
PLAN = next(one for one in VIEWS if isinstance(one, PlanView))
PATH = f"/plans/{PLAN.id}"
STAY = "Sessions that are booked stay booked."
CANCELLED = {
    "plan_of_client.html": "All sessions to come are cancelled, each on its terms for cancelling.",
    "plan_of_practitioner.html": "owes nothing for the sessions to come: all are cancelled.",
}
VIEWERS = {"plan_of_client.html": people.CLIENT, "plan_of_practitioner.html": people.PRACTITIONER}


def in_hours(hours: int) -> datetime:
    return utc_now() + timedelta(hours=hours)


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
    shown = course_context(plan, Shown(None, ""), SHOWN, NOW)
    context = COMMON | plan_page(VIEWERS[page], "", Move.END, status=GOOD, dates=shown)
    html = render(page, context)
    assert (CANCELLED[page] in html) == ends
    assert (STAY in html) != ends


@pytest.mark.parametrize("page", CANCELLED)
def test_a_plan_that_is_over_promises_nothing_more(page: str) -> None:
    """On the pages of both, in the moment in which its last sessions are not given back yet: no
    next one, none left, and no measure comes round."""
    booked = [
        PlanSession(
            booking_id=uuid4(),
            starts_at=NOW + timedelta(days=day),
            state=BookingState.CONFIRMED,
            counts=True,
        )
        for day in (-7, 7)
    ]
    current = CHOICE.model_copy(update={"state": CourseState.BOOKED, "flaw": None})
    dates = PlanCourses(current=current, course_ids=[COURSE], sessions=booked)
    over = PLAN.model_copy(update={"dates": dates, "state": PlanState.ENDED})
    shown = course_context(over, Shown(None, ""), SHOWN, NOW)
    context = COMMON | plan_page(VIEWERS[page], "", status=GOOD, dates=shown) | {"is_over": True}
    html = render(page, context)
    assert "1 session used</p>" in html
    assert not re.search(r"\d left|Next<", html)
    assert {one["due_label"] for one in measures_and_reviews(over, SHOWN, NOW)["measures"]} == {""}


NEAR = session(
    id=uuid4(),
    starts_at=in_hours(30),
    ends_at=in_hours(31),
    free_until=in_hours(-18),
    can_cancel=True,
    is_on_account=True,
)
FAR = session(
    id=uuid4(),
    starts_at=in_hours(200),
    ends_at=in_hours(201),
    free_until=in_hours(152),
    can_cancel=True,
    is_on_account=True,
)


def client_app(percent: int) -> tuple[FastAPI, ToldBackend]:
    """A client whose plan has a session tomorrow, of which so much would come back, and one
    later."""
    current = CHOICE.model_copy(update={"state": CourseState.BOOKED, "flaw": None})
    plan = PLAN.model_copy(
        update={
            "practice_id": views.PRACTICE,
            "party": Party.CLIENT,
            "may": [Move.END],
            "dates": PlanCourses(current=current, course_ids=[COURSE]),
        }
    )
    ended = plan.model_copy(update={"may": [], "state": PlanState.ENDED})
    return app_with(
        told([])
        | {
            GetPlan: lambda _: plan,
            MovePlan: lambda _: ended,
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
            ShowPlannedCourse: lambda _: PlannedCourseView(
                offering=offering(), bookings=[NEAR, FAR]
            ),
            PreviewCancellation: lambda asked: CancellationPreview(
                booking={NEAR.id: NEAR, FAR.id: FAR}[asked.booking_id],
                refund_percent=percent,
                holds_until=None,
            ),
        }
    )


def test_a_client_reads_what_ending_costs_and_ends_at_no_other_cost() -> None:
    """The session that is too near is named with its share; the one that is free is not even asked
    for. What was shown goes along; another share by now, or none that was seen, ends nothing."""
    app, backend = client_app(50)
    page = fetch(app, PATH).text
    assert page.count("the practice may ask for half of the price") == 1
    assert f'name="owed" value="{NEAR.id}:50"' in page
    [asked] = [one for one in backend.asked if isinstance(one, PreviewCancellation)]
    assert asked.booking_id == NEAR.id
    assert post_form(app, f"{PATH}/end", {"owed": f"{NEAR.id}:50"}).status_code == 303
    for percent, sent in (
        (0, {"owed": f"{NEAR.id}:50"}),
        (50, {}),
        (100, {"owed": f"{NEAR.id}:50"}),
    ):
        app, backend = client_app(percent)
        answer = post_form(app, f"{PATH}/end", sent)
        assert (answer.status_code, MovePlan in map(type, backend.asked)) == (409, False)
        assert "has changed since you saw it" in answer.text


def test_while_booking_cannot_be_asked_a_client_ends_nothing_unawares() -> None:
    """The twin: without sessions there is nothing to ask for."""
    app, backend = client_app(50)
    backend.told[ShowPlannedCourse] = refuse(ServiceUnavailable("away"))
    assert post_form(app, f"{PATH}/end", {}).status_code == 503
    assert MovePlan not in map(type, backend.asked)
    bare = PLAN.model_copy(update={"may": [Move.END], "dates": PlanCourses()})
    backend.told[GetPlan] = lambda _: bare.model_copy(update={"party": Party.CLIENT})
    assert post_form(app, f"{PATH}/end", {}).status_code == 303
