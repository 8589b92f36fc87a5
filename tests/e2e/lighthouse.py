"""Google's Lighthouse over the pages of clients: `python -m tests.e2e.lighthouse [page…]`.

Needs Node 18.20 or newer with npm, which fetches Lighthouse by its name and version. Phones, on
a simulated slow network. Each page is looked at three times and the median of its performance
counts: other programs take from performance, and from nothing else. One JSON line for each page
says its scores and goals; `load` is that of the machine, `machine` Lighthouse's own measure of it
(`benchmarkIndex`, two to three thousand where nothing else runs on a present one).

With --strict a missed goal fails; a page that cannot be looked at always does.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from deploy.local.product import Product, running_product
from tests.bench.report import Line, exit_code, print_lines
from tests.e2e.browsing import CHROMIUM, Visit, Visitors, chromium
from tests.e2e.steps import (
    Guest,
    book,
    choose_slot,
    press_pay,
    sign_in_as,
    slot_links,
    type_details,
)

LIGHTHOUSE = "lighthouse@12.8.2"
GOALS = {"performance": 90, "accessibility": 95}
"""What every page has to reach; best practices and SEO are told beside them."""

TOLD = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "fcp_ms": "first-contentful-paint",
    "lcp_ms": "largest-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
    "bytes": "total-byte-weight",
}
LOOKS = 3
SECONDS = 240
PERSON = "/practitioners/mara-lindenau"
OPEN = {
    "directory": "/directory",
    "directory-topic": "/directory?topic=interpersonal-relationships",
    "topic": "/topics/interpersonal-relationships",
    "approach": "/approaches/interpersonal-therapy",
    "practitioner": PERSON,
    "sign-in": "/sign-in",
    "register": "/register",
    "crisis-help": "/crisis-help",
}
OWN = {"home": "/home", "appointments": "/appointments", "account": "/account"}
BOOKING = {
    "confirmation": "/confirmation",
    "booking": "",
    "cancel": "/cancel",
    "reschedule": "/reschedule",
}
PAGES = ("unpaid", *OPEN, "slots", "checkout", *BOOKING, *OWN)


class LighthouseFailed(Exception):
    """It did not run, or saw another page than it was asked to look at."""


@dataclass(frozen=True, slots=True)
class Due:
    """A page to look at; `cookies` as a request carries them."""

    page: str
    path: str
    cookies: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What Lighthouse told once: scores from 0 to 100, metrics, the speed of the machine."""

    scores: dict[str, int]
    metrics: dict[str, float]
    machine: int

    @classmethod
    def of(cls, report: dict[str, Any], path: str) -> "Look":
        """Reads a report; raises LighthouseFailed where it is about nothing or another page."""
        if error := report.get("runtimeError"):
            raise LighthouseFailed(f"{path}: {error['code']} {error['message']}")
        seen = urlsplit(report["finalDisplayedUrl"]).path
        if seen != urlsplit(path).path:
            raise LighthouseFailed(f"{path} leads to {seen}")
        return cls(
            scores={name: _score(report["categories"][name]) for name in TOLD},
            metrics={
                name: round(report["audits"][audit]["numericValue"], 3 if name == "cls" else None)
                for name, audit in METRICS.items()
            },
            machine=round(report["environment"]["benchmarkIndex"]),
        )


def _score(category: dict[str, Any]) -> int:
    return round(100 * (category["score"] or 0))


def line(due: Due, looks: Sequence[Look], load: float) -> Line:
    """What is told of a page: the look with the median performance, the worst of the rest."""
    by_performance = sorted(looks, key=lambda look: look.scores["performance"])
    median = by_performance[(len(looks) - 1) // 2]
    scores = {name: min(look.scores[name] for look in looks) for name in TOLD}
    scores["performance"] = median.scores["performance"]
    missed = [name for name, goal in GOALS.items() if scores[name] < goal]
    return {
        "page": due.page,
        "path": urlsplit(due.path).path,
        **scores,
        "goals": GOALS,
        "is_met": not missed,
        "missed": missed,
        "performance_of_looks": [look.scores["performance"] for look in looks],
        **median.metrics,
        "machine": median.machine,
        "load": round(load, 1),
    }


@dataclass(frozen=True, slots=True)
class Looker:
    """Runs Lighthouse; `folder` takes its reports."""

    npx: str
    folder: Path
    base_url: str

    def look(self, due: Due) -> Look:
        """One look at a page; raises LighthouseFailed."""
        report = self.folder / "report.json"
        headers = json.dumps({"Cookie": due.cookies})
        command = [
            *(self.npx, "--yes", LIGHTHOUSE, self.base_url + due.path, "--quiet"),
            *("--output=json", f"--output-path={report}", f"--only-categories={','.join(TOLD)}"),
            "--chrome-flags=--no-sandbox --headless=new",
            *(("--extra-headers", headers) if due.cookies else ()),
        ]
        settings = os.environ | {"CHROME_PATH": CHROMIUM}
        try:
            subprocess.run(command, check=True, timeout=SECONDS, env=settings, stdout=sys.stderr)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise LighthouseFailed(f"{due.path}: {type(error).__name__}") from error
        return Look.of(json.loads(report.read_text()), due.path)


def cookies_of(visit: Visit) -> str:
    """The cookies of a visitor, as a request carries them."""
    return "; ".join(f"{one['name']}={one['value']}" for one in visit.context.cookies())


def path_of(visit: Visit) -> str:
    """Where a visitor is."""
    return urlsplit(visit.page.url).path


def unpaid(visit: Visit) -> Due:
    """The page of a time that is held for ten minutes: the one with a countdown."""
    visit.goto("/directory")
    choose_slot(visit)
    type_details(visit.page, Guest.new())
    press_pay(visit.page)
    visit.page.get_by_role("link", name="Back").click()
    visit.page.wait_for_url(re.compile("/unpaid$"))
    return Due("unpaid", path_of(visit), cookies_of(visit))


def linked(visit: Visit, page: str, on: str, selector: str) -> Due:
    """The page behind the first such link, as somebody new presses it."""
    visit.goto(on)
    return Due(page, visit.page.locator(selector).first.get_attribute("href") or "")


def checkout(visit: Visit) -> Due:
    """The page of a start that can still be booked when its turn comes, minutes later."""
    visit.goto("/directory")
    return Due("checkout", slot_links(visit.page)[0].get_attribute("href") or "")


def of_a_booking(visit: Visit) -> list[Due]:
    """The pages of what a guest has booked."""
    base = f"/bookings/{book(visit, Guest.new())}"
    return [Due(page, base + below, cookies_of(visit)) for page, below in BOOKING.items()]


def of_a_client(visit: Visit, product: Product) -> list[Due]:
    """The pages of who is signed in."""
    sign_in_as(visit, product.logins["client"])
    return [Due(page, path, cookies_of(visit)) for page, path in OWN.items()]


def all_due(browser: Browser, product: Product) -> Iterator[Due]:
    """Every page, the one that lasts for minutes only first."""
    visitors = Visitors(browser, product)
    yield unpaid(visitors())
    yield from (Due(page, path) for page, path in OPEN.items())
    yield linked(visitors(), "slots", PERSON, "a[href*='/times?']")
    yield checkout(visitors())
    yield from of_a_booking(visitors())
    yield from of_a_client(visitors(), product)
    visitors.close()


class Looking(Protocol):
    """Looks at a page once; raises LighthouseFailed."""

    def look(self, due: Due) -> Look: ...


def look_patiently(looker: Looking, due: Due) -> Look:
    """A look; one more where it failed, as Lighthouse stumbles by itself on a crowded machine."""
    try:
        return looker.look(due)
    except LighthouseFailed:
        return looker.look(due)


def lines(looker: Looking, due: Sequence[Due], times: int) -> Iterator[Line]:
    """A line for each page, as soon as it was looked at."""
    for one in due:
        try:
            looks = [look_patiently(looker, one) for _ in range(times)]
        except LighthouseFailed as error:
            yield {"page": one.page, "is_met": False, "is_broken": True, "error": str(error)}
        else:
            yield line(one, looks, os.getloadavg()[0])


def asked(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="lighthouse", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    parser.add_argument("--looks", type=int, default=LOOKS, help="at each page (3)")
    parser.add_argument("pages", nargs="*", metavar="page", help=f"of {', '.join(PAGES)}")
    told = parser.parse_args(arguments)
    if unknown := set(told.pages) - set(PAGES):
        parser.error(f"there is no page {', '.join(sorted(unknown))}")
    if told.looks < 1:
        parser.error("--looks must be at least 1")
    return told


def main() -> int:
    """Look at every page, or at those that are named; see the exit code above."""
    wanted = asked()
    npx = shutil.which("npx")
    if npx is None:
        print("Lighthouse needs Node 18.20 or newer with npm.", file=sys.stderr)
        return 2
    told: list[Line] = []
    with tempfile.TemporaryDirectory() as folder, running_product() as product:
        with chromium() as browser:
            due = list(all_due(browser, product))
        looker = Looker(npx, Path(folder), product.base_url)
        chosen = [one for one in due if one.page in (wanted.pages or PAGES)]
        for one in lines(looker, chosen, wanted.looks):
            print_lines([one])
            told.append(one)
    return exit_code(told, strict=wanted.strict or any("is_broken" in one for one in told))


if __name__ == "__main__":
    sys.exit(main())
