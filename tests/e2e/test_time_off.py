"""Time off over a booked session: who is touched is told first, and cancelled on a phone.

At a desk the session is moved away: test_week.py.
"""

from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import PHONE, Visitors
from tests.e2e.hours_of_nell import Nell, free_day
from tests.e2e.post import Post
from tests.e2e.quality import assert_fits


def test_a_session_within_time_off_is_cancelled_on_a_phone_without_scripts(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """All of the money goes back, and the page says so before it is done."""
    nell = Nell.opens(product)
    booked = nell.is_booked("Hazel Away", free_day(10, 9))
    visit = visitors(width=PHONE, has_script=False)
    nell.signs_in(visit)
    page, day = visit.page, nell.starts_at(booked)
    visit.goto("/availability")
    page.get_by_label("First day").fill(f"{day:%Y-%m-%d}")
    page.get_by_role("button", name="Add time off").click()
    expect(page.locator("h1")).to_have_text("1 session lies within this time off")
    expect(page.get_by_text("The time off is not saved yet")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Save the time off").click()
    expect(page.get_by_text("The time off is saved.")).to_be_visible()
    page.get_by_role("link", name=f"Cancel {booked.name}").click()
    expect(page.get_by_role("heading", name="The client gets €90 back")).to_be_visible()
    assert_fits(page)
    page.get_by_role("button", name="Cancel the session").click()
    expect(page.get_by_text("The session is cancelled")).to_be_visible()
    assert_fits(page)
    assert nell.state_of(booked) == "cancelled"
    visit.goto("/availability")
    expect(page.get_by_text(booked.name)).to_have_count(0)
    post.wait_for(booked.email, "refund is on its way")
