"""Many guests at once over HTTP, and how it ended for each."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from random import Random
from typing import Any

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import chosen

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended for one guest: the status, and the answer's body."""

    guest: Guest
    status: int
    body: dict[str, Any]

    @property
    def nearest(self) -> list[str]:
        """The starts that are told to who lost."""
        told = self.body.get("detail_values", {}).get("nearest", "")
        return [start for start in told.split(",") if start]


@dataclass(frozen=True, slots=True)
class Race:
    """A race's end: every guest's, every answer by status, and the starts that were wanted."""

    ends: list[Ended]
    seen: Counter[int | str]
    wanted: list[str]

    @property
    def winners(self) -> list[Ended]:
        return [end for end in self.ends if end.status == 201]

    @property
    def losers(self) -> list[Ended]:
        return [end for end in self.ends if end.status != 201]


def race(
    product: Product,
    clinic: Clinic,
    *,
    clients: int,
    slots: int,
    seed: int,
    disturb: Callable[[], None] | None = None,
) -> Race:
    """So many clients, at most 64 in flight, at so many starts; `disturb` again and again."""
    return asyncio.run(_race(product, clinic, clients, slots, seed, disturb))


async def _race(
    product: Product,
    clinic: Clinic,
    clients: int,
    slots: int,
    seed: int,
    disturb: Callable[[], None] | None,
) -> Race:
    async with Api(product.base_url, at_once=AT_ONCE) as api:
        await api.find(clinic)
        wanted = chosen(await api.starts(clinic, first_day=3), slots)
        guests = [Guest(api, clinic, wanted[number % slots]) for number in range(clients)]
        Random(seed).shuffle(guests)
        api.seen.clear()
        async with troubled(disturb):
            ends = await asyncio.gather(*map(_run, guests))
        return Race(list(ends), api.seen, wanted)


async def _run(guest: Guest) -> Ended:
    answer = await guest.book()
    return Ended(guest, answer.status_code, answer.json())


@asynccontextmanager
async def troubled(disturb: Callable[[], None] | None) -> AsyncIterator[None]:
    """`disturb` ten times a second meanwhile."""
    trouble = asyncio.create_task(_again_and_again(disturb)) if disturb else None
    yield
    if trouble is not None:
        trouble.cancel()
        with suppress(asyncio.CancelledError):
            await trouble


async def _again_and_again(disturb: Callable[[], None]) -> None:
    while True:
        await asyncio.to_thread(disturb)
        await asyncio.sleep(0.1)
