"""The guard of every request: CSRF tokens, compressed pages, and answers to what breaks."""

import base64
from functools import cache

import pytest
from fastapi import FastAPI, Request
from starlette.requests import Request as Bare
from structlog.testing import capture_logs

from services.common.errors import Forbidden
from services.gateway.app import create_app
from services.gateway.config import GatewayConfig
from services.gateway.protection import Csrf, masked, unmasked
from services.gateway.visitors import Doorkeeper
from tests.unit.gateway.stand_ins import ORIGIN, NoRedis, ToldBackend, fetch

SOME_ID = "0192f000-0000-7000-8000-0000000000b1"


@cache
def settings() -> GatewayConfig:
    """Settings that reach nothing; who wants others makes a copy."""
    return GatewayConfig(
        amqp_url="amqp://unused",
        signing_key=base64.b64encode(bytes(32)).decode(),
        verify_keys={},
        secret_key="0" * 32,
        redis_url="redis://unused",
        public_url=ORIGIN,
        environment="test",
    )


def request(csrf: Csrf, seed: str, origin: str | None = ORIGIN) -> Bare:
    """A request of a browser with this cookie."""
    headers = [(b"cookie", f"{csrf.cookie}={seed}".encode())]
    if origin:
        headers.append((b"origin", origin.encode()))
    return Bare({"type": "http", "method": "POST", "path": "/", "headers": headers})


@pytest.fixture
def csrf() -> Csrf:
    """Tokens under the settings' key."""
    return Csrf(settings())


def test_a_token_never_looks_the_same_twice_and_is_always_accepted(csrf: Csrf) -> None:
    """What is compressed beside a stranger's text cannot be guessed from lengths (BREACH)."""
    here = request(csrf, "seed")
    tokens = {csrf.token(here) for _ in range(50)}
    assert len(tokens) == 50
    parts = {token[i : i + 8] for token in tokens for i in (0, 60)}
    assert len(parts) == 100
    for token in tokens:
        csrf.check(here, token)


def test_the_token_of_another_browser_is_refused(csrf: Csrf) -> None:
    """A token belongs to the cookie it was made beside."""
    token = csrf.token(request(csrf, "mine"))
    with pytest.raises(Forbidden):
        csrf.check(request(csrf, "yours"), token)


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "A" * 116, masked("forged"), "%%%"])
def test_what_is_no_token_is_refused_and_breaks_nothing(csrf: Csrf, token: str) -> None:
    """Anything may be posted."""
    with pytest.raises(Forbidden):
        csrf.check(request(csrf, "seed"), token)


def test_a_form_of_another_origin_is_refused_with_the_right_token(csrf: Csrf) -> None:
    """Twin of the token: the Origin header alone stops it."""
    token = csrf.token(request(csrf, "seed"))
    csrf.check(request(csrf, "seed", None), token)
    with pytest.raises(Forbidden):
        csrf.check(request(csrf, "seed", "https://elsewhere.example"), token)


def test_masking_hides_and_gives_back() -> None:
    """The mask is undone exactly."""
    assert unmasked(masked("a-Z_9" * 8)) == "a-Z_9" * 8


@pytest.fixture
def app() -> FastAPI:
    """The application without servers, and one route that breaks."""
    made = create_app(settings())
    made.state.doorkeeper = Doorkeeper(settings(), NoRedis())

    @made.get("/breaks")
    async def breaks(request: Request) -> None:
        raise ZeroDivisionError

    return made


def test_pages_are_compressed_for_who_can_read_it(app: FastAPI) -> None:
    """A page comes as gzip on request, as it is otherwise, and caches keep the two apart."""
    packed = fetch(app, "/crisis-help", accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    plain = fetch(app, "/crisis-help", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert packed.num_bytes_downloaded < plain.num_bytes_downloaded / 2
    assert packed.text[:15] == plain.text[:15] == "<!doctype html>"


def test_what_breaks_is_answered_by_a_page_with_all_headers(app: FastAPI) -> None:
    """The page names the request, so that its log can be found, and tells nothing else."""
    answer = fetch(app, "/breaks", x_request_id="find-me-1")
    assert answer.status_code == 500
    assert "reference find-me-1" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["x-request-id"] == "find-me-1"
    assert answer.headers["cache-control"] == "no-store"


def test_what_breaks_is_answered_by_a_problem_for_programs(app: FastAPI) -> None:
    """RFC 9457 for who did not ask for a page."""
    answer = fetch(app, "/breaks", accept="application/json")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 500


@pytest.mark.parametrize(
    ("path", "route"),
    [
        (f"/bookings/{SOME_ID}/paid", "/bookings/{booking_id}/paid"),
        (f"/b/{SOME_ID}", "/b/{token}"),
        (f"/join/{SOME_ID}/{SOME_ID}", "/join/{booking_id}/{code}"),
        (f"/api/v1/bookings/{SOME_ID}", "/api/v1/bookings/{booking_id}"),
        ("/topics/grief", "/topics/{slug}"),
        ("/livez", "/livez"),
        (f"/static/css/base.css?v={SOME_ID}", "/static"),
        (f"/static/{SOME_ID}", "/static"),
        (f"/nowhere/{SOME_ID}", "none"),
        (f"/bookings/{SOME_ID}/nowhere", "none"),
    ],
)
def test_the_log_names_the_route_and_never_the_address(app: FastAPI, path: str, route: str) -> None:
    """Whose booking, which topic: that stays out of the log, found or not."""
    app.state.backend = ToldBackend({})
    with capture_logs() as logged:
        fetch(app, path)
    (line,) = [one for one in logged if one["event"] == "request"]
    assert line["route"] == route
    assert SOME_ID not in str(logged)
    assert "grief" not in str(logged)
