"""A measure sent again with other answers, or in part: nobody who needs help meets a refusal."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.clock import utc_now
from services.common.errors import DifferentContent
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Party
from services.contracts.plans.measures import (
    FillingView,
    FillMeasure,
    MeasureNotDue,
    MeasureView,
)
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rhythm import Unit
from services.contracts.plans.views import PlanView
from services.contracts.profiles.directory import ListPractitioners, PractitionersView
from services.gateway.forms.measures import item_name
from services.gateway.visitors import Visitor
from services.plans.catalogue.instruments import load_instruments
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ToldBackend, fetch
from tests.unit.gateway.test_courses import app_with
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_plan_endings import PLAN

PHQ_9 = load_instruments()["phq-9"].view()
CALM, HARD = [1] * 8 + [0], [1] * 8 + [3]
SENT_BEFORE = FillingView(
    id=uuid7(),
    filled_at=utc_now() - timedelta(minutes=2),
    answers=CALM,
    difficulty=None,
    score=8,
    band="mild",
    asks_for_help=False,
    is_replaced=False,
)
PATH = f"/plans/{PLAN.id}/measures/phq-9"
HELP = "You need not be alone with this"


def client_app(
    refusal: Exception | None, correctable: Any = SENT_BEFORE.id
) -> tuple[FastAPI, ToldBackend]:
    """A client whose answers are kept already, so that the next ones are refused unless they
    correct them."""
    measure = MeasureView(
        instrument=PHQ_9,
        every=2,
        unit=Unit.WEEKS,
        due_at=None,
        is_due=False,
        correctable=correctable,
        course=None,
        fillings=[SENT_BEFORE],
    )
    plan = PLAN.model_copy(
        update={"party": Party.CLIENT, "may_log": True, "measures": [measure]},
    )

    def fill(asked: FillMeasure) -> PlanView:
        if refusal is not None and asked.corrects is None:
            raise refusal
        return plan

    return app_with(
        {
            GetPlan: lambda _: plan,
            FillMeasure: fill,
            ListPractitioners: lambda _: PractitionersView(practitioners=[]),
        }
    )


def send(app: FastAPI, answers: Sequence[int | None], form_id: str = "") -> httpx.Response:
    told = {item_name(at): str(one) for at, one in enumerate(answers, start=1) if one is not None}
    told |= {"help_item": item_name(9)}
    return post_form(app, PATH, told | {"form_id": form_id or str(uuid7())})


def filled(backend: ToldBackend) -> list[FillMeasure]:
    return [one for one in backend.asked if isinstance(one, FillMeasure)]


@pytest.mark.parametrize("refusal", [DifferentContent("used"), MeasureNotDue("not due")])
def test_other_answers_to_what_was_sent_already_correct_it(refusal: Exception) -> None:
    """Back, another answer, send; or a second window: kept as the correction, once however often
    it is sent, and the page that follows is theirs."""
    app, backend = client_app(refusal)
    once = str(uuid7())
    first, second = send(app, HARD, once), send(app, HARD, once)
    corrections = [one for one in filled(backend) if one.corrects == SENT_BEFORE.id]
    assert [one.answers for one in corrections] == [HARD, HARD]
    assert len({one.id for one in corrections}) == 1
    for answer in (first, second):
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/plans/{PLAN.id}/answers/{corrections[0].id}"


def test_the_same_answers_from_a_second_window_are_those_that_are_kept() -> None:
    """Nothing is corrected by what says the same."""
    app, backend = client_app(MeasureNotDue("not due"))
    answer = send(app, CALM)
    assert answer.headers["location"] == f"/plans/{PLAN.id}/answers/{SENT_BEFORE.id}"
    assert all(one.corrects is None for one in filled(backend))


def test_what_neither_is_due_nor_corrects_is_said_to_come_round() -> None:
    """Days later, with the form of then."""
    app, _ = client_app(MeasureNotDue("not due"), correctable=None)
    assert send(app, CALM).headers["location"] == f"/plans/{PLAN.id}#measures"


@pytest.mark.parametrize(("last", "is_shown"), [(0, False), (1, True), (3, True)])
def test_help_stands_on_the_page_while_other_answers_are_missing(last: int, is_shown: bool) -> None:
    """Whoever answered the ninth question so is told whom to call before anything else, and that
    nobody knows of it yet."""
    app, backend = client_app(None)
    answer = send(app, [None] * 8 + [last])
    assert (answer.status_code, filled(backend)) == (422, [])
    assert "Question 1 has no answer yet" in answer.text
    assert (HELP in answer.text, "does not know of it yet" in answer.text) == (is_shown, is_shown)


@pytest.mark.parametrize(("last", "is_shown"), [(0, False), (3, True)])
def test_who_was_signed_out_reads_whom_to_call_and_has_the_answers_still(
    last: int, is_shown: bool
) -> None:
    """In a form that sends them again, which leads on nowhere before; nothing is asked."""
    app, backend = client_app(None)
    app.state.doorkeeper = Knows(Visitor())
    once = str(uuid7())
    answer = send(app, [1] * 8 + [last], once)
    assert (answer.status_code, backend.asked) == (401, [])
    assert answer.headers["cache-control"] == "no-store"
    assert (HELP in answer.text) == is_shown
    fields = dict(re.findall(r'type="hidden" name="([a-z_0-9-]+)" value="([^"]*)"', answer.text))
    assert (fields["item-9"], fields["form_id"]) == (str(last), once)
    assert 'href="/sign-in" target="_blank"' in answer.text


@pytest.mark.parametrize("last", [0, 3])
@pytest.mark.parametrize("is_over", [True, False])
def test_a_plan_that_asks_no_more_refuses_no_one_who_needs_help(last: int, is_over: bool) -> None:
    """Over, or without the measure by now: whom to call, and that nothing was kept."""
    app, backend = client_app(None)
    changed: dict[str, object] = {"may_log": False} if is_over else {"measures": []}
    plan = PLAN.model_copy(update={"party": Party.CLIENT, "may_log": True} | changed)
    backend.told[GetPlan] = lambda _: plan
    answer = send(app, [1] * 8 + [last])
    assert (answer.status_code, filled(backend)) == (404, [])
    assert (HELP in answer.text, "were not kept" in answer.text) == (last > 0, last > 0)


def test_a_plan_that_ends_while_answers_are_sent_still_says_whom_to_call() -> None:
    """The twin without such an answer is led to the plan."""
    app, _ = client_app(MoveRefused("over"))
    assert HELP in send(app, HARD).text
    assert send(app, CALM).headers["location"] == f"/plans/{PLAN.id}"


def test_the_form_names_the_item_that_asks_for_help() -> None:
    """By which it is known whatever else is not."""
    app, _ = client_app(None)
    assert '<input type="hidden" name="help_item" value="item-9">' in fetch(app, PATH).text
