"""Every page, as each kind of person: sound at each width, guarded, and from us alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from deploy.local.product import Product
from tests.e2e.browsing import Visit, Visitors
from tests.e2e.elsewhere import ELSEWHERE
from tests.e2e.quality import (
    assert_cookies_are_locked,
    assert_keeps_the_rules,
)
from tests.e2e.steps import (
    Guest,
    book,
    choose_slot,
    press_pay,
    sign_in_as,
    slot_links,
    slot_of,
    type_details,
)
from tests.e2e.test_plans import OF_BOTH, OF_CLIENT, OF_PRACTITIONER

ROUTES = Path(__file__).parents[1] / "security" / "routes.json"
PERSON = "/practitioners/mara-lindenau"
PUBLIC = (
    *("/", "/directory", "/directory?topic=interpersonal-relationships&kind=therapist"),
    *("/directory?topic=sleep&price=1&kind=coach&part=evening", "/topics", "/approaches"),
    *("/topics/interpersonal-relationships", "/approaches/interpersonal-therapy"),
    *(PERSON, f"{PERSON}/times", f"{PERSON}/times?zone=Australia/Sydney"),
    *(
        "/sign-in",
        "/register",
        "/register/mail",
        "/crisis-help",
        "/join-as-a-therapist",
        "/therapist-benefits",
        "/terms",
    ),
)
PEOPLE = {
    "client": ("/home", "/appointments", "/appointments?tab=past", "/account", "/plans"),
    "practitioner": (
        *("/today", "/availability", "/account", "/plans", "/plans/new", "/clients"),
        "/clients?q=nobody-of-this-name",
    ),
    "admin": ("/today", "/availability", "/account", "/clients"),
    "operator": ("/today",),
}
BOOKING = ("", "/confirmation", "/cancel", "/reschedule")
#: States that last a moment or need a misfortune, as the styleguide shows them.
SAMPLES = (
    *("payment-pending", "payment-slow", "slot-taken", "join-over", "join-in-person"),
    *(
        "checkout-errors",
        "checkout-returning",
        "checkout-for-another",
        "give-back",
        "slots-empty",
        "booking-cancelled",
        "booking-of-staff",
        "not-movable",
        "cancel-late",
        "home-empty",
        "availability",
        "availability-empty",
        "availability-errors",
        "time-off-sessions",
        "staff-booking",
        "client-new",
        "book-for-client-taken",
        "missed",
        "clients-of-practice",
        "move-refused",
        "moved",
        "course-new-gap",
        "course-new-taken",
        "course-new-errors",
        "money-refund-elsewhere",
        "money-dispute",
        "money-dispute-accept",
        "money-package",
        "moved-together",
        "register-confirm",
    ),
)
#: Files, machines' addresses, a stream of events, and what only leads on.
NO_PAGES = re.compile(
    r"/api/|/static/|/livez|/readyz|\.(ics|txt|xml|css|csv)$|/paid$|/calendar/(new|changes)$"
    r"|/file$|/statement$|/exports/journal$|/invoice-settings/(logo|preview)$"
)
#: Long enough for whoever works every week.
DAYS_BACK = 14
CHECKOUT, JOIN = "/book", "/join/"
CALENDAR = "/practices/1/calendars/2/availability"
"""Where `/availability` leads who keeps one calendar."""
SAME_PAGES = "/b/{token}"
"""The mail's link shows what `/bookings/{booking_id}` shows, from the same templates."""


@pytest.fixture(scope="module")
def crowd(browser: Browser, product: Product) -> Iterator[Visitors]:
    """Visitors who stay for all pages of this module."""
    made = Visitors(browser, product)
    yield made
    made.close()


@pytest.fixture(scope="module")
def people(crowd: Visitors, product: Product) -> dict[str, Visit]:
    """One window for each kind of person of the demo, signed in."""
    windows = {kind: crowd() for kind in PEOPLE}
    for kind, window in windows.items():
        sign_in_as(window, product.logins[kind])
    return windows


@pytest.fixture(scope="module")
def stranger(crowd: Visitors) -> Visit:
    """Somebody who has done nothing yet."""
    return crowd()


@pytest.fixture(scope="module")
def guest(crowd: Visitors) -> tuple[Visit, str]:
    """Somebody with a paid booking, and the address of its page."""
    visit = crowd()
    booking_id = book(visit, Guest.new())
    return visit, f"/bookings/{booking_id}"


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_keeps_the_rules(path: str, stranger: Visit) -> None:
    """Accessible, within 320 px, quiet, guarded, without a third party."""
    assert_keeps_the_rules(stranger, path)


def test_a_page_that_does_not_exist_keeps_the_rules(stranger: Visit) -> None:
    """Being lost is no reason to be left alone."""
    assert_keeps_the_rules(stranger, "/no-such-page", status=404)


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind, paths in PEOPLE.items() for path in paths]
)
def test_a_page_of_who_is_signed_in_keeps_the_rules(
    kind: str, path: str, people: dict[str, Visit]
) -> None:
    """The same for clients and those who work here."""
    assert_keeps_the_rules(people[kind], path, is_private=True)


def test_the_question_whether_to_end_links_keeps_the_rules(people: dict[str, Visit]) -> None:
    """The practitioner comes to it from the last day with a session, and may leave it again."""
    visit = people["practitioner"]
    visit.goto("/today")
    links = visit.page.get_by_role("link", name="Private links")
    for _ in range(DAYS_BACK):
        if links.count():
            break
        visit.page.get_by_role("link", name="Day Before").click()
    assert_keeps_the_rules(visit, links.first.get_attribute("href") or "", is_private=True)
    visit.page.get_by_role("link", name="Keep them").click()
    assert urlsplit(visit.page.url).path == "/today"


@pytest.mark.parametrize("below", BOOKING)
def test_a_page_of_a_booking_keeps_the_rules(below: str, guest: tuple[Visit, str]) -> None:
    """From the confirmation to cancelling."""
    visit, base = guest
    assert_keeps_the_rules(visit, base + below, is_private=True)


def test_the_question_whether_to_move_keeps_the_rules(guest: tuple[Visit, str]) -> None:
    """The second view of moving."""
    visit, base = guest
    visit.goto(f"{base}/reschedule")
    href = visit.page.locator("#times a.slot").first.get_attribute("href") or ""
    assert "start=" in href
    assert_keeps_the_rules(visit, href, is_private=True)


def test_the_door_of_a_session_keeps_the_rules(guest: tuple[Visit, str]) -> None:
    """The page that waits with the client until the session opens."""
    visit, base = guest
    visit.goto(f"{base}/confirmation")
    link = visit.page.locator(f"a[href*='{JOIN}']").first.get_attribute("href") or ""
    assert_keeps_the_rules(visit, urlsplit(link).path, is_private=True)


def test_checkout_and_the_page_of_a_held_time_keep_the_rules(crowd: Visitors) -> None:
    """The two pages around the payment page, and the cookies of a guest."""
    visit = crowd()
    visit.goto("/directory")
    assert_keeps_the_rules(visit, slot_of(slot_links(visit.page)[0]).url)
    visit.goto("/directory")
    choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    visit.page.get_by_role("link", name="Back").click()
    visit.page.wait_for_url(re.compile("/unpaid$"))
    assert_keeps_the_rules(visit, urlsplit(visit.page.url).path, is_private=True)
    assert_cookies_are_locked(visit)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_state_that_is_rare_keeps_the_rules(name: str, stranger: Visit) -> None:
    """What the styleguide shows of pages that cannot be waited for."""
    assert_keeps_the_rules(stranger, f"/styleguide/pages/{name}")


def test_the_cookies_of_who_is_signed_in_are_locked(people: dict[str, Visit]) -> None:
    """Login and form token alike."""
    for visit in people.values():
        assert_cookies_are_locked(visit)


def test_no_page_is_left_out() -> None:
    """Every route that answers with a page is among those above."""
    looked_at = [*PUBLIC, *(path for paths in PEOPLE.values() for path in paths)]
    looked_at += [f"/bookings/1{below}" for below in BOOKING]
    looked_at += [f"/plans/1{below}" for below in (*OF_BOTH, *OF_CLIENT, *OF_PRACTITIONER)]
    looked_at += [CHECKOUT, f"{JOIN}1/2", "/bookings/1/unpaid", CALENDAR]
    looked_at += ELSEWHERE
    paths = {urlsplit(one).path for one in looked_at}
    routes = [name.removeprefix("GET ") for name in json.loads(ROUTES.read_text())]
    pages = [one for one in routes if one.startswith("/") and not NO_PAGES.search(one)]
    missed = [one for one in pages if not any(matches(one, path) for path in paths)]
    assert [one for one in missed if not one.startswith(SAME_PAGES)] == []


def matches(route: str, path: str) -> bool:
    """Whether a path is one of a route with parameters."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route), path) is not None
