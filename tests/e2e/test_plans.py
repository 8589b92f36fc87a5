"""A plan from its template to what both agreed: written at a desk, read and signed on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.idling import end_login, sign_in_beside
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import (
    Guest,
    choose_slot,
    open_times,
    pay,
    press_pay,
    register,
    sign_in,
    sign_in_as,
)

PRACTITIONER = "/practitioners/mara-lindenau"
REASON = "Since the move I am alone in the evenings."
#: The pages below a plan: those that both see or its client alone, and its practitioner's.
OF_BOTH = ("", "/looks", "/versions/1", "/versions/2")
OF_CLIENT = ("/exercises/2",)
OF_PRACTITIONER = ("/edit/focus", "/edit/goals", "/edit/exercises", "/edit/shape")
PLAN = re.compile(r"/plans/[0-9a-f-]{36}$")


def client_of(
    visitors: Visitors, width: int, *, has_script: bool = True, person: str = PRACTITIONER
) -> tuple[Visit, Guest]:
    """Somebody with an account who has booked a session: with the demo's practitioner, or with
    whoever else has that page."""
    visit, guest = visitors(width=width), Guest.new()
    guest = Guest(name=f"Robin {guest.email[6:12]}", email=guest.email)
    register(visit, guest)
    open_times(visit, person)
    choose_slot(visit)
    press_pay(visit.page)
    pay(visit.page)
    if has_script:
        return visit, guest
    plain = visitors(width=width, has_script=False)
    sign_in(plain, guest.email, guest.password)
    return plain, guest


def begin_plan(
    visit: Visit, guest: Guest, template: str = "Interpersonal Therapy, short term"
) -> str:
    """From the list of plans to a draft from the template. The plan's path."""
    page = visit.page
    page.get_by_role("link", name="Plans").first.click()
    page.get_by_role("link", name="Begin a plan").click()
    page.get_by_label("For whom").select_option(label=guest.name)
    page.get_by_label(re.compile(template)).check()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url(PLAN)
    return page.url.removeprefix(visit.base_url)


def write_reason(page: Page) -> None:
    """Edit what the plan is about."""
    page.get_by_role(
        "link", name=re.compile("^Edit (Interpersonal Therapy|Open-ended work)")
    ).click()
    page.get_by_label("What brings the client here").fill(REASON)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: what it is about.")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "plain"])
def test_a_plan_is_written_proposed_changed_and_agreed(
    has_script: bool, visitors: Visitors, product: Product
) -> None:
    """Every page of it keeps the rules at both widths; it works without JavaScript as well."""
    client, guest = client_of(visitors, PHONE, has_script=has_script)
    desk = visitors(width=DESKTOP, has_script=has_script)
    sign_in_as(desk, product.logins["practitioner"])
    path = begin_plan(desk, guest)
    client.goto(path)
    expect(client.page.get_by_text("We cannot find this page")).to_be_visible()

    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()
    expect(desk.page.locator("#errors")).to_contain_text("reason in the client's words")
    write_reason(desk.page)
    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()
    expect(desk.page.get_by_text("Proposed.")).to_be_visible()

    client.goto("/home")
    client.page.get_by_role("link", name="Read your plan").click()
    expect(client.page.get_by_text(REASON)).to_be_visible()
    expect(client.page.get_by_text("Sessions 1 to 3", exact=True)).to_be_visible()
    client.page.get_by_role("button", name="Ask for changes").click()
    expect(client.page.locator("#errors")).to_contain_text("Write what should be different")
    client.page.get_by_label(re.compile("what should be different")).fill("Twelve sessions, please")
    client.page.get_by_role("button", name="Ask for changes").click()
    expect(client.page.get_by_text("Twelve sessions, please")).to_be_visible()

    desk.goto(path)
    expect(desk.page.get_by_text("Twelve sessions, please")).to_be_visible()
    desk.page.get_by_role("link", name="Edit Sessions and phases").click()
    desk.page.get_by_label("Number of sessions").fill("5")
    desk.page.get_by_role("button", name="Save").click()
    expect(desk.page.locator("#errors")).to_contain_text("leave no session over")
    desk.page.get_by_label("Number of sessions").fill("12")
    desk.page.get_by_role("button", name="Save").click()
    expect(desk.page.get_by_text("Sessions 10 to 12", exact=True)).to_be_visible()
    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()

    client.goto(path)
    client.page.get_by_role("button", name="I agree to this plan").click()
    expect(client.page.get_by_text("You have both agreed to this plan.")).to_be_visible()
    expect(client.page.locator(".badge").first).to_contain_text("Agreed")
    client.page.get_by_role("link", name="Who looked, and when").click()
    expect(client.page.get_by_role("cell", name="Mara Lindenau").first).to_be_visible()

    desk.goto(path)
    desk.page.get_by_role("button", name=re.compile("^Begin")).click()
    expect(desk.page.locator(".badge").first).to_contain_text("Active")
    try_exercise(client, guest, path, product, has_script=has_script)
    desk.goto(path)
    expect(desk.page.get_by_text("She said yes")).to_be_visible()
    expect(desk.page.get_by_text("7 of 10")).to_be_visible()
    if has_script:
        assert_pages_keep_the_rules(client, desk, path)


def try_exercise(
    client: Visit, guest: Guest, path: str, product: Product, *, has_script: bool
) -> None:
    """Log the first exercise: with too little; in full, with a login that ended meanwhile; again,
    with the same words, once signed in beside them."""
    client.goto(path)
    client.page.get_by_role("link", name=re.compile("I tried it")).first.click()
    client.page.get_by_label("What happened?").fill("She said yes.")
    client.page.get_by_role("button", name="Write it down").click()
    expect(client.page.locator("#errors")).to_contain_text("Choose how it went")
    expect(client.page.get_by_label("What happened?")).to_have_value("She said yes.")
    client.page.locator("label[for=went-7]").click()
    end_login(client, product)
    client.page.get_by_role("button", name="Write it down").click()
    expect(client.page.get_by_role("heading", level=1)).to_contain_text("nothing you wrote is lost")
    expect(client.page.get_by_text("She said yes.", exact=True)).to_be_visible()
    assert_fits(client.page)
    if has_script:  # axe waits on timers, and there are none in a page without script
        assert_accessible(client.page)
    sign_in_beside(client, guest.email, guest.password)
    client.page.get_by_role("button", name="Send it again").click()
    expect(client.page.get_by_text("Written down.")).to_be_visible()
    expect(client.page.get_by_text("7 of 10")).to_be_visible()


def assert_pages_keep_the_rules(client: Visit, desk: Visit, path: str) -> None:
    """Each page of plans, as its readers see it."""
    client.goto(path)
    link = client.page.get_by_role("link", name=re.compile("I tried it")).first
    exercise = link.get_attribute("href") or ""
    assert_keeps_the_rules(client, exercise, is_private=True)
    for below in OF_BOTH:
        assert_keeps_the_rules(client, path + below, is_private=True)
    assert_keeps_the_rules(client, "/plans", is_private=True)
    for page in (path, *(path + below for below in OF_PRACTITIONER), "/plans", "/plans/new"):
        assert_keeps_the_rules(desk, page, is_private=True)
