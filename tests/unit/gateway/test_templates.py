"""The pages, rendered with the samples: complete, accessible in structure, free of inline code."""

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from services.gateway.web.rendering import STATIC, TEMPLATES, environment, render
from services.gateway.web.samples import people
from services.gateway.web.styleguide import SAMPLES
from tests.unit.gateway.sample_pages import Page, sample_html, sample_page

PRIVATE = {
    *("payment_pending", "confirmation", "booking", "cancel", "reschedule", "not_movable"),
    *("join_wait", "end_links", "plan_of_client", "plan_of_practitioner", "plan_edit"),
    *("plan_version", "plan_looks", "plan_exercise", "plan_measure", "plan_answered"),
    *("plan_answers", "plan_review", "plan_dates"),
    *("notes", "note", "note_edit", "note_sign"),
    *("intake", "intake_given", "intake_consents", "consent", "client_intake"),
}


def inline_code(page: Page) -> list[str]:
    """Everything a policy without unsafe-inline would block."""
    found = [tag for tag, a in page.tags if tag == "style" or (tag == "script" and "src" not in a)]
    for tag, attributes in page.tags:
        found += [f"{tag} {name}" for name in attributes if name == "style" or name[:2] == "on"]
    return found


def foreign_addresses(page: Page) -> list[str]:
    """What the page would fetch from, or send to, somebody else."""
    loaded = [a.get(name) or "" for _, a in page.tags for name in ("src", "action", "srcset")]
    linked = [a.get("href") or "" for a in page.every("link")]
    return [url for url in loaded + linked if "//" in url]


def unlabelled(page: Page) -> list[str]:
    """Visible controls without a label that points to them."""
    labels = {a.get("for") for a in page.every("label")}
    controls = page.every("input", "select", "textarea")
    silent = {"hidden", "submit"}
    visible = [a for a in controls if a.get("type") not in silent and "aria-hidden" not in a]
    return [str(a.get("name")) for a in visible if a.get("id") not in labels]


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> tuple[str, Page]:
    """Each sample page: the name of its template and what was parsed of it."""
    template, _ = SAMPLES[request.param]
    return template.removesuffix(".html"), sample_page(request.param)


def test_a_page_has_one_main_heading_and_the_landmarks(sample: tuple[str, Page]) -> None:
    """Screen readers find their way: one h1, one main, header, footer, a skip link, a language."""
    _, page = sample
    counted = Counter(tag for tag, _ in page.tags)
    assert [counted[tag] for tag in ("h1", "main", "title")] == [1, 1, 1]
    assert page.every("html")[0]["lang"] == "en"
    assert any(a.get("href") == "#main" and a.get("class") == "skip" for a in page.every("a"))


def test_a_page_leads_to_help_in_a_crisis(sample: tuple[str, Page]) -> None:
    """The link stands on every page, whatever else fails."""
    assert any(a.get("href") == "/crisis-help" for a in sample[1].every("a"))


def test_a_page_holds_no_inline_code_and_asks_no_third_party(sample: tuple[str, Page]) -> None:
    """The strict content security policy blocks nothing that a page needs."""
    assert inline_code(sample[1]) == []
    assert foreign_addresses(sample[1]) == []


def test_ids_are_unique_and_references_lead_somewhere(sample: tuple[str, Page]) -> None:
    """Labels, descriptions and error links point at exactly one element."""
    _, page = sample
    ids = page.ids()
    wanted = " ".join(
        a.get(name) or ""
        for _, a in page.tags
        for name in ("for", "aria-labelledby", "aria-describedby")
    ).split()
    wanted += [str(a["href"])[1:] for a in page.every("a") if str(a.get("href")).startswith("#")]
    assert [name for name, times in ids.items() if times > 1] == []
    assert set(wanted) - set(ids) == set()


def test_every_control_has_a_label_and_every_picture_an_alternative(
    sample: tuple[str, Page],
) -> None:
    """No control is nameless; pictures say what they show or that they only decorate."""
    assert unlabelled(sample[1]) == []
    assert all("alt" in a for a in sample[1].every("img"))


def test_every_form_that_changes_something_carries_the_csrf_token(
    sample: tuple[str, Page],
) -> None:
    """As many tokens as POST forms."""
    _, page = sample
    posts = [a for a in page.every("form") if a.get("method") == "post"]
    tokens = [a for a in page.every("input") if a.get("name") == "csrf_token"]
    assert len(tokens) == len(posts)


def test_pages_behind_private_links_are_not_indexed(sample: tuple[str, Page]) -> None:
    """A private link that leaks into a search engine's crawl stays out of its index."""
    template, page = sample
    robots = [a.get("content") for a in page.every("meta") if a.get("name") == "robots"]
    assert (template not in PRIVATE) or robots == ["noindex"]


def test_times_are_machine_readable(sample: tuple[str, Page]) -> None:
    """Each time element names its instant or date."""
    stamp = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
    assert all(stamp.fullmatch(str(a.get("datetime"))) for a in sample[1].every("time"))


def test_the_checks_notice_what_they_guard_against() -> None:
    """Twin: a page with every fault is caught by each check."""
    page = Page(
        '<p style="x" onclick="y">a</p><script>1</script><img src="https://a.example/b">'
        '<input name="q">'
    )
    assert inline_code(page) == ["script", "p style", "p onclick"]
    assert foreign_addresses(page) == ["https://a.example/b"]
    assert unlabelled(page) == ["q"]


def test_what_people_typed_is_escaped_everywhere() -> None:
    """A name made of markup shows as text in attributes and in text."""
    template, context = SAMPLES["checkout-errors"]
    hostile = '"><script>alert(1)</script>'
    practitioner = people.MIRIAM | {"name": hostile}
    html = render(
        template,
        context
        | {"values": {"name": hostile}, "errors": {"name": hostile}}
        | {"session": people.SESSION | {"practitioner": practitioner}},
    )
    assert hostile not in html
    assert html.count("&lt;script&gt;") >= 4


def test_a_missing_name_is_an_error_not_a_gap() -> None:
    """A price that was forgotten stops the page instead of showing nothing."""
    template, context = SAMPLES["checkout"]
    session = {name: value for name, value in people.SESSION.items() if name != "price_label"}
    with pytest.raises(UndefinedError, match="price_label"):
        render(template, context | {"session": session})


def test_slots_of_the_directory_lead_straight_to_checkout() -> None:
    """First of the clicks to a booked hour: nothing stands between a card and the checkout."""
    page = sample_page("directory")
    slots = [str(a["href"]) for a in page.every("a") if a.get("class") == "slot"]
    assert len(slots) == 12
    assert all(url.startswith("/book?offering=") and "&start=" in url for url in slots)


def test_times_to_book_again_stand_below_the_zone_they_are_in() -> None:
    """Named before the first of them, and another one can be chosen."""
    html = sample_html("home")
    zone, first = html.index("Berlin time</strong>"), html.index('class="slot"')
    assert html.index('id="again"') < zone < first
    assert "zone" in {a.get("name") for a in Page(html).every("select")}


def test_who_lost_a_race_keeps_what_was_typed() -> None:
    """Each of the three nearest slots posts the typed name and address along, with a fresh id."""
    page = sample_page("slot-taken")
    sent = page.every("input")
    assert [a["value"] for a in sent if a["name"] == "name"] == ["Jonas Weber"] * 3
    assert [a["value"] for a in sent if a["name"] == "form_id"] == ["a", "b", "c"]


def test_the_zone_stands_beside_the_time_of_a_session_that_is_over() -> None:
    """As beside every other time."""
    over = render("join_wait.html", SAMPLES["join-over"][1])
    assert SAMPLES["join-over"][1]["session"]["zone_label"] in over.partition("is over")[2]


def test_an_error_is_listed_and_tied_to_its_field() -> None:
    """The summary links to the field, and the field is described by its message."""
    page = sample_page("checkout-errors")
    email = next(a for a in page.every("input") if a.get("name") == "email")
    assert email["aria-invalid"] == "true"
    assert "error-email" in str(email["aria-describedby"]).split()
    assert any(a.get("href") == "#field-email" for a in page.every("a"))


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_every_template_names_its_context_and_is_in_the_table(template: Path) -> None:
    """Who writes a route finds what the page expects, at its top and in the README."""
    assert template.read_text().startswith("{#-")
    in_table = f"`{template.name}`" in (TEMPLATES / "README.md").read_text()
    assert in_table or template.name == "base.html"


def test_every_page_template_has_a_sample() -> None:
    """No page goes untested because nobody made content for it."""
    pages = {path.name for path in TEMPLATES.glob("*.html")} - {"base.html", "styleguide.html"}
    assert pages == {template for template, _ in SAMPLES.values()}


def test_vendored_files_are_the_ones_that_were_reviewed() -> None:
    """Digests in VENDORED.md match the files, and no file is missing from the table."""
    table = (STATIC / "vendor" / "VENDORED.md").read_text()
    listed = dict(re.findall(r"\| `([\w./-]+)` \|.*`([0-9a-f]{64})` \|", table))
    kept = [
        *STATIC.glob("vendor/*.js"),
        *STATIC.glob("vendor/*.css"),
        *STATIC.glob("fonts/*.woff2"),
    ]
    actual = {str(p.relative_to(STATIC)): sha256(p.read_bytes()).hexdigest() for p in kept}
    assert listed == actual


def test_every_class_in_the_templates_has_a_style() -> None:
    """A class that no stylesheet knows is a typing error or a left-over."""
    css = "".join(path.read_text() for path in STATIC.glob("css/*.css"))
    styled = set(re.findall(r"\.([a-z][\w-]*)", css))
    used = {
        name
        for page in map(sample_page, SAMPLES)
        for _, a in page.tags
        for name in (a.get("class") or "").split()
    }
    hooks = {"slots__item", "slot__time", "picker__times", "banner--info"}
    assert used - styled - hooks == set()


def schemes() -> dict[str, dict[str, str]]:
    """The colours of both schemes, from the one file that defines them."""
    light, dark = (STATIC / "css" / "tokens.css").read_text().split("@media", 1)
    colour = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    base = dict(colour.findall(light))
    return {"light": base, "dark": base | dict(colour.findall(dark))}


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ("paper", "surface", "sunken", "accent-soft", "hero", "tag")
TEXT_PAIRS = (
    [(text, ground) for text in ("ink", "ink-soft", "accent") for ground in GROUNDS]
    + [(kind, f"{kind}-soft") for kind in ("good", "warn", "bad")]
    + [("on-accent", "accent"), ("on-accent", "accent-strong"), ("accent-strong", "accent-soft")]
    + [("surface", "bad"), ("ink", "tone-1"), ("ink", "tone-4"), ("paper", "ink")]
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids=" on ".join)
def test_text_meets_wcag_aa_in_both_schemes(scheme: str, pair: tuple[str, str]) -> None:
    """At least 4.5 to 1 for every pair of text and ground that the components use."""
    colours = schemes()[scheme]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_edges_of_controls_can_be_seen(scheme: str, ground: str) -> None:
    """At least 3 to 1 (WCAG 1.4.11)."""
    colours = schemes()[scheme]
    assert contrast(colours["control"], colours[ground]) >= 3


def test_templates_are_autoescaped() -> None:
    """The environment escapes by default, so that no page has to remember it."""
    assert environment().from_string("{{ name }}").render(name="<b>") == "&lt;b&gt;"
