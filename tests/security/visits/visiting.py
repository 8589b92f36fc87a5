"""Asking the routes as each visitor, many at a time; what came back, made comparable."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx
from uuid_utils.compat import uuid7

from tests.security.visits.cast import IDLE, Cast
from tests.security.visits.recipes import path_of, recipe_of
from tests.security.visits.targets import Target

AT_ONCE = 8
TRIES = 5
LOCAL = "local "
#: These end logins: they are asked last, each with a login of its own.
ENDING = (
    *("POST /sign-in", "DELETE /api/v1/logins/current", "POST /sign-out"),
    *("DELETE /api/v1/logins", "POST /account/logins/end"),
)
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}")
_SECRET = re.compile(r"[\w-]{40,}={0,2}")
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: who asks which route about what."""

    route: str
    visitor: str
    target: Target
    bearer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Bodies and places are without ids and tokens, which differ by nature."""

    status: int
    kind: str
    body: str
    leads_to: str

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        kind, place = (response.headers.get(name, "") for name in ("content-type", "location"))
        return cls(response.status_code, kind, _bare(response.text), _bare(place))

    @property
    def cell(self) -> str:
        """As the table has it: the status, or `in` for being led to sign in."""
        return "in" if self.leads_to.startswith("/sign-in") else str(self.status)


def _bare(text: str) -> str:
    return _SECRET.sub("secret", _ID.sub("id", text))


def is_web(route: str) -> bool:
    """Whether a browser asks it, with cookies and forms."""
    return not route.split(" ")[1].startswith(("/api/", "/webhooks/"))


async def _patiently(http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The answer; 503 is asked again as late as it says, as its route's visitors would."""
    for _ in range(TRIES):
        response = await http.send(request)
        if response.status_code != 503:
            break
        await asyncio.sleep(float(response.headers["retry-after"]))
    return response


class Browser:
    """Requests of all visitors over one pool; cookies are set by hand, as they are Secure."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._csrf: dict[str, tuple[str, str]] = {}

    async def ask_all(self, visits: Iterable[Visit]) -> list[Answer]:
        """The answers, in order."""
        gate = asyncio.Semaphore(AT_ONCE)
        base_url = self.cast.product.base_url
        async with httpx.AsyncClient(
            base_url=base_url, timeout=60, trust_env=False, limits=IDLE
        ) as http:
            name, token = await self._csrf_of(http)

            async def one(visit: Visit) -> Answer:
                async with gate:
                    # Made in its turn: while thousands are made at once, the line would go cold.
                    request = self._request(http, visit, name, token)
                    return Answer.of(await _patiently(http, request))

            return list(await asyncio.gather(*(one(visit) for visit in visits)))

    async def _csrf_of(self, http: httpx.AsyncClient) -> tuple[str, str]:
        """The cookie of a browser and a token that is bound to it."""
        page = await http.get("/register")
        found = _CSRF.search(page.text)
        assert found is not None
        return page.headers["set-cookie"].partition(";")[0], found[1]

    def _request(
        self, http: httpx.AsyncClient, visit: Visit, csrf_cookie: str, csrf_token: str
    ) -> httpx.Request:
        route = visit.route.removeprefix(LOCAL)
        recipe, cast, target = recipe_of(route), self.cast, visit.target
        method, path = route.split(" ")[0], path_of(route, cast, target)
        headers, form = {"Idempotency-Key": str(uuid7())}, None
        if is_web(route):
            cookies = cast.cookies(visit.visitor, visit.bearer)
            crumbs = [f"{name}={value}" for name, value in cookies.items()]
            headers |= {"Cookie": "; ".join([*crumbs, csrf_cookie]), "Accept": "text/html"}
            form = (recipe.form(cast, target) if recipe.form else {}) | {"csrf_token": csrf_token}
        elif visit.bearer:
            headers["Authorization"] = f"Bearer {visit.bearer}"
        return http.build_request(
            method,
            path,
            headers=headers,
            params=recipe.query(cast, target) if recipe.query else None,
            json=recipe.body(cast, target) if recipe.body else None,
            data=form if method == "POST" and is_web(route) else None,
        )
