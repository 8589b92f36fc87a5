"""One guest's whole job while processes die at points that were ordered, each once."""

import asyncio
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from deploy.local.crashing import FOLDER
from deploy.local.product import Product
from tests.factories.calm import CONVERGED_SECONDS, Calm
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Till, Witness
from tests.faults.house.main_job import Job, check, check_house

POINTS = Path(__file__).parent / "points"
#: Between sending a mail and writing down that it was sent; who dies there sends it once more.
MAY_REPEAT_A_MAIL = ("after call notify.smtp.SmtpPostbox.send", "commit notify.delivery._attempt 3")
#: Some points are passed by the clock, and not because of the job.
PASSED_BY_THE_CLOCK_SECONDS = 30.0


def listed(journey: str) -> list[str]:
    """The points that this journey passes, each with its two sides."""
    points = (POINTS / f"{journey}.txt").read_text().splitlines()
    return [f"{side} {point}" for point in points for side in ("before", "after")]


@contextmanager
def watched(product: Product) -> Iterator[Path]:
    """The folder of orders, for the length of a `with` block."""
    folder = product.run.path / FOLDER
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def passed(folder: Path) -> set[str]:
    """Every point that was passed since."""
    told = folder / "passed"
    return set(told.read_text().splitlines()) if told.exists() else set()


def live_and_die(
    product: Product, clinic: Clinic, witness: Witness, points: Sequence[str]
) -> set[str]:
    """A job with those deaths; all that must hold afterwards holds within a minute of calm.

    Orders stand from before the job on; answers which points were passed since it began.
    """
    job, seen = asyncio.run(_live(product, clinic, witness, points))
    may_repeat = sum(any(one in point for one in MAY_REPEAT_A_MAIL) for point in points)
    assert check(job, witness) <= may_repeat
    return seen


async def _live(
    product: Product, clinic: Clinic, witness: Witness, points: Sequence[str]
) -> tuple[Job, set[str]]:
    async with Api(product.base_url) as api, Till(product.twin_url) as till:
        with watched(product) as folder:
            for point in points:
                (folder / point).touch()
            await api.find(clinic)
            start = (await api.starts(clinic, first_day=4))[0]
            job = Job(Guest(api, clinic, start), till.pay, witness)
            (folder / "passed").unlink(missing_ok=True)
            running = asyncio.create_task(job.run())
            await _until_dead(folder, running)
            calm = Calm(product)
            await asyncio.to_thread(calm.wait)
            began = monotonic()
            await running
            check_house(clinic, witness, jobs=1)
            assert monotonic() - began < CONVERGED_SECONDS
            return job, passed(folder)


async def _until_dead(folder: Path, running: "asyncio.Task[None]") -> None:
    """Until every order was obeyed; raises TimeoutError for one that nobody comes by."""
    until: float | None = None
    while left := orders(folder):
        if running.done():
            running.result()
            until = until or monotonic() + PASSED_BY_THE_CLOCK_SECONDS
            if monotonic() > until:
                raise TimeoutError(f"nobody came by {left}")
        await asyncio.sleep(0.05)


def orders(folder: Path) -> list[str]:
    """The points whose order nobody has obeyed yet."""
    return sorted(one.name for one in folder.iterdir() if one.name != "passed")
