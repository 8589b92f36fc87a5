"""What people write at length survives a refusal: every form with a textarea, the next one too."""

import asyncio
import re
from html import unescape
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.errors import Forbidden, ServiceUnavailable, Unauthenticated
from services.contracts.plans.commands import AskForChanges
from services.gateway.forms.words import is_written, written_in
from services.gateway.visitors import Visitor
from services.gateway.web.styleguide import SAMPLES
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.sample_pages import Attributes, Page, sample_page
from tests.unit.gateway.stand_ins import ORIGIN, ToldBackend
from tests.unit.gateway.test_availability import Uncounted, refuse
from tests.unit.gateway.test_own_hold import Knows
from tests.unit.gateway.test_returning import visitor

ID = str(uuid7())
WORDS = "Sturmvogel & <Kormoran>\nand a second line"
LINK = re.compile(r"^/b/\w+")
SHORT_IDS = re.compile(r"(?<=/)(\d|[pxd])(?=/|$)")
WISH = {"number": "2", "wish": WORDS}
CHANGES = f"/plans/{ID}/changes"


class Filled(NamedTuple):
    """A form that people write in: where it goes, its fields by their tag and name."""

    action: str
    controls: list[tuple[str, Attributes]]

    @property
    def written(self) -> list[str]:
        """The fields with room for more than a line."""
        return [str(a["name"]) for tag, a in self.controls if tag == "textarea"]

    @property
    def sent(self) -> dict[str, str]:
        """All of its fields, each with something in it."""
        others = {str(a["name"]): a.get("value") or "1" for _, a in self.controls if "name" in a}
        others.pop("csrf_token", None)
        return others | dict.fromkeys(self.written, WORDS)


def forms_of(page: Page) -> list[Filled]:
    """Every form that changes something."""
    found: list[Filled] = []
    form: Filled | None = None
    for tag, a in page.tags:
        if tag == "form":
            form = Filled(str(a.get("action")), [])
            found += [form] if a.get("method") == "post" else []
        elif tag in ("input", "textarea", "select", "button") and form is not None:
            form.controls.append((tag, a))
    return found


def all_forms() -> list[Filled]:
    """Those of every page: a page without a sample fails in test_templates.py."""
    pages = (sample_page(name) for name, (kind, _) in SAMPLES.items() if kind not in NO_FORMS)
    return [form for page in pages for form in forms_of(page)]


NO_FORMS = {"intake_preview.html", "unsent.html"}
"""The one shows fields in no form, the other a form that was filled in before."""
FORMS = {SHORT_IDS.sub(ID, form.action): form for form in all_forms() if form.written}


def house(who: Visitor, **told: object) -> FastAPI:
    """The application before this visitor; services know nothing but what is told."""
    app = fresh_app()
    app.state.doorkeeper = Knows(who)
    app.state.limits = Uncounted()
    kinds = {"changes": AskForChanges}
    app.state.backend = ToldBackend({kinds[name]: answer for name, answer in told.items()})  # type: ignore[misc]
    return app


def hidden_fields(html: str) -> dict[str, str]:
    """What the form holds that sends it again."""
    found = re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', html)
    return {name: unescape(text) for name, text in found if name != "csrf_token"}


@pytest.mark.parametrize("action", FORMS)
def test_no_form_loses_what_was_written_to_a_login_that_ended(action: str) -> None:
    """The words stand in the answer and in a form that sends all of it again, beside a way to sign
    in; in no address, no cookie, no cache. A new form with a textarea is in this list by itself."""
    form = FORMS[action]
    action = LINK.sub(f"/bookings/{ID}", action)
    answer = post_form(house(Visitor()), action, form.sent)
    assert answer.status_code in (401, 404)
    assert answer.headers["cache-control"] == "no-store"
    assert not {"location", "set-cookie"} & set(answer.headers)
    page = Page(answer.text)
    assert "/sign-in" in {a.get("href") for a in page.every("a")}
    again = next(one for one in forms_of(page) if one.action == action)
    if action == f"/notes/{ID}":  # the editor itself, which has a field for each section
        assert unescape(answer.text).count(WORDS) >= len(form.written)
        return
    told = hidden_fields(answer.text)
    assert {name: text for name, text in form.sent.items() if told.get(name) != text} == {}
    assert {str(a["name"]) for _, a in again.controls if "name" in a} >= set(form.sent)
    assert "Sturmvogel &amp; &lt;Kormoran&gt;" in answer.text


def test_the_list_of_forms_is_that_of_the_product() -> None:
    """Each textarea of each page is in it, and each is known as one that people write in."""
    written = {name for form in FORMS.values() for name in form.written}
    pages = (sample_page(name) for name in SAMPLES if SAMPLES[name][0] != "styleguide.html")
    assert written == {str(a["name"]) for page in pages for a in page.every("textarea")}
    assert {name for name in written if not is_written(name)} == set()


def test_a_form_that_nobody_thought_of_would_be_found() -> None:
    """The twin: a textarea under a name that is not listed is not known."""
    page = Page('<form method="post" action="/x"><textarea name="confession"></textarea></form>')
    assert [is_written(name) for name in forms_of(page)[0].written] == [False]


def test_nothing_secret_and_nothing_else_passes_for_what_was_written() -> None:
    """No form with a password has room for words; what a page says of itself is none."""
    for form in all_forms():
        assert not (form.written and "password" in {a.get("type") for _, a in form.controls})
        hidden = {str(a.get("name")) for _, a in form.controls if a.get("type") == "hidden"}
        assert set(filter(is_written, hidden)) <= {
            "plan"
        }  # the id of a plan: ids are nothing that anybody wrote
        assert written_in({"plan": ID}) == []


@pytest.mark.parametrize(
    ("refusal", "status", "told"),
    [
        (ServiceUnavailable("down"), 503, "cannot tell whether"),
        (ZeroDivisionError(), 500, "cannot tell whether"),
        (Forbidden("no"), 403, "open for too long"),
        (Unauthenticated("ended"), 401, "Sign in in a new window"),
    ],
)
def test_no_refusal_loses_what_was_written(refusal: Exception, status: int, told: str) -> None:
    """Whatever refuses it, it can be sent once more; who is signed in is not told to sign in."""
    who = Visitor() if status == 401 else visitor()
    answer = post_form(house(who, changes=refuse(refusal)), CHANGES, WISH)
    assert (answer.status_code, hidden_fields(answer.text)) == (status, WISH)
    assert told in answer.text


def test_what_is_not_there_leaves_the_words_to_be_copied() -> None:
    """Sending them once more would not help: nothing offers to."""
    answer = post_form(house(visitor()), CHANGES, WISH)
    assert answer.status_code == 404
    assert "Sturmvogel &amp; &lt;Kormoran&gt;" in answer.text
    assert "Send it again" not in answer.text
    assert f'action="{CHANGES}"' not in answer.text


def test_the_holder_of_a_link_is_not_sent_to_sign_in() -> None:
    """A link of a mail that is known no more: there may be no account."""
    answer = post_form(house(Visitor()), "/b/gone/intake", {f"q-{ID}": WORDS})
    assert answer.status_code == 404
    assert "Sturmvogel &amp; &lt;Kormoran&gt;" in answer.text
    assert "signed out" not in answer.text


def test_a_form_without_words_leads_to_sign_in() -> None:
    """A mere button is not pressed again by a page that does not show what it does."""
    answer = post_form(house(Visitor()), CHANGES, {"number": "2", "wish": " "})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(("origin", "is_back"), [(ORIGIN, True), ("https://other.example", False)])
def test_a_page_open_for_too_long_loses_nothing(origin: str, is_back: bool) -> None:
    """Its token has ended, but the browser says that it is ours; of others nothing is shown, or
    somebody else could have their words stand on our pages."""
    app = house(visitor())

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as browser:
            headers = {"origin": origin, "accept": "text/html"}
            return await browser.post(CHANGES, data=WISH | {"csrf_token": "stale"}, headers=headers)

    answer = asyncio.run(post())
    assert answer.status_code == 403
    assert ("Sturmvogel" in answer.text, "Send it again" in answer.text) == (is_back, is_back)


def test_what_was_ticked_is_sent_again_but_not_read_as_words() -> None:
    """A yes, a number or a date says nothing without its question."""
    sent = {f"q-{UUID(int=1)}": "yes", f"q-{UUID(int=2)}": "1990-03-08", f"q-{ID}": "Kormoran"}
    answer = post_form(house(Visitor()), f"/bookings/{ID}/intake", sent)
    assert hidden_fields(answer.text) == sent
    assert re.findall(r'<p class="lines">(.*)</p>', answer.text) == ["Kormoran"]
