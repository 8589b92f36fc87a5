"""The gateway's application: layers, routes, error pages, health."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from redis.asyncio import Redis
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from services.common import config, logging
from services.common.auth import Actor, Signer
from services.common.errors import Busy, InvalidInput, NotFound, Refusal
from services.common.health import CheckHealth, Health
from services.gateway import api, errors, web, webhooks
from services.gateway.backend import Backend
from services.gateway.calling import AsyncCaller
from services.gateway.changes import Changes, Hearing
from services.gateway.config import GatewayConfig
from services.gateway.connections import server_options
from services.gateway.heads import HeadAsGet
from services.gateway.limits import Holds, Limits
from services.gateway.protection import Csrf, Guard
from services.gateway.visitors import Doorkeeper
from services.gateway.web.measure_unkept import help_in_a_crowd
from services.gateway.web.remembered import Remembered
from services.gateway.web.rendering import STATIC, asset

SERVICES = ("profiles", "booking", "plans", "billing", "notify")
# 1 is quick, 9 is small: beyond 5 a page takes twice as long for a twentieth of its size.
COMPRESSION = 5
PROBLEM = "application/problem+json"
STARTUP_FAILURE = 3
"""What uvicorn's own command exits with where it could not begin."""


class CachedStatic(StaticFiles):
    """Static files; those asked for by their own digest may be kept for ever.

    By another digest a browser asks that saw a page of another release: while one takes the
    place of the other, it must not keep this answer under that name. Fonts carry a version.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked_for = f"/static/{path}?{scope['query_string'].decode('latin-1')}"
        is_exact = path.endswith(".woff2") or asked_for == asset(path)
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if is_exact else "public, max-age=300"
        )
        return response


def create_app(settings: GatewayConfig) -> FastAPI:
    """The application, ready to be served."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        caller = AsyncCaller(settings.amqp_url, Signer("gateway", settings.signing_key))
        redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
        app.state.backend = Backend(caller)
        app.state.doorkeeper = Doorkeeper(settings, redis)
        app.state.limits = Limits(redis, settings.key)
        app.state.holds = Holds(redis, settings.key)
        hearing = asyncio.create_task(Hearing(settings.amqp_url, app.state.changes).run())
        yield
        hearing.cancel()
        await caller.close()
        await redis.aclose()

    app = FastAPI(
        title="Attune",
        version="1",
        summary="Find a therapist or coach, book, pay, change.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    furnish(app, settings)
    app.add_middleware(GZipMiddleware, compresslevel=COMPRESSION)
    app.add_middleware(Guard, settings=settings, broken=_broken, untaken=_untaken, crowded=_crowded)
    app.add_middleware(HeadAsGet)
    app.mount("/static", CachedStatic(directory=STATIC), name="static")
    app.router.routes += [*api.ROUTES, *webhooks.router.routes, *web.routes(settings)]
    _add_health(app)
    _add_errors(app)
    return app


def furnish(app: FastAPI, settings: GatewayConfig) -> None:
    """What requests find before anybody stands behind the application, as good as new."""
    app.state.settings = settings
    app.state.csrf = Csrf(settings)
    app.state.catalogue = Remembered()
    app.state.changes = Changes(settings.streams_per_login)


def _add_health(app: FastAPI) -> None:
    @app.get("/livez", include_in_schema=False)
    async def livez() -> dict[str, str]:
        """Touches nothing."""
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    async def readyz(request: Request) -> JSONResponse:
        """Asks every service at once."""
        found = await asyncio.gather(*(_health(request, name) for name in SERVICES))
        is_ready = all(health.is_ready for health in found)
        body = {health.service: health.checks for health in found}
        return JSONResponse(body, status_code=200 if is_ready else 503)


async def _health(request: Request, name: str) -> Health:
    backend: Backend = request.app.state.backend
    try:
        return await backend.ask_service(name, Actor(), CheckHealth(), Health)
    except Exception as error:
        told = {"service": f"does not answer: {type(error).__name__}"}
        return Health(service=name, is_ready=False, checks=told)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        status, headers = errors.status_of(refusal), errors.headers_of(refusal)
        return await _failed(request, status, errors.problem_of(refusal), headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, flaws: RequestValidationError) -> Response:
        refusal = InvalidInput("Some fields need another look.", _fields(flaws))
        return await _failed(request, 422, errors.problem_of(refusal), {})

    @app.exception_handler(HTTPException)
    async def unrouted(request: Request, error: HTTPException) -> Response:
        body = errors.problem(error.status_code, str(error.detail))
        if error.status_code == 404:
            body = errors.problem_of(NotFound("There is nothing here."))
        return await _failed(request, error.status_code, body, dict(error.headers or {}))


async def _broken(request: Request) -> Response:
    return await _failed(request, 500, errors.problem(500, "Something broke on our side."), {})


async def _untaken(request: Request, refusal: HTTPException) -> Response:
    body = errors.problem(refusal.status_code, refusal.detail)
    return await _failed(request, refusal.status_code, body, {})


async def _crowded(request: Request) -> Response:
    """No page: rendering one would cost what there is too little of. But for whom to call."""
    refusal = Busy("There are many visitors right now. Please try again in a moment.")
    headers = errors.headers_of(refusal)
    if _is_program_path(request):
        body = errors.problem_of(refusal)
        return JSONResponse(body, status_code=503, headers=headers, media_type=PROBLEM)
    if shown := help_in_a_crowd(request):
        shown.headers.update(headers)
        return shown
    return PlainTextResponse(refusal.message, status_code=503, headers=headers)


def _fields(flaws: RequestValidationError) -> dict[str, str]:
    found = flaws.errors()
    # The place of such a flaw is a position in the text and no field.
    if any(flaw["type"] == "json_invalid" for flaw in found):
        return {"body": "is not valid JSON"}
    return {_field(flaw): flaw["msg"] for flaw in found}


def _field(flaw: Any) -> str:
    place = [str(part) for part in flaw["loc"] if part not in ("body", "query", "path", "header")]
    return ".".join(place) or "body"


async def _failed(
    request: Request, status: int, body: dict[str, Any], headers: dict[str, str]
) -> Response:
    """A page for people, a problem body for programs."""
    is_page = "text/html" in request.headers.get("accept", "") and not _is_program_path(request)
    if is_page:
        return await web.error_page(request, status, headers)
    return JSONResponse(body, status_code=status, headers=headers, media_type=PROBLEM)


def _is_program_path(request: Request) -> bool:
    return str(request.scope["path"]).startswith(("/api/", "/webhooks/", "/static/"))


class Serving(uvicorn.Server):
    """Ends what would never end by itself before it waits for requests under way."""

    def __init__(self, config: uvicorn.Config, changes: Changes) -> None:
        super().__init__(config)
        self._changes = changes

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop; streams of changes end first."""
        self._changes.close()
        await super().shutdown(sockets)


def serve() -> None:
    """Run uvicorn until SIGTERM; requests under way finish."""
    try:
        settings = config.load(GatewayConfig)
    except config.SettingsError as error:
        config.stop(error)
    logging.configure("gateway", settings.log_level)
    app = create_app(settings)
    told = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=10,
        **server_options(settings),
    )
    server = Serving(told, app.state.changes)
    server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
