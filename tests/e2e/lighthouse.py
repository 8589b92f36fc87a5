"""Google's Lighthouse over the pages of clients: `python -m tests.e2e.lighthouse`.

Needs Node 18.20 or newer with npm, which fetches Lighthouse by its name and version. Phones, on
a simulated slow network. A page that misses a mark is looked at again, twice at most: a busy
machine takes from performance, and from nothing else. Lighthouse's own measure of the machine
(`benchmarkIndex`, some hundreds where it is idle) stands beside each line.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from deploy.local.product import Product, running_product
from tests.e2e.browsing import CHROMIUM, Visit, Visitors, chromium
from tests.e2e.steps import sign_in_as

LIGHTHOUSE = "lighthouse@12.8.2"
FLOORS = {"accessibility": 95, "performance": 90}
"""What every page has to reach; best practices and SEO are told beside them."""

MACHINE = "machine"
SHOWN = ("performance", "accessibility", "best-practices", "seo")
LOOKS = 3
SECONDS = 240
PERSON = "mara-lindenau"
OPEN = (
    "/",
    "/directory?topic=interpersonal-relationships",
    "/topics/interpersonal-relationships",
    "/approaches/interpersonal-therapy",
    f"/practitioners/{PERSON}",
    f"/practitioners/{PERSON}/times",
    "/sign-in",
    "/register",
    "/crisis-help",
)
OWN = ("/home", "/appointments", "/account")
Scores = dict[str, int]


@dataclass(frozen=True, slots=True)
class Looker:
    """Runs Lighthouse; `folder` takes its reports and what npm fetches."""

    npx: str
    folder: Path

    def look(self, url: str, cookies: str = "") -> Scores:
        """The categories' scores of a page, 0 to 100, and the machine's."""
        report = self.folder / "report.json"
        headers = ["--extra-headers", json.dumps({"Cookie": cookies})] if cookies else []
        command = [
            *(self.npx, "--yes", LIGHTHOUSE, url, "--quiet", "--output=json"),
            *(f"--output-path={report}", f"--only-categories={','.join(SHOWN)}"),
            *("--chrome-flags=--no-sandbox --headless=new", *headers),
        ]
        settings = os.environ | {"CHROME_PATH": CHROMIUM}
        subprocess.run(command, check=True, timeout=SECONDS, env=settings)
        told: dict[str, Any] = json.loads(report.read_text())
        scores = {name: told["categories"][name]["score"] or 0 for name in SHOWN}
        machine = {MACHINE: round(told["environment"]["benchmarkIndex"])}
        return {name: round(100 * score) for name, score in scores.items()} | machine

    def best(self, url: str, cookies: str = "") -> tuple[Scores, int]:
        """The best of up to three looks, and how many there were."""
        best = self.look(url, cookies)
        for looks in range(1, LOOKS):
            if not missed(best):
                return best, looks
            again = self.look(url, cookies)
            best = {name: max(best[name], again[name]) for name in best}
        return best, LOOKS


def missed(scores: Scores) -> list[str]:
    """The marks that were not reached."""
    return [
        f"{name} {scores[name]} < {floor}" for name, floor in FLOORS.items() if scores[name] < floor
    ]


def checkout_path(visit: Visit) -> str:
    """The checkout of the first slot that is offered."""
    visit.goto("/directory")
    return visit.page.locator("a.slot").first.get_attribute("href") or ""


def cookies_of(visit: Visit) -> str:
    """The cookies of a visitor, as a request carries them."""
    return "; ".join(f"{one['name']}={one['value']}" for one in visit.context.cookies())


def looks_due(browser: Browser, product: Product) -> list[tuple[str, str]]:
    """Every page with the cookies to ask for it with."""
    visitors = Visitors(browser, product)
    client = visitors()
    sign_in_as(client, product.logins["client"])
    own = cookies_of(client)
    pages = [(path, "") for path in (*OPEN, checkout_path(visitors()))]
    visitors.close()
    return pages + [(path, own) for path in OWN]


def main() -> int:
    """Look at every page; 1 where one misses a mark."""
    npx = shutil.which("npx")
    if npx is None:
        print("Lighthouse needs Node 18.20 or newer with npm: install nodejs and npm.")
        return 2
    failed = []
    with tempfile.TemporaryDirectory() as folder, running_product() as product:
        with chromium() as browser:
            due = looks_due(browser, product)
        looker = Looker(npx, Path(folder))
        for path, cookies in due:
            scores, looks = looker.best(product.base_url + path, cookies)
            told = "  ".join(f"{name} {score:3}" for name, score in scores.items())
            print(f"{told}  {path.partition('?')[0]}" + (f"  ({looks} looks)" * (looks > 1)))
            failed += [f"{path}: {flaw}" for flaw in missed(scores)]
    print(*failed, sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
