"""Each process killed (SIGKILL) in the middle of the main job: nothing doubled, nothing lost."""

import asyncio
import zlib
from random import Random
from time import monotonic

import pytest

from deploy.local.product import Product
from tests.factories.calm import CONVERGED_SECONDS, Calm
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Till, Witness, chosen
from tests.faults.house.main_job import STAGES, Job, check, check_house

JOBS = 5
#: Booking and the worker die in the short form too, at a point each (test_crash_points.py).
SHORT = ("billing", "rabbitmq")
FULL = (
    "booking", "gateway", "profiles", "plans", "notify", "worker", "beat", "stripe_twin", "mailbox",
    "redis", "postgres",
)  # fmt: skip
#: Where a kill can fall between sending a mail and writing down that it was sent.
MAY_REPEAT_A_MAIL = {"worker", "mailbox", "postgres"}


async def live_through(
    product: Product, clinic: Clinic, witness: Witness, process: str, seed: int
) -> list[Job]:
    """Five jobs half a second apart; the kill comes when the first reaches a stage of chance."""
    chance = Random(seed)
    stage = chance.choice(STAGES[1:-1])
    async with Api(product.base_url) as api, Till(product.twin_url) as till:
        await api.find(clinic)
        starts = chosen(await api.starts(clinic, first_day=4), JOBS)
        jobs = [Job(Guest(api, clinic, start), till.pay, witness) for start in starts]
        running = [asyncio.create_task(late(job, 0.5 * rank)) for rank, job in enumerate(jobs)]
        reached = asyncio.create_task(jobs[0].until(stage))
        await asyncio.wait([reached, *running], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(chance.random() * 0.5)
        at_kill = [job.stage for job in jobs]
        await asyncio.to_thread(kill, product, process)
        began = monotonic()
        await asyncio.gather(*running)
        took = monotonic() - began
        print(f"{process} killed at {at_kill}: done {took:.1f} s after calm; {dict(api.seen)}")
        assert took < CONVERGED_SECONDS
    return jobs


def kill(product: Product, process: str) -> None:
    """SIGKILL, then wait until it is calm again."""
    pid = product.kill9(process)
    calm = Calm(product)
    product.wait_until_up(process, 120, instead_of=pid)
    calm.wait()


async def late(job: Job, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await job.run()


def kill_and_check(
    product: Product, clinic: Clinic, witness: Witness, process: str, seed: int
) -> None:
    """The jobs, the kill, and everything that must hold afterwards."""
    jobs = asyncio.run(live_through(product, clinic, witness, process, seed))
    check_house(clinic, witness, jobs=JOBS)
    copies = sum(check(job, witness) for job in jobs)
    assert copies <= (1 if process in MAY_REPEAT_A_MAIL else 0)


@pytest.mark.parametrize("process", SHORT)
def test_a_service_or_the_broker_killed_in_mid_job(
    product: Product, clinic: Clinic, witness: Witness, process: str
) -> None:
    """Converged within a minute: one charge, one refund and one mail of each kind a job."""
    kill_and_check(product, clinic, witness, process, seed_of(process))


@pytest.mark.long
@pytest.mark.parametrize("process", FULL)
def test_any_other_process_killed_in_mid_job(
    product: Product, clinic: Clinic, witness: Witness, process: str
) -> None:
    """The same for every other process; a mail twice at most where sending was cut off."""
    kill_and_check(product, clinic, witness, process, seed_of(process))


def seed_of(process: str) -> int:
    """The same moment of chance each time."""
    return zlib.crc32(process.encode())
