"""Answers to a measure that nobody could read: they may ask for help, so all see whom to call."""

import asyncio

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.gateway.bodies import MOST_BYTES as MOST_TAKEN
from services.gateway.forms.reading import ENCODING, MOST_BYTES, MOST_FIELDS
from services.gateway.web import PAGES
from services.gateway.web.measure_unkept import ADDRESS
from tests.unit.gateway.stand_ins import ORIGIN
from tests.unit.gateway.test_crowds import crowded_app
from tests.unit.gateway.test_measures_again import HELP, PATH, client_app

AGREEING = f"/plans/{uuid7()}/agree"
UNREADABLE = [
    (415, "application/json", b"{}"),
    (422, ENCODING, "item-9=\u00fc".encode()),
    (422, ENCODING, b"item-9=%ff"),
    (413, ENCODING, b"&".join(b"a=1" for _ in range(MOST_FIELDS + 1))),
    (413, ENCODING, b"item-9=" + b"1" * MOST_BYTES),
    (413, ENCODING, b"item-9=" + b"1" * MOST_TAKEN),
]


async def post(app: FastAPI, path: str, kind: str, body: bytes) -> httpx.Response:
    """What a browser gets for it."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
        headers = {"origin": ORIGIN, "accept": "text/html", "content-type": kind}
        return await browser.post(path, content=body, headers=headers)


@pytest.mark.parametrize(("status", "kind", "body"), UNREADABLE)
def test_what_cannot_be_read_hides_no_help(status: int, kind: str, body: bytes) -> None:
    """The same status as ever, whom to call, and that it is not known whether that was asked for;
    nothing is asked of anybody."""
    app, backend = client_app(None)
    answer = asyncio.run(post(app, PATH, kind, body))
    assert (answer.status_code, backend.asked) == (status, [])
    assert HELP in answer.text
    assert "Perhaps you wrote" in answer.text
    assert 'href="tel:' in answer.text
    assert "Go back in your browser" in answer.text


@pytest.mark.parametrize(("status", "kind", "body"), UNREADABLE)
def test_other_forms_that_cannot_be_read_say_so_alone(status: int, kind: str, body: bytes) -> None:
    """The twin: agreeing to a plan asks for no such thing."""
    answer = asyncio.run(post(client_app(None)[0], AGREEING, kind, body))
    assert (answer.status_code, HELP in answer.text) == (status, False)


async def post_beyond(path: str) -> httpx.Response:
    """What comes back where one more is taken in than there is room for."""
    app, leave = crowded_app(1)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        inside = asyncio.create_task(http.get("/slow"))
        await asyncio.sleep(0.05)
        answer = await post(app, path, ENCODING, b"item-9=3")
        leave.set()
        await inside
    return answer


def test_a_crowd_hides_no_help() -> None:
    """A page that is rendered once for all, with when to come again; others get a line of text."""
    answer = asyncio.run(post_beyond(PATH))
    assert (answer.status_code, HELP in answer.text) == (503, True)
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    other = asyncio.run(post_beyond(AGREEING))
    assert (other.status_code, other.headers["content-type"]) == (503, "text/plain; charset=utf-8")


def test_the_address_is_that_of_the_route() -> None:
    """Known before any route is looked for, and of no other form."""
    paths = {one.path for one in PAGES if "POST" in (one.methods or ())}
    filled = {path for path in paths if ADDRESS.fullmatch(path)}
    assert filled == {"/plans/{plan_id}/measures/{instrument}"}
