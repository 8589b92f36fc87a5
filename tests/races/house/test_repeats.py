"""One intention, sent many times: one effect, and the same bytes for everybody who sent it."""

import asyncio
from time import monotonic

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Witness

COPIES = 40
PATIENCE_SECONDS = 60


async def until_it_awaits_payment(guest: Guest) -> None:
    """Booking has heard that the page is open."""
    until = monotonic() + PATIENCE_SECONDS
    while (await guest.booking())["state"] != "awaiting_payment":
        assert monotonic() < until
        await asyncio.sleep(0.1)


async def send_copies(base_url: str, clinic: Clinic) -> set[bytes]:
    """All at once, and once more when everything has come to rest."""
    async with Api(base_url, at_once=16) as api:
        await api.find(clinic)
        start = (await api.starts(clinic, first_day=4, days=7))[0]
        guest = Guest(api, clinic, start)
        answers = await asyncio.gather(*(guest.book() for _ in range(COPIES)))
        await until_it_awaits_payment(guest)
        answers.append(await guest.book())
        assert {answer.status_code for answer in answers} == {201}
        shown = await guest.booking()
        assert answers[0].json()["booking"] == shown
        return {answer.content for answer in answers}


def test_copies_of_one_call_are_answered_in_the_same_bytes(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """Among each other, later, and as the booking then shows itself; one seat, one page."""
    assert len(asyncio.run(send_copies(product.base_url, clinic))) == 1
    assert len(witness.live_starts(clinic)) == 1
    assert len(witness.at_stripe(clinic, "checkout/sessions")) == 1
