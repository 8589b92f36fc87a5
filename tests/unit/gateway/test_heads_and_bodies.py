"""HEAD answers like GET without a body; a body that is no JSON is called one."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from services.contracts.profiles.catalogue import ListTopics, TopicsView
from services.gateway.visitors import Doorkeeper
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend
from tests.unit.gateway.test_protection import settings


@pytest.fixture
def app() -> FastAPI:
    """The application, which knows no topics."""
    made = fresh_app()
    made.state.doorkeeper = Doorkeeper(settings(), NoRedis())
    made.state.backend = ToldBackend({ListTopics: lambda _: TopicsView(topics=[])})
    return made


def sent(app: FastAPI, method: str, path: str, **content: object) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            return await browser.request(method, path, **content)  # type: ignore[arg-type]

    return asyncio.run(send())


@pytest.mark.parametrize(
    "path", ["/topics", "/crisis-help", "/sign-in", "/livez", "/api/v1/topics", "/nowhere", "/home"]
)
def test_head_answers_like_get_without_a_body(app: FastAPI, path: str) -> None:
    """Status, type and where it leads are the same, for link checkers and scanners of mails."""
    accept = {"accept": "text/html"}
    get, head = (sent(app, method, path, headers=accept) for method in ("GET", "HEAD"))
    assert head.status_code == get.status_code
    assert head.content == b""
    for name in ("content-type", "location", "content-security-policy"):
        assert head.headers.get(name) == get.headers.get(name)


def test_head_does_not_reach_what_only_post_may_do(app: FastAPI) -> None:
    """It is no way around the form."""
    assert sent(app, "HEAD", "/book/choose").status_code == 405


def test_a_body_that_is_no_json_is_told_as_that(app: FastAPI) -> None:
    """And not by the position at which reading stopped."""
    headers = {"content-type": "application/json"}
    answer = sent(app, "POST", "/api/v1/logins", content="{", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "body", "detail": "is not valid JSON"}]
