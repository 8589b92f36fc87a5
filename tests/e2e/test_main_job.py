"""The main job: find, book, pay, get the mail, move, cancel, get the money back."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.behind import Behind
from tests.e2e.browsing import DESKTOP, PHONE, Visitors
from tests.e2e.post import Letter, Post
from tests.e2e.steps import (
    Guest,
    Slot,
    choose_slot,
    choose_topic,
    pay,
    press_pay,
    type_details,
)

MOST_CLICKS = 5
# Beyond two days every policy of the demo gives something back, also after a move.
PAYS_BACK = timedelta(hours=49)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_guest_books_pays_moves_cancels_and_gets_the_money_back(
    width: int, visitors: Visitors, post: Post, behind: Behind
) -> None:
    """The whole job without an account, in at most five clicks until it is booked."""
    visit, guest = visitors(width=width), Guest.new()
    choose_topic(visit)
    slot = choose_slot(visit, ahead=PAYS_BACK)
    type_details(visit.page, guest)
    press_pay(visit.page)
    booking_id = pay(visit.page)
    assert visit.presses <= MOST_CLICKS, visit.watch.presses
    expect(visit.page.locator(".lead")).to_contain_text(f"{guest.email[:2]}…")

    booked = post.wait_for(guest.email, "is confirmed")
    assert_says(booked, "REQUEST", slot)

    visit.page.goto(booked.private_link)
    moved_to = move_to_a_later_day(visit.page)
    moved = post.wait_for(guest.email, "has moved")
    assert_says(moved, "REQUEST", moved_to)
    assert_follows(moved, booked)

    back = cancel(visit.page)
    cancelled = post.wait_for(guest.email, "is cancelled")
    assert cancelled.method == "CANCEL"
    assert_follows(cancelled, moved)
    post.wait_for(guest.email, "refund is on its way")
    (charge,) = behind.charges_of(booking_id)
    (refund,) = behind.refunds_of(charge)
    assert refund["amount"] == back > 0
    assert charge["amount_refunded"] == back
    assert behind.state_of(booking_id).endswith("cancelled")
    visit.watch.assert_quiet()


def assert_says(letter: Letter, method: str, slot: Slot) -> None:
    """The attached appointment is the session, and a lock screen learns nothing from it."""
    assert letter.method == method
    assert letter.event["SUMMARY"] == "Appointment"
    assert letter.event["CLASS"] == "PRIVATE"
    assert letter.event["DTSTART"].dt == slot.starts_at


def assert_follows(later: Letter, earlier: Letter) -> None:
    """A calendar takes it for the same appointment, changed (RFC 5545, 3.8.7.4)."""
    assert later.event["UID"] == earlier.event["UID"]
    assert later.event["SEQUENCE"] > earlier.event["SEQUENCE"]


def move_to_a_later_day(page: Page) -> Slot:
    """Move the session to the last time of the next week's last free day."""
    page.get_by_role("link", name="Move to another time").click()
    page.wait_for_url(re.compile(r"/reschedule"))
    later = page.get_by_role("link", name=re.compile("^Later (week|month)$"))
    later.locator("visible=true").first.click()
    page.wait_for_url(re.compile(r"day=|month="))
    link = page.locator("#times a.slot").last
    link.wait_for()
    href = link.get_attribute("href") or ""
    link.click()
    page.wait_for_url(re.compile(r"start="))
    page.get_by_role("button", name="Move the session").click()
    expect(page.get_by_text("Your session has moved.")).to_be_visible()
    return Slot(href)


def cancel(page: Page) -> int:
    """Cancel on the terms shown. What the page promised to give back, in minor units."""
    page.get_by_role("link", name="Cancel the session").click()
    heading = page.locator("#refund").inner_text()
    shown = re.fullmatch(r"You get \D*([\d,]+)(?:\.(\d\d))? back", heading)
    assert shown is not None, heading
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("Your session is cancelled.")).to_be_visible()
    return int(shown[1].replace(",", "")) * 100 + int(shown[2] or 0)
