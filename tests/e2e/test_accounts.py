"""Signed in: an account beside a booking, who sees what, signing out."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import PHONE, Visit, Visitors
from tests.e2e.quality import assert_fits
from tests.e2e.steps import (
    PAYMENT_PAGE,
    Guest,
    choose_slot,
    open_mail,
    pay,
    sign_in_as,
    sign_out,
    type_details,
)


def test_a_guest_who_wants_an_account_books_without_waiting_for_its_mail(
    visitors: Visitors,
) -> None:
    """On a phone: a password at checkout, paid at once; signing in fails until the mail is opened,
    in another browser, where the password is asked for. The session stands in the account."""
    visit, guest = visitors(width=PHONE), Guest.new()
    visit.goto("/directory")
    choose_slot(visit)
    page = visit.page
    type_details(page, guest)
    page.get_by_text("An account as well?").click()
    page.get_by_label("Password").fill("password1")
    page.locator("#field-consent").click()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    expect(page.locator("#errors")).to_contain_text("among the most used ones")
    expect(page.get_by_label("Email")).to_have_value(guest.email)
    page.get_by_label("Password").fill(guest.password)
    press_pay_again(visit)
    booking_id = pay(page)
    expect(page.get_by_text("Open the link in our other mail")).to_be_visible()

    other = visitors(width=PHONE, has_script=False)
    other.goto("/sign-in")
    other.page.get_by_label("Email").fill(guest.email)
    other.page.get_by_label("Password").fill(guest.password)
    other.page.get_by_role("button", name="Sign in").click()
    expect(other.page.locator("#errors")).to_contain_text("open the link in our mail first")
    open_mail(other, guest)
    assert_fits(other.page)
    other.page.get_by_role("button", name="Finish my account").click()
    other.page.get_by_label("Password").fill(guest.password)
    other.page.get_by_role("button", name="Finish my account").click()
    expect(other.page.get_by_role("button", name="Sign out")).to_be_visible()
    assert_joined(other, booking_id)


def press_pay_again(visit: Visit) -> None:
    """Consent stands there still; only the password was wrong."""
    expect(visit.page.locator("#field-consent")).to_be_checked()
    visit.page.get_by_role("button", name=re.compile("^Pay ")).click()
    visit.page.wait_for_url(PAYMENT_PAGE)


def assert_joined(visit: Visit, booking_id: UUID) -> None:
    """What was booked as a guest comes to the account within seconds."""
    details = visit.page.get_by_role("link", name="Details")
    for _ in range(50):
        visit.goto("/appointments")
        if details.count():
            break
        visit.page.wait_for_timeout(200)
    expect(details).to_have_attribute("href", f"/bookings/{booking_id}")


def test_signing_out_makes_the_old_cookie_useless_at_the_next_request(
    product: Product, visitors: Visitors
) -> None:
    """Who kept a copy of the cookie is led to signing in."""
    visit, thief = visitors(), visitors()
    sign_in_as(visit, product.logins["client"])
    for one in visit.context.cookies():
        name, value, domain = one["name"], one["value"], one["domain"]
        thief.context.add_cookies(
            [{"name": name, "value": value, "domain": domain, "path": "/", "secure": True}]
        )
    thief.goto("/home")
    expect(thief.page.get_by_role("button", name="Sign out")).to_be_visible()
    sign_out(visit)
    thief.goto("/home")
    assert "/sign-in" in thief.page.url
    visit.goto("/appointments")
    assert "/sign-in" in visit.page.url


def test_a_client_of_the_demo_sees_what_is_planned_and_what_was(
    product: Product, visitors: Visitors
) -> None:
    """Both tabs of the appointments have rows, each leads to its booking."""
    visit = visitors()
    sign_in_as(visit, product.logins["client"])
    for tab in ("upcoming", "past"):
        visit.goto(f"/appointments?tab={tab}")
        rows = visit.page.get_by_role("link", name="Details")
        assert rows.count() > 0, tab
    rows.first.click()
    visit.page.wait_for_url(re.compile("/bookings/"))
    expect(visit.page.locator("h1")).to_contain_text("Your session with")


def test_a_practitioner_begins_with_the_day(product: Product, visitors: Visitors) -> None:
    """The first page after signing in is today's, and a client's pages lead back to it."""
    visit = visitors()
    sign_in_as(visit, product.logins["practitioner"])
    assert visit.page.url.endswith("/today")
    expect(visit.page.get_by_role("link", name="Day after")).to_be_visible()
    clients = first_day_with_sessions(visit)
    assert clients > 0
    visit.goto("/home")
    assert visit.page.url.endswith("/today")


def first_day_with_sessions(visit: Visit) -> int:
    """Go on day by day, a week at most, until there are sessions; how many."""
    for _ in range(8):
        if rows := visit.page.locator("tbody tr").count():
            return rows
        visit.page.get_by_role("link", name="Day after").click()
        visit.page.wait_for_load_state()
    return 0


@pytest.mark.parametrize(("kind", "heading"), [("admin", "day "), ("operator", "Hello")])
def test_who_runs_the_house_has_a_page_of_their_own(
    kind: str, heading: str, product: Product, visitors: Visitors
) -> None:
    """The day of the practice, or what they are: neither an error nor a client's home."""
    visit = visitors()
    sign_in_as(visit, product.logins[kind])
    assert visit.page.url.endswith("/today")
    expect(visit.page.locator("h1")).to_contain_text(heading)
