"""A practice's own template: kept of a plan's shape, written on, begun from, archived."""

import re

from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visitors
from tests.e2e.quality import assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in_as

NAME = "Evenings after a move"
GOAL = "Say what I miss on the same day."
TEMPLATE = re.compile(r"/plans/templates/[0-9a-f-]{36}$")


def test_the_shape_of_a_plan_becomes_a_template_without_its_clients_words(
    visitors: Visitors, product: Product
) -> None:
    """On a phone without a script; bad input keeps what was typed, and every page its rules."""
    desk = visitors(width=PHONE, has_script=False)
    sign_in_as(desk, product.logins["practitioner"])
    page = desk.page
    desk.goto("/plans")
    page.get_by_role("link", name="Jana Ohlendorf").click()
    own_goal = page.get_by_text("Say what I miss before it has turned into anger.").first
    expect(own_goal).to_be_visible()
    page.get_by_role("link", name="Keep its shape as a template").click()
    expect(page.get_by_text("A template tells of no client.")).to_be_visible()
    assert_fits(page)
    kept = page.url.removeprefix(desk.base_url)
    page.get_by_label("Name of the template").fill(NAME)
    page.get_by_role("button", name="Keep as a template").click()
    expect(page.locator("#errors")).to_contain_text("Say in a sentence")
    expect(page.get_by_label("Name of the template")).to_have_value(NAME)
    page.get_by_label("What it is for").fill("For those who have moved and are alone.")
    page.get_by_role("button", name="Keep as a template").click()
    page.wait_for_url(TEMPLATE)
    path = page.url.removeprefix(desk.base_url)
    expect(page.get_by_text("Not offered yet")).to_be_visible()
    expect(page.get_by_text("Say what I miss before")).to_have_count(0)
    expect(page.get_by_text("14 sessions, weekly")).to_be_visible()
    assert_fits(page)

    page.locator(f"a[href='{path}/edit/goals']").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#errors")).to_contain_text("at least one goal")
    page.get_by_label("What shall be different").first.fill(GOAL)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(GOAL)).to_be_visible()
    page.locator(f"a[href='{path}/edit/shape']").click()
    page.get_by_label("Number of sessions").fill("4")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#errors")).to_contain_text("leave no session over")
    expect(page.get_by_label("Number of sessions")).to_have_value("4")
    assert_fits(page)
    desk.goto(path)
    page.get_by_role("link", name="Begin a plan from it").click()
    chosen = page.get_by_label(re.compile(NAME))
    expect(chosen).to_be_checked()
    assert_fits(page)

    reader = visitors(width=DESKTOP)
    sign_in_as(reader, product.logins["practitioner"])
    edits = (f"{path}/edit/{part}" for part in ("focus", "shape", "measures"))
    shown = (kept, "/plans/templates", "/plans/templates/new", path, f"{path}/versions/1", *edits)
    for address in shown:
        assert_keeps_the_rules(reader, address, is_private=True)

    desk.goto(path)
    page.get_by_role("button", name="Archive it").click()
    expect(page.get_by_role("heading", name="Archived")).to_be_visible()
    assert_fits(page)
    desk.goto("/plans/new")
    expect(page.get_by_label(re.compile(NAME))).to_have_count(0)
