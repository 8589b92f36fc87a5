"""Before a first session: the practice's form and texts, answered by a guest on a phone from the
mail's link, read by who treats them; a new version leaves the answers as they were given."""

import re

from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_fits, assert_keeps_the_rules
from tests.e2e.steps import (
    Guest,
    choose_slot,
    open_times,
    pay,
    press_pay,
    register,
    sign_in_as,
    type_details,
)

PERSON = "/practitioners/mara-lindenau"
FIRST = "What brings you here?"
REASON = "Since the move I sleep badly."
NEW = "Who is there for you?"
SETUP = re.compile(r"/practices/[0-9a-f-]{36}/intake$")


def set_up(admin: Visit, product: Product) -> str:
    """The admin publishes the suggested form and an agreement. The path of the setup."""
    sign_in_as(admin, product.logins["admin"])
    page = admin.page
    page.get_by_role("link", name=re.compile("What clients are asked")).click()
    page.wait_for_url(SETUP)
    path = page.url.removeprefix(admin.base_url)
    assert_keeps_the_rules(admin, path + "/preview", is_private=True)
    admin.goto(path)
    publish(page, "Publish version 1")
    page.get_by_role("link", name=re.compile("Write and publish.*Treatment agreement")).click()
    page.get_by_label("Text").fill("")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator("#errors")).to_contain_text("Write the text")
    page.get_by_label("Text").fill("We work together.")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Every client is asked to sign")).to_be_visible()
    return path


def publish(page: Page, label: str) -> None:
    """Press it, and read that it is done."""
    page.get_by_role("button", name=label, exact=True).click()
    expect(
        page.get_by_text("Whoever books from now on before a first session here is asked this.")
    ).to_be_visible()


def ask_more(admin: Visit, path: str) -> None:
    """One question more, first without its options, and version 2."""
    page = admin.page
    admin.goto(path)
    page.get_by_role("link", name="Add a question").click()
    page.get_by_label("What you ask", exact=True).fill(NEW)
    page.get_by_label("How it is answered").select_option(label="Any of several")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.locator("#errors")).to_contain_text("Write two options or more")
    expect(page.get_by_label("What you ask", exact=True)).to_have_value(NEW)
    page.get_by_label("Options to choose from").fill("Friends\nFamily")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("button", name=re.compile(f"^Up.*{re.escape(NEW)}")).click()
    publish(page, "Publish version 2")


def answer_from_mail(guest: Visit, link: str) -> None:
    """Keep some answers, miss one, go on, give them, sign."""
    page = guest.page
    page.goto(link)
    page.get_by_role("link", name="Go on").click()
    assert_fits(page)
    page.get_by_label(re.compile("Whom may I call")).fill("Alex, 0151 2345678")
    page.get_by_role("button", name="Send to my practitioner").click()
    expect(page.locator("#errors")).to_contain_text("Please write a few words.")
    expect(page.get_by_label(re.compile("Whom may I call"))).to_have_value("Alex, 0151 2345678")
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_text("Your answers are kept.")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_text("1 of 6 answered")).to_be_visible()
    expect(page.get_by_label(re.compile("Whom may I call"))).to_have_value("")
    page.get_by_label(FIRST).fill(REASON)
    page.get_by_role("button", name="Send to my practitioner").click()
    expect(page.get_by_role("heading", name="Read and sign")).to_be_visible()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator("#errors")).to_contain_text("Tick what you agree to.")
    page.get_by_label(re.compile("I have read this and agree")).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("All is there", exact=True)).to_be_visible()
    expect(page.get_by_text(REASON)).to_have_count(0)
    page.get_by_role("link", name="Treatment agreement").click()
    expect(page.get_by_text("We work together.")).to_be_visible()


def test_a_guest_answers_before_the_first_session_and_who_treats_them_reads_it(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """Without JavaScript, at 320 px; the answers show version 1 also when version 2 is asked."""
    admin = visitors(width=DESKTOP)
    path = set_up(admin, product)
    booking, guest = visitors(width=PHONE), Guest.new()
    open_times(booking, PERSON)
    slot = choose_slot(booking)
    type_details(booking.page, guest)
    press_pay(booking.page)
    pay(booking.page)
    expect(booking.page.get_by_role("link", name="Before your session")).to_be_visible()
    letter = post.wait_for(guest.email, "is confirmed")
    assert f"{letter.private_link}/intake" in letter.text

    desk = visitors(width=DESKTOP)
    sign_in_as(desk, product.logins["practitioner"])
    day = f"/today?day={slot.starts_at:%Y-%m-%d}"
    desk.goto(day)
    expect(desk.page.get_by_text("Intake missing").first).to_be_visible()
    answer_from_mail(visitors(width=PHONE, has_script=False), letter.private_link)
    ask_more(admin, path)

    desk.goto(day)
    row = desk.page.get_by_role("row").filter(has_text=guest.name).filter(has_text="complete")
    row.get_by_role("link", name=re.compile("Intake complete")).first.click()
    expect(desk.page.get_by_text(REASON)).to_be_visible()
    expect(desk.page.get_by_text("version 1 of the form")).to_be_visible()
    expect(desk.page.get_by_text(NEW)).to_have_count(0)
    answers = desk.page.url.removeprefix(desk.base_url)
    assert_keeps_the_rules(desk, answers, is_private=True)
    for below in ("", "/versions/2", "/texts/treatment", "/texts/privacy"):
        assert_keeps_the_rules(admin, path + below, is_private=True)
    assert_client_corrects(visitors, path)


def assert_client_corrects(visitors: Visitors, setup: str) -> None:
    """Who has an account finds it at home, reads what they gave, and sees who looked."""
    visit, guest = visitors(width=PHONE), Guest.new()
    register(visit, guest)
    open_times(visit, PERSON)
    choose_slot(visit)
    press_pay(visit.page)
    booking_id = pay(visit.page)
    page, base = visit.page, f"/bookings/{booking_id}/intake"
    visit.goto("/home")
    expect(page.get_by_text("Before your session")).to_be_visible()
    assert_keeps_the_rules(visit, base, is_private=True)
    visit.goto(base)
    page.get_by_label(FIRST).fill(REASON)
    expect(page.get_by_text("Kept at")).to_be_visible()
    expect(page.get_by_text("1 of 7 answered")).to_be_visible()
    visit.goto(base)
    expect(page.get_by_label(FIRST)).to_have_value(REASON)
    page.get_by_role("button", name="Send to my practitioner").click()
    assert_keeps_the_rules(visit, f"{base}/consents", is_private=True)
    visit.goto(f"{base}/consents")
    page.get_by_label(re.compile("I have read this and agree")).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_role("link", name="Correct my answers").click()
    page.get_by_label(FIRST).fill("Since the move I sleep better.")
    page.get_by_role("button", name="Send to my practitioner").click()
    expect(page.get_by_text("Since the move I sleep better.")).to_be_visible()
    for below in ("", "/looks"):
        assert_keeps_the_rules(visit, base + below, is_private=True)
    visit.goto(setup)
    expect(page.get_by_text("We cannot find this page")).to_be_visible()
