"""A form with an error in it still names what was read when it was opened, not what is there now:
whatever another window saved meanwhile is told of, and not written over unseen."""

from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.contracts.plans.commands import GetPlan, RevisePlan
from services.contracts.plans.intake_setup import GetIntakeSetup, IntakeSetupView, SaveIntakeDraft
from services.contracts.plans.refusals import FormChanged, PhasesDoNotFit, PlanChanged
from services.contracts.profiles.accounts import Membership, Role
from tests.unit.gateway import views
from tests.unit.gateway.note_desk import desk, value_of
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.test_availability import refuse
from tests.unit.gateway.test_returning import visitor
from tests.unit.gateway.test_today import TREATING
from tests.unit.gateway.test_two_practices import PLAN

NOW_AT = 7
KEEPING = Membership(practice_id=views.PRACTICE, practice_name="Linden", roles=[Role.OWNER])
QUESTION = f"/practices/{views.PRACTICE}/intake/questions/{uuid4()}"
FOCUS = f"/plans/{PLAN.id}/edit/focus"
SHAPE = f"/plans/{PLAN.id}/edit/shape"
NO_TITLE = {"revision": "3", "title": "", "reason": "Sleep"}
TITLE = NO_TITLE | {"title": "Sleeping"}
ONE_STRETCH = {"revision": "3", "stretch-0-weeks": "1", "phase-0": "Working"}


@pytest.fixture
def app() -> FastAPI:
    """A plan and a form that have gone on to revision 7 meanwhile."""
    made, backend = desk(visitor(TREATING, KEEPING))
    setup = IntakeSetupView(
        questions=[], revision=NOW_AT, is_changed=True, versions=[], texts=[], suggested=[]
    )
    backend.told |= {
        GetPlan: lambda _: PLAN.model_copy(update={"revision": NOW_AT}),
        GetIntakeSetup: lambda _: setup,
    }
    return made


@pytest.mark.parametrize(
    ("path", "typed"),
    [(FOCUS, NO_TITLE), (QUESTION, {"revision": "3", "kind": "long_text", "label": ""})],
)
def test_an_error_leaves_the_revision_that_was_read(
    app: FastAPI, path: str, typed: dict[str, str]
) -> None:
    """So the next try is refused if somebody else saved."""
    answer = post_form(app, path, typed)
    assert (answer.status_code, value_of(answer.text, "revision")) == (422, "3")


def test_a_refused_shape_leaves_it_too(app: FastAPI) -> None:
    """What plans finds wrong is an error like those of the form."""
    app.state.backend.told[RevisePlan] = refuse(PhasesDoNotFit("", {"phases": "do not add up"}))
    answer = post_form(app, SHAPE, ONE_STRETCH)
    assert (answer.status_code, value_of(answer.text, "revision")) == (422, "3")


@pytest.mark.parametrize(
    ("path", "typed"),
    [(FOCUS, TITLE), (QUESTION, {"revision": "3", "kind": "long_text", "label": "Why?"})],
)
def test_who_was_told_of_the_other_window_may_save_over_it(
    app: FastAPI, path: str, typed: dict[str, str]
) -> None:
    """The page says so, and names what is there now."""
    app.state.backend.told |= {
        RevisePlan: refuse(PlanChanged("")),
        SaveIntakeDraft: refuse(FormChanged("")),
    }
    answer = post_form(app, path, typed)
    assert (answer.status_code, value_of(answer.text, "revision")) == (409, "7")
