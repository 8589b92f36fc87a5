"""One intention, sent many times: one effect, and the same bytes for everybody who sent it."""

import asyncio
from time import monotonic

from deploy.local.product import Product
from tests.factories.clinic import Clinic
from tests.factories.guest import Api, Guest
from tests.factories.witness import Witness

COPIES = 200
PATIENCE_SECONDS = 60
ONE_EACH = ("booking.bookings", "booking.sessions", "billing.payments", "profiles.clients")


async def until_it_awaits_payment(guest: Guest) -> None:
    """Booking has heard that the page is open."""
    until = monotonic() + PATIENCE_SECONDS
    while (await guest.booking())["state"] != "awaiting_payment":
        assert monotonic() < until
        await asyncio.sleep(0.1)


async def send_copies(base_url: str, clinic: Clinic) -> set[bytes]:
    """All at once, and once more when everything has come to rest."""
    async with Api(base_url) as api:
        await api.find(clinic)
        start = (await api.starts(clinic, first_day=4, days=7))[0]
        guest = Guest(api, clinic, start)
        api.seen.clear()
        answers = await asyncio.gather(*(guest.book() for _ in range(COPIES)))
        assert set(api.seen) <= {201, 503}, api.seen
        await until_it_awaits_payment(guest)
        answers.append(await guest.book())
        assert {answer.status_code for answer in answers} == {201}
        shown = await guest.booking()
        assert answers[0].json()["booking"] == shown
        return {answer.content for answer in answers}


def test_two_hundred_copies_of_one_call_are_answered_in_the_same_bytes(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """R3: among each other, later, and as the booking then shows itself; one booking, one payment,
    one client, one page."""
    assert len(asyncio.run(send_copies(product.base_url, clinic))) == 1
    for table in ONE_EACH:
        assert witness.count(f"SELECT count(*) FROM {table} WHERE practice_id = %s", clinic.id) == 1
    assert len(witness.at_stripe(clinic, "checkout/sessions")) == 1


def test_without_their_key_copies_are_rivals(product: Product, clinic: Clinic) -> None:
    """The twin: each copy under a key of its own, and all but one are told that the hour is gone.

    So it is the key that makes copies alike, and not the calendar.
    """

    async def send() -> list[int]:
        async with Api(product.base_url) as api:
            await api.find(clinic)
            start = (await api.starts(clinic, first_day=4, days=7))[0]
            rivals = [Guest(api, clinic, start) for _ in range(4)]
            return [
                answer.status_code for answer in await asyncio.gather(*(it.book() for it in rivals))
            ]

    assert sorted(asyncio.run(send())) == [201, 409, 409, 409]
