"""The practitioner says who came, and takes it back."""

import pytest
from playwright.sync_api import expect

from deploy.local.product import Product
from tests.e2e.browsing import DESKTOP, PHONE, Visitors
from tests.e2e.quality import assert_accessible, assert_fits
from tests.e2e.steps import sign_in_as

#: Long enough for whoever works every week.
DAYS_BACK = 14


@pytest.mark.parametrize(("width", "has_script"), [(DESKTOP, True), (PHONE, False)])
def test_who_came_is_said_on_the_day_and_withdrawn(
    width: int, has_script: bool, visitors: Visitors, product: Product
) -> None:
    """From the last day with a session: withdrawn, missed, withdrawn, attended as before."""
    visit = visitors(width=width, has_script=has_script)
    sign_in_as(visit, product.logins["practitioner"])
    page = visit.page
    # Those that wait to be marked stand above the table of the day.
    table = page.locator("table")
    undo = table.get_by_role("button", name="Undo the mark of")
    for _ in range(DAYS_BACK):
        page.get_by_role("link", name="Day before").click()
        if undo.count():
            break
    before = undo.count()
    missed = table.get_by_role("button", name="Missed by")
    attended = table.get_by_role("button", name="Attended by")
    undo.first.click()
    expect(page.get_by_text("The mark is withdrawn.")).to_be_visible()
    expect(undo).to_have_count(before - 1)
    assert_fits(page)
    if has_script:
        assert_accessible(page)
    missed.first.click()
    expect(page.get_by_text("Marked as missed.")).to_be_visible()
    undo.first.click()
    attended.first.click()
    expect(page.get_by_text("Marked as attended.")).to_be_visible()
    expect(undo).to_have_count(before)
    visit.watch.assert_quiet()
