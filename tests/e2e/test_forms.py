"""Bad input at each form: words at the field, what was typed is kept, nothing is written."""

import re

import pytest
from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.behind import Behind
from tests.e2e.browsing import Visit, Visitors
from tests.e2e.steps import (
    Guest,
    choose_slot,
    pay,
    press_pay,
    sign_in_as,
    slot_links,
    type_details,
)


def assert_told(page: Page, *fields: str) -> None:
    """The summary leads to exactly these fields, and each says what is wrong with it."""
    page.wait_for_load_state("domcontentloaded")  # on a busy machine a page comes in pieces
    links = page.locator("#errors a").evaluate_all("all => all.map(one => one.hash)")
    assert links == [f"#field-{name}" for name in fields]
    for name in fields:
        field = page.locator(f"#field-{name}")
        expect(field).to_have_attribute("aria-invalid", "true")
        described = field.get_attribute("aria-describedby") or ""
        assert f"error-{name}" in described.split()
        expect(page.locator(f"#error-{name}")).not_to_be_empty()
    expect(page.locator("#errors")).to_be_focused()


def tamper(page: Page, name: str, value: str) -> None:
    """Change a hidden field, as only a hand can."""
    page.locator(f"main input[name={name}]").first.evaluate(
        "(field, value) => { field.value = value }", value
    )


def test_registering_says_what_is_missing_and_makes_no_account(
    visitors: Visitors, behind: Behind
) -> None:
    """An empty form, then a flawed one."""
    visit, before = visitors(), behind.counts()
    visit.goto("/register")
    visit.page.get_by_role("button", name="Create account").click()
    assert_told(visit.page, "name", "email", "password", "terms")
    visit.page.get_by_label("Your name").fill("Robin")
    visit.page.get_by_label("Email").fill("robin at home")
    visit.page.get_by_label("Password").fill("short")
    visit.page.locator("#field-terms").check()
    visit.page.get_by_role("button", name="Create account").click()
    assert_told(visit.page, "email", "password")
    expect(visit.page.get_by_label("Your name")).to_have_value("Robin")
    expect(visit.page.get_by_label("Password")).to_have_value("")
    assert behind.counts() == before


def test_signing_in_wrongly_does_not_tell_which_half_was_wrong(
    product: Product, visitors: Visitors
) -> None:
    """A known and an unknown address are answered with the same words."""
    visit = visitors()
    visit.goto("/sign-in")
    visit.page.get_by_role("button", name="Sign in").click()
    assert_told(visit.page, "email", "password")
    said = set()
    for email in (product.logins["client"]["email"], Guest.new().email):
        visit.page.get_by_label("Email").fill(email)
        visit.page.get_by_label("Password").fill("not the password")
        visit.page.get_by_role("button", name="Sign in").click()
        expect(visit.page.get_by_label("Email")).to_have_value(email)
        said.add(visit.page.locator("#errors").inner_text())
    assert len(said) == 1


def test_checkout_says_what_is_missing_and_holds_nothing(
    visitors: Visitors, behind: Behind
) -> None:
    """Each field has its own words; what was typed well stays."""
    visit, before = visitors(), behind.counts()
    visit.goto("/directory")
    choose_slot(visit)
    pay_button = visit.page.get_by_role("button", name=re.compile("^Pay "))
    pay_button.click()
    assert_told(visit.page, "name", "email", "consent")
    type_details(visit.page, Guest(email="robin@"))
    visit.page.get_by_label("Phone").fill("call me")
    visit.page.locator("#field-consent").check()
    pay_button.click()
    assert_told(visit.page, "email", "phone")
    expect(visit.page.get_by_label("Your name")).to_have_value(Guest().name)
    expect(visit.page.locator("#field-consent")).to_be_checked()
    assert behind.counts() == before
    visit.watch.assert_quiet()


def test_changed_numbers_in_the_forms_of_a_booking_change_nothing(
    visitors: Visitors, behind: Behind
) -> None:
    """A refund of 150 %, a start that is no time, a start at which nothing is free."""
    visit = visitors()
    visit.goto("/directory")
    choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    booking_id = pay(visit.page)
    for percent in ("150", "0.5", "all"):
        visit.goto(f"/bookings/{booking_id}/cancel")
        tamper(visit.page, "percent", percent)
        assert send(visit, "Cancel the session") == 422
        expect(visit.page.locator("#errors")).to_be_visible()
    for start, status in (("tomorrow", 422), ("2020-01-01T10:00:00Z", 409)):
        move(visit, f"/bookings/{booking_id}")
        tamper(visit.page, "start", start)
        assert send(visit, "Move the session") == status
        expect(visit.page.locator("#errors")).to_contain_text("time")
    assert behind.state_of(booking_id) == "confirmed"
    assert behind.sequence_of(booking_id) == 0


def move(visit: Visit, base: str) -> None:
    """Open the question whether to move to the first free time."""
    visit.goto(f"{base}/reschedule")
    visit.page.locator("#times a.slot").first.click()
    visit.page.wait_for_url(re.compile("start="))


def send(visit: Visit, button: str) -> int:
    """Press a button that sends a form; the status of the answer."""
    with visit.page.expect_response(lambda one: one.request.method == "POST") as answer:
        visit.page.get_by_role("button", name=button).click()
    visit.page.wait_for_load_state()
    return answer.value.status


@pytest.mark.parametrize("path", ["/sign-in", "/register", "/book"])
def test_a_forged_token_is_refused_with_a_page(
    path: str, visitors: Visitors, behind: Behind
) -> None:
    """403 in words, with a way on; nothing is written."""
    visit, before = visitors(), behind.counts()
    visit.goto("/directory" if path == "/book" else path)
    if path == "/book":
        slot_links(visit.page)[0].click()
        visit.page.wait_for_url(re.compile("/book"))
    tamper(visit.page, "csrf_token", "Zm9yZ2Vk")
    button = visit.page.locator("main form button[type=submit]").last
    with visit.page.expect_response(lambda one: one.request.method == "POST") as answer:
        button.click()
    assert answer.value.status == 403
    expect(visit.page.locator("h1")).to_have_text("This page is not open to you")
    assert behind.counts() == before


def test_a_form_from_another_site_is_refused(product: Product, visitors: Visitors) -> None:
    """With the visitor's own cookies, but another Origin, nobody is signed out."""
    visit = visitors()
    sign_in_as(visit, product.logins["client"])
    token = visit.page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    answer = visit.context.request.post(
        f"{visit.base_url}/sign-out",
        form={"csrf_token": token},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert answer.status == 403
    visit.goto("/home")
    expect(visit.page.get_by_role("button", name="Sign out")).to_be_visible()
