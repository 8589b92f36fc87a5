"""A short-term plan's course: over the autumn change of clocks and two holidays, and its losers."""

import re
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.quality import assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in_as
from tests.e2e.test_plans import begin_plan, client_of, write_reason

SESSIONS = 14
WEEK = timedelta(weeks=1)
HOLIDAYS = (4, 6)
"""The sessions, counted from zero, on whose dates the practice is closed from the beginning."""
LOST = 2
"""And the one whose date goes between the proposal and the agreement."""
TRIES, PAUSE_MS = 40, 250
"""How long what happened to a session may take to reach its plan."""


def autumn(usual: date) -> date:
    """A date of the same weekday, four weeks or a little more before the clocks change."""
    year = usual.year + (usual > date(usual.year, 9, 1))
    first = date(year, 9, 27)
    return first + timedelta(days=(usual.weekday() - first.weekday()) % 7)


def take_off(visit: Visit, day: date) -> None:
    """The practitioner is away on that day."""
    visit.goto("/availability")
    visit.page.get_by_label("First day").fill(day.isoformat())
    visit.page.get_by_role("button", name="Add time off").click()
    expect(visit.page.get_by_text("The time off is saved.")).to_be_visible()


def show_dates(page: Page, first: date) -> None:
    """The dates from that day on, each of which may move by three days."""
    page.get_by_label("First session on").fill(first.isoformat())
    page.get_by_label("A session may move by").select_option("3")
    page.get_by_label("And on its day by").select_option("6")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name=f"{SESSIONS} sessions", exact=True)).to_be_visible()
    expect(page.get_by_text("No date")).to_have_count(0)


def choose(page: Page) -> None:
    page.get_by_role("button", name="Choose these dates").click()
    page.wait_for_url(re.compile(r"/plans/[0-9a-f-]{36}$"))


def hours(page: Page) -> list[str]:
    """What the clock shows at each session."""
    return [text.split(", ")[-1] for text in page.locator("tbody time").all_inner_texts()]


def test_a_plan_books_its_course_and_who_lost_a_date_gets_others(
    visitors: Visitors, product: Product, behind: Behind
) -> None:
    """From the template to booked sessions: holidays are gone around with their reasons, the wall
    clock is kept when clocks change, a date that went leads back to choosing, and all or none are
    booked. The client needs no script; each page keeps the rules at both widths."""
    client, guest = client_of(visitors, PHONE, has_script=False)
    desk = visitors(width=DESKTOP)
    sign_in_as(desk, product.logins["practitioner"])
    path = begin_plan(desk, guest)
    write_reason(desk.page)
    desk.page.get_by_role("link", name="Choose the dates").click()
    first = autumn(date.fromisoformat(desk.page.get_by_label("First session on").input_value()))
    at = desk.page.get_by_label("At", exact=True).input_value()
    for number in HOLIDAYS:
        take_off(desk, first + number * WEEK)
    desk.goto(f"{path}/dates")
    show_dates(desk.page, first)
    expect(desk.page.get_by_text("time off or a holiday")).to_have_count(len(HOLIDAYS))
    usual = [hour for at_, hour in enumerate(hours(desk.page)) if at_ not in HOLIDAYS]
    assert set(usual) == {at}
    assert_keeps_the_rules(desk, f"{path}/dates", is_private=True)
    desk.goto(f"{path}/dates")
    show_dates(desk.page, first)
    choose(desk.page)
    expect(desk.page.get_by_text("Session 1 of 14, Opening")).to_be_visible()
    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()

    client.goto(path)
    expect(client.page.get_by_text("Session 14 of 14, Ending")).to_be_visible()
    expect(client.page.get_by_text("for each session")).to_be_visible()
    assert_fits(client.page)
    take_off(desk, first + LOST * WEEK)
    before = behind.counts()["booking.bookings"]
    client.page.get_by_role("button", name="I agree to this plan and its dates").click()
    expect(client.page.get_by_text("some dates have just gone")).to_be_visible()
    expect(client.page.get_by_text("These dates are gone:")).to_be_visible()
    assert behind.counts()["booking.bookings"] == before

    desk.goto(path)
    expect(desk.page.get_by_text("These dates are gone:")).to_be_visible()
    desk.page.get_by_role("link", name="Choose other dates").click()
    show_dates(desk.page, first)
    expect(desk.page.get_by_text("time off or a holiday")).to_have_count(len(HOLIDAYS) + 1)
    choose(desk.page)
    expect(desk.page.get_by_text("can agree to them").first).to_be_visible()

    client.goto(path)
    expect(client.page.get_by_text("has new dates for you")).to_be_visible()
    client.page.get_by_role("button", name="I agree to these dates").click()
    expect(client.page.get_by_text("all sessions are booked")).to_be_visible()
    expect(client.page.locator(".badge").first).to_contain_text("Active")
    expect(client.page.get_by_text("0 sessions used, 14 left").first).to_be_visible()
    assert behind.counts()["booking.bookings"] == before + SESSIONS
    # axe waits on timers, and there are none in a page without script.
    scripted = visitors(width=PHONE)
    cookies: Any = client.context.cookies()
    scripted.context.add_cookies(cookies)
    assert_keeps_the_rules(scripted, path, is_private=True)
    assert_keeps_the_rules(desk, path, is_private=True)
    move_all(desk, path, at)
    one_alone(desk, client, path)
    pause(desk, path, first + 5 * WEEK)
    client.goto(path)
    expect(client.page.get_by_text("Paused from")).to_be_visible()


def move_all(desk: Visit, path: str, at: str) -> None:
    """All sessions to an hour earlier or later, where each has a place; every date is shown before
    they move, and the page keeps the rules."""
    desk.goto(path)
    desk.page.get_by_role("link", name="Move the sessions to come").click()
    other = int(at[:2]) + (1 if int(at[:2]) < 12 else -1)
    desk.page.get_by_label("All to come").check()
    desk.page.get_by_label("At", exact=True).fill(f"{other:02}{at[2:]}")
    desk.page.get_by_label("Each may move by").select_option("3")
    desk.page.get_by_label("And on its day by").select_option("6")
    desk.page.get_by_role("button", name="Show the dates").click()
    expect(
        desk.page.get_by_role("heading", name=f"{SESSIONS} sessions", exact=True)
    ).to_be_visible()
    shown = desk.page.url.removeprefix(desk.base_url)
    assert_keeps_the_rules(desk, shown, is_private=True)
    desk.page.get_by_role("button", name=f"Move {SESSIONS} sessions").click()
    expect(desk.page.get_by_text(f"{SESSIONS} sessions have moved.")).to_be_visible()


def one_alone(desk: Visit, client: Visit, path: str) -> None:
    """The client gives the last session back: it does not count, and its place is offered."""
    client.goto(path)
    client.page.locator("tbody a").last.click()
    client.page.get_by_role("link", name="Cancel the session").click()
    client.page.get_by_role("button", name="Cancel the session").click()
    expect(client.page.get_by_text("Cancelled").first).to_be_visible()
    offered = client.page.get_by_text("1 session of this plan has no date.")
    for _ in range(TRIES):
        client.goto(path)
        if offered.count():
            break
        client.page.wait_for_timeout(PAUSE_MS)
    expect(offered).to_be_visible()
    expect(client.page.get_by_role("rowheader", name="Not counted")).to_be_visible()
    assert_fits(client.page)
    desk.goto(path)
    desk.page.get_by_role("link", name="Choose a date", exact=True).click()
    expect(desk.page.get_by_text("Session 14 of 14, Ending")).to_be_visible()


def pause(desk: Visit, path: str, day: date) -> None:
    """Five sessions stay, the other nine are given back and could be placed anew."""
    desk.goto(path)
    desk.page.get_by_text("Pause the sessions").click()
    desk.page.get_by_label("No sessions from").fill((day - timedelta(days=4)).isoformat())
    desk.page.get_by_role("button", name="Pause", exact=True).click()
    expect(desk.page.get_by_text("Choose new dates to go on.")).to_be_visible()
    desk.page.get_by_role("link", name="Choose the dates").click()
    expect(desk.page.get_by_role("heading", name="9 sessions", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("Session 6 of 14, Middle")).to_be_visible()
    expect(desk.page.get_by_text("Session 5 of 14, Middle")).to_have_count(0)
