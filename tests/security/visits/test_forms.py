"""Every write of the web refuses what our own page in this browser did not send."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.security.test_routes import TABLE
from tests.security.visits.cast import Cast, client_of
from tests.security.visits.recipes import path_of, recipe_of
from tests.security.visits.targets import Target
from tests.security.visits.test_answers import target_of

WRITES = [
    route
    for route in json.loads(TABLE.read_text())
    if route.startswith("POST /") and not route.startswith(("POST /api/", "POST /webhooks/"))
]
#: How many bookings and acts on them there are.
WRITTEN = """
    SELECT count(DISTINCT b.id), count(c.id), count(*) FILTER (WHERE b.is_hold_extended)
    FROM booking.bookings b LEFT JOIN booking.changes c
      ON c.practice_id = b.practice_id AND c.booking_id = b.id
    WHERE b.practice_id = %s
"""
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Page:
    """One browser's form page: the cookie it got, and the token that is bound to it."""

    def __init__(self, http: httpx.Client) -> None:
        page = http.get("/register")
        found = TOKEN.search(page.text)
        assert found is not None
        self.token, self.cookie = found[1], page.headers["set-cookie"].partition(";")[0]


@pytest.fixture(scope="module")
def http(cast: Cast) -> Iterator[httpx.Client]:
    """A client that keeps no cookies of its own."""
    with client_of(cast.product) as client:
        yield client


@pytest.fixture(scope="module")
def own(http: httpx.Client) -> Page:
    """The page of one browser: its token serves for all its forms."""
    return Page(http)


@pytest.fixture(scope="module")
def other(http: httpx.Client) -> Page:
    """The page of another browser."""
    return Page(http)


def target_for(route: str, cast: Cast) -> Target:
    return target_of(cast, "living" if "{token}" in route else "client")


def send(http: httpx.Client, cast: Cast, route: str, token: str, **headers: str) -> httpx.Response:
    """The route's whole form as the client who is signed in would send it."""
    target, recipe = target_for(route, cast), recipe_of(route)
    form = (recipe.form(cast, target) if recipe.form else {}) | {"csrf_token": token}
    http.cookies.clear()
    return http.post(path_of(route, cast, target), data=form, headers=headers)


def cookies(cast: Cast, *crumbs: str) -> str:
    login = cast.cookies("client", cast.bearers["client"])
    return "; ".join([*(f"{name}={value}" for name, value in login.items()), *crumbs])


@pytest.mark.parametrize("route", WRITES)
def test_a_form_without_our_token_is_refused(
    route: str, own: Page, other: Page, http: httpx.Client, cast: Cast
) -> None:
    """None, one without the cookie it is bound to, one of another browser, one made up."""
    for token, crumbs in (
        ("", [own.cookie]),
        (own.token, []),
        (other.token, [own.cookie]),
        (own.token[:-4] + "AAAA", [own.cookie]),
    ):
        answer = send(http, cast, route, token, Cookie=cookies(cast, *crumbs))
        assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
@pytest.mark.parametrize("route", WRITES)
def test_a_form_from_another_site_is_refused(
    route: str, origin: str, own: Page, http: httpx.Client, cast: Cast
) -> None:
    """Even with the right token and cookie."""
    crumbs = cookies(cast, own.cookie)
    answer = send(http, cast, route, own.token, Cookie=crumbs, Origin=origin)
    assert answer.status_code == 403


def test_the_same_form_of_our_own_page_is_let_in(own: Page, http: httpx.Client, cast: Cast) -> None:
    """The twin: token, cookie and origin fit, and the form is read."""
    crumbs, origin = cookies(cast, own.cookie), cast.product.base_url
    route = "POST /bookings/{booking_id}/cancel"
    assert send(http, cast, route, own.token, Cookie=crumbs, Origin=origin).status_code == 409


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("route", WRITES)
def test_nothing_is_written_by_a_link(
    route: str, method: str, own: Page, http: httpx.Client, cast: Cast
) -> None:
    """The address of a form, opened as a link with the form's fields, never acts."""
    before = cast.rows(WRITTEN, cast.clinic.id)
    target, recipe = target_for(route, cast), recipe_of(route)
    form = (recipe.form(cast, target) if recipe.form else {}) | {"csrf_token": own.token}
    http.cookies.clear()
    path, crumbs = path_of(route, cast, target), cookies(cast, own.cookie)
    http.request(method, path, params=form, headers={"Cookie": crumbs})
    still = http.get("/account", headers={"Cookie": cookies(cast)})
    assert still.status_code == 200
    assert cast.rows(WRITTEN, cast.clinic.id) == before
