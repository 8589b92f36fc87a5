"""Beyond what the gateway takes at once, it says so at once, and when to come again."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.app import create_app
from tests.unit.gateway.stand_ins import ORIGIN
from tests.unit.gateway.test_protection import settings

PROBLEM = "application/problem+json"


def crowded_app(most: int) -> tuple[FastAPI, asyncio.Event]:
    """The application with room for so many, and a route that answers when the event is set."""
    made, leave = (
        create_app(settings().model_copy(update={"requests_at_once": most})),
        asyncio.Event(),
    )

    @made.get("/slow")
    async def slow() -> dict[str, str]:
        """Waits."""
        await leave.wait()
        return {}

    return made, leave


async def ask_beyond(path: str, most: int = 2) -> tuple[httpx.Response, list[int]]:
    """The answer to one request too many, and how those who were in fared."""
    app, leave = crowded_app(most)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        inside = [asyncio.create_task(http.get("/slow")) for _ in range(most)]
        await asyncio.sleep(0.05)
        answer = await http.get(path)
        leave.set()
        statuses = [(await one).status_code for one in inside]
        statuses.append((await http.get("/slow")).status_code)
    return answer, statuses


@pytest.mark.parametrize(("path", "kind"), [("/slow", "text/plain"), ("/api/v1/topics", PROBLEM)])
def test_one_too_many_is_told_when_to_come_again(path: str, kind: str) -> None:
    """503 with Retry-After and the usual headers; who was in is answered, then there is room."""
    answer, statuses = asyncio.run(ask_beyond(path))
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["content-type"].startswith(kind)
    assert "content-security-policy" in answer.headers
    assert statuses == [200] * 3


def test_a_full_house_is_alive() -> None:
    """Or it would be killed for being busy."""
    answer, _ = asyncio.run(ask_beyond("/livez"))
    assert answer.status_code == 200
