"""What pages load: one stylesheet, no script in vain, addresses that change with their content."""

from hashlib import sha256

from services.gateway.web.rendering import (
    STATIC,
    asset,
    portrait,
    render,
    stylesheet,
    stylesheet_url,
)
from services.gateway.web.styleguide import SAMPLES
from tests.unit.gateway.test_templates import Page


def test_a_page_waits_for_one_stylesheet_that_holds_every_style() -> None:
    """Its address changes with the content of any of its files."""
    page = Page(render(*SAMPLES["checkout"]))
    (sheet,) = [a["href"] for a in page.every("link") if a.get("rel") == "stylesheet"]
    assert sheet == stylesheet_url()
    for path in STATIC.glob("css/*.css"):
        assert path.read_bytes() in stylesheet()


def test_pages_without_behaviours_load_no_alpine() -> None:
    """It is a third of all scripts; pages with `x-data` cannot do without."""
    for name, (template, context) in SAMPLES.items():
        page = Page(render(template, context))
        has_alpine = any("alpine" in (a.get("src") or "") for a in page.every("script"))
        needs_it = any("x-data" in attributes for _, attributes in page.tags)
        assert has_alpine or not needs_it, name
    assert "alpine" not in render(*SAMPLES["directory"])


def test_a_portrait_of_ours_may_be_kept_for_ever() -> None:
    """Its address carries its digest; what is no file of ours stays as it is."""
    assert portrait("/static/portraits/mara-lindenau.svg") == asset("portraits/mara-lindenau.svg")
    for other in ("", "/static/portraits/nobody.svg", "/static/../app.py", "/elsewhere.svg"):
        assert portrait(other) == other


def test_an_asset_address_changes_with_its_content() -> None:
    """Static files may be cached for ever: the digest is part of the address."""
    digest = sha256((STATIC / "css/tokens.css").read_bytes()).hexdigest()
    assert asset("css/tokens.css") == f"/static/css/tokens.css?v={digest[:10]}"
