"""Asking the routes as each visitor, many at a time; what came back, made comparable."""

import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from queue import SimpleQueue
from time import sleep
from urllib.parse import urlencode

import httpx
from uuid_utils.compat import uuid7

from tests.security.visits.cast import Cast
from tests.security.visits.recipes import path_of, recipe_of
from tests.security.visits.targets import Sent, Target

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
    """What came back, and as which request. Bodies and places are without ids and tokens, which
    differ by nature."""

    status: int
    kind: str
    body: str
    leads_to: str
    request_id: str = field(default="", compare=False)

    @classmethod
    def of(cls, response: httpx.Response) -> "Answer":
        names = ("content-type", "location", "x-request-id")
        kind, place, request_id = (response.headers.get(name, "") for name in names)
        return cls(response.status_code, kind, _bare(response.text), _bare(place), request_id)

    @property
    def cell(self) -> str:
        """As the table has it: the status, or `in` for being led to sign in."""
        return "in" if self.leads_to.startswith("/sign-in") else str(self.status)


def _bare(text: str) -> str:
    return _SECRET.sub("secret", _ID.sub("id", text))


def is_web(route: str) -> bool:
    """Whether a browser asks it, with cookies and forms."""
    return not route.split(" ")[1].startswith(("/api/", "/webhooks/"))


class Line:
    """A connection that is kept from one request to the next; it carries one at a time."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method: str, path: str, headers: Sent, content: str | None) -> httpx.Response:
        """The answer; 503 is asked again as late as it says, as its route's visitors would."""
        for _ in range(TRIES):
            response = self._send(method, path, headers, content)
            if response.status_code != 503:
                break
            self.close()
            sleep(float(response.headers["retry-after"]))
        return response

    def _send(self, method: str, path: str, headers: Sent, content: str | None) -> httpx.Response:
        self._connection.request(method, path, content, headers)
        came = self._connection.getresponse()
        return httpx.Response(came.status, headers=came.getheaders(), content=came.read())

    def close(self) -> None:
        self._connection.close()


class Browser:
    """Requests of all visitors over a few lines; cookies are set by hand, as they are Secure.

    The lines are those of the standard library: a whole HTTP library took as long for each of the
    thousands of requests as the gateway does.
    """

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._csrf: tuple[str, str] = ("", "")

    def ask_all(self, visits: Iterable[Visit]) -> list[Answer]:
        """The answers, in order."""
        idle: SimpleQueue[Line] = SimpleQueue()
        lines = [Line(self.cast.product.port) for _ in range(AT_ONCE)]
        self._csrf = self._new_csrf(lines[0])
        for line in lines:
            idle.put(line)

        def one(visit: Visit) -> Answer:
            line = idle.get()
            try:
                return Answer.of(line.ask(*self._request(visit)))
            finally:
                idle.put(line)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(one, visits))
        for line in lines:
            line.close()
        return answers

    def _new_csrf(self, line: Line) -> tuple[str, str]:
        """The cookie of a browser and a token that is bound to it."""
        page = line.ask("GET", "/register", {}, None)
        found = _CSRF.search(page.text)
        assert found is not None
        return page.headers["set-cookie"].partition(";")[0], found[1]

    def _request(self, visit: Visit) -> tuple[str, str, Sent, str | None]:
        """Method, path with its query, headers and content."""
        route = visit.route.removeprefix(LOCAL)
        recipe, cast, target = recipe_of(route), self.cast, visit.target
        method, path = route.split(" ")[0], path_of(route, cast, target)
        headers, content = {"Idempotency-Key": str(uuid7())}, None
        if is_web(route):
            headers |= {"Cookie": self._cookies(visit), "Accept": "text/html"}
        elif visit.bearer:
            headers["Authorization"] = f"Bearer {visit.bearer}"
        if method == "POST" and is_web(route):
            form = recipe.form(cast, target) if recipe.form else {}
            content = urlencode(form | {"csrf_token": self._csrf[1]})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif recipe.body:
            content = json.dumps(recipe.body(cast, target))
            headers["Content-Type"] = "application/json"
        query = f"?{urlencode(recipe.query(cast, target))}" if recipe.query else ""
        return method, path + query, headers, content

    def _cookies(self, visit: Visit) -> str:
        held = self.cast.cookies(visit.visitor, visit.bearer)
        return "; ".join([*(f"{name}={value}" for name, value in held.items()), self._csrf[0]])
