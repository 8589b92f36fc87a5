"""What guards every request: the host, the origin, the CSRF token, headers, the log."""

import base64
import secrets
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from time import monotonic
from urllib.parse import quote, urlsplit

from fastapi import Request, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.common import context
from services.common.crypto import is_signed, sign
from services.common.errors import Forbidden
from services.common.logging import get_logger
from services.gateway.answers import Made
from services.gateway.bodies import Bodies
from services.gateway.config import GatewayConfig
from services.gateway.connections import HEALTH
from services.gateway.visitors import set_cookie

log = get_logger(__name__)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def content_security_policy(checkout_origins: tuple[str, ...]) -> str:
    """Nothing from elsewhere, nothing inline; forms may lead on to the hosted payment page.

    Chromium applies form-action to the redirect of a POST as well, hence Checkout's origin.
    """
    targets = " ".join(["'self'", *checkout_origins])
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none';"
        f" frame-ancestors 'none'; form-action {targets}"
    )


def route_of(scope: Scope) -> str:
    """The template of the route that answered: `/bookings/{booking_id}/paid`, never an address.

    "none" where no route answered.
    """
    if scope["path"].startswith("/static/"):
        return "/static"
    return str(getattr(scope.get("route"), "path", "")) or "none"


def _is_health(scope: Scope) -> bool:
    return scope["path"] in HEALTH


def hostname(host: str) -> str:
    """The name within a Host header; "" for what is none, such as a bracket left open."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


Answering = Callable[[Request], Awaitable[Response]]
"""Makes the answer to a request that the application itself cannot answer."""
Refusing = Callable[[Request, HTTPException], Awaitable[Response]]
"""Makes the answer to a request whose body was not taken."""


class Guard:
    """The outermost layer: one request id, known hosts only, safe headers, one log line.

    What fails within is answered here as well, by `broken`: an answer made further out would
    lack the headers and could not name the request id. A body that is too long, or does not
    come in time, is answered by `untaken`.

    Beyond `requests_at_once` requests under way, `crowded` answers at once, and cheaply: a
    queue would only make everybody wait for longer than they do. A request is under way from when
    its body is there until its answer is made: who sends or takes slowly keeps nobody else out.
    A stream of events is made once it has begun: it is sent as it comes.

    The line tells the route and not the address: a topic or a search beside an account is
    health data.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: GatewayConfig,
        broken: Answering,
        untaken: Refusing,
        crowded: Answering,
    ) -> None:
        self.app = app
        self.settings = settings
        self.broken = broken
        self.untaken = untaken
        self.crowded = crowded
        self.bodies = Bodies(settings.body_seconds, settings.bodies_per_address)
        self.under_way = 0
        self.headers = {
            "content-security-policy": content_security_policy(settings.checkout_origins),
            "referrer-policy": "same-origin",
            "x-content-type-options": "nosniff",
            "cross-origin-opener-policy": "same-origin",
            "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
        }
        if settings.public_url.startswith("https://"):
            self.headers["strict-transport-security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        with context.request(context.accept_request_id(headers.get("x-request-id"))):
            guarded = self._guarded(scope, send)
            if elsewhere := self._elsewhere(scope, headers):
                await elsewhere(scope, receive, guarded)
            else:
                await self._received(scope, receive, guarded)

    async def _received(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body, then answer; nobody who has left meanwhile."""
        try:
            whole = await self.bodies.read(scope, receive)
        except ClientDisconnect:
            return
        except HTTPException as refusal:
            made = Made(send)
            await self._make(self._refusing(refusal), scope, receive, made)
            await made.send_kept()
            return
        if self.under_way >= self.settings.requests_at_once and not _is_health(scope):
            response = await self.crowded(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._counted(scope, whole, send)

    def _refusing(self, refusal: HTTPException) -> ASGIApp:
        """Whoever sends too slowly or too much at once loses the connection with it."""

        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive)
            if refusal.status_code == 503:
                response = await self.crowded(request)
            else:
                response = await self.untaken(request, refusal)
            if refusal.status_code != 413:
                response.headers["connection"] = "close"
            await response(scope, receive, send)

        return refuse

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as place:
            self.under_way += 1
            place.callback(self._leave)
            made = Made(send, place.close)
            await self._make(self.app, scope, receive, made)
        await made.send_kept()

    def _leave(self) -> None:
        self.under_way -= 1

    async def _make(self, app: ASGIApp, scope: Scope, receive: Receive, made: Made) -> None:
        """The whole answer; that of `broken` where making it fails, unless it is sent already."""
        try:
            await app(scope, receive, made.take)
        except Exception as error:
            log.error("request failed", exc_info=error)
            if not made.is_stream:
                made.kept.clear()
                response = await self.broken(Request(scope, receive))
                await response(scope, receive, made.take)

    def _elsewhere(self, scope: Scope, headers: Headers) -> Response | None:
        """For a host that is not ours: the way to ours, so that no link is ever built from it."""
        host = headers.get("host", "")
        if host == self.settings.public_host or _is_health(scope):
            return None
        is_local = hostname(host) in ("localhost", "127.0.0.1")
        if is_local and scope["method"] in SAFE_METHODS:
            query = scope["query_string"].decode("latin-1")
            address = self.settings.origin + quote(scope["path"])
            return RedirectResponse(f"{address}?{query}" if query else address)
        return PlainTextResponse("This host is not served here.", status_code=421)

    def _guarded(self, scope: Scope, send: Send) -> Send:
        began = monotonic()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                headers["x-request-id"] = context.request_id()
                headers.setdefault("cache-control", "no-store")
                log.info(
                    "request",
                    method=scope["method"],
                    route=route_of(scope),
                    status=message["status"],
                    ms=round((monotonic() - began) * 1000, 1),
                )
            await send(message)

        return guarded


class Csrf:
    """A signed token in each form, bound to a cookie of this browser; and the Origin header.

    The token looks different in every answer: pages are compressed, and what stays the same
    beside text that a stranger may choose can be guessed from the length (BREACH,
    CVE-2013-3587).
    """

    def __init__(self, settings: GatewayConfig) -> None:
        self._key = settings.key
        self._origin = settings.origin
        self.cookie = f"__Host-attune-csrf-{settings.port}"

    def token(self, request: Request) -> str:
        """The token for the forms of this page; `keep` must follow on its response."""
        seed = request.cookies.get(self.cookie) or getattr(request.state, "csrf_seed", "")
        if not seed:
            seed = secrets.token_urlsafe(24)
            request.state.csrf_seed = seed
        return masked(sign(self._key, "csrf", seed))

    def keep(self, request: Request, response: Response) -> None:
        """Give a new visitor the cookie that the token is bound to."""
        if seed := getattr(request.state, "csrf_seed", ""):
            set_cookie(response, self.cookie, seed)

    def is_from_here(self, request: Request) -> bool:
        """Whether the browser says that a page of ours sent this; a foreign one cannot make it."""
        return request.headers.get("origin") == self._origin

    def check(self, request: Request, token: str) -> None:
        """Raises Forbidden unless the form came from our own page in this browser."""
        origin = request.headers.get("origin")
        seed = request.cookies.get(self.cookie, "")
        is_ours = is_signed(self._key, "csrf", seed, unmasked(token))
        if origin not in (None, self._origin) or not is_ours:
            raise Forbidden("The page was open for too long, or was not ours. Please try again.")


def masked(token: str) -> str:
    """The token under a fresh one-time pad that stands before it, URL-safe."""
    plain = token.encode()
    pad = secrets.token_bytes(len(plain))
    return base64.urlsafe_b64encode(pad + _xor(pad, plain)).decode()


def unmasked(text: str) -> str:
    """The token that `masked` hid; some other text for what it did not make."""
    try:
        sealed = base64.urlsafe_b64decode(text)
    except ValueError:
        return ""
    half = len(sealed) // 2
    return _xor(sealed[:half], sealed[half:]).decode("latin-1")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
