"""Time off over booked sessions: who is touched is told first, marked, moved or cancelled."""

import re
from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from deploy.local.product import Product
from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.quality import assert_accessible, assert_fits
from tests.e2e.steps import Guest, choose_slot, open_times, pay, press_pay, sign_in_as, type_details

BERLIN = ZoneInfo("Europe/Berlin")
ADJECTIVES = ("Amber", "Blue", "Coral", "Dusty", "Early", "Fern", "Golden", "Hazel")


def book_with_mara(visitors: Visitors) -> tuple[Guest, UUID, date]:
    """A paid session of somebody new; who they are and the day in Berlin."""
    visit = visitors()
    name = f"{ADJECTIVES[uuid4().int % len(ADJECTIVES)]} {uuid4().hex[:8].title()}"
    guest = Guest(name=name, email=Guest.new().email)
    open_times(visit, "/practitioners/mara-lindenau")
    slot = choose_slot(visit)
    type_details(visit.page, guest)
    press_pay(visit.page)
    return guest, pay(visit.page), slot.starts_at.astimezone(BERLIN).date()


def open_hours(visitors: Visitors, product: Product, *, width: int, has_script: bool) -> Visit:
    visit = visitors(width=width, has_script=has_script)
    sign_in_as(visit, product.logins["practitioner"])
    visit.goto("/availability")
    return visit


def add_time_off(page: Page, day: date, guest: Guest) -> None:
    """Be away that day: the page says whose session that touches before it saves anything."""
    page.get_by_label("First day").fill(f"{day}")
    page.get_by_role("button", name="Add time off").click()
    expect(page.locator("h1")).to_contain_text("within this time off")
    expect(page.get_by_text("The time off is not saved yet")).to_be_visible()
    expect(line_of(page, guest)).to_be_visible()
    assert_fits(page)


def line_of(page: Page, guest: Guest) -> Locator:
    return page.get_by_role("listitem").filter(has_text=guest.name)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the time off").click()
    expect(page.get_by_text("The time off is saved.")).to_be_visible()


def test_a_session_within_time_off_is_marked_until_it_is_moved(
    visitors: Visitors, product: Product, behind: Behind
) -> None:
    """On the page of the hours, on the day and on its own page; clients can book no more there."""
    guest, booking_id, day = book_with_mara(visitors)
    visit = open_hours(visitors, product, width=DESKTOP, has_script=True)
    page = visit.page
    add_time_off(page, day, guest)
    assert_accessible(page)
    save(page)
    visit.goto(f"/today?day={day}")
    row = page.get_by_role("row").filter(has_text=guest.name)
    expect(row).to_contain_text("Within time off")
    row.get_by_role("link", name=guest.name, exact=True).click()
    expect(page.get_by_text("This session lies within time off")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="See the hours").click()

    line_of(page, guest).get_by_role("link", name="Move").click()
    expect(page.locator("header .soft, .page-head .soft").first).to_contain_text(guest.name)
    page.locator("a.slot").first.click()
    expect(page.get_by_text("The client is told the new time by mail.")).to_be_visible()
    page.get_by_role("button", name="Move the session").click()
    expect(page.get_by_text("The session has moved")).to_be_visible()
    assert behind.sequence_of(booking_id) == 1
    visit.goto("/availability")
    expect(line_of(page, guest)).to_have_count(0)
    visit.watch.assert_quiet()
    remove_time_off(page)


def test_a_session_within_time_off_is_cancelled_on_a_phone_without_scripts(
    visitors: Visitors, product: Product, behind: Behind
) -> None:
    """All of the money goes back, and the page says so before it is done."""
    guest, booking_id, day = book_with_mara(visitors)
    visit = open_hours(visitors, product, width=PHONE, has_script=False)
    page = visit.page
    add_time_off(page, day, guest)
    save(page)
    line_of(page, guest).get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", name="The client gets €")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("The session is cancelled")).to_be_visible()
    assert_fits(page)
    assert behind.state_of(booking_id) == "cancelled"
    visit.goto("/availability")
    expect(line_of(page, guest)).to_have_count(0)
    remove_time_off(page)


def remove_time_off(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Remove time off")).first.click()
    expect(page.get_by_text("The time off is removed.")).to_be_visible()
