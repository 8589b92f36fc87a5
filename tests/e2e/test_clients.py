"""A practice and its clients: found, opened, booked for, marked, and what is owed said in words."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import Guest, sign_in_as


def looked_at(visit: Visit, *, has_script: bool) -> None:
    """It fits, and axe finds nothing grave."""
    assert_fits(visit.page)
    if has_script:
        assert_accessible(visit.page)


def choose_time(page: Page) -> None:
    """The first free time of the day that is open, or of the next one that has any."""
    further = page.get_by_role("link", name=re.compile("^Next available"))
    if further.count():
        further.click()
    page.locator("#times a.slot").first.click()
    expect(page.get_by_text("How is it paid?")).to_be_visible()


@pytest.mark.parametrize(("width", "has_script"), [(DESKTOP, True), (PHONE, True), (PHONE, False)])
def test_a_practitioner_books_for_somebody_new_and_finds_them(
    width: int,
    has_script: bool,
    visitors: Visitors,
    product: Product,
    behind: Behind,
    post: Post,
) -> None:
    """From the list to the form, a mistake kept at its field, and on to the record and the mail."""
    visit, guest = visitors(width=width, has_script=has_script), Guest.new()
    sign_in_as(visit, product.logins["practitioner"])
    before = behind.counts()["booking.bookings"]
    page = visit.page
    page.get_by_role("link", name="Clients", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Clients")
    looked_at(visit, has_script=has_script)
    page.get_by_role("link", name="Add a client or a session").click()
    expect(page.locator("h1")).to_have_text("Who is it for?")
    looked_at(visit, has_script=has_script)
    page.get_by_role("link", name="Somebody new").click()
    expect(page.locator("h1")).to_have_text("When?")
    looked_at(visit, has_script=has_script)
    choose_time(page)
    page.get_by_label("Name of the client").fill(guest.name)
    page.get_by_label("Email").fill("no address")
    page.get_by_label("At the practice or by invoice").check()
    page.get_by_role("button", name="Book the session").click()
    expect(page.locator("#error-email")).to_be_visible()
    expect(page.get_by_label("Name of the client")).to_have_value(guest.name)
    looked_at(visit, has_script=has_script)
    page.get_by_label("Email").fill(guest.email)
    page.get_by_role("button", name="Book the session").click()
    page.wait_for_url(re.compile("/clients/[0-9a-f-]{36}$"))
    expect(page.locator("h1")).to_have_text(guest.name)
    expect(page.locator("tbody").get_by_text("By invoice")).to_be_visible()
    looked_at(visit, has_script=has_script)
    assert behind.counts()["booking.bookings"] == before + 1
    assert "Nothing is paid here" in post.wait_for(guest.email, "is confirmed").text
    visit.goto(f"/clients?q={guest.email}")
    expect(page.locator("tbody").get_by_role("link", name=guest.name)).to_be_visible()
    visit.watch.assert_quiet()


def test_a_client_pays_by_the_link_that_the_desk_sends(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """The admin books with one of the practitioners; the mail's link leads to paying."""
    visit, guest = visitors(), Guest.new()
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/clients/book?client=new")
    page = visit.page
    if page.locator("h1").text_content() == "With whom?":
        page.locator("a.choice").first.click()
    choose_time(page)
    page.get_by_label("Name of the client").fill(guest.name)
    page.get_by_label("Email").fill(guest.email)
    page.get_by_label("By a link in a mail").check()
    page.get_by_role("button", name="Book the session").click()
    expect(page.get_by_text("gets a mail with the link to pay")).to_be_visible()
    link = post.wait_for(guest.email, "is held for you").private_link
    client = visitors(width=PHONE)
    client.goto(urlsplit(link).path)
    expect(client.page.get_by_text("Waiting for payment").first).to_be_visible()
    assert_fits(client.page)
    visit.watch.assert_quiet()


def test_the_pages_of_clients_keep_the_rules(visitors: Visitors, product: Product) -> None:
    """The record, the form for them, and the day of the whole practice, at each width."""
    visit = visitors()
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/clients")
    href = visit.page.locator("tbody a").first.get_attribute("href") or ""
    assert_keeps_the_rules(visit, href, is_private=True)
    client_id = href.rsplit("/", 1)[-1]
    assert_keeps_the_rules(visit, f"/clients/book?client={client_id}", is_private=True)
