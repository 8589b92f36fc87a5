"""The HTTP side: pages for people, JSON for tests, `/livez`."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, select_autoescape

from deploy.local.mailbox.faults import Fault, Faults
from deploy.local.mailbox.reading import (
    Appointment,
    Attachment,
    Letter,
    appointments,
    full,
    read,
    summary,
    with_inline_images,
)
from deploy.local.mailbox.store import Mailstore

_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)
_SHOWN = 200
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
# A mail may style itself and open links in a new tab; it runs nothing and fetches nothing.
_MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
)


def make_app(store: Mailstore, faults: Faults) -> FastAPI:
    """The application over a folder of messages."""
    app = FastAPI(title="Mailbox", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(_json(store, faults))
    app.include_router(_pages(store))
    app.include_router(_parts(store))

    @app.get("/livez")
    async def livez() -> PlainTextResponse:
        return PlainTextResponse("ok")

    return app


def _letters(store: Mailstore, to: str | None) -> list[Letter]:
    wanted = (to or "").strip().lower()
    return [
        read(stored)
        for stored in store.all()
        if not wanted or any(wanted in one.lower() for one in stored.recipients)
    ]


def _letter(store: Mailstore, message_id: str) -> Letter:
    stored = store.get(message_id)
    if stored is None:
        raise HTTPException(404, f"no message {message_id!r}")
    return read(stored)


def _json(store: Mailstore, faults: Faults) -> APIRouter:
    routes = APIRouter(prefix="/api")

    @routes.get("/messages")
    def list_messages(to: str | None = None) -> list[dict[str, Any]]:
        return [summary(letter) for letter in _letters(store, to)]

    @routes.get("/messages/{message_id}")
    def show_message(message_id: str) -> dict[str, Any]:
        return full(_letter(store, message_id))

    @routes.delete("/messages")
    def delete_messages() -> dict[str, int]:
        return {"deleted": store.clear()}

    @routes.get("/faults")
    def list_faults() -> list[Fault]:
        return faults.listed()

    @routes.post("/faults", status_code=201)
    def add_fault(fault: Fault) -> Fault:
        faults.add(fault)
        return fault

    @routes.delete("/faults", status_code=204)
    def clear_faults() -> None:
        faults.clear()

    return routes


def _pages(store: Mailstore) -> APIRouter:
    routes = APIRouter()

    @routes.get("/")
    def show_list(to: str = "") -> Response:
        letters = _letters(store, to)
        return _page("list.html", letters=letters[:_SHOWN], to=to, count=len(letters))

    @routes.post("/delete")
    def delete(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise HTTPException(403, "the form of another page may not delete messages")
        store.clear()
        return RedirectResponse("/", 303)

    @routes.get("/messages/{message_id}")
    def show(message_id: str) -> Response:
        letter = _letter(store, message_id)
        calendars = [
            (part.name, *_calendar(part)) for part in letter.attachments if part.is_calendar
        ]
        return _page("message.html", letter=letter, calendars=calendars)

    @routes.get("/style.css")
    async def style() -> Response:
        return Response((_FOLDER / "style.css").read_bytes(), media_type="text/css")

    return routes


def _parts(store: Mailstore) -> APIRouter:
    routes = APIRouter(prefix="/messages/{message_id}")

    @routes.get("/html")
    def html(message_id: str) -> Response:
        shown = '<base target="_blank">' + with_inline_images(_letter(store, message_id))
        return HTMLResponse(
            shown,
            headers={
                "Content-Security-Policy": _MAIL_POLICY,
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            },
        )

    @routes.get("/raw")
    def raw(message_id: str) -> Response:
        content = _letter(store, message_id).stored.content
        return _download(f"{message_id}.eml", "message/rfc822", content)

    @routes.get("/attachments/{number}")
    def attachment(message_id: str, number: int) -> Response:
        parts = _letter(store, message_id).attachments
        if not 1 <= number <= len(parts):
            raise HTTPException(404, f"no attachment {number}")
        part = parts[number - 1]
        kind = part.content_type if mimetypes.guess_extension(part.content_type) else None
        return _download(part.name, kind or "application/octet-stream", part.content)

    return routes


def _calendar(part: Attachment) -> tuple[list[Appointment], str]:
    text = part.content.decode("utf-8", "replace")
    try:
        return appointments(part), text
    except ValueError:
        return [], text


def _download(name: str, content_type: str, content: bytes) -> Response:
    return Response(
        content,
        media_type=content_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _page(template: str, **values: Any) -> Response:
    html = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(
        html,
        headers={
            "Content-Security-Policy": _PAGE_POLICY,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        },
    )
