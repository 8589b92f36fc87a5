"""The money desk beside Stripe: a payout to its parts, a difference from its finding to its end."""

import re

import httpx
from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import PHONE, Visitors
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in_as
from tests.factories.witness import Witness

TEN_MINUTES_AGO = -600
PATIENCE = 60_000
"""Milliseconds: the page asks again by itself, as long as the look takes."""
PAGE = re.compile(r"/practices/(?P<practice>[0-9a-f-]{36})/money\b")


def refund_in_the_dashboard(product: Product, practice_id: str) -> str:
    """One euro of the latest charge goes back ten minutes ago, and Attune is never told of it; the
    refund's id."""
    query = "SELECT stripe_account_id FROM billing.stripe_accounts WHERE practice_id = %s"
    [(account,)] = Witness(product).rows(query, practice_id)
    with httpx.Client(
        base_url=product.twin_url,
        auth=(product.environment["STRIPE_API_KEY"], ""),
        headers={"Stripe-Account": str(account)},
        timeout=30,
        trust_env=False,
    ) as stripe:
        charge = stripe.get("/v1/charges", params={"limit": 1}).json()["data"][0]
        stripe.post("/_twin/clock", json={"offset": TEN_MINUTES_AGO}).raise_for_status()
        try:
            unheard = {"kind": "webhook_lose", "event_type": "*refund*", "count": 3}
            stripe.post("/_twin/faults", json=unheard).raise_for_status()
            told = {"charge": charge["id"], "amount": 100}
            made = stripe.post("/v1/refunds", data=told).raise_for_status().json()
        finally:
            stripe.post("/_twin/clock", json={"offset": 0}).raise_for_status()
    return str(made["id"])


def test_the_desk_finds_and_settles_a_refund_that_was_made_at_stripe(
    visitors: Visitors, product: Product
) -> None:
    """Found by pressing a button, a mistake kept, taken over with words, and told afterwards."""
    visit = visitors()
    sign_in_as(visit, product.logins["admin"])
    page = visit.page
    page.get_by_role("link", name="Money", exact=True).first.click()
    sections = page.get_by_role("navigation", name="Money")
    sections.get_by_role("link", name="Payouts").click()
    expect(page.locator("h1")).to_have_text("Payouts")
    assert_accessible(page)
    page.locator("tbody a").first.click()
    expect(page.get_by_text("Adds up to")).to_be_visible()
    expect(page.get_by_text("Arrived at the bank")).to_be_visible()
    assert_accessible(page)
    found = PAGE.search(page.url)
    assert found is not None
    refund = refund_in_the_dashboard(product, found["practice"])
    sections.get_by_role("link", name="Reconciliation").click()
    page.get_by_role("button", name="Compare now").click()
    row = page.get_by_role("row").filter(has_text=refund)
    expect(row).to_be_visible(timeout=PATIENCE)
    assert_accessible(page)
    row.get_by_role("link", name="A refund that is not in the books").click()
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how to settle it.")
    page.get_by_label("Why").fill("Refunded after a call with the client.")
    page.get_by_label("Take over what Stripe says").check()
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("Settled. Your words are kept with it.")).to_be_visible()
    page.get_by_role("link", name="Settled ones").click()
    row.get_by_role("link").first.click()
    expect(page.get_by_text("Refunded after a call with the client.")).to_be_visible()
    expect(page.get_by_text("by you")).to_be_visible()
    assert_keeps_the_rules(visit, page.url.removeprefix(visit.base_url), is_private=True)


def test_the_desk_settles_on_a_phone_without_scripts(visitors: Visitors, product: Product) -> None:
    """Every page fits 320 px, and each form works without JavaScript."""
    visit = visitors(width=PHONE, has_script=False)
    sign_in_as(visit, product.logins["admin"])
    page = visit.page
    visit.goto("/money")
    found = PAGE.search(page.url)
    assert found is not None
    base = f"/practices/{found['practice']}/money"
    refund = refund_in_the_dashboard(product, found["practice"])
    visit.goto(f"{base}/reconciliation")
    page.get_by_role("button", name="Compare now").click()
    row = page.get_by_role("row").filter(has_text=refund)
    for _ in range(60):
        if row.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    assert_fits(page)
    row.get_by_role("link").first.click()
    assert_fits(page)
    page.get_by_label("Why").fill("Known to the bookkeeper.")
    page.get_by_label("Leave the books as they are").check()
    page.get_by_role("button", name="Settle it").click()
    expect(page.get_by_text("Settled. Your words are kept with it.")).to_be_visible()
    visit.goto(f"{base}/payouts")
    assert_fits(page)
    page.locator("tbody a").first.click()
    assert_fits(page)
