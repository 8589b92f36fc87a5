"""How what a page loads is sent: compressed, kept for ever under its digest, asked for once."""

import gzip
from collections.abc import Callable
from functools import cache

import pytest
from fastapi import FastAPI

from services.gateway.web.rendering import asset, stylesheet_url
from services.gateway.web.styleguide import SAMPLES
from tests.unit.gateway.apps import fresh_app
from tests.unit.gateway.sample_pages import Page, sample_html, sample_page
from tests.unit.gateway.stand_ins import fetch

FOR_EVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
SCRIPT = asset("js/attune.js")
MOST_BYTES = 42_000
"""Of markup, styles and scripts as sent; fonts come beside them and are not waited for."""
CALENDAR_BYTES = 85_000
"""Where somebody works all day, with a grid to drag in."""


@pytest.fixture(scope="module")
def app() -> FastAPI:
    """The application with nothing behind it."""
    return fresh_app()


@pytest.fixture(scope="module")
def weight(app: FastAPI) -> Callable[[str], int]:
    """How many bytes an address takes to fetch, compressed; asked once for all pages."""
    return cache(lambda address: fetch(app, address, accept_encoding="gzip").num_bytes_downloaded)


def loaded(page: Page) -> list[str]:
    """The addresses that a page asks for by itself, pictures apart."""
    found = [str(a["src"]) for a in page.every("script")]
    awaited = {"stylesheet", "preload", "icon"}
    return found + [str(a["href"]) for a in page.every("link") if a.get("rel") in awaited]


@pytest.mark.parametrize("name", ["directory", "slots", "unpaid", "checkout", "home"])
def test_everything_that_a_page_loads_is_kept_for_ever(name: str, app: FastAPI) -> None:
    """The second page of a visit asks for itself only."""
    addresses = loaded(sample_page(name))
    assert len(addresses) >= 4
    for address in addresses:
        answer = fetch(app, address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, FOR_EVER), address


@pytest.mark.parametrize("address", [stylesheet_url(), SCRIPT, asset("css/base.css")])
def test_under_another_digest_nothing_is_kept_for_ever(address: str, app: FastAPI) -> None:
    """Two releases run side by side for a moment: what one calls new, the other has not got."""
    path, _, digest = address.partition("?v=")
    for other in (path, f"{path}?v=0123456789", f"{path}?v=", f"{path}?w={digest}"):
        assert fetch(app, other).headers["cache-control"] == BRIEFLY, other
    assert fetch(app, address).headers["cache-control"] == FOR_EVER


@pytest.mark.parametrize(
    "address", [stylesheet_url(), SCRIPT, asset("portraits/mara-lindenau.svg")]
)
def test_text_is_sent_compressed_and_apart_from_what_is_not(address: str, app: FastAPI) -> None:
    """Styles, scripts and drawings shrink to less than two thirds; caches keep both apart."""
    packed = fetch(app, address, accept_encoding="gzip")
    plain = fetch(app, address, accept_encoding="identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert packed.num_bytes_downloaded * 3 < plain.num_bytes_downloaded * 2
    assert packed.content == plain.content


def test_what_is_compressed_already_is_sent_as_it_is(app: FastAPI) -> None:
    """Fonts would take time and become no smaller."""
    (font,) = {one for one in loaded(sample_page("home")) if "source-sans" in one}
    assert "content-encoding" not in fetch(app, font, accept_encoding="gzip").headers


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_page_stays_small_beside_its_letters(name: str, weight: Callable[[str], int]) -> None:
    """What a phone has to fetch before a page can be read and pressed, compressed."""
    html = sample_html(name)
    beside = sum(weight(one) for one in loaded(sample_page(name)) if not one.endswith(".woff2"))
    most = CALENDAR_BYTES if "week-grid" in html else MOST_BYTES
    assert len(gzip.compress(html.encode())) + beside < most
