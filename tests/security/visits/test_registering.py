"""Registering and signing in answer alike for every address; a mail tells its owner what it was."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.post import Post
from tests.factories.people import PASSWORD as RIGHT
from tests.security.visits.cast import API, Cast, client_of, patiently
from tests.security.visits.recipes import stranger
from tests.security.visits.test_forms import Page
from tests.security.visits.visiting import Answer

PASSWORD = "Kirschkern-und-Kompass-5"
LURE = "You Have Won Our Prize"
LINK, KNOWN = "Finish your Attune account", "You have an Attune account already"


@dataclass(frozen=True, slots=True)
class Outsider:
    """A browser with a form page of its own; it types any address, and has no mailbox."""

    http: httpx.Client
    page: Page

    def send(self, path: str, email: str, cookies: str = "", **form: str) -> httpx.Response:
        told = {"email": email, "csrf_token": self.page.token} | form
        self.http.cookies.clear()
        crumbs = "; ".join(filter(None, (self.page.cookie, cookies)))
        headers = {"Cookie": crumbs, "Accept": "text/html"}
        return patiently(lambda: self.http.post(path, data=told, headers=headers))

    def register(self, email: str) -> httpx.Response:
        form = {"name": LURE, "password": PASSWORD, "terms": "yes"}
        return self.send("/register", email, **form)


@pytest.fixture(scope="module")
def outsider(cast: Cast) -> Iterator[Outsider]:
    """Somebody who wants to know who has an account."""
    with client_of(cast.product) as http:
        yield Outsider(http, Page(http))


@pytest.fixture(scope="module")
def addresses(cast: Cast) -> tuple[str, str]:
    """One that nobody has ever typed, and a client's."""
    return stranger().email, cast.people["client2"].email


def seen(answer: httpx.Response, email: str) -> tuple[Answer, list[str]]:
    """All that an outsider sees, apart from what they typed and from secrets: the page, and each
    cookie with what it says of itself and how long it is."""
    told = Answer.of(answer)
    cookies = [
        f"{crumb.split('=')[0]} {len(crumb)} {crumb.partition(';')[2].partition('expires')[0]}"
        for crumb in answer.headers.get_list("set-cookie")
    ]
    return Answer(told.status, told.kind, told.body.replace(email, "typed"), told.leads_to), cookies


def call(cast: Cast, resource: str, sent: dict[str, str]) -> httpx.Response:
    """What the API answers."""
    return patiently(lambda: cast.http.post(f"{API}/{resource}", json=sent))


def test_the_whole_way_of_an_outsider_is_the_same(
    outsider: Outsider, addresses: tuple[str, str], cast: Cast
) -> None:
    """Register, have the mail again, sign in with the password that was chosen: byte by byte, from
    the form and from the API. Then their owners read what it was."""
    ways = []
    for email in addresses:
        registered = outsider.register(email)
        crumb = registered.headers["set-cookie"].partition(";")[0]
        following = outsider.http.get("/register/mail", headers={"Cookie": crumb})
        asked = {"email": email, "name": LURE, "password": PASSWORD}
        answers = [
            registered,
            following,
            outsider.send("/register/mail", "", crumb),
            outsider.send("/register/mail", email),
            outsider.send("/sign-in", email, password=PASSWORD),
            call(cast, "accounts", asked),
            call(cast, "logins", {"email": email, "password": PASSWORD}),
        ]
        ways.append([seen(answer, email) for answer in answers])
    assert ways[0] == ways[1]
    assert [answer.status for answer, _ in ways[0]] == [303, 200, 303, 303, 422, 202, 401]
    free, known = addresses
    with Post(cast.product.mailbox_url) as post:
        assert set(post.wait_for_all(free, 4)) == {LINK}
        assert set(post.wait_for_all(known, 4)) == {KNOWN}


def test_a_difference_would_be_seen(outsider: Outsider, addresses: tuple[str, str]) -> None:
    """The twin: one who knows a password sees another page, and other cookies, than one who
    does not."""
    _, known = addresses
    right = seen(outsider.send("/sign-in", known, password=RIGHT), known)
    wrong = seen(outsider.send("/sign-in", known, password=PASSWORD), known)
    assert right[0] != wrong[0]
    assert right[1] != wrong[1]


def test_the_mail_makes_the_account_and_repeats_nothing_typed(
    outsider: Outsider, cast: Cast
) -> None:
    """Its link needs the browser or the password; afterwards it is dead for everybody."""
    email = stranger().email
    crumb = outsider.register(email).headers["set-cookie"].partition(";")[0]
    with Post(cast.product.mailbox_url) as post:
        letter = post.wait_for(email, LINK)
    assert "Won Our Prize" not in letter.text
    assert letter.confirm_link.startswith(cast.product.base_url)
    path = urlsplit(letter.confirm_link).path
    for _ in range(2):
        page = outsider.http.get(path)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert email not in page.text
    assert outsider.send(path, "", password="a guess of a stranger").status_code == 422
    assert not cast.rows("SELECT 1 FROM profiles.accounts WHERE email = %s", email)
    entered = outsider.send(path, "", crumb)
    assert (entered.status_code, entered.headers["location"]) == (303, "/home")
    for dead in (outsider.http.get(path), outsider.send(path, "", crumb, password=PASSWORD)):
        assert dead.status_code == 404
    assert outsider.send("/sign-in", email, password=PASSWORD).status_code == 303


def test_many_registrations_of_one_address_are_refused(cast: Cast) -> None:
    """429 with a time, however many network addresses they come from."""
    email = stranger().email
    sent = {"email": email, "name": "Neu", "password": PASSWORD}
    answers = [call(cast, "accounts", sent) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) > 0
