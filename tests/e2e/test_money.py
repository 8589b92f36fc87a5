"""The money desk on the demo: every page of it, and money given back from preview to ledger."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import PHONE, Visit, Visitors
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules, look
from tests.e2e.steps import sign_in_as

PATIENCE_MS = 60_000
PAGES = (
    *("", "/payments", "/refunds", "/disputes", "/owed", "/ledger", "/exports", "/packages"),
    *("/reports", "/reports/sessions?period=last_month", "/month-end"),
)


def path_of(visit: Visit) -> str:
    """Where a visit is, without the product's own address."""
    found = urlsplit(visit.page.url)
    return f"{found.path}?{found.query}" if found.query else found.path


def at_the_desk(visit: Visit, product: Product) -> str:
    """An admin of one practice at its desk, whose path is told."""
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/money")
    return path_of(visit)


def test_every_page_of_the_desk_keeps_the_rules(visitors: Visitors, product: Product) -> None:
    """And figures lead on: from the trial balance to an account, to its entry, to the payment."""
    visit = visitors()
    base = at_the_desk(visit, product)
    for below in PAGES:
        assert_keeps_the_rules(visit, f"{base}{below}", is_private=True)
    visit.goto(f"{base}/ledger")
    for link in (
        "a[href*='/ledger/accounts/booking_funds/']",
        "a[href*='/ledger/transactions/']",
        "a[href*='/money/payments/']",
    ):
        visit.page.locator(f"main {link}").first.click()
        visit.settle()
        assert_keeps_the_rules(visit, path_of(visit), is_private=True)
    visit.goto(f"{base}/reports?period=this_year")
    visit.page.locator("main a[href*='/reports/entries?figure=net']").first.click()
    visit.settle()
    assert_keeps_the_rules(visit, path_of(visit), is_private=True)


def test_money_is_given_back_on_a_phone_and_the_books_say_so(
    visitors: Visitors, product: Product
) -> None:
    """More than was paid is named and what was typed stays; what was shown is what happens."""
    visit = visitors(width=PHONE)
    base = at_the_desk(visit, product)
    page = visit.page
    visit.goto(f"{base}/payments?state=paid")
    of_sessions = page.locator("main tbody tr").filter(has_not_text=re.compile("package", re.I))
    of_sessions.locator("a[href*='/money/payments/']").first.click()
    payment = path_of(visit)
    page.get_by_role("link", name="Give money back").click()
    page.locator("input[name=way][value=part]").check()
    page.get_by_label("The part").fill("5000.00")
    page.get_by_label("Why").select_option("goodwill")
    page.get_by_role("button", name="See what happens").click()
    expect(page.locator("#error-amount")).to_be_visible()
    expect(page.get_by_label("The part")).to_have_value("5000.00")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("The part").fill("5.00")
    page.get_by_role("button", name="See what happens").click()
    expect(page.get_by_text("Nothing has happened yet.")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Refund €5").click()
    visit.goto(f"{base}/refunds")
    expect(page.get_by_role("main")).to_contain_text("€5")
    visit.goto(payment)
    expect(page.get_by_role("main")).to_contain_text("goodwill")


def until_compared(visit: Visit, base: str) -> None:
    """A look at Stripe was finished: without one no month is closed."""
    visit.goto(f"{base}/reconciliation")
    visit.page.get_by_role("button", name="Compare now").click()
    expect(visit.page.get_by_role("main")).to_contain_text("Last compared", timeout=PATIENCE_MS)


def test_an_admin_closes_the_earliest_month(visitors: Visitors, product: Product) -> None:
    """On a phone: the one after it says what is in its way and has no button; what is closed is
    shown and asked before; then the balances stay, and the next month can be closed."""
    visit = visitors(width=PHONE)
    base = at_the_desk(visit, product)
    until_compared(visit, base)
    visit.goto(f"{base}/month-end")
    page, main = visit.page, visit.page.get_by_role("main")
    months = page.locator("main tbody a")
    assert months.count() >= 12
    later = months.nth(months.count() - 2).get_attribute("href") or ""
    months.last.click()
    name = page.get_by_role("heading", level=1).inner_text()
    assert_keeps_the_rules(visit, path_of(visit), is_private=True)
    look(page, PHONE, "light")
    here = path_of(visit)
    visit.goto(later)
    expect(main).to_contain_text("The month before is open: close it first.")
    expect(page.get_by_role("link", name=re.compile("^Close "))).to_have_count(0)
    visit.goto(here)
    before = page.locator("main tbody").inner_text()
    page.get_by_role("link", name=f"Close {name}").click()
    expect(main).to_contain_text("Nothing has happened yet.")
    assert_keeps_the_rules(visit, path_of(visit), is_private=True)
    look(page, PHONE, "light")
    page.get_by_role("button", name=f"Close {name} for good").click()
    expect(page.get_by_role("heading", name="This month is closed")).to_be_visible()
    expect(main).to_contain_text("Closed by you on")
    assert page.locator("main tbody").inner_text() == before
    visit.goto(later)
    expect(page.get_by_role("link", name=re.compile("^Close "))).to_be_visible()
    assert_fits(page)
