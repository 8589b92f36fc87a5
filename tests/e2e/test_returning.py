"""Who comes back: fewer clicks, nothing agreed to twice, nothing typed twice; phones first."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.steps import (
    PAYMENT_PAGE,
    Guest,
    choose_slot,
    choose_topic,
    pay,
    press_pay,
    register,
    sign_in_as,
    slot_links,
)

MOST_CLICKS = 3
PAY = re.compile("^Pay ")


def known_to_a_practice(visitors: Visitors, width: int) -> tuple[Visit, str]:
    """Somebody with an account and a booking, and the practice of it."""
    visit, guest = visitors(width=width), Guest.new()
    register(visit, guest)
    visit.goto("/directory")
    slot = choose_slot(visit)
    expect(visit.page.locator("#field-consent")).not_to_be_checked()
    press_pay(visit.page)
    pay(visit.page)
    return visit, parse_qs(urlsplit(slot.url).query)["practice"][0]


def press_pay_again(page: Page) -> None:
    """Pay without a tick: the page says what was agreed to, and when."""
    expect(page.locator("#field-consent")).to_be_hidden()
    expect(page.get_by_text("as you agreed on")).to_be_visible()
    page.get_by_role("button", name=PAY).click()
    page.wait_for_url(PAYMENT_PAGE)


def listed_times(visit: Visit, practice: str) -> list[Locator]:
    """The times of a practice on the first page of the directory that lists any: who has them
    soonest stands first, and others book meanwhile."""
    path: str | None = "/directory"
    while path:
        visit.goto(path)
        links = slot_links(visit.page)
        if found := [one for one in links if practice in (one.get_attribute("href") or "")]:
            return found
        path = visit.page.locator("a[rel=next]").get_attribute("href")
    raise AssertionError("nobody of the practice is listed")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_returning_client_is_booked_three_clicks_after_the_directory(
    width: int, visitors: Visitors
) -> None:
    """The slot, Pay, and Pay on the hosted page: no second consent, nothing typed again."""
    visit, practice = known_to_a_practice(visitors, width)
    links = listed_times(visit, practice)
    before = visit.presses
    links[-1].click()
    visit.page.wait_for_url(re.compile(r"/book\?"))
    press_pay_again(visit.page)
    pay(visit.page)
    assert visit.presses - before <= MOST_CLICKS, visit.watch.presses
    visit.watch.assert_quiet()


def test_home_offers_the_next_times_of_those_one_has_been_with(
    visitors: Visitors, product: Product
) -> None:
    """The same three clicks from there, to the same kind of session as last time."""
    visit = visitors(width=PHONE)
    sign_in_as(visit, product.logins["client"])
    visit.goto("/home")
    before = visit.presses
    again = visit.page.locator("section", has=visit.page.get_by_role("heading", name="Book again"))
    assert again.locator("a.slot").count() >= 3
    again.locator("a.slot").last.click()
    press_pay_again(visit.page)
    pay(visit.page)
    assert visit.presses - before <= MOST_CLICKS
    visit.watch.assert_quiet()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_who_books_for_somebody_else_says_so_and_agrees(
    width: int, visitors: Visitors, product: Product
) -> None:
    """The page asks who comes. The remembered consent is not that person's; a word is enough to
    name them, and what was chosen stays until it is right."""
    visit = visitors(width=width)
    sign_in_as(visit, product.logins["client"])
    visit.goto("/home")
    visit.page.locator("a.slot").last.click()
    expect(visit.page.get_by_label("I am", exact=True)).to_be_checked()
    expect(visit.page.get_by_label("Their name")).to_be_hidden()
    visit.page.get_by_text("Somebody else", exact=True).click()
    expect(visit.page.get_by_text("as you agreed on")).to_be_hidden()
    visit.page.get_by_role("button", name=PAY).click()
    expect(visit.page.locator("#error-another_name")).to_be_visible()
    expect(visit.page.locator("#error-consent")).to_be_visible()
    expect(visit.page.get_by_label("Somebody else", exact=True)).to_be_checked()
    visit.page.get_by_label("Their name").fill("Carl Example")
    press_pay(visit.page)
    pay(visit.page)
    visit.watch.assert_quiet()


@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844)])
def test_the_first_persons_times_stand_on_the_first_screen_of_a_phone(
    width: int, height: int, visitors: Visitors
) -> None:
    """Once a topic is chosen nobody has to scroll to see what can be booked."""
    visit = visitors(width=PHONE)
    visit.page.set_viewport_size({"width": width, "height": height})
    choose_topic(visit)
    slots = visit.page.locator(".person .slots").first
    slots.wait_for()
    box = slots.bounding_box()
    assert box is not None
    assert visit.page.evaluate("window.scrollY") == 0
    assert box["y"] + box["height"] <= height


def test_filters_stay_open_while_they_are_chosen_and_close_over_the_result(
    visitors: Visitors,
) -> None:
    """Each choice is followed at once; "Show" gives the room back to the people."""
    visit = visitors(width=PHONE)
    visit.goto("/directory")
    filters = visit.page.locator(".filters")
    filters.locator("summary").click()
    visit.page.get_by_label("Who", exact=True).select_option("coach")
    visit.page.wait_for_url(re.compile("kind=coach"))
    expect(filters.locator(".badge")).to_have_text("1 set")
    expect(visit.page.get_by_label("Language", exact=True)).to_be_visible()
    visit.page.get_by_role("button", name="Show").click()
    expect(visit.page.get_by_label("Language", exact=True)).to_be_hidden()
    visit.watch.assert_quiet()
