"""What pages load: one stylesheet, no script in vain, addresses that change with their content."""

from hashlib import sha256

from services.gateway.web.rendering import (
    STATIC,
    asset,
    portrait,
    stylesheet,
    stylesheet_url,
)
from services.gateway.web.styleguide import SAMPLES
from tests.unit.gateway.sample_pages import sample_page


def test_a_page_waits_for_one_stylesheet_that_holds_every_style() -> None:
    """Its address changes with the content of any of its files; the week alone has more."""
    page = sample_page("checkout")
    (sheet,) = [a["href"] for a in page.every("link") if a.get("rel") == "stylesheet"]
    assert sheet == stylesheet_url()
    others = {path for path in STATIC.glob("css/*.css") if path.name != "calendar.css"}
    assert all(path.read_bytes() in stylesheet() for path in others)


def test_a_page_loads_the_scripts_that_it_has_use_for_and_no_other() -> None:
    """Each costs a phone time before it answers: htmx where it is told of, Alpine for `x-data`."""
    for name in SAMPLES:
        page = sample_page(name)
        sources = " ".join(str(a.get("src")) for a in page.every("script"))
        told = {attribute for _, attributes in page.tags for attribute in attributes}
        tells_htmx = any(attribute.startswith("hx-") for attribute in told)
        assert ("htmx" in sources) == tells_htmx, name
        assert ("alpine" in sources) == ("x-data" in told), name


def test_a_form_is_saved_while_it_is_typed_by_one_script() -> None:
    """Two that send the same form each outdate the revision that the other one holds."""
    scripts = {path.name: path.read_text() for path in STATIC.glob("js/*.js")}
    for attribute in ("data-autosave", "data-keep"):
        savers = [name for name, text in scripts.items() if f"form[{attribute}]" in text]
        assert len(savers) == 1, attribute
        forms = [
            attributes
            for page in map(sample_page, SAMPLES)
            for attributes in page.every("form")
            if attribute in attributes
        ]
        assert forms, attribute


def test_no_script_keeps_a_page_from_being_shown() -> None:
    """All scripts wait until the page is there, and stand after what it waits for itself."""
    for page in map(sample_page, SAMPLES):
        assert all("defer" in attributes for attributes in page.every("script"))
        awaited = [tag for tag, a in page.tags if tag == "script" or a.get("rel") == "stylesheet"]
        assert awaited[0] == "link"


def test_a_page_asks_early_for_the_letters_that_it_is_written_in() -> None:
    """Found only in the styles, they would come a trip later."""
    page = sample_page("directory")
    early = [str(a["href"]) for a in page.every("link") if a.get("rel") == "preload"]
    assert early
    for url in early:
        assert url.encode() in stylesheet()
        assert (STATIC / url.removeprefix("/static/")).is_file()


def test_every_picture_keeps_its_place_until_it_comes() -> None:
    """Its measures stand in the page, so that nothing moves when it arrives."""
    for name in SAMPLES:
        pictures = sample_page(name).every("img")
        assert all(a.get("width") and a.get("height") for a in pictures), name


def test_a_portrait_of_ours_may_be_kept_for_ever() -> None:
    """Its address carries its digest; what is no file of ours stays as it is."""
    assert portrait("/static/portraits/mara-lindenau.svg") == asset("portraits/mara-lindenau.svg")
    for other in ("", "/static/portraits/nobody.svg", "/static/../app.py", "/elsewhere.svg"):
        assert portrait(other) == other


def test_an_asset_address_changes_with_its_content() -> None:
    """Static files may be cached for ever: the digest is part of the address."""
    digest = sha256((STATIC / "css/tokens.css").read_bytes()).hexdigest()
    assert asset("css/tokens.css") == f"/static/css/tokens.css?v={digest[:10]}"
