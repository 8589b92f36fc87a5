"""Several reads in one message: each behind its own gate, and none takes another along."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.common.auth import Actor, Signer
from services.common.clock import utc_now
from services.common.errors import InvalidInput, ServiceUnavailable
from services.common.rpc.together import MOST_QUESTIONS, Answers, AnswerTogether, Question
from services.gateway.calling import AsyncCaller, Read
from tests.integration.traps.conftest import House
from tests.integration.traps.probe import GetEffect, Remember

ANYBODY, SOMEBODY = Actor(), Actor(kind="person", account_id=uuid4())


def asked(house: House, *reads: Read) -> list[dict[str, Any]]:
    """What the gateway's own caller gets over the broker, in one call."""

    async def ask() -> list[dict[str, Any]]:
        caller = AsyncCaller(house.amqp_url, house.signer)
        try:
            return await caller.call_together("plans", reads)
        finally:
            await caller.close()

    return asyncio.run(ask())


def effect(name: str, actor: Actor = ANYBODY, **how: Any) -> Read:
    return Read("get_effect", GetEffect(name=name, **how), actor)


def question(house: House, name: str, *, token: str | None = None, **fields: Any) -> Question:
    """A question made by hand."""
    told = token or house.signer.token(ANYBODY, "plans", utc_now())
    return Question(**{"method": "get_effect", "actor": told, "kwargs": {"name": name}} | fields)


def told(house: House, *questions: Question) -> list[dict[str, Any]]:
    """What is answered to them."""
    command = AnswerTogether(questions=list(questions))
    return house.caller.call("plans", "answer_together", command, ANYBODY, Answers).answers


def refusal(answer: dict[str, Any]) -> str:
    return str(answer["error"]["exc_type"])


def test_each_read_has_its_own_answer_in_its_own_actors_name(house: House) -> None:
    """In their order."""
    house.started()
    answers = asked(house, effect("one"), effect("two", SOMEBODY))
    assert [one["result"]["name"] for one in answers] == ["one of anonymous", "two of person"]


def test_one_that_fails_takes_no_other_along(house: House) -> None:
    """A fault tells nothing of itself; what comes behind it is answered."""
    house.started()
    broken, whole = asked(house, effect("broken", is_broken=True), effect("whole"))
    assert broken["error"] == {"exc_type": "Fault", "exc_args": ["plans.get_effect"]}
    assert whole["result"]["name"] == "whole of anonymous"


def test_each_is_admitted_as_if_it_were_asked_alone(house: House) -> None:
    """Who may call it, whose token it is, how it must look, and whether there is such a method."""
    house.started()
    seed, now = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", utc_now()
    stale, late = house.signer, now - timedelta(minutes=5)
    answers = told(
        house,
        question(house, "", method="list_for_booking", kwargs={}),
        question(house, "forged", token=Signer("gateway", seed).token(ANYBODY, "plans", now)),
        question(house, "foreign", token=stale.token(ANYBODY, "booking", now)),
        question(house, "stale", token=stale.token(ANYBODY, "plans", late)),
        question(house, "misspelt", kwargs={"nom": "misspelt"}),
        question(house, "unknown", method="get_nothing"),
        question(house, "good"),
    )
    assert [refusal(one) for one in answers[:6]] == [
        "Forbidden",
        *["Unauthenticated"] * 3,
        "InvalidInput",
        "Fault",
    ]
    assert set(answers[4]["error"]["exc_args"][1]) == {"name", "nom"}
    assert answers[6]["result"]["name"] == "good of anonymous"
    assert house.rows("SELECT name FROM plans.probe_effects") == [("good",)]


@pytest.mark.parametrize(
    "method", ["remember", "answer_together", "relay_outbox", "__init__", "db"]
)
def test_only_reads_are_asked_together(house: House, method: str) -> None:
    """A write shares no message; what is no method of the wire is none here either."""
    house.started()
    kwargs = Remember(name="written").model_dump()
    (answer,) = told(house, question(house, "", method=method, kwargs=kwargs))
    assert refusal(answer) == "Fault"
    assert house.count("written") == 0


def test_what_nobody_waits_for_any_more_is_not_run(house: House) -> None:
    """The deadline is that of the message: the caller hears in 5 s, and the last is refused."""
    house.started()
    began = time.monotonic()
    with pytest.raises(ServiceUnavailable):
        asked(house, effect("first", seconds=5.5), effect("second"))
    assert 4 < time.monotonic() - began < 7
    time.sleep(1.5)
    assert (house.count("first"), house.count("second")) == (1, 0)


@pytest.mark.parametrize("count", [0, MOST_QUESTIONS + 1])
def test_a_message_holds_some_reads_and_not_too_many(house: House, count: int) -> None:
    """A caller's mistake is told before anything is run."""
    house.started()
    many = [question(house, "many")] * count
    command = AnswerTogether.model_construct(questions=many)
    with pytest.raises(InvalidInput):
        house.caller.call("plans", "answer_together", command, ANYBODY, Answers)
    assert house.count("many") == 0
