"""The whole product, every application of it, killed at once beside another that lives on."""

import asyncio

import httpx
import pytest

from deploy.local import orphans
from deploy.local.product import Product
from deploy.local.servers import temporary_run_directory
from tests.factories.clinic import Clinic, open_clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Till

WITHOUT_DEMO = {"ATTUNE_DEMO": "0"}


async def paid(product: Product, clinic: Clinic) -> Guest:
    """A guest whose session is booked, paid and confirmed."""
    async with Api(product.base_url) as api, Till(product.twin_url) as till:
        await api.find(clinic)
        guest = Guest(api, clinic, (await api.starts(clinic, first_day=4))[0])
        assert (await guest.book()).status_code == 201
        assert await till.pay(guest.session)
        while (await guest.booking())["state"] != "confirmed":
            await asyncio.sleep(0.3)
    return guest


async def given_back(product: Product, guest: Guest) -> None:
    """The same guest, with what they knew before, cancels and has their money again."""
    async with Api(product.base_url) as api:
        guest.api = api
        assert (await guest.booking())["state"] == "confirmed"
        assert await guest.cancel() == (200, 100)
        while (await guest.payment())["refunded"] != (await guest.payment())["captured"]:
            await asyncio.sleep(0.3)


def is_ready(product: Product) -> bool:
    """Whether all of its services say so."""
    return httpx.get(f"{product.base_url}/readyz", trust_env=False).status_code == 200


@pytest.mark.long
def test_a_product_killed_whole_comes_back_with_its_bookings_beside_one_that_lives_on() -> None:
    """SIGKILL to every process of one checkout; what was paid there is known after the next start
    and can be given back, and the other checkout never noticed."""
    with temporary_run_directory() as one, temporary_run_directory() as other:
        struck, beside = (Product(path, told=WITHOUT_DEMO) for path in (one, other))
        try:
            for product in (struck, beside):
                product.start()
            assert not set(struck.stack.ports.values()) & set(beside.stack.ports.values())
            guest = asyncio.run(paid(struck, open_clinic(struck)))
            before = {state.name: state.pid for state in beside.supervisor.states()}
            struck.kill9_everything()
            assert is_ready(beside)
            struck.start()
            asyncio.run(given_back(struck, guest))
            assert {state.name: state.pid for state in beside.supervisor.states()} == before
            assert is_ready(beside)
        finally:
            struck.stop()
            beside.stop()
        assert orphans.members(struck.run) | orphans.members(beside.run) == set()
