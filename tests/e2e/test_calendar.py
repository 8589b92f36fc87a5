"""The week's work in a calendar: seen, marked, dragged, moved by keyboard, changed by others."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.hours_of_nell import Booked, Nell, free_day
from tests.e2e.quality import assert_accessible, assert_fits, assert_guarded, look

HOUR = timedelta(hours=1)
AN_HOUR_DOWN = 80
"""Pixels of the grid: two slots of half an hour."""
LOOKS, BETWEEN_LOOKS_MS = 25, 150
TABS = 40
"""No part of a page is further away."""
IS_FOCUSED = """
    one => new Promise(tell => requestAnimationFrame(() => tell(one === document.activeElement)))
"""
"""Asked once the browser has drawn what the last key did."""


@pytest.fixture(scope="module")
def nell(product: Product) -> Nell:
    """A practice of this module's own."""
    return Nell.opens(product)


def open_week(visit: Visit, day: datetime, of: str = "") -> None:
    """The week in which a day lies, guarded like every page."""
    answer = visit.page.goto(f"{visit.base_url}/calendar?day={day:%Y-%m-%d}{of}")
    assert answer is not None
    assert_guarded(answer)
    assert answer.headers["cache-control"] == "no-store"
    expect(visit.page.get_by_role("heading", level=1)).to_be_visible()


def block(page: Page, booked: Booked) -> Locator:
    """A session in the grid."""
    return page.locator(f'.ec-event[data-id="{booked.id}"]')


def panel(page: Page) -> Locator:
    return page.locator("#week-panel")


def close(page: Page) -> None:
    page.get_by_role("button", name="Close", exact=True).first.click()
    expect(panel(page)).to_be_hidden()


def drag_an_hour_down(page: Page, dragged: Locator) -> None:
    """With the mouse, by its upper edge; from the middle of what is seen, for at its edge the grid
    scrolls along."""
    dragged.evaluate("it => it.scrollIntoView({block: 'center'})")
    dragged.hover(position={"x": 20, "y": 8})
    box = box_at_rest(dragged)
    x, y = box["x"] + 20, box["y"] + 8
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + AN_HOUR_DOWN / 2, steps=5)
    page.mouse.move(x, y + AN_HOUR_DOWN, steps=5)
    page.mouse.up()
    expect(panel(page).get_by_role("heading", name="Move ")).to_be_visible()


def box_at_rest(dragged: Locator) -> FloatRect:
    """Where it is once the grid has scrolled to where the day begins: else it moves away below the
    mouse."""
    for _ in range(LOOKS):
        before = dragged.bounding_box()
        dragged.page.wait_for_timeout(BETWEEN_LOOKS_MS)
        if before is not None and dragged.bounding_box() == before:
            return before
    raise AssertionError("the grid does not come to rest")


def tab_to(page: Page, wanted: Locator) -> None:
    """On from where the focus is, as somebody without a mouse comes there."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate(IS_FOCUSED):
            return
    raise AssertionError(f"{TABS} tabs do not lead to {wanted}")


def type_time(page: Page, at: datetime) -> None:
    """Another hour of the same day. The date stays: in which order its parts are typed is the
    browser's affair, and follows the machine."""
    tab_to(page, page.get_by_label("New time"))
    page.keyboard.type(f"{at:%H%M}")
    expect(page.get_by_label("New time")).to_have_value(f"{at:%H:%M}")


def starts_at(page: Page, booked: Booked, nell: Nell, expected: datetime) -> None:
    """Where the block is, and where the session is behind it."""
    expect(block(page, booked).locator("time")).to_contain_text(f"{expected:%H:%M}–")
    assert nell.starts_at(booked) == expected


def test_a_week_at_the_desk(visitors: Visitors, product: Product, nell: Nell) -> None:
    """Marked, dragged and taken back, refused, moved by keyboard; others' changes come by
    themselves."""
    came = nell.is_booked("Vera Vorbei", free_day(9, 4))
    other = nell.is_booked("Otto Anders", free_day(13, 5))
    moved = nell.is_booked("Mia Beweglich", free_day(10, 5))
    today, day = nell.began(came, hours_ago=0), nell.starts_at(moved)
    visit = visitors(width=DESKTOP)
    page = visit.page
    nell.signs_in(visit)
    page.get_by_role("link", name="Calendar").click()
    expect(page.locator(".ec-now-indicator")).to_be_visible()
    open_week(visit, today)
    expect(block(page, came)).to_contain_text("Confirmed")
    expect(block(page, came)).to_contain_text("Paid")
    assert_accessible(page)

    block(page, came).click()
    expect(panel(page).get_by_role("heading", name="Vera Vorbei")).to_be_visible()
    expect(panel(page).get_by_role("link", name="Begin a plan")).to_be_visible()
    assert_accessible(page)
    panel(page).get_by_role("button", name="Attended by").click()
    expect(panel(page).get_by_text("Marked as attended.")).to_be_visible()
    close(page)
    expect(block(page, came)).to_contain_text("Attended")

    open_week(visit, day)
    drag_an_hour_down(page, block(page, moved))
    expect(page.get_by_label("New time")).to_have_value(f"{day + HOUR:%H:%M}")
    assert_accessible(page)
    page.get_by_label("No, I tell them myself").check()
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("#toasts")).to_contain_text("The client gets no mail.")
    starts_at(page, moved, nell, day + HOUR)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    starts_at(page, moved, nell, day)

    drag_an_hour_down(page, block(page, moved))
    page.get_by_role("link", name="Keep it as it is").click()
    expect(panel(page)).to_be_hidden()
    starts_at(page, moved, nell, day)

    by_keyboard(visit, nell, moved, other)
    by_others(visitors, product, page, nell, moved, other)
    look(page, DESKTOP, "dark")
    assert_accessible(page)
    visit.watch.assert_quiet()


def by_keyboard(visit: Visit, nell: Nell, moved: Booked, other: Booked) -> None:
    """Without a mouse: refused where somebody else is, with the reason, then moved."""
    page = visit.page
    # The script fetches this page, whose status is meant as that of a page one goes to.
    visit.watch.documents.add(f"{visit.base_url}{nell.session_path(moved)}/move")
    page.get_by_role("heading", level=1).click()
    tab_to(page, block(page, moved))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Move…"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("New date")).to_be_visible()
    type_time(page, nell.starts_at(other))
    page.keyboard.press("Enter")
    expect(panel(page).get_by_text("That time is taken")).to_be_visible()
    target = nell.starts_at(other) - HOUR
    type_time(page, target)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("The client gets a mail.")
    starts_at(page, moved, nell, target)
    expect(block(page, moved)).to_be_focused()


def by_others(
    visitors: Visitors, product: Product, page: Page, nell: Nell, moved: Booked, other: Booked
) -> None:
    """The client cancels, and the front desk moves a session, in browsers of their own."""
    assert product.base_url
    nell.gives_back(other)
    expect(block(page, other)).to_contain_text("Cancelled")
    expect(block(page, other).locator("s")).to_have_text(other.name)
    desk = visitors(width=PHONE, has_script=False)
    nell.signs_in(desk, "desk")
    target = nell.starts_at(moved) + 3 * HOUR
    open_week(desk, target, f"&practitioner={nell.clinic.practitioner_id}")
    assert_fits(desk.page)
    desk.page.get_by_role("link", name=moved.name).click()
    desk.page.get_by_role("link", name="Move…").click()
    desk.page.get_by_label("New time").fill(f"{target:%H:%M}")
    desk.page.get_by_role("button", name="Move it").click()
    expect(desk.page.get_by_role("heading", name="The session has moved")).to_be_visible()
    starts_at(page, moved, nell, target)
    desk.watch.assert_quiet()


def test_a_week_in_the_hand(visitors: Visitors, nell: Nell) -> None:
    """At 320 px the list does the same: marked, moved, taken back, changed by the client."""
    came = nell.is_booked("Karla Kommt", free_day(9, 11))
    moved = nell.is_booked("Benno Beweglich", free_day(10, 12))
    today, day = nell.began(came, hours_ago=1), nell.starts_at(moved)
    visit = visitors(width=PHONE)
    page = visit.page
    nell.signs_in(visit)
    open_week(visit, today)
    assert_fits(page)
    page.get_by_role("link", name=came.name).click()
    panel(page).get_by_role("button", name="Attended by").click()
    expect(panel(page).get_by_text("Marked as attended.")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    close(page)
    expect(page.get_by_role("link", name=came.name)).to_contain_text("Attended")

    open_week(visit, day)
    line = page.get_by_role("link", name=moved.name)
    line.click()
    panel(page).get_by_role("link", name="Move…").click()
    page.get_by_label("New time").fill(f"{day + HOUR:%H:%M}")
    assert_accessible(page)
    page.get_by_role("button", name="Move it").click()
    expect(line).to_contain_text(f"{day + HOUR:%H:%M}–")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(line).to_contain_text(f"{day:%H:%M}–")
    assert nell.starts_at(moved) == day
    nell.gives_back(moved)
    expect(page.get_by_role("link", name=moved.name)).to_contain_text("Cancelled")
    look(page, PHONE, "dark")
    assert_accessible(page)
    assert_fits(page)
    visit.watch.assert_quiet()
