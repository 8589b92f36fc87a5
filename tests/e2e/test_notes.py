"""Notes: written after a session, kept through a login that ends, signed, added to, private."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from deploy.local.product import Product
from services.contracts.profiles.accounts import Role
from tests.e2e.browsing import DESKTOP, PHONE, Visit, Visitors
from tests.e2e.idling import end_login, sign_in_beside
from tests.e2e.quality import assert_accessible, assert_fits, assert_keeps_the_rules
from tests.e2e.steps import sign_in, sign_in_as
from tests.factories.clinic import Clinic
from tests.factories.people import PASSWORD, Person, store_people

NOTE = re.compile(r"/notes/[0-9a-f-]{36}$")
SAVED = re.compile(r"^Saved \d\d:\d\d$")
SAID = "She called her sister, and it did not turn into a quarrel."
SEEN = "Came on time, laughed twice."
ADDED = "The sister rang back on Friday."


def at_desk(visitors: Visitors, product: Product, width: int, *, has_script: bool = True) -> Visit:
    """The demo's practitioner, on their day."""
    visit = visitors(width=width, has_script=has_script)
    sign_in_as(visit, product.logins["practitioner"])
    return visit


def sign_in_again(visit: Visit, product: Product) -> None:
    """In another window of the same browser; the one with the note stays as it is."""
    login = product.logins["practitioner"]
    sign_in_beside(visit, login["email"], login["password"])


def section(page: Page, name: str) -> Locator:
    """Where one section is typed."""
    return page.get_by_role("textbox", name=name, exact=True)


def begin_note(page: Page, at: int) -> None:
    """From a to-do of the day to its editor."""
    page.get_by_role("link", name="Write the note").nth(at).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Progress note about")


def test_a_note_is_kept_while_it_is_typed_through_the_end_of_a_login(
    visitors: Visitors, product: Product
) -> None:
    """Typed, saved by itself, idled out, there again; signed and added to; read by supervisors."""
    desk = at_desk(visitors, product, DESKTOP)
    page = desk.page
    desk.goto("/notes")
    to_dos = page.get_by_role("link", name="Write the note").count()
    desk.goto("/today")
    begin_note(page, 0)
    assert_accessible(page)
    saved = page.locator("#saved")
    expect(saved).to_have_text("Not saved yet")
    section(page, "Subjective").press_sequentially(SAID)
    expect(saved).to_have_text(SAVED)
    page.wait_for_url(NOTE)
    page.get_by_label("DAP: data, assessment, plan").check()
    expect(section(page, "Objective")).to_have_count(0)
    expect(section(page, "Subjective")).to_be_visible()
    page.get_by_label("SOAP").check()
    section(page, "Objective").press_sequentially(SEEN)
    section(page, "Plan").focus()
    expect(saved).to_have_text(SAVED)
    page.wait_for_timeout(4000)  # long enough for whatever else would save it
    with page.expect_response(re.compile(r"/draft$")) as answer:
        section(page, "Objective").press_sequentially(" Slept well.")
    assert answer.value.status == 200
    expect(saved).to_have_text(SAVED)
    path = page.url.removeprefix(desk.base_url)
    end_login(desk, product)
    section(page, "Plan").press_sequentially("Call the brother")
    expect(saved).to_contain_text("Not saved: you have been signed out.")

    sign_in_again(desk, product)
    other = desk.context.new_page()
    other.goto(desk.base_url + path)
    expect(section(other, "Subjective")).to_have_value(SAID)
    expect(section(other, "Objective")).to_have_value(f"{SEEN} Slept well.")
    expect(section(other, "Plan")).to_have_value("")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(section(page, "Plan")).to_have_value("Call the brother")

    section(other, "Assessment").press_sequentially("Typed elsewhere")
    expect(other.locator("#saved")).to_contain_text("another window")
    other.get_by_role("button", name="Save draft").click()
    expect(other.locator("#errors")).to_contain_text("saved in another window")
    expect(section(other, "Assessment")).to_have_value("Typed elsewhere")
    expect(other.get_by_text("Call the brother")).to_be_visible()
    other.close()

    page.get_by_role("button", name="Go on to sign").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign this note?")
    page.get_by_role("button", name="Sign now").click()
    expect(page.locator(".badge").first).to_contain_text("Signed")
    expect(page.get_by_text("Mara Lindenau signed")).to_be_visible()
    page.get_by_role("button", name="Add and sign").click()
    expect(page.locator("#errors")).to_contain_text("Write what you add")
    page.get_by_label("Add to this note").fill(ADDED)
    page.get_by_role("button", name="Add and sign").click()
    expect(page.get_by_text(ADDED)).to_be_visible()
    desk.goto("/notes")
    expect(page.get_by_role("link", name="Write the note")).to_have_count(to_dos - 1)
    desk.goto("/today")
    assert_shown_to_whom_it_is_for(visitors, product, desk, path)


def assert_shown_to_whom_it_is_for(
    visitors: Visitors, product: Product, desk: Visit, path: str
) -> None:
    """A supervisor reads what is signed and finds no private note; an admin finds neither."""
    private = write_private(desk, path)
    link = desk.page.locator("a[href^='/practices/']").first
    desk.goto("/today")
    for _ in range(14):
        if link.count():
            break
        desk.page.get_by_role("link", name="Day before").click()
    practice_id = UUID((link.get_attribute("href") or "").split("/")[2])
    supervisor = Person("Sunniva Aufsicht", Clinic("none", id=practice_id), Role.SUPERVISOR)
    store_people(product, [supervisor])
    reader = visitors(width=DESKTOP)
    sign_in(reader, supervisor.email, PASSWORD)
    reader.page.get_by_role("link", name="Signed notes of the practice").click()
    expect(reader.page.get_by_role("link", name="Progress note")).not_to_have_count(0)
    expect(reader.page.get_by_text("Private note", exact=True)).to_have_count(0)
    assert_keeps_the_rules(reader, "/notes", is_private=True)
    assert_keeps_the_rules(reader, path, is_private=True)
    expect(reader.page.get_by_text(SAID)).to_be_visible()
    expect(reader.page.get_by_role("button", name="Add and sign")).to_have_count(0)
    admin = visitors(width=DESKTOP)
    sign_in_as(admin, product.logins["admin"])
    for visit, hidden in ((reader, private), (admin, private), (admin, path)):
        visit.goto(hidden)
        expect(visit.page.get_by_text("We cannot find this page")).to_be_visible()


def write_private(desk: Visit, path: str) -> str:
    """A private note about the same client, from the list of notes about them; its path."""
    page = desk.page
    desk.goto(path)
    page.locator("a.crumb").click()
    page.get_by_role("link", name=re.compile("^Private note about")).click()
    expect(page.get_by_text("Read by you alone")).to_be_visible()
    section(page, "Subjective").press_sequentially("I was tired")
    page.get_by_role("button", name="Go on to sign").click()
    page.get_by_role("button", name="Sign now").click()
    expect(page.locator(".badge").first).to_contain_text("Signed")
    return page.url.removeprefix(desk.base_url)


def test_a_note_works_on_a_phone_without_script(visitors: Visitors, product: Product) -> None:
    """Whoever's login ended while they typed gets back every word, and sends it once more."""
    desk = at_desk(visitors, product, PHONE, has_script=False)
    page = desk.page
    begin_note(page, 1)
    assert_fits(page)
    page.get_by_label("DAP: data, assessment, plan").check()
    section(page, "Subjective").fill(SAID)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    section(page, "Data").fill(SEEN)
    end_login(desk, product)
    page.get_by_role("button", name="Save draft").click()
    expect(
        page.get_by_text("You have been signed out, and nothing of this is lost.")
    ).to_be_visible()
    assert_fits(page)
    sign_in_again(desk, product)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(section(page, "Subjective")).to_have_value(SAID)
    expect(section(page, "Data")).to_have_value(SEEN)
    path = page.url.removeprefix(desk.base_url)
    reader = at_desk(visitors, product, DESKTOP)
    for shown in (path, f"{path}/sign", f"{path}/discard", "/notes", "/today"):
        assert_keeps_the_rules(reader, shown, is_private=True)
    discard_and_restore(desk)
    assert_keeps_the_rules(reader, path, is_private=True)


def discard_and_restore(desk: Visit) -> None:
    """Asked first, shown to nobody, listed apart, and there again with every word."""
    page = desk.page
    page.get_by_role("link", name="Discard this draft").click()
    assert_fits(page)
    page.get_by_role("button", name="Discard the draft").click()
    expect(page.get_by_role("heading", name="This draft is discarded")).to_be_visible()
    expect(page.get_by_text(SAID)).to_have_count(0)
    assert_fits(page)
    desk.goto("/notes")
    page.locator("summary", has_text="Discarded drafts").click()
    assert_fits(page)
    page.get_by_role("table", name="Discarded drafts").get_by_role("link").first.click()
    page.get_by_role("button", name="Restore the draft").click()
    expect(section(page, "Subjective")).to_have_value(SAID)


@pytest.mark.parametrize("address", ["/notes/new?client=1", "/notes/new", "/notes/1"])
def test_an_address_of_nobodys_note_is_no_page(
    address: str, visitors: Visitors, product: Product
) -> None:
    """Such as one that was cut short: nothing breaks."""
    desk = at_desk(visitors, product, DESKTOP)
    desk.goto(address)
    expect(desk.page.get_by_text("We cannot find this page")).to_be_visible()
