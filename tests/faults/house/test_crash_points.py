"""R9: a process dies just before and just after each commit, event and foreign call of the job."""

import asyncio
from random import Random

import pytest

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.house import forget_owed_work
from tests.factories.witness import Till, Witness
from tests.faults.house.dying import listed, live_and_die, orders, watched
from tests.faults.house.main_job import Job

#: Where most is at stake: Stripe has done it, and nobody here has written it down.
WORST = (
    "after call billing.stripe.Stripe.open_checkout",
    "after commit booking.on_payment_succeeded",
    "after call billing.stripe.Stripe.refund",
)
BOOK_PAY_REFUND = listed("book_pay_refund")
#: Passed by the clock when a practice is new, and every few minutes.
RECONCILIATION = listed("reconciliation")
PAIRS = [tuple(Random(seed).sample(BOOK_PAY_REFUND, 2)) for seed in range(10)]
IN_VAIN_SECONDS = 25.0


def test_three_deaths_in_one_job(product: Product, clinic: Clinic, witness: Witness) -> None:
    """Billing, booking and the worker die: one charge, one refund, each mail once, books even."""
    live_and_die(product, clinic, witness, WORST)


@pytest.mark.long
@pytest.mark.parametrize("point", [*BOOK_PAY_REFUND, *RECONCILIATION])
def test_a_death_at_each_point_is_made_up_for(
    product: Product, clinic: Clinic, witness: Witness, point: str
) -> None:
    """Nothing lost, nothing doubled, no orphan hold, books even, within a minute of calm."""
    live_and_die(product, clinic, witness, [point])


@pytest.mark.long
@pytest.mark.parametrize("pair", PAIRS, ids=" + ".join)
def test_two_deaths_at_points_of_chance_are_made_up_for(
    product: Product, clinic: Clinic, witness: Witness, pair: tuple[str, ...]
) -> None:
    """The same for ten pairs."""
    live_and_die(product, clinic, witness, pair)


def test_the_list_of_points_is_what_the_job_passes(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """A commit, event or call that is new has to be listed, and one that is gone taken out."""
    seen = live_and_die(product, clinic, witness, [])
    assert seen - set(RECONCILIATION) == set(BOOK_PAY_REFUND)


@pytest.mark.long
def test_without_the_owed_work_a_death_would_lose_the_refund(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """The twin: the worker dies as it asks Stripe, and the row that owes the call is gone."""
    asyncio.run(_die_without_owing(product, clinic, witness))
    assert witness.at_stripe(clinic, "refunds") == []


async def _die_without_owing(product: Product, clinic: Clinic, witness: Witness) -> None:
    async with Api(product.base_url) as api, Till(product.twin_url) as till:
        await api.find(clinic)
        start = (await api.starts(clinic, first_day=4))[0]
        job = Job(Guest(api, clinic, start), till.pay, witness)
        with watched(product) as folder:
            (folder / "before call billing.stripe.Stripe.refund").touch()
            running = asyncio.create_task(job.run())
            while orders(folder):
                assert not running.done()
                await asyncio.sleep(0.05)
        forget_owed_work(product, clinic, "make_refund")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(job.until("refunded"), IN_VAIN_SECONDS)
        running.cancel()
