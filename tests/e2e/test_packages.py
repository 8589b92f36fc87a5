"""A package from the desk to the client and back: bought, used, returned in time, ended fairly."""

import re
from time import monotonic

from playwright.sync_api import Page, expect

from deploy.local.product import Product
from tests.e2e.browsing import PHONE, Visit, Visitors
from tests.e2e.post import Post
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import (
    Guest,
    choose_slot,
    confirmed,
    open_times,
    register,
    sign_in_as,
    type_payer,
)

#: Milliseconds within which a payment is known, on a machine with much else to do.
SETTLED = 30_000
PERSON, NAME = "/practitioners/mara-lindenau", "Three to begin with"


def offer(admin: Visit, product: Product) -> str:
    """The admin makes a package; a mistake is named and keeps what was typed. The desk's path."""
    sign_in_as(admin, product.logins["admin"])
    admin.goto("/money")
    page = admin.page
    base = re.sub(r"/money.*", "/money", page.url).removeprefix(product.base_url)
    admin.goto(f"{base}/packages/new")
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Sessions").fill("3")
    for offering in page.get_by_label(re.compile("Mara Lindenau")).all():
        offering.check()
    page.get_by_label("Price of all of it").fill("2,40,0")
    page.get_by_label("Valid for months").fill("6")
    page.get_by_label("counts at its single price").check()
    page.get_by_role("button", name="Offer it").click()
    expect(page.locator("#error-price")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value(NAME)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Price of all of it").fill("240")
    page.get_by_role("button", name="Offer it").click()
    expect(page.get_by_role("main")).to_contain_text(NAME)
    return base


def buy(client: Visit) -> str:
    """The client pays on the hosted page and comes back to a package in use; its path."""
    client.goto(f"{PERSON}/packages")
    page = client.page
    assert_fits(page)
    assert_accessible(page)
    page.locator("li", has_text=NAME).get_by_role("button", name="Pay").click()
    page.wait_for_url(re.compile(r"/c/pay/"))
    type_payer(page)
    page.locator("button.pay").click()
    page.wait_for_url(re.compile(r"/billing/packages/"))
    expect(page.get_by_text("In use")).to_be_visible(timeout=SETTLED)
    expect(page.get_by_role("main")).to_contain_text("0 of 3")
    return page.url.split("?")[0]


def use(client: Visit, label: str, *, is_new: bool) -> Page:
    """Book a session with the package: nothing is charged."""
    open_times(client, PERSON)
    choose_slot(client)
    page = client.page
    if is_new:
        page.locator("#field-consent").check()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name=label).click()
    confirmed(page)
    expect(page.get_by_role("main")).to_contain_text(f"1 session of {NAME}")
    return page


def wait_for(client: Visit, path: str, words: str) -> None:
    """Open the page until it says so: what happened to a booking travels to the package."""
    until = monotonic() + SETTLED / 1000
    client.goto(path)
    while words not in client.page.get_by_role("main").inner_text():
        assert monotonic() < until, words
        client.goto(path)


def test_a_package_is_bought_used_returned_and_ended(
    visitors: Visitors, product: Product, post: Post
) -> None:
    """On a phone; what the client was told is what happens, and the rest goes back line by line.
    Mails tell of its beginning and of its end, and lead to its page."""
    admin, client = visitors(), visitors(width=PHONE)
    base = offer(admin, product)
    guest = Guest.new()
    register(client, guest)
    package = buy(client)
    bought = post.wait_for(guest.email, "Your payment has arrived").text
    assert package in bought
    assert "3 sessions" in bought
    assert NAME not in bought
    page = use(client, "Use 1 of your 3 sessions", is_new=True)
    page.get_by_role("link", name="Change or cancel").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("main")).to_contain_text("The session comes back to your package")
    assert_fits(page)
    page.get_by_role("button", name=re.compile("^Cancel")).click()
    wait_for(client, package.removeprefix(product.base_url), "0 of 3")
    use(client, "Use 1 of your 3 sessions", is_new=False)
    admin.goto(f"{base}/packages/sales")
    assert_keeps_the_rules(admin, f"{base}/packages/sales", is_private=True)
    desk = admin.page
    desk.locator("main tbody a").first.click()
    desk.get_by_role("link", name="End it and give the rest back").click()
    expect(desk.get_by_role("main")).to_contain_text("still to come")
    assert_fits(desk)
    assert_accessible(desk)
    desk.get_by_role("button", name=re.compile("^End it and refund")).click()
    expect(desk.get_by_role("main")).to_contain_text("Ended")
    client.goto(package.removeprefix(product.base_url))
    expect(page.get_by_role("main")).to_contain_text("Ended")
    ended = post.wait_for(guest.email, "Something you bought has ended").text
    assert "2 sessions of it can no longer be used" in " ".join(ended.split())
