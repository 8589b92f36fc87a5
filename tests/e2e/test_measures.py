"""A measure from the editor to the practitioner's day: filled in on a phone, help at once."""

import re
from contextlib import closing
from datetime import timedelta

import psycopg2
from playwright.sync_api import Page, expect

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_keeps_the_rules
from tests.e2e.steps import sign_in, sign_in_as
from tests.e2e.test_plans import begin_plan, client_of, write_reason

PRACTITIONER = "practitioner"


def test_item_nine_brings_help_at_once_and_the_practitioner_to_look(
    visitors: Visitors, product: Product
) -> None:
    """PHQ-9 every two weeks, filled in at 320 px without JavaScript: a missing answer is named
    and the others kept, crisis help stands on the page that answers, the practitioner finds the
    alert on their day, reads single answers and a drawing with its table; then a review."""
    client, guest = client_of(visitors, PHONE, has_script=False)
    desk = visitors(width=DESKTOP)
    sign_in_as(desk, product.logins[PRACTITIONER])
    path = begin_plan(desk, guest)
    write_reason(desk.page)
    name_measure(desk.page)
    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()
    client.goto(path)
    client.page.get_by_role("button", name="I agree to this plan").click()

    client.goto("/home")
    expect(client.page.get_by_text("A questionnaire waits for you")).to_be_visible()
    client.page.get_by_role("link", name="Fill it in").click()
    client.page.get_by_role("link", name="Fill in PHQ-9").click()
    fill_in(client.page, first=9)
    expect(client.page.get_by_role("heading", name="You need not be alone")).to_be_visible()
    expect(client.page.get_by_text("TelefonSeelsorge")).to_be_visible()
    expect(client.page.get_by_text("not watched around the clock")).to_be_visible()
    answers = client.page.url.removeprefix(client.base_url)

    desk.goto("/today")
    alert = f"Answers of {guest.name} need your look today"
    expect(desk.page.get_by_text(alert, exact=True)).to_be_visible()
    look = desk.page.get_by_role("link", name=re.compile(f"Look now.*{guest.name}"))
    look.click()
    desk.page.get_by_role("link", name="Read the answers").click()
    expect(desk.page.get_by_text("Please get in touch today")).to_be_visible()
    row = desk.page.get_by_role("row", name=re.compile("better off dead"))
    expect(row).to_contain_text("Several days")
    desk.page.get_by_role("button", name="I have looked").click()
    expect(desk.page.get_by_text("Written down that you have looked.")).to_be_visible()
    desk.goto("/today")
    expect(desk.page.get_by_text(f"Answers of {guest.name} need")).to_have_count(0)

    with Post(product.mailbox_url) as post:
        letter = post.wait_for(product.logins[PRACTITIONER]["email"], "needs your look today")
    assert guest.name not in letter.text

    let_weeks_pass(product, path)
    client.goto(path)
    client.page.get_by_role("link", name="Fill in PHQ-9").click()
    fill_in(client.page, first=8)
    expect(client.page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert_measured(client, desk, path)
    review(client, desk, path)
    reader = visitors(width=PHONE)
    sign_in(reader, guest.email, guest.password)
    assert_pages_keep_the_rules(reader, desk, path, answers)


def name_measure(page: Page) -> None:
    """PHQ-9 every two weeks, once with a number that is none."""
    page.get_by_role("link", name="Edit Measures on a rhythm").click()
    for field, value in (("PHQ-9: every", "0"), ("How the session was: every", "")):
        page.get_by_label(field, exact=False).fill(value)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#errors")).to_contain_text("from 1 to 52")
    page.get_by_label("PHQ-9: every").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("PHQ-9, every 2 weeks")).to_be_visible()


def fill_in(page: Page, first: int) -> None:
    """Answer "Several days" to so many items, forgetting the third at first; then the rest."""
    for number in range(1, 10):
        if number != 3:
            page.locator(f"label[for=item-{number}-{1 if number <= first else 0}]").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("#errors")).to_contain_text("Question 3 has no answer yet")
    expect(page.locator("#item-8-1")).to_be_checked()
    page.locator("label[for=item-3-1]").click()
    page.locator("label[for=beside-1]").click()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.locator("#errors")).to_have_count(0)


def let_weeks_pass(product: Product, path: str) -> None:
    """Put what was filled in three weeks back, as only the database's administrator can."""
    plan_id, past = path.rsplit("/", 1)[-1], timedelta(weeks=3)
    with closing(psycopg2.connect(target_url(product.stack))) as tx, tx, tx.cursor() as cursor:
        for table, column in (("fillings", "filled_at"), ("dues", "due_at")):
            moved = f"UPDATE plans.{table} SET {column} = {column} - %s WHERE plan_id = %s"
            cursor.execute(moved, (past, plan_id))


def assert_measured(client: Visit, desk: Visit, path: str) -> None:
    """Both see the drawing and its table; single answers are the practitioner's."""
    for visit in (client, desk):
        visit.goto(path)
        expect(visit.page.get_by_role("img", name=re.compile("PHQ-9: scores"))).to_be_visible()
        table = visit.page.get_by_role("table", name=re.compile("Scores of PHQ-9"))
        expect(table).to_contain_text("9 of 27")
        expect(table).to_contain_text("8 of 27")
        expect(table).to_contain_text("mild")
    expect(client.page.get_by_text("Single answers")).to_have_count(0)
    expect(desk.page.get_by_text("Single answers")).to_have_count(2)


def review(client: Visit, desk: Visit, path: str) -> None:
    """Begun, written down with its decision, seen by the client."""
    desk.page.get_by_role("button", name=re.compile("^Begin")).click()
    desk.page.get_by_role("button", name="Begin the review").click()
    desk.page.get_by_role("link", name="Write down the review").click()
    desk.page.get_by_label("What went well").fill("You asked for help.")
    desk.page.get_by_role("button", name="Write it down").click()
    expect(desk.page.locator("#errors")).to_contain_text("Choose how the plan goes on")
    desk.page.get_by_label("Go on as it is").check()
    desk.page.get_by_role("button", name="Write it down").click()
    expect(desk.page.get_by_text("Not seen by the client yet.")).to_be_visible()
    client.goto(path)
    expect(client.page.get_by_text("You asked for help.")).to_be_visible()
    client.page.get_by_role("button", name="I have seen this").click()
    desk.goto(path)
    expect(desk.page.get_by_text("Seen by the client:")).to_be_visible()


def assert_pages_keep_the_rules(client: Visit, desk: Visit, path: str, answers: str) -> None:
    """Each new page as its reader sees it, at both widths and in both colours."""
    form = f"{path}/measures/phq-9"
    for below in (path, answers, form):
        assert_keeps_the_rules(client, below, is_private=True)
    for below in (path, answers, f"{path}/edit/measures", "/today"):
        assert_keeps_the_rules(desk, below, is_private=True)
