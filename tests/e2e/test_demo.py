"""What a new product shows to who looks around in it: a plan in the middle of its course."""

import re

from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_fits
from tests.e2e.steps import sign_in_as


def test_the_plan_of_the_demo_is_in_the_middle_of_its_course(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """The client's home and plan on a phone; a session with the exercise rehearsed in it, and the
    log beside the note on it. No mail says that anything of it waits."""
    client = visitors(width=PHONE)
    sign_in_as(client, product.logins["client"])
    client.goto("/home")
    progress = client.page.get_by_role("region", name="Your plan")
    expect(progress).to_contain_text(re.compile(r"\d+ of 14 sessions used"))
    client.page.get_by_role("link", name="With Dr. phil. Mara Lindenau").click()
    expect(client.page.get_by_text("Session 14 of 14").first).to_be_visible()
    expect(client.page.get_by_text("1 session missed")).to_be_visible()
    expect(client.page.get_by_text("Confirmed").first).to_be_visible()
    assert_fits(client.page)
    told = post.subjects(product.logins["client"]["email"])
    assert [one for one in told if "your answer" in one] == []

    desk = visitors(width=DESKTOP)
    sign_in_as(desk, product.logins["practitioner"])
    desk.goto("/plans")
    desk.page.get_by_role("link", name="Jana Ohlendorf").click()
    rehearsed = desk.page.get_by_role("row", name=re.compile("Session 3 of 14"))
    rehearsed.get_by_role("link").first.click()
    expect(desk.page.get_by_text("Rehearsed in this session.")).to_be_visible()
    desk.page.go_back()
    last = desk.page.get_by_role("row", name=re.compile("Session 14 of 14")).get_by_role("link")
    booking_id = (last.first.get_attribute("href") or "").rpartition("/")[2]
    desk.goto(f"/notes/new?booking={booking_id}")
    expect(desk.page.get_by_role("heading", name="Agreed exercises")).to_be_visible()
    assert_fits(desk.page)
