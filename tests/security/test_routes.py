"""Every route is listed with the visitors it is for; an unlisted one fails the build.

`routes.json` is the authorization matrix over HTTP in short: anybody · person (signed in) ·
booking (its guest or its account) · link (the holder of a mail's link) · plan (its client and its
practitioner) · template (practitioners of its practice) · note (its author; supervisors, to read
what is signed) · staff (members of a practice) · stripe (by signature). Local copies have a few
routes more. `visits/answers.txt` has it in full, and the running product is asked every cell of it.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from services.gateway.app import create_app
from services.gateway.config import GatewayConfig

TABLE = Path(__file__).with_name("routes.json")
VISITORS = {"anybody", "person", "booking", "link", "plan", "template", "note", "staff", "stripe"}
LOCAL_ONLY = "local "


def app_of(environment: str) -> FastAPI:
    """The application as that environment has it."""
    return create_app(
        GatewayConfig(
            environment=environment,
            amqp_url="amqp://unused",
            signing_key=base64.b64encode(bytes(32)).decode(),
            verify_keys={},
            secret_key="0" * 32,
            redis_url="redis://unused",
            public_url="http://127.0.0.1:8000",
        )
    )


def walk(routes: Iterable[Any]) -> Iterator[Any]:
    """Every route, those of included routers as well, with its whole path."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from walk(route.effective_candidates())
            yield from walk(route.effective_low_priority_routes())
        else:
            yield route


def routes_of(app: FastAPI) -> set[str]:
    """`GET /topics` for each route and method; a folder of files counts as `GET /static/*`."""
    found: set[str] = set()
    for route in walk(app.routes):
        if isinstance(route, Mount):
            found.add(f"GET {route.path}/*")
        else:
            found |= {f"{method} {route.path}" for method in route.methods - {"HEAD"}}
    return found


def listed() -> dict[str, list[str]]:
    """The table as it was committed."""
    table: dict[str, list[str]] = json.loads(TABLE.read_text())
    return table


def test_every_route_is_listed_and_every_listed_route_exists() -> None:
    """In production, where the table's local ones are not."""
    expected = {name for name in listed() if not name.startswith(LOCAL_ONLY)}
    assert routes_of(app_of("production")) == expected


def test_a_local_copy_has_the_listed_routes_and_no_others_beside() -> None:
    """What helps while developing never reaches production."""
    assert routes_of(app_of("local")) == {name.removeprefix(LOCAL_ONLY) for name in listed()}


def test_an_unlisted_route_is_found() -> None:
    """The twin: one route more, also behind an included router."""
    app = app_of("production")

    @app.get("/backdoor")
    async def backdoor() -> None:
        """Nobody decided on this."""

    assert "GET /backdoor" in routes_of(app) - listed().keys()
    assert "GET /api/v1/bookings/{booking_id}" in routes_of(app)


@pytest.mark.parametrize("route", listed())
def test_a_route_names_visitors_of_the_house(route: str) -> None:
    """At least one, and only words that the matrix knows."""
    visitors = listed()[route]
    assert visitors
    assert set(visitors) <= VISITORS


@pytest.mark.parametrize("route", [route for route in listed() if "{booking_id}" in route])
def test_a_route_on_a_booking_is_not_for_anybody(route: str) -> None:
    """Only the door to a session is, because its path holds a secret part."""
    if "{code}" not in route:
        assert "anybody" not in listed()[route]


@pytest.mark.parametrize("route", [route for route in listed() if "{token}" in route])
def test_a_route_on_a_link_is_for_its_holder(route: str) -> None:
    """And for nobody else: the link is the right."""
    assert listed()[route] == ["link"]
