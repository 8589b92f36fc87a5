"""The walls of `.importlinter` stand, and what they forbid makes the check fail."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.unit.house.sources import ROOT, python_files

STRAY = '"""A module nobody decided on."""\n'
# What is added to the copy, and the wall that must fall.
BREACHES = {
    "a stray module in a service": ("services/booking/cleverness.py", STRAY, "anatomy"),
    "a stray module in the gateway": ("services/gateway/cleverness.py", STRAY, "gateway"),
    "a stray module in the kit": ("services/common/cleverness.py", STRAY, "kit"),
    "a stray service": ("services/cleverness/__init__.py", STRAY, "house"),
    "a service that imports another": (
        "services/booking/operations/breach.py",
        "from services.billing.models import metadata\n",
        "house",
    ),
    "a service that imports the gateway": (
        "services/notify/adapters/breach.py",
        "from services.gateway import errors\n",
        "house",
    ),
    "contracts that import a service": (
        "services/contracts/breach.py",
        "from services.booking.domain import policy\n",
        "house",
    ),
    "a query that imports an operation": (
        "services/booking/queries/breach.py",
        "from services.booking.operations import book\n",
        "anatomy",
    ),
    "a domain that imports models": (
        "services/booking/domain/breach.py",
        "from services.booking.models import Booking\n",
        "anatomy",
    ),
    "an operation that reads settings": (
        "services/booking/operations/breach.py",
        "from services.booking.config import BookingConfig\n",
        "anatomy",
    ),
    "a circle in the kit": (
        "services/common/messages.py",
        "from services.common import service\n",
        "kit",
    ),
    "a domain that imports SQLAlchemy": (
        "services/notify/domain/breach.py",
        "import sqlalchemy\n",
        "domain",
    ),
    "a domain that imports pydantic": (
        "services/profiles/domain/breach.py",
        "from pydantic import BaseModel\n",
        "domain",
    ),
    "a domain that reads the clock": (
        "services/billing/domain/breach.py",
        "from services.common.clock import utc_now\n",
        "domain",
    ),
    "an operation that reads the clock": (
        "services/billing/operations/breach.py",
        "from services.common.clock import utc_now\n",
        "now",
    ),
    "contracts that know the database": (
        "services/contracts/breach.py",
        "from services.common import database\n",
        "contracts",
    ),
    "nameko in an operation": ("services/booking/operations/breach.py", "import nameko\n", "rim"),
    "Celery in a query": ("services/booking/queries/breach.py", "import celery\n", "rim"),
    "FastAPI in a service": (
        "services/booking/adapters/__init__.py",
        "import fastapi\n",
        "http",
    ),
    "a database in the gateway": (
        "services/gateway/web/breach.py",
        "import sqlalchemy\n",
        "gateway_has_no_database",
    ),
    "Stripe outside its adapter": (
        "services/billing/operations/breach.py",
        "import stripe\n",
        "stripe",
    ),
    "Stripe in the gateway": ("services/gateway/api/breach.py", "import stripe\n", "stripe"),
    "Typesetting outside its adapter": (
        "services/billing/operations/breach.py",
        "import typst\n",
        "typst",
    ),
    "mail outside its adapter": (
        "services/notify/operations/breach.py",
        "import smtplib\n",
        "smtp",
    ),
    "Redis in an operation": (
        "services/profiles/operations/breach.py",
        "from redis import Redis\n",
        "redis",
    ),
    "a product that imports its deployment": (
        "services/common/migrate.py",
        "from deploy.local import names\n",
        "deploy",
    ),
    "a product that imports its tests": (
        "services/common/migrate.py",
        "from tests import unit\n",
        "deploy",
    ),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the house, and its walls, in a folder of their own."""
    place = tmp_path_factory.mktemp("house")
    for path in python_files("services", "deploy"):
        target = place / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shutil.copyfile(ROOT / ".importlinter", place / ".importlinter")
    return place


@contextmanager
def added(path: Path, text: str) -> Iterator[None]:
    """The text at the end of that file, for a while; the file goes where it was not there."""
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text((before or "") + text)
    try:
        yield
    finally:
        path.unlink() if before is None else path.write_text(before)


def lint(place: Path, contract: str | None = None) -> tuple[int, str]:
    """Exit code and words of the check, of all walls or of one."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    chosen = ["--contract", contract] if contract else []
    done = subprocess.run(
        [*command, *chosen], cwd=place, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_house_as_it_is_breaks_no_wall(copy: Path) -> None:
    """The untouched copy passes, so a failure below comes from what was added."""
    code, told = lint(copy)
    assert code == 0, told


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_fails_the_check(copy: Path, breach: str) -> None:
    """Each wall falls for the very thing it is there against."""
    name, text, contract = BREACHES[breach]
    with added(copy / name, text):
        code, told = lint(copy, contract)
    assert code == 1, told
    assert "0 kept, 1 broken" in told


def test_every_wall_has_a_breach_that_proves_it(copy: Path) -> None:
    """A wall without a proof may have been drawn round nothing."""
    walls = {
        line.removeprefix("[importlinter:contract:").removesuffix("]")
        for line in (copy / ".importlinter").read_text().splitlines()
        if line.startswith("[importlinter:contract:")
    }
    assert walls == {contract for _, _, contract in BREACHES.values()}
