"""Invoices from settings to the PDF in the client's hands, taken back by a credit note."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in_as
from tests.unit.billing.test_printing import png

#: The worker looks every five seconds, and the page every two.
WORKED_OFF_MS = 60_000
NUMBER = re.compile(r"20\d\d-\d{4}")


def looked_at(visit: Visit, *, has_script: bool) -> None:
    """It fits, and axe finds nothing grave."""
    assert_fits(visit.page)
    if has_script:
        assert_accessible(visit.page)


def downloaded(page: Page, name: str) -> str:
    """The words of the PDF behind a link."""
    with page.expect_download() as begun:
        page.get_by_role("link", name=name).first.click()
    path = begun.value.path()
    pages = PdfReader(BytesIO(Path(path).read_bytes())).pages
    text = " ".join(" ".join(one.extract_text() for one in pages).split())
    return text.replace("\N{NO-BREAK SPACE}", " ")


def settle(visit: Visit, *, has_script: bool) -> None:
    """A mistake is told at its field and keeps what was typed; then the settings are saved."""
    page = visit.page
    page.get_by_label("Tax id").fill("DE136695977")
    page.get_by_label("At the foot of each page").fill("Konto: DE02 1203")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-tax_id")).to_be_visible()
    expect(page.get_by_label("At the foot of each page")).to_have_value("Konto: DE02 1203")
    looked_at(visit, has_script=has_script)
    page.get_by_label("Tax id").fill("DE 136 695 976")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Invoices from now on")).to_be_visible()
    expect(page.get_by_label("Tax id")).to_have_value("DE136695976")


def put_logo(page: Page) -> None:
    """A file that is no PNG is refused in words; a picture is shown."""
    field = page.get_by_label("Picture")
    field.set_input_files({"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    page.get_by_role("button", name="Use this picture").click()
    expect(page.locator("#error-png")).to_have_text("This picture is not a PNG.")
    field.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": png(240, 96)})
    page.get_by_role("button", name="Use this picture").click()
    expect(page.get_by_alt_text("Your logo")).to_be_visible()


@pytest.mark.parametrize(("width", "has_script"), [(DESKTOP, True), (PHONE, False)])
def test_an_admin_issues_a_receipt_and_takes_it_back(
    width: int, has_script: bool, visitors: Visitors, product: Product
) -> None:
    """The file's sums are those of the page; afterwards the sessions can be invoiced anew."""
    visit = visitors(width=width, has_script=has_script)
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/money")
    page = visit.page
    base = re.sub(r"/payments.*", "", page.url).removeprefix(product.base_url)
    visit.goto(f"{base}/invoice-settings")
    settle(visit, has_script=has_script)
    put_logo(page)
    assert "Praxis Lindenbogen" in downloaded(page, "Download a preview")
    visit.goto(f"{base}/invoices")
    looked_at(visit, has_script=has_script)
    page.get_by_role("link", name="New invoice").click()
    looked_at(visit, has_script=has_script)
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name=re.compile(r"^Paid \(")).click()
    looked_at(visit, has_script=has_script)
    boxes = page.get_by_role("checkbox")
    for at in range(2, boxes.count()):
        boxes.nth(at).uncheck()
    page.get_by_label("Name on it").fill("Versicherung Nord")
    page.get_by_label("Address").fill("Weg 3\n10999 Berlin")
    page.get_by_role("button", name="Issue the receipt").click()
    expect(page.get_by_text("is issued.")).to_be_visible()
    looked_at(visit, has_script=has_script)
    number = NUMBER.search(page.locator("h1").inner_text())
    assert number is not None
    total = page.locator(".summary__total dd").inner_text().removeprefix("€")
    text = downloaded(page, "Download PDF")
    euros, _, cents = total.partition(".")
    assert f"Gesamtbetrag {euros},{cents or '00'} €" in text
    told = (f"Rechnung und Quittung {number[0]}", "Versicherung Nord Weg 3 10999 Berlin")
    assert [one for one in (*told, "§ 4 Nr. 14 UStG", "Konto: DE02 1203") if one not in text] == []
    page.get_by_label("Why").fill("Falsche Anschrift")
    page.get_by_role("button", name="Issue the credit note").click()
    expect(page.locator("h1")).to_contain_text("Credit note")
    assert f"Zu Rechnung {number[0]}" in downloaded(page, "Download PDF")
    page.get_by_role("link", name="All invoices of this client").click()
    expect(page.locator("tbody").get_by_text("Credited by").first).to_be_visible()
    visit.watch.assert_quiet()


def looked_up(page: Page) -> None:
    """What is owed was looked up; the page moves on by itself."""
    page.get_by_role("button", name="Look them up").click()
    ready = page.get_by_role("heading", name=re.compile(r"^Issue \d+ invoice"))
    expect(ready).to_be_visible(timeout=WORKED_OFF_MS)


def test_an_admin_invoices_all_clients_at_once(visitors: Visitors, product: Product) -> None:
    """Looked over and let go, nothing is issued; issued, all of it is; there is nothing twice."""
    visit = visitors(width=PHONE)
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/money")
    page = visit.page
    page.goto(f"{page.url}/invoices")
    page.get_by_role("link", name="For all clients").click()
    looked_at(visit, has_script=True)
    looked_up(page)
    looked_at(visit, has_script=True)
    page.get_by_role("button", name="Don’t issue any").click()
    expect(page.get_by_text("Stopped. Nothing was issued.")).to_be_visible()
    looked_up(page)
    total = page.locator("#run strong.money").inner_text()
    page.get_by_role("button", name=re.compile("^Issue ")).click()
    expect(page.get_by_role("heading", name="The last time")).to_be_visible(timeout=WORKED_OFF_MS)
    expect(page.locator("section[aria-labelledby=last] .money")).to_have_text(total)
    looked_at(visit, has_script=True)
    page.get_by_role("button", name="Look them up").click()
    expect(page.get_by_text("Every session that is owed is on an invoice already.")).to_be_visible()
    page.get_by_role("link", name="See the invoices").click()
    page.locator("tbody").get_by_role("link", name=re.compile("^Invoice")).first.click()
    text = downloaded(page, "Download PDF")
    assert [one for one in ("Jana Ohlendorf", "Gesamtbetrag") if one not in text] == []
    visit.watch.assert_quiet()


def test_a_client_finds_and_downloads_their_receipts(visitors: Visitors, product: Product) -> None:
    """From home to billing, the receipt, its file, and what was paid."""
    visit = visitors(width=PHONE)
    sign_in_as(visit, product.logins["client"])
    visit.goto("/home")
    page = visit.page
    page.get_by_role("link", name="Payments and invoices").click()
    expect(page.locator("h1")).to_have_text("Billing")
    looked_at(visit, has_script=True)
    page.locator("tbody").get_by_role("link", name=re.compile("^Receipt")).first.click()
    looked_at(visit, has_script=True)
    text = downloaded(page, "Download PDF")
    assert "Jana Ohlendorf" in text
    assert "Noch offen 0,00 €" in text
    visit.goto("/billing?tab=payments")
    expect(page.get_by_role("link", name=re.compile("^Appointment")).first).to_be_visible()
    looked_at(visit, has_script=True)
    visit.watch.assert_quiet()


def test_the_pages_of_invoices_keep_the_rules(visitors: Visitors, product: Product) -> None:
    """Each at each width and in the dark, and none leaves a copy in the browser."""
    visit = visitors()
    sign_in_as(visit, product.logins["admin"])
    visit.goto("/money")
    base = re.sub(r"/payments.*", "", visit.page.url).removeprefix(product.base_url)
    for section in ("invoice-settings", "invoices", "invoices/new", "invoices/run"):
        assert_keeps_the_rules(visit, f"{base}/{section}", is_private=True)
    assert_keeps_the_rules(visit, "/billing", is_private=True)
