"""A rendered page with what every page carries, and the way on after a form."""

import base64
import binascii
import json
from collections.abc import Mapping
from time import time
from typing import Any, Literal

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from services.common.crypto import is_signed, sign
from services.common.errors import Busy
from services.contracts.profiles.accounts import AccountView
from services.gateway.asking import visitor_of
from services.gateway.config import GatewayConfig
from services.gateway.protection import Csrf
from services.gateway.visitors import Visitor, set_cookie
from services.gateway.web.money_desk import keeps_money
from services.gateway.web.receiving import receives, treats
from services.gateway.web.rendering import render

Context = dict[str, Any]
Kind = Literal["good", "warn", "bad", "info"]
NOTICE_SECONDS = 120


async def page(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    active: str = "",
    notices: list[Context] | None = None,
) -> HTMLResponse:
    """The page; `notices` are shown beside the one that a redirect brought."""
    csrf: Csrf = request.app.state.csrf
    brought, visitor = _brought_notice(request), await visitor_if_known(request)
    common = {
        "viewer": viewer(visitor),
        "csrf_token": csrf.token(request),
        "active": active,
        "notices": [*brought, *(notices or [])],
    }
    response = HTMLResponse(render(template, common | dict(context)), status_code=status)
    response.headers["cache-control"] = _cache_rule(request, visitor)
    csrf.keep(request, response)
    if brought:
        response.delete_cookie(_cookie(request), path="/", secure=True, httponly=True)
    return response


def _cache_rule(request: Request, visitor: Visitor) -> str:
    """Nothing of a person or a booking stays in a browser that others may use after them."""
    is_of_booking = not {"booking_id", "token"}.isdisjoint(request.path_params)
    return "no-store" if visitor.login or is_of_booking else "private, no-cache"


def redirect(
    request: Request, url: str, *, notice: str = "", kind: Kind = "good"
) -> RedirectResponse:
    """See other (303), with a notice that the next page shows once.

    `url` is one of our own paths, or a payment page that billing named.
    """
    response = RedirectResponse(url, status_code=303)
    if notice:
        set_cookie(response, _cookie(request), _sealed(request, kind, notice), NOTICE_SECONDS)
    return response


def lead_on(request: Request, url: str) -> Response:
    """A redirect that a page which refreshes itself follows as a whole: htmx wants a header."""
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"HX-Redirect": url})
    return redirect(request, url)


def viewer(visitor: Visitor) -> Context | None:
    """Who is signed in, as the frame of the page shows them."""
    if visitor.login is None:
        return None
    account = visitor.login.account
    role = role_of(account)
    return {
        "name": account.name,
        "role": role,
        "home_url": home_url(role),
        "receives": bool(receives(account)),
        "keeps_money": bool(keeps_money(account)),
    }


def role_of(account: AccountView) -> str:
    """Whose screens the account sees: practitioner, admin, operator or client."""
    if any(treats(membership) for membership in account.memberships):
        return "practitioner"
    if account.is_operator:
        return "operator"
    return "admin" if account.memberships else "client"


def home_url(role: str) -> str:
    """Where somebody begins after signing in."""
    return "/home" if role == "client" else "/today"


async def visitor_if_known(request: Request) -> Visitor:
    """Nobody, where logins cannot be read: an error page must not fail over its frame."""
    try:
        return await visitor_of(request)
    except Busy:
        return Visitor()


def _cookie(request: Request) -> str:
    return f"__Host-attune-notice-{_settings(request).port}"


def _settings(request: Request) -> GatewayConfig:
    settings: GatewayConfig = request.app.state.settings
    return settings


def _sealed(request: Request, kind: Kind, text: str) -> str:
    told = json.dumps({"kind": kind, "text": text, "until": int(time()) + NOTICE_SECONDS})
    body = base64.urlsafe_b64encode(told.encode()).decode()
    return f"{body}.{sign(_settings(request).key, 'notice', body)}"


def _brought_notice(request: Request) -> list[Context]:
    body, _, signature = request.cookies.get(_cookie(request), "").partition(".")
    if not body or not is_signed(_settings(request).key, "notice", body, signature):
        return []
    try:
        told = json.loads(base64.urlsafe_b64decode(body))
    except (binascii.Error, ValueError):
        return []
    if told["until"] < time():
        return []
    return [{"kind": told["kind"], "text": told["text"]}]
