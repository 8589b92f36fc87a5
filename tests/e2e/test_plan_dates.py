"""Courses of plans: over the autumn change of clocks and two holidays to the sixth session, or
without an end; and their losers."""

import re
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.local.product import Product
from services.common.clock import utc_now
from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.hours_of_nell import Nell
from tests.e2e.passing import Passing
from tests.e2e.quality import assert_fits, assert_keeps_the_rules
from tests.e2e.six_sessions import six_sessions
from tests.e2e.test_plans import begin_plan, client_of, write_reason

SESSIONS, HELD = 14, 6
AHEAD, ADDED = 12, 4
"""Sessions of a plan without an end."""
ROLLED_WITHIN_SECONDS = 60.0
AT = "10:00"
WEEK = timedelta(weeks=1)
HOLIDAYS = (4, 6)
"""The sessions, counted from zero, on whose dates the practice is closed from the beginning."""
IN_NINE_DAYS = timedelta(days=9)
"""Long enough for six weeks from the first questionnaire to the sixth session."""
LOST = 2
"""And the one whose date goes between the proposal and the agreement."""
TRIES, PAUSE_MS = 40, 250
"""How long what happened to a session may take to reach its plan."""


@pytest.fixture(scope="module")
def nell(product: Product) -> Nell:
    """A practice of this module's own, whose days have no other sessions."""
    return Nell.opens(product)


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
    page.get_by_label("At", exact=True).fill(AT)
    page.get_by_label("A session may move by").select_option("3")
    page.get_by_label("And on its day by").select_option("6")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name=f"{SESSIONS} sessions", exact=True)).to_be_visible()
    expect(page.get_by_text("No date")).to_have_count(0)


def choose(page: Page) -> None:
    page.get_by_role("button", name="Choose these dates").click()
    page.wait_for_url(re.compile(r"/plans/[0-9a-f-]{36}$"))


def assert_around_holidays(page: Page) -> None:
    """Two dates say what they go around. All others are at the same time by the clock on the wall,
    before the clocks change and after."""
    expect(page.get_by_text("time off or a holiday")).to_have_count(len(HOLIDAYS))
    dates = page.locator("tbody tr").filter(has_text="As usual").locator("time")
    assert {text.split(", ")[-1] for text in dates.all_inner_texts()} == {AT}
    told = dates.evaluate_all("all => all.map(one => one.dateTime)")
    by_utc = {datetime.fromisoformat(one).time() for one in told}
    assert len(by_utc) == 2, by_utc


def test_a_plan_goes_from_its_template_to_the_sixth_session(
    visitors: Visitors, product: Product, behind: Behind, nell: Nell
) -> None:
    """Holidays are gone around with their reasons, the wall clock is kept when clocks change, a
    date that went leads back to choosing, and all or none are booked. Six sessions are held, then
    the others move, and pause. The client needs no script; each page keeps the rules at both
    widths."""
    client, guest = client_of(visitors, PHONE, has_script=False, person=nell.path)
    desk = visitors(width=DESKTOP)
    nell.signs_in(desk)
    path = begin_plan(desk, guest)
    write_reason(desk.page)
    desk.page.get_by_role("link", name="Choose the dates").click()
    first = autumn(date.fromisoformat(desk.page.get_by_label("First session on").input_value()))
    for number in HOLIDAYS:
        take_off(desk, first + number * WEEK)
    desk.goto(f"{path}/dates")
    show_dates(desk.page, first)
    assert_around_holidays(desk.page)
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
    passing = Passing(product, path)
    passing.until(1, utc_now().date() + IN_NINE_DAYS)
    six_sessions(client, desk, path, passing)
    # axe waits on timers, and there are none in a page without script.
    scripted = visitors(width=PHONE)
    cookies: Any = client.context.cookies()
    scripted.context.add_cookies(cookies)
    for visit in (scripted, desk):
        assert_keeps_the_rules(visit, path, is_private=True)
    move_others(desk, path)
    one_alone(desk, client, path)
    pause(desk, path, passing.starts()[HELD + 5 - 1].date())
    client.goto(path)
    expect(client.page.get_by_text("Paused from").first).to_be_visible()


def move_others(desk: Visit, path: str) -> None:
    """All sessions to come to another hour, where each has a place, and back; every date is shown
    before they move, and the pages keep the rules."""
    page, count = desk.page, SESSIONS - HELD
    desk.goto(path)
    page.get_by_role("link", name="Move the sessions to come").click()
    page.get_by_label("All to come").check()
    page.get_by_label("At", exact=True).fill("11:00")
    page.get_by_label("Each may move by").select_option("3")
    page.get_by_label("And on its day by").select_option("6")
    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name=f"{count} sessions", exact=True)).to_be_visible()
    assert_keeps_the_rules(desk, page.url.removeprefix(desk.base_url), is_private=True)
    page.get_by_role("button", name=f"Move {count} sessions").click()
    expect(page.get_by_role("heading", name=f"{count} sessions have moved")).to_be_visible()
    assert_keeps_the_rules(desk, page.url.removeprefix(desk.base_url), is_private=True)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{count} sessions are back where they were.")).to_be_visible()


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
    """From the eleventh session on they are given back, and could be placed anew."""
    desk.goto(path)
    desk.page.get_by_text("Pause the sessions").click()
    desk.page.get_by_label("No sessions from").fill(day.isoformat())
    desk.page.get_by_role("button", name="Show what it cancels").click()
    expect(desk.page.get_by_text("Nothing is owed for it.")).to_have_count(3)
    assert_fits(desk.page)
    desk.page.get_by_role("button", name="Pause and cancel 3 sessions").click()
    expect(desk.page.get_by_text("Paused. 3 sessions are cancelled")).to_be_visible()
    expect(desk.page.get_by_text("Choose new dates to go on.")).to_be_visible()
    desk.page.get_by_role("link", name="Choose the dates").click()
    expect(desk.page.get_by_role("heading", name="4 sessions", exact=True)).to_be_visible()
    expect(desk.page.get_by_text("Session 11 of 14, Middle")).to_be_visible()
    expect(desk.page.get_by_text("Session 10 of 14, Middle")).to_have_count(0)


def test_a_plan_without_an_end_rolls_on(visitors: Visitors, product: Product, nell: Nell) -> None:
    """Twelve sessions are agreed on, by somebody who was told that more follow; once the first is
    over, four are booked by themselves, and the page says so to both."""
    client, guest = client_of(visitors, PHONE, has_script=False, person=nell.path)
    desk = visitors(width=DESKTOP)
    nell.signs_in(desk)
    path = begin_plan(desk, guest, "Open-ended, long term")
    write_reason(desk.page)
    desk.page.get_by_role("link", name="Choose the dates").click()
    desk.page.get_by_label("At", exact=True).fill("15:00")
    desk.page.get_by_role("button", name="Show the dates").click()
    choose(desk.page)
    desk.page.get_by_role("button", name=re.compile("Sign and propose")).click()
    client.goto(path)
    expect(client.page.get_by_text("further sessions are booked by themselves")).to_be_visible()
    client.page.get_by_role("button", name="I agree to this plan and its dates").click()
    expect(client.page.get_by_text("all sessions are booked")).to_be_visible()
    passing = Passing(product, path)
    assert len(passing.starts()) == AHEAD
    passing.until_after(1, step=WEEK.days)
    until = monotonic() + ROLLED_WITHIN_SECONDS
    while len(passing.starts()) < AHEAD + ADDED:
        assert monotonic() < until, "no sessions were added"
        client.page.wait_for_timeout(PAUSE_MS)
    for visit in (client, desk):
        visit.goto(path)
        expect(visit.page.get_by_text("the last 4 sessions were added on")).to_be_visible()
        expect(visit.page.locator("tbody tr")).to_have_count(AHEAD + ADDED)
        assert_fits(visit.page)
    assert_keeps_the_rules(desk, path, is_private=True)
