"""An honest look at what a product did: as the database's administrator, at the twin, in the mail.

The administrator is asked because row-level security would hide what it should hide.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

import httpx
import psycopg2

from deploy.local.database_roles import target_url
from deploy.local.names import SERVICES
from deploy.local.product import Product
from tests.factories.clinic import Clinic

OVERLAPS = """
    SELECT count(*) FROM booking.sessions a JOIN booking.sessions b
      ON a.practitioner_id = b.practitioner_id AND a.id < b.id AND a.blocked && b.blocked
    WHERE a.is_live AND b.is_live AND a.practice_id = %s
"""
LIVE = """
    SELECT b.id, b.starts_at FROM booking.bookings b
    JOIN booking.sessions s ON s.practice_id = b.practice_id AND s.id = b.session_id
    WHERE b.practice_id = %s AND s.is_live AND b.seat_no IS NOT NULL
"""
ORPHANS = """
    SELECT count(*) FROM booking.bookings b
    WHERE b.practice_id = %s AND b.deadline_at <= now()
"""
UNBALANCED = """
    SELECT count(*) FROM (SELECT FROM billing.postings WHERE practice_id = %s
      GROUP BY transaction_id, currency HAVING sum(amount) <> 0) AS found
"""


class Witness:
    """Looks only; each look is a connection of its own, so that a killed server costs one look."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._url = target_url(product.stack)
        self._key = product.environment["STRIPE_API_KEY"]
        # One for all looks: each that is made reads the system's certificates anew. No connection
        # is kept, as whoever answers may be killed meanwhile.
        unkept = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(timeout=30, trust_env=False, limits=unkept)

    def rows(self, query: str, *values: object) -> list[Any]:
        """What a query finds."""
        with closing(psycopg2.connect(self._url, connect_timeout=5)) as tx, tx.cursor() as cursor:
            cursor.execute(query, [str(value) for value in values])
            return list(cursor.fetchall())

    def count(self, query: str, *values: object) -> int:
        """The one number that a query finds."""
        return int(self.rows(query, *values)[0][0])

    def overlaps(self, clinic: Clinic) -> int:
        """Pairs of live sessions of one practitioner that overlap."""
        return self.count(OVERLAPS, clinic.id)

    def live_starts(self, clinic: Clinic) -> list[Any]:
        """The starts of all bookings that have a seat in a live session."""
        return sorted(row[1] for row in self.rows(LIVE, clinic.id))

    def orphan_holds(self, clinic: Clinic) -> int:
        """Holds past their deadline that nobody has ended."""
        return self.count(ORPHANS, clinic.id)

    def unbalanced(self, clinic: Clinic) -> int:
        """Ledger transactions that do not sum to zero."""
        return self.count(UNBALANCED, clinic.id)

    def balance(self, clinic: Clinic) -> int:
        """The clinic's balance at Stripe as our ledger has it, in minor units."""
        query = (
            "SELECT coalesce(sum(amount), 0) FROM billing.postings"
            " WHERE practice_id = %s AND account = 'stripe_balance'"
        )
        return self.count(query, clinic.id)

    def unfinished(self) -> dict[str, int]:
        """Plumbing that still waits or was given up, by name; empty once all has converged."""
        found = {
            f"{name}.outbox": f"SELECT count(*) FROM {name}.outbox WHERE published_at IS NULL"
            for name in SERVICES
        }
        found |= {
            f"{name}.failed_events": f"SELECT count(*) FROM {name}.failed_events"
            for name in SERVICES
        }
        found["billing.due_work parked"] = (
            "SELECT count(*) FROM billing.due_work WHERE parked_at IS NOT NULL"
        )
        found["billing.stripe_events"] = (
            "SELECT count(*) FROM billing.stripe_events WHERE handled_at IS NULL"
        )
        found["notify.due_messages parked"] = (
            "SELECT count(*) FROM notify.due_messages WHERE parked_at IS NOT NULL"
        )
        counted = {name: self.count(query) for name, query in found.items()}
        return {name: number for name, number in counted.items() if number}

    # --- the twin --------------------------------------------------------------------------

    def at_stripe(self, clinic: Clinic, path: str) -> list[dict[str, Any]]:
        """All of the clinic's objects of one kind (`charges`, `refunds`, `checkout/sessions`)."""
        found: list[dict[str, Any]] = []
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = self._stripe(clinic, path, {"limit": 100} | after)
            found += page["data"]
            if not page["has_more"]:
                return found

    def charge_of(self, clinic: Clinic) -> dict[UUID, list[dict[str, Any]]]:
        """Paid charges by the booking that they name."""
        found: dict[UUID, list[dict[str, Any]]] = {}
        for charge in self.at_stripe(clinic, "charges"):
            if charge["paid"]:
                booking_id = UUID(charge["metadata"]["booking_id"])
                found.setdefault(booking_id, []).append(charge)
        return found

    def balance_at_stripe(self, clinic: Clinic) -> int:
        return sum(entry["net"] for entry in self.at_stripe(clinic, "balance_transactions"))

    def _stripe(self, clinic: Clinic, path: str, params: dict[str, Any]) -> dict[str, Any]:
        found = self._http.get(
            f"{self._product.twin_url}/v1/{path}",
            params=params,
            headers={
                "Authorization": f"Bearer {self._key}",
                "Stripe-Account": clinic.stripe_account,
            },
        )
        return dict(found.raise_for_status().json())

    # --- the mail --------------------------------------------------------------------------

    def mails(self, address: str) -> Counter[str]:
        """How often each Message-ID arrived at an address."""
        found = self._http.get(f"{self._product.mailbox_url}/api/messages", params={"to": address})
        return Counter(mail["message_id"] for mail in found.raise_for_status().json())


def repeated(counted: Counter[str]) -> int:
    """How many copies there are beside the first ones."""
    return sum(counted.values()) - len(counted)


class Till:
    """Pays at the twin as its page would, and repeats what was not answered."""

    def __init__(self, twin_url: str) -> None:
        self._http = httpx.AsyncClient(base_url=twin_url, timeout=30, trust_env=False)

    async def __aenter__(self) -> "Till":
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._http.aclose()

    async def pay(self, session: str, patience: int = 200) -> bool:
        """Whether the page took the money, now or at an earlier try; no if it was over."""
        for _ in range(patience):
            try:
                answer = await self._http.post("/_twin/pay", json={"session": session})
            except httpx.TransportError:
                await asyncio.sleep(0.3)
                continue
            if answer.status_code == 200:
                return bool(answer.json()["status"] == "succeeded")
            if answer.status_code == 400:
                return "complete" in answer.text
            answer.raise_for_status()
        raise AssertionError("the twin never answered")

    async def pay_by_page(self, session: str) -> bool:
        """Send the page's own form, and look when no answer comes."""
        typed = {"test_card": "4242424242424242", "email": "payer@mail.example"}
        try:
            answer = await self._http.post(f"/c/pay/{session}", data=typed)
        except httpx.TransportError:
            return await self.pay(session)
        return answer.status_code == 303


def chosen(values: Sequence[str], count: int) -> list[str]:
    """The first so many; fails where there are fewer, so that no test runs on less."""
    assert len(values) >= count
    return list(values[:count])
