"""Times in the viewer's own zone, and in another one when asked."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import PHONE, Visitors

PRACTITIONER = "/practitioners/mara-lindenau"
"""Works in Berlin."""


def instants(slots: Locator) -> list[str]:
    """The starts as points in time."""
    found = slots.locator("time").evaluate_all("all => all.map(one => one.dateTime)")
    return [str(one) for one in found]


def shown_zone(page: Page) -> Locator:
    """What the page says its times are in."""
    return page.locator(".zone summary strong")


def test_a_browser_in_new_york_sees_its_own_time_beside_berlins(visitors: Visitors) -> None:
    """The zone is detected and named; the practitioner's local time stands beside each start."""
    visit = visitors(zone="America/New_York", width=PHONE)
    visit.goto("/directory")
    expect(shown_zone(visit.page)).to_have_text("New York time")
    visit.goto(f"{PRACTITIONER}/times")
    expect(shown_zone(visit.page)).to_have_text("New York time")
    there = visit.page.locator("#times .slot__there").first
    expect(there).to_contain_text("Berlin")
    here = visit.page.locator("#times .slot__time").first.inner_text()
    assert here not in there.inner_text()
    visit.page.locator("#times a.slot").first.click()
    visit.page.wait_for_url(re.compile("/book"))
    expect(visit.page.locator("main")).to_contain_text("New York time")
    expect(visit.page.locator("main")).to_contain_text("Berlin")
    visit.watch.assert_quiet()


def test_the_zone_is_changed_in_place_and_the_starts_stay_the_same(visitors: Visitors) -> None:
    """Another zone writes the same points in time differently, and is kept by the links."""
    visit = visitors(zone="Europe/Berlin")
    visit.goto(PRACTITIONER)
    slots = visit.page.locator("a.slot")
    before, labels = instants(slots), slots.locator(".slot__time").all_inner_texts()
    visit.page.locator(".zone summary").click()
    visit.page.get_by_label("Time zone").select_option("Asia/Tokyo")
    visit.page.get_by_role("button", name="Use this zone").click()
    visit.page.wait_for_url(re.compile("zone=Asia"))
    expect(shown_zone(visit.page)).to_have_text("Tokyo time")
    assert instants(slots) == before != []
    assert slots.locator(".slot__time").all_inner_texts() != labels
    slots.first.click()
    visit.page.wait_for_url(re.compile("/book"))
    expect(visit.page.locator("main")).to_contain_text("Tokyo time")
