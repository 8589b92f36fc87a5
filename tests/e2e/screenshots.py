"""The documentation's pictures: `python -m tests.e2e.screenshots` writes docs/images/*.png.

Times and free slots are those of the day; everything else is the same each time.
"""

from pathlib import Path

import httpx
from playwright.sync_api import Page

from deploy.local.product import Product, running_product
from tests.e2e.browsing import DESKTOP, Visit, Visitors, chromium
from tests.e2e.post import Post
from tests.e2e.steps import Guest, choose_slot, pay, press_pay, type_details

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHONE_WIDTH = 390
MOST_BYTES = 200_000
PERSON = "mara-lindenau"
TOPIC = "/directory?topic=interpersonal-relationships"
#: The README is read at this width; taller pictures push its words away.
HEIGHT = 800


def take(page: Page, name: str) -> None:
    """Write what the window shows, from its top; raises ValueError where it is too large."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.evaluate("scrollTo(0, 0)")
    taken = page.screenshot(animations="disabled", caret="hide")
    if len(taken) > MOST_BYTES:
        raise ValueError(f"{name}.png has {len(taken)} bytes, more than {MOST_BYTES}")
    (IMAGES / f"{name}.png").write_bytes(taken)
    print(f"docs/images/{name}.png  {len(taken) // 1000} kB")


def take_directory(visitors: Visitors) -> None:
    """The first page, on a desk and on a phone."""
    for width, name in ((DESKTOP, "directory"), (PHONE_WIDTH, "directory-phone")):
        visit = visitors(width=width)
        visit.goto("/directory" if width == DESKTOP else TOPIC)
        take(visit.page, name)


def take_slots(visitors: Visitors) -> None:
    """The slot picker, on a desk and on a phone."""
    for width, name in ((DESKTOP, "slot-picker"), (PHONE_WIDTH, "slot-picker-phone")):
        visit = visitors(width=width)
        visit.goto(f"/practitioners/{PERSON}/times")
        take(visit.page, name)


def take_booking(visit: Visit, guest: Guest) -> None:
    """From checkout to the confirmation."""
    visit.goto(TOPIC)
    choose_slot(visit)
    type_details(visit.page, Guest(email="robin@example.org"))
    visit.page.locator(":focus").blur()
    take(visit.page, "checkout")
    type_details(visit.page, guest)
    press_pay(visit.page)
    pay(visit.page)
    take(visit.page, "confirmation")


def take_mail(visit: Visit, product: Product, guest: Guest) -> None:
    """The mail that follows, as the mailbox shows it."""
    with Post(product.mailbox_url) as post:
        post.wait_for(guest.email, "is confirmed")
    listed = httpx.get(
        f"{product.mailbox_url}/api/messages", params={"to": guest.email}, trust_env=False
    )
    visit.page.goto(f"{product.mailbox_url}/messages/{listed.json()[0]['id']}/html")
    take(visit.page, "mail")


def main() -> None:
    """Start or join a product and take every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running_product() as product, chromium() as browser:
        visitors = Visitors(browser, product, height=HEIGHT)
        take_directory(visitors)
        take_slots(visitors)
        visit, guest = visitors(), Guest.new()
        take_booking(visit, guest)
        take_mail(visit, product, guest)
        visitors.close()


if __name__ == "__main__":
    main()
