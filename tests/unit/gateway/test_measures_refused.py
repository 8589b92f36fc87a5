"""Answers to a measure that something refuses: who needs help reads whom to call before why."""

import asyncio
import re

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.errors import Refusal, ServiceUnavailable, TooLate, Unauthenticated
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.measures import FillMeasure, MeasureNotDue
from services.contracts.plans.views import PlanView
from services.gateway.forms.measures import item_name
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import ORIGIN
from tests.unit.gateway.test_measures_again import HARD, HELP, PATH, client_app, send

CALM = [1] * 8 + [0]
BOTH = pytest.mark.parametrize(("answers", "is_shown"), [(CALM, False), (HARD, True)])


def send_stale(app: FastAPI, answers: list[int]) -> httpx.Response:
    """From a page whose token is not this browser's any more."""
    told = {item_name(at): str(one) for at, one in enumerate(answers, start=1)}
    told |= {"help_item": item_name(9), "form_id": str(uuid7()), "csrf_token": "stale"}

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            headers = {"origin": ORIGIN, "accept": "text/html"}
            return await browser.post(PATH, data=told, headers=headers)

    return asyncio.run(post())


@BOTH
def test_a_page_open_for_too_long_hides_no_help(answers: list[int], is_shown: bool) -> None:
    """Nothing is asked of anybody, nor handed back: it may not have been our page that sent it."""
    app, backend = client_app(None)
    answer = send_stale(app, answers)
    assert (answer.status_code, backend.asked) == (403, [])
    assert answer.headers["cache-control"] == "no-store"
    assert (HELP in answer.text, "were not kept" in answer.text) == (is_shown, is_shown)
    assert (f'href="{PATH}"' in answer.text) == is_shown
    assert 'name="item-9"' not in answer.text


@BOTH
@pytest.mark.parametrize("refusal", [ServiceUnavailable("down"), TooLate("late")])
def test_a_service_that_is_away_hides_no_help(
    answers: list[int], is_shown: bool, refusal: Refusal
) -> None:
    """The answers are in a form that sends them once more under the same id."""
    app, _ = client_app(refusal)
    once = str(uuid7())
    answer = send(app, answers, once)
    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert (HELP in answer.text) == is_shown
    fields = dict(re.findall(r'type="hidden" name="([a-z_0-9-]+)" value="([^"]*)"', answer.text))
    handed_back = ("3", once) if is_shown else (None, None)
    assert (fields.get("item-9"), fields.get("form_id")) == handed_back


@BOTH
def test_what_breaks_on_our_side_hides_no_help(answers: list[int], is_shown: bool) -> None:
    """Whatever it was."""
    app, _ = client_app(ZeroDivisionError())
    answer = send(app, answers)
    assert (answer.status_code, HELP in answer.text) == (500, is_shown)
    assert ("cannot tell whether" in answer.text) == is_shown


def test_a_login_that_ends_while_answers_are_sent_hides_no_help() -> None:
    """The twin without such an answer is led to sign in."""
    app, backend = client_app(None)

    def ended(_: GetPlan) -> PlanView:
        raise Unauthenticated("ended")

    backend.told[GetPlan] = ended
    answer = send(app, HARD)
    assert (answer.status_code, HELP in answer.text) == (401, True)
    assert 'name="item-9" value="3"' in answer.text
    assert send(app, CALM).headers["location"] == "/sign-in"


@BOTH
def test_answers_out_of_their_time_hide_no_help(answers: list[int], is_shown: bool) -> None:
    """Not due, and none there to be corrected; the twin is led to the plan, which says so."""
    app, backend = client_app(None, correctable=None)

    def refuse(_: FillMeasure) -> PlanView:
        raise MeasureNotDue("not due")

    backend.told[FillMeasure] = refuse
    answer = send(app, answers)
    assert (answer.status_code, HELP in answer.text) == ((409, True) if is_shown else (303, False))


def test_other_forms_are_refused_as_ever() -> None:
    """A field of that name elsewhere changes nothing."""
    app, _ = client_app(None)
    told = {"help_item": "item-9", "item-9": "3", "form_id": str(uuid7())}
    answer = post_form(app, f"/plans/{uuid7()}/exercises/{uuid7()}", told)
    assert HELP not in answer.text
