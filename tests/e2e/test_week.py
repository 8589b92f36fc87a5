"""A practitioner's week from Monday to Friday, and what Today, Clients and the records say then."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from deploy.local.product import Product
from services.common.clock import utc_now
from tests.e2e.browsing import DESKTOP, Visit, Visitors
from tests.e2e.hours_of_nell import BERLIN, Booked, Nell
from tests.e2e.post import Post
from tests.e2e.quality import assert_accessible, assert_keeps_the_rules
from tests.e2e.six_sessions import REHEARSED
from tests.e2e.test_calendar import block, box_at_rest, close, open_week, panel, starts_at

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = range(4)
ONE_HOUR = timedelta(hours=1)


def coming(weekday: int, hour: int) -> datetime:
    """An hour of the week after this one, in Berlin."""
    today = utc_now().astimezone(BERLIN)
    day = today + timedelta(days=weekday - today.weekday() + 7)
    later = day if day - today > timedelta(days=2) else day + timedelta(days=7)
    return later.replace(hour=hour, minute=0, second=0, microsecond=0)


def test_a_week_is_worked_and_every_page_knows(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """Six sessions: one attended with its note, one missed with half of the money back, one
    cancelled late, one moved and taken back, one moved out of leave, one booked on behalf."""
    nell = Nell.opens(product)
    came = nell.is_booked("Anna Kommt", coming(MONDAY, 9))
    missed = nell.is_booked("Nora Fehlt", coming(MONDAY, 11))
    late = nell.is_booked("Lars Spät", coming(TUESDAY, 10))
    away = nell.is_booked("Wanda Mittwoch", coming(WEDNESDAY, 10))
    moved = nell.is_booked("Dora Donner", coming(THURSDAY, 10))
    nell.gives_half_for(missed)
    nell.began(came, hours_ago=26)
    missed_on = nell.began(missed, hours_ago=24)
    nell.began(late, hours_ago=-20)

    visit = visitors(width=DESKTOP)
    nell.signs_in(visit)
    mark_attended_and_note(visit.page, came)
    mark_missed(visit, nell, missed, missed_on)
    nell.gives_back(late)
    move_and_take_back(visit, nell, moved)
    book_on_behalf(visit, moved, came)
    move_out_of_leave(visit, nell, away, post)
    assert_known(visit, nell, (came, missed, late, away, moved))
    visit.watch.assert_quiet()


def mark_attended_and_note(page: Page, came: Booked) -> None:
    """From the day: who came, and what is to be written then."""
    expect(page.get_by_role("heading", name="Did they come?")).to_be_visible()
    page.get_by_role("button", name=f"Attended by {came.name}").click()
    page.get_by_role("link", name="Write the note").click()
    page.get_by_role("textbox", name="Subjective", exact=True).fill(REHEARSED)
    page.get_by_role("button", name="Go on to sign").click()
    page.get_by_role("button", name="Sign now").click()
    expect(page.locator(".badge").first).to_contain_text("Signed")


def mark_missed(visit: Visit, nell: Nell, missed: Booked, day: datetime) -> None:
    """In the calendar's panel, which says what goes back before it does."""
    page = visit.page
    open_week(visit, day)
    # The script sends this form, and what it asks back is meant as the answer of a page.
    visit.watch.documents.add(f"{visit.base_url}{nell.session_path(missed)}/attendance")
    block(page, missed).click()
    panel(page).get_by_role("button", name="Missed by").click()
    expect(panel(page).get_by_role("heading", name="Did Nora Fehlt not come?")).to_be_visible()
    assert_accessible(page)
    panel(page).get_by_role("button", name="Mark as missed, €45 goes back").click()
    expect(panel(page).get_by_text("Marked as missed.")).to_be_visible()
    close(page)
    expect(block(page, missed)).to_contain_text("Missed")


def move_and_take_back(visit: Visit, nell: Nell, moved: Booked) -> None:
    """The client is told, and told again."""
    page, day = visit.page, nell.starts_at(moved)
    open_week(visit, day)
    block(page, moved).click()
    panel(page).get_by_role("link", name="Move…").click()
    page.get_by_label("New time").fill(f"{day + ONE_HOUR:%H:%M}")
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("#toasts")).to_contain_text("The client gets a mail.")
    starts_at(page, moved, nell, day + ONE_HOUR)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    starts_at(page, moved, nell, day)


def book_on_behalf(visit: Visit, beside: Booked, whom: Booked) -> None:
    """A press on Friday, beside Thursday's session, books for who came on Monday."""
    page = visit.page
    block(page, beside).hover()  # which looks anew where the grid is just drawn again
    box = box_at_rest(block(page, beside))
    page.mouse.click(box["x"] + box["width"] * 1.6, box["y"] + 8)
    expect(page.get_by_role("heading", name="Who is it for?")).to_be_visible()
    page.get_by_role("link", name=whom.name).click()
    expect(page.get_by_text(re.compile("^Friday .*10:00"))).to_be_visible()
    page.get_by_label("At the practice or by invoice").check()
    page.get_by_role("button", name="Book the session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(whom.name)


def move_out_of_leave(visit: Visit, nell: Nell, away: Booked, post: Post) -> None:
    """Leave on Wednesday says whose session it touches; it is marked on the day and on its own page
    until it takes the first free time."""
    page, day = visit.page, nell.starts_at(away)
    visit.goto("/availability")
    page.get_by_label("First day").fill(f"{day:%Y-%m-%d}")
    page.get_by_role("button", name="Add time off").click()
    expect(page.get_by_text("1 session lies within this time off")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Save the time off").click()
    expect(page.get_by_text("The time off is saved.")).to_be_visible()
    visit.goto(f"/today?day={day:%Y-%m-%d}")
    row = page.get_by_role("row").filter(has_text=away.name)
    expect(row).to_contain_text("Within time off")
    row.get_by_role("link", name=away.name, exact=True).click()
    expect(page.get_by_text("This session lies within time off")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="See the hours").click()
    page.get_by_role("link", name=f"Move {away.name}").click()
    page.locator("a.slot").first.click()
    expect(page.get_by_text("The client is told the new time by mail.")).to_be_visible()
    page.get_by_role("button", name="Move the session").click()
    expect(page.get_by_text("The session has moved")).to_be_visible()
    assert nell.starts_at(away).date() != day.date()
    visit.goto("/availability")
    expect(page.get_by_text(away.name)).to_have_count(0)
    post.wait_for(away.email, "has moved")


def assert_known(visit: Visit, nell: Nell, everybody: tuple[Booked, ...]) -> None:
    """Nothing waits on the day; the list has all five; each record tells how it went and what
    was paid, kept and given back."""
    page = visit.page
    visit.goto("/today")
    expect(page.get_by_role("heading", name="Did they come?")).to_have_count(0)
    expect(page.get_by_text("Every session that was attended")).to_be_visible()
    visit.goto("/clients")
    rows = page.get_by_role("row")
    expect(rows).to_have_count(1 + len(everybody))
    came, missed, late, away, moved = everybody
    told = {
        came: ("Attended", "Paid", "Confirmed", "By invoice"),
        missed: ("Missed", "Partly refunded"),
        late: ("Cancelled late", "Paid"),
        away: ("Confirmed", "Paid"),
        moved: ("Confirmed", "Paid"),
    }
    records = {}
    for booked, words in told.items():
        visit.goto("/clients")
        rows.get_by_role("link", name=booked.name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(booked.name)
        records[booked] = page.url.removeprefix(visit.base_url)
        for word in words:
            expect(page.locator("tbody").get_by_text(word, exact=True)).to_be_visible()
    assert_keeps_the_rules(visit, records[missed], is_private=True)
