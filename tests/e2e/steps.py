"""The steps of the main job, pressed and typed as people do."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from playwright.sync_api import Locator, Page, expect

from deploy.local.welcome import Login
from services.common.clock import utc_now
from tests.e2e.browsing import Visit
from tests.e2e.post import Post

CONFIRMATION = re.compile(r"/confirmation$")
PAYMENT_PAGE = re.compile(r"/c/pay/")
#: Far enough ahead that every demo policy lets a session be moved.
AHEAD = timedelta(hours=30)
#: On these dates and later no demo policy keeps anything of a session that is cancelled.
FREE_DAYS, MOST_DAYS = 4, 25
TOPIC = "Interpersonal relationships"
#: The cookies of logins by product and address: signing in itself has tests of its own.
SIGNED_IN: dict[tuple[str, str], list[Any]] = {}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody new, with an address that nobody else has."""

    name: str = "Robin Example"
    email: str = ""
    password: str = "calm rivers bend slowly"

    @classmethod
    def new(cls) -> "Guest":
        return cls(email=f"robin-{uuid4().hex[:12]}@example.org")


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that a page offers."""

    url: str

    def _of(self, name: str) -> str:
        return parse_qs(urlsplit(self.url).query)[name][0]

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self._of("start")).astimezone(UTC)

    @property
    def offering_id(self) -> str:
        return self._of("offering")


def slot_of(link: Locator) -> Slot:
    """The start behind a slot button."""
    return Slot(link.get_attribute("href") or "")


def choose_topic(visit: Visit, topic: str = TOPIC) -> None:
    """Open the directory and press what one needs help with."""
    visit.goto("/directory")
    visit.page.get_by_role("link", name=topic, exact=True).first.click()
    visit.page.wait_for_url(re.compile("topic="))
    expect(visit.page.locator(".chip[aria-current=true]")).to_have_text(topic)


def slot_links(page: Page) -> list[Locator]:
    """The slot buttons of a page, earliest first, those far enough ahead to be moved later."""
    links = page.locator("a.slot").all()
    ahead = [one for one in links if slot_of(one).starts_at > utc_now() + AHEAD]
    assert ahead, "the directory offers nothing far enough ahead"
    return sorted(ahead, key=lambda one: slot_of(one).starts_at)


def open_times(visit: Visit, person: str) -> None:
    """Open somebody's times on the first day that has any and is free to cancel at any hour."""
    for days in range(FREE_DAYS, MOST_DAYS):
        visit.goto(f"{person}/times?day={utc_now().date() + timedelta(days)}")
        if visit.page.locator("a.slot").count():
            return
    raise AssertionError(f"{person} has no free time within {MOST_DAYS} days")


def choose_slot(visit: Visit, ahead: timedelta = timedelta(0)) -> Slot:
    """Press the earliest slot that can still be moved, and lies so far ahead if any does."""
    links = slot_links(visit.page)
    far = [one for one in links if slot_of(one).starts_at > utc_now() + ahead]
    link = (far or links)[0]
    slot = slot_of(link)
    link.click()
    visit.page.wait_for_url(re.compile(r"/book\?"))
    return slot


def type_details(page: Page, guest: Guest) -> None:
    """Type who comes."""
    page.get_by_label("Your name").fill(guest.name)
    page.get_by_label("Email").fill(guest.email)


def press_pay(page: Page) -> None:
    """Agree to the terms and go to the payment page."""
    page.locator("#field-consent").click()
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url(PAYMENT_PAGE)


def type_payer(page: Page) -> None:
    """The payment page asks for an address where it was told none."""
    asked = page.get_by_label("Email")
    if asked.count():
        asked.fill("payer@example.org")


def pay(page: Page) -> UUID:
    """Pay with the card that succeeds, and wait until it is confirmed. The booking's id."""
    type_payer(page)
    page.locator("button.pay").click()
    return confirmed(page)


def confirmed(page: Page) -> UUID:
    """Wait until the payment has arrived. The booking's id."""
    page.wait_for_url(CONFIRMATION)
    expect(page.locator("h1")).to_have_text("You are booked")
    return UUID(urlsplit(page.url).path.split("/")[2])


def book(visit: Visit, guest: Guest) -> UUID:
    """The whole way of a guest from a fresh directory. The booking's id."""
    choose_topic(visit)
    choose_slot(visit)
    type_details(visit.page, guest)
    press_pay(visit.page)
    return pay(visit.page)


def register(visit: Visit, guest: Guest) -> None:
    """Type what an account takes, open the link in the mail in the same browser, and press once:
    signed in."""
    visit.goto("/register")
    page = visit.page
    type_details(page, guest)
    page.get_by_label("Password").fill(guest.password)
    page.locator("#field-terms").check()
    page.get_by_role("button", name="Create account").click()
    expect(page.locator("h1")).to_have_text("Look in your mail")
    open_mail(visit, guest)
    page.get_by_role("button", name="Finish my account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def open_mail(visit: Visit, guest: Guest) -> None:
    """Open the link by which an account is finished."""
    with Post(visit.watch.product.mailbox_url) as post:
        letter = post.wait_for(guest.email, "Finish your Attune account")
    visit.page.goto(letter.confirm_link)


def sign_in(visit: Visit, email: str, password: str) -> None:
    """Sign in on the page for it."""
    visit.goto("/sign-in")
    page = visit.page
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_in_as(visit: Visit, login: Login) -> None:
    """Sign in as a person of the demo, or go on with the login of an earlier visit that stands."""
    known = visit.base_url, login["email"]
    if known in SIGNED_IN:
        visit.context.add_cookies(SIGNED_IN[known])
        visit.goto("/home")
        if visit.page.get_by_role("button", name="Sign out").count():
            return
    sign_in(visit, login["email"], login["password"])
    cookies: Any = visit.context.cookies()
    SIGNED_IN[known] = [one for one in cookies if one["name"].startswith("__Host-")]


def sign_out(visit: Visit) -> None:
    """Press "Sign out"."""
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("link", name="Sign in").first).to_be_visible()
