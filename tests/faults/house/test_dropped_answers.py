"""Stripe did what it was asked and the answer was lost: nothing is charged or given back twice."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Till, Witness
from tests.faults.house.main_job import Job, check, check_house

#: Two each for Stripe's own library, which asks once more by itself; the payer's page has no retry.
DROPPED = (
    {"path": "/v1/checkout/sessions", "method": "POST", "count": 2},
    {"path": "/c/pay/*", "method": "POST", "count": 1},
    {"path": "/v1/refunds", "method": "POST", "count": 2},
)


@contextmanager
def dropping(twin_url: str) -> Iterator[httpx.Client]:
    """Answers are dropped after the deed, until the end of the block."""
    with httpx.Client(base_url=twin_url, timeout=60, trust_env=False) as twin:
        for fault in DROPPED:
            twin.post("/_twin/faults", json={"kind": "drop_answer"} | fault).raise_for_status()
        try:
            yield twin
        finally:
            twin.delete("/_twin/faults").raise_for_status()


def test_dropped_answers_of_page_charge_and_refund_are_made_up_for(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """One page, one charge, one refund, each mail once, although no first answer ever came."""

    async def live() -> Job:
        async with Api(product.base_url) as api, Till(product.twin_url) as till:
            await api.find(clinic)
            start = (await api.starts(clinic, first_day=4))[0]
            job = Job(Guest(api, clinic, start), till.pay_by_page, witness)
            await job.run()
            return job

    with dropping(product.twin_url) as twin:
        job = asyncio.run(live())
        struck: list[dict[str, Any]] = twin.get("/_twin/faults").json()
    assert [fault["hits"] for fault in struck] == [fault["count"] for fault in DROPPED]
    check_house(clinic, witness, jobs=1)
    assert check(job, witness) == 0
