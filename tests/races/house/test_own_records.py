"""Who books under their account: one client of a practice, however their bookings interleave."""

import asyncio
from contextlib import closing
from typing import Any
from uuid import UUID

import httpx
import psycopg2
from uuid_utils.compat import uuid7

from deploy.local.database_roles import target_url
from deploy.local.product import Product
from tests.factories.clinic import Clinic, add_colleague
from tests.factories.guest import Api, Guest
from tests.factories.people import PASSWORD, Person, store_people
from tests.factories.witness import Witness

OWN = "SELECT id FROM profiles.clients WHERE practice_id = %s AND account_id = %s"


class Signed:
    """Somebody who is signed in and books through the API."""

    def __init__(self, api: Api, bearer: str) -> None:
        self.api = api
        self.headers = {"Authorization": f"Bearer {bearer}"}

    async def book(self, wish: dict[str, Any], key: UUID) -> httpx.Response:
        """Hold a seat and open its payment page."""
        headers = self.headers | {"Idempotency-Key": str(key)}
        return await self.api.insist("POST", "/bookings", json=wish, headers=headers)


async def signed_in(api: Api, product: Product) -> tuple[Signed, Person]:
    """Somebody new, and their login."""
    person = Person("Mia")
    store_people(product, [person])
    sent = {"email": person.email, "password": PASSWORD}
    answer = await api.insist("POST", "/logins", json=sent)
    return Signed(api, answer.raise_for_status().json()["token"]), person


async def wishes(api: Api, clinic: Clinic, *names: str) -> list[dict[str, Any]]:
    """Wishes under these names, each for an hour of its own."""
    await api.find(clinic)
    starts = await api.starts(clinic, first_day=4, days=7)
    return [
        Guest(api, clinic, start).wish | {"name": name}
        for start, name in zip(starts, names, strict=False)
    ]


def test_two_first_bookings_at_once_are_answered_alike_when_they_are_repeated(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """Neither finds a record when it begins; both are of one client, whatever name each gave."""

    async def live() -> tuple[Person, list[httpx.Response]]:
        async with Api(product.base_url) as api:
            who, person = await signed_in(api, product)
            sent = [(it, uuid7()) for it in await wishes(api, clinic, "Mia", "Mia Schneider")]
            first = await asyncio.gather(*(who.book(*one) for one in sent))
            return person, first + [await who.book(*one) for one in sent]

    person, answers = asyncio.run(live())
    assert [answer.status_code for answer in answers] == [201] * 4
    told = [answer.json()["booking"] for answer in answers]
    assert [one["id"] for one in told[:2]] == [one["id"] for one in told[2:]]
    own = witness.rows(OWN, clinic.id, person.account_id)
    assert {one["client_id"] for one in told} == {row[0] for row in own}
    assert len(own) == 1


def test_nobody_is_in_two_places_under_two_forms_of_their_name(
    product: Product, clinic: Clinic
) -> None:
    """The same hour with a colleague of the practice; for somebody else it can be booked."""
    colleague = add_colleague(product, clinic)

    async def live() -> list[int]:
        async with Api(product.base_url) as api:
            who, _ = await signed_in(api, product)
            (here,) = await wishes(api, clinic, "Mia")
            await api.find(colleague)
            there = Guest(api, colleague, here["starts_at"]).wish | {"name": "Mia Schneider"}
            for_another = there | {"is_for_another": True}
            return [
                (await who.book(wish, uuid7())).status_code for wish in (here, there, for_another)
            ]

    assert asyncio.run(live()) == [201, 409, 201]


def test_a_payment_page_is_told_of_only_when_the_client_has_a_record(
    product: Product, clinic: Clinic, witness: Witness
) -> None:
    """Profiles cannot write while booking and billing answer: no route hands out the address."""

    async def live() -> tuple[Person, list[httpx.Response]]:
        async with Api(product.base_url) as api:
            who, person = await signed_in(api, product)
            (wish,), key = await wishes(api, clinic, "Mia"), uuid7()
            path = f"/api/v1/bookings/{key}/payment"
            with closing(psycopg2.connect(target_url(product.stack))) as admin:
                admin.cursor().execute("LOCK TABLE profiles.clients IN SHARE MODE")
                made = await api.http.post(
                    "/api/v1/bookings",
                    json=wish,
                    headers=who.headers | {"Idempotency-Key": str(key)},
                )
                asked = await api.http.get(path, headers=who.headers)
                assert witness.rows(OWN, clinic.id, person.account_id) == []
            later = await api.insist("GET", f"/bookings/{key}/payment", headers=who.headers)
            return person, [made, asked, later]

    person, (made, asked, later) = asyncio.run(live())
    assert (made.status_code, asked.status_code) == (503, 503)
    assert later.json()["checkout_url"]
    assert len(witness.rows(OWN, clinic.id, person.account_id)) == 1
