"""The HTTP face: API, payment page, control endpoint, `/livez`."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from deploy.local.stripe_twin import api as stripe_api
from deploy.local.stripe_twin import faults, misfortunes
from deploy.local.stripe_twin.control import router
from deploy.local.stripe_twin.pages import STYLE, Page, PaymentPages
from deploy.local.stripe_twin.store import Store

_OUT_OF_ORDER = Page(500, "<!doctype html><title>Error</title><p>The page is out of order.</p>")


class DroppableProtocol(HttpToolsProtocol):
    """Hands each request its connection, so that an answer can be dropped without a byte."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


def make_app(store: Store, api: stripe_api.Api) -> FastAPI:
    """The application over a store."""
    app = FastAPI(title="Stripe twin", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(router(store, api))
    app.include_router(misfortunes.router(store, api))
    _add_pages(app, store, PaymentPages(store, api))

    @app.get("/livez")
    async def livez() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.api_route("/v1/{rest:path}", methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
    async def answer(request: Request, rest: str) -> Response:
        done = await run_in_threadpool(api.answer, _request(request, await request.body()))
        if done.is_dropped:
            _drop(request)
        return Response(done.body, done.status, done.headers, "application/json")

    return app


def _request(request: Request, body: bytes = b"") -> stripe_api.Request:
    return stripe_api.Request(
        request.method,
        request.url.path,
        request.url.query,
        body,
        {name.lower(): value for name, value in request.headers.items()},
    )


def _drop(request: Request) -> None:
    request.scope["state"]["transport"].abort()


def _add_pages(app: FastAPI, store: Store, pages: PaymentPages) -> None:
    @app.get("/c/style.css")
    async def style() -> Response:
        return Response(STYLE, media_type="text/css")

    @app.get("/c/pay/{session_id}")
    def show(session_id: str) -> Response:
        return _response(pages.show(session_id))

    @app.post("/c/pay/{session_id}")
    async def pay(request: Request, session_id: str) -> Response:
        typed = {name: str(value) for name, value in (await request.form()).items()}
        return await _faulty(store, request, pages.pay, session_id, typed)

    @app.get("/c/pay/{session_id}/authenticate")
    def ask(session_id: str) -> Response:
        return _response(pages.ask(session_id))

    @app.post("/c/pay/{session_id}/authenticate")
    async def authenticate(request: Request, session_id: str) -> Response:
        is_granted = (await request.form()).get("answer") == "complete"

        def act(session_id: str) -> Page:
            return pages.authenticate(session_id, is_granted=is_granted)

        return await _faulty(store, request, act, session_id)


async def _faulty(store: Store, request: Request, act: Any, *args: Any) -> Response:
    """Post a page's form, with the faults that are switched on for its path."""
    heard = _request(request)

    def plan_and_act() -> tuple[faults.CallPlan, Page]:
        with store.transaction() as tx:
            plan = faults.call_plan(tx, heard.method, heard.path)
        if plan.delay:
            time.sleep(plan.delay)
        page = _OUT_OF_ORDER if "error_before" in plan else act(*args)
        page = _OUT_OF_ORDER if "error_after" in plan else page
        with store.transaction() as tx:
            stripe_api.log(tx, heard, stripe_api.Answer(page.status, "", {}), str(plan))
        return plan, page

    plan, page = await run_in_threadpool(plan_and_act)
    if "drop_answer" in plan:
        _drop(request)
    return _response(page)


def _response(page: Page) -> Response:
    if page.location is not None:
        return RedirectResponse(page.location, page.status)
    targets = " ".join(("'self'", *page.origins))
    policy = (
        f"default-src 'none'; style-src 'self'; img-src data:; form-action {targets};"
        " base-uri 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(
        page.html,
        page.status,
        {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )
