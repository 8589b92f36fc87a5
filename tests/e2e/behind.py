"""What stands behind the pages: rows that were written, money that moved at the twin."""

from typing import Any
from uuid import UUID

import httpx

from deploy.local.product import Product
from tests.e2e.steps import Slot
from tests.factories.witness import Witness


class Behind:
    """Looks only, as the database's administrator and with the platform's key at the twin."""

    def __init__(self, product: Product) -> None:
        self._witness = Witness(product)
        key = product.environment["STRIPE_API_KEY"]
        self._stripe = httpx.Client(
            base_url=f"{product.twin_url}/v1", auth=(key, ""), timeout=30, trust_env=False
        )

    def __enter__(self) -> "Behind":
        return self

    def __exit__(self, *_failure: object) -> None:
        self._stripe.close()

    def counts(self) -> dict[str, int]:
        """How many rows there are of what forms can write."""
        tables = ("booking.bookings", "profiles.accounts", "profiles.clients", "billing.payments")
        return {name: self._witness.count(f"SELECT count(*) FROM {name}") for name in tables}

    def bookings_at(self, slot: Slot) -> int:
        """Bookings of one start of one offering that were not given back."""
        query = (
            "SELECT count(*) FROM booking.bookings WHERE starts_at = %s AND offering_id = %s"
            " AND cancelled_at IS NULL"
        )
        return self._witness.count(query, slot.starts_at, slot.offering_id)

    def state_of(self, booking_id: UUID) -> str:
        """How a booking stands."""
        query = "SELECT state FROM booking.bookings WHERE id = %s"
        return str(self._witness.rows(query, booking_id)[0][0])

    def sequence_of(self, booking_id: UUID) -> int:
        """How often a booking was moved."""
        query = "SELECT sequence FROM booking.bookings WHERE id = %s"
        return self._witness.count(query, booking_id)

    def charges_of(self, booking_id: UUID) -> list[dict[str, Any]]:
        """The paid charges at the twin that name a booking."""
        found = self._everywhere("charges")
        named = (one for one in found if one["metadata"].get("booking_id") == str(booking_id))
        return [one for one in named if one["paid"]]

    def refunds_of(self, charge: dict[str, Any]) -> list[dict[str, Any]]:
        """The refunds of a charge at the twin."""
        return [one for one in self._everywhere("refunds") if one["charge"] == charge["id"]]

    def _everywhere(self, kind: str) -> list[dict[str, Any]]:
        """The newest hundred of each connected account are enough: tests look at once."""
        accounts = [account["id"] for account in self._get("accounts")]
        return [one for account in accounts for one in self._get(kind, account)]

    def _get(self, path: str, account: str = "") -> list[dict[str, Any]]:
        headers = {"Stripe-Account": account} if account else {}
        answer = self._stripe.get(f"/{path}", params={"limit": 100}, headers=headers)
        found: list[dict[str, Any]] = answer.raise_for_status().json()["data"]
        return found
