"""A practitioner sets the hours: by keyboard, without scripts, on a phone; clients see them."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from deploy.local.product import Product
from services.common.clock import utc_now
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.quality import assert_accessible, assert_fits
from tests.e2e.steps import sign_in_as

TIMES = "/practitioners/mara-lindenau/times"


def open_hours(visitors: Visitors, product: Product, **visitor: object) -> Visit:
    visit = visitors(**visitor)  # type: ignore[arg-type]
    sign_in_as(visit, product.logins["practitioner"])
    visit.page.get_by_role("link", name="Availability").click()
    expect(visit.page.locator("h1")).to_have_text("Availability")
    return visit


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The last change is undone.")).to_be_visible()


def next_sunday() -> str:
    today = utc_now().date()
    return f"{today + timedelta(days=(6 - today.weekday()) % 7 + 14)}"


@pytest.mark.parametrize(("width", "has_script"), [(DESKTOP, True), (PHONE, False)])
def test_hours_are_previewed_saved_seen_by_clients_and_undone(
    width: int, has_script: bool, visitors: Visitors, product: Product
) -> None:
    """A Sunday that is closed opens for two hours until midnight."""
    visit = open_hours(visitors, product, width=width, has_script=has_script)
    page, day = visit.page, next_sunday()
    client = visitors(width=width, has_script=has_script)
    client.goto(f"{TIMES}?day={day}")
    late = client.page.locator(f"a.slot[href*='{day}T2']")
    expect(late).to_have_count(0)

    page.get_by_text("Add hours on Sunday").click()
    page.get_by_label("Sunday from").fill("22")
    page.get_by_label("Sunday until").fill("24:00")
    page.get_by_role("button", name="Preview as client").click()
    expect(page.get_by_text("they are not saved yet")).to_be_in_viewport()
    if has_script:
        assert_accessible(page)
    assert_fits(page)
    client.goto(f"{TIMES}?day={day}")
    expect(late).to_have_count(0)

    page.get_by_role("button", name="Save hours").click()
    expect(page.get_by_text("The hours are saved")).to_be_visible()
    expect(page.get_by_label("Sunday from", exact=True)).to_have_value("22:00")
    client.goto(f"{TIMES}?day={day}")
    expect(late.first).to_be_visible()
    undo(page)
    client.goto(f"{TIMES}?day={day}")
    expect(late).to_have_count(0)
    visit.watch.assert_quiet()


def test_an_overlap_is_named_and_the_keyboard_gets_there(
    visitors: Visitors, product: Product
) -> None:
    """The summary has the focus; its link leads to the field, and nothing was saved."""
    visit = open_hours(visitors, product)
    page = visit.page
    opens = page.get_by_label("Monday from", exact=True)
    saved = opens.input_value()
    opens.focus()
    for _ in range(40):
        if page.evaluate("document.activeElement.innerText").startswith("Add hours"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("1030")
    page.keyboard.press("Enter")
    errors = page.get_by_role("alert")
    expect(errors).to_contain_text("Monday: the time overlaps")
    expect(errors).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true]")).to_have_value("10")
    assert_accessible(page)
    visit.goto("/availability")
    expect(page.get_by_label("Monday from", exact=True)).to_have_value(saved)
    visit.watch.assert_quiet()


def test_two_browsers_do_not_overwrite_each_other(visitors: Visitors, product: Product) -> None:
    """The second reads what the first changed, keeps what was typed, and may save it after all."""
    first, second = (open_hours(visitors, product) for _ in range(2))
    first.page.get_by_label("Friday until", exact=True).fill("12:30")
    first.page.get_by_role("button", name="Save hours").click()
    expect(first.page.get_by_text("The hours are saved")).to_be_visible()
    second.page.get_by_label("Tuesday until", exact=True).fill("12:00")
    second.page.get_by_role("button", name="Save hours").click()
    told = second.page.get_by_role("alert")
    expect(told).to_contain_text("Friday is 09:00-12:30 (was 09:00-13:00)")
    expect(second.page.get_by_label("Tuesday until", exact=True)).to_have_value("12:00")
    undo(second.page)


def test_a_date_and_time_off_are_added_removed_and_brought_back(
    visitors: Visitors, product: Product
) -> None:
    """Each removal can be undone from the top of the page."""
    visit = open_hours(visitors, product, width=PHONE)
    page, day = visit.page, next_sunday()
    page.get_by_label("Date", exact=True).fill(day)
    page.get_by_label("Hours from", exact=True).fill("9")
    page.get_by_label("Hours until", exact=True).fill("11")
    page.get_by_role("button", name="Save this date").click()
    expect(page.get_by_text("09:00–11:00")).to_be_visible()
    page.get_by_role("button", name="Remove other hours").click()
    expect(page.get_by_text("No date differs")).to_be_visible()
    undo(page)
    expect(page.get_by_text("09:00–11:00")).to_be_visible()
    undo(page)

    before = page.get_by_role("button", name="Remove time off").count()
    page.get_by_label("First day").fill(day)
    page.get_by_label("From (optional)").fill("14")
    page.get_by_role("button", name="Add time off").click()
    expect(page.get_by_text("The time off is saved.")).to_be_visible()
    removals = page.get_by_role("button", name="Remove time off")
    expect(removals).to_have_count(before + 1)
    removals.first.click()
    expect(removals).to_have_count(before)
    undo(page)
    expect(removals).to_have_count(before + 1)
    assert_fits(page)
    undo(page)
    visit.watch.assert_quiet()


def test_the_front_desk_chooses_among_calendars(visitors: Visitors, product: Product) -> None:
    """And reads whose hours they are."""
    visit = visitors()
    sign_in_as(visit, product.logins["admin"])
    visit.page.get_by_role("link", name="Availability", exact=True).click()
    visit.page.get_by_role("main").get_by_role("link").first.click()
    expect(visit.page.locator("h1")).to_contain_text("Availability of ")
