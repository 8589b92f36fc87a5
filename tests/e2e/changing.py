"""A paid session is moved and cancelled: what the pages say before, the mails and Stripe after."""

import re
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.e2e.behind import Behind
from tests.e2e.post import Letter, Post
from tests.e2e.steps import Slot


def assert_moves_and_pays_back(page: Page, to: str, booked: Letter, post: Post) -> int:
    """From the booking's page: moved, then cancelled, the mails following. What was promised back,
    in minor units."""
    moved_to = move_to_a_later_day(page)
    moved = post.wait_for(to, "has moved")
    assert_says(moved, "REQUEST", moved_to)
    assert_follows(moved, booked)

    back = cancel(page)
    cancelled = post.wait_for(to, "is cancelled")
    assert_says(cancelled, "CANCEL", moved_to)
    assert_follows(cancelled, moved)
    post.wait_for(to, "refund is on its way")
    return back


def assert_came_back(behind: Behind, booking_id: UUID, back: int) -> None:
    """One charge at Stripe, and of it exactly what the page had promised."""
    (charge,) = behind.charges_of(booking_id)
    (refund,) = behind.refunds_of(charge)
    assert refund["amount"] == back > 0
    assert charge["amount_refunded"] == back
    assert behind.state_of(booking_id).endswith("cancelled")


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
    told = page.get_by_text(re.compile("The price stays the same. (You can|If you) cancel"))
    expect(told).to_be_visible()
    page.get_by_role("button", name="Move the session").click()
    expect(page.get_by_text("Your session has moved.")).to_be_visible()
    return Slot(href)


def cancel(page: Page) -> int:
    """Cancel on the terms shown, in words and in money. What the page promised to give back, in
    minor units."""
    page.get_by_role("link", name="Cancel the session").click()
    heading = page.locator("#refund").inner_text()
    shown = re.fullmatch(r"You get \D*([\d,]+)(?:\.(\d\d))? back", heading)
    assert shown is not None, heading
    terms = page.get_by_role("region", name=heading)
    expect(terms).to_contain_text(re.compile("Cancelling (is|was) free|comes back"))
    expect(terms).to_contain_text("You paid")
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("Your session is cancelled.")).to_be_visible()
    return int(shown[1].replace(",", "")) * 100 + int(shown[2] or 0)
