"""What the practice's books have of the cast's bookings, asked for once."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID


class Books:
    """By booking its payment, and the ledger's transaction that charged it; an unknown booking is
    its own."""

    def __init__(self, rows: Callable[[str], list[Any]]) -> None:
        self._rows = rows

    def payment(self, booking_id: UUID) -> UUID:
        return self._payments.get(booking_id, booking_id)

    def charge(self, booking_id: UUID) -> UUID:
        return self._charges.get(booking_id, booking_id)

    @cached_property
    def _payments(self) -> dict[UUID, UUID]:
        return self._pairs("SELECT booking_id, id FROM billing.payments")

    @cached_property
    def _charges(self) -> dict[UUID, UUID]:
        return self._pairs(
            "SELECT p.booking_id, t.id FROM billing.payments p"
            " JOIN billing.ledger_transactions t ON t.payment_id = p.id AND t.kind = 'charged'"
        )

    def _pairs(self, query: str) -> dict[UUID, UUID]:
        return {UUID(str(booking)): UUID(str(found)) for booking, found in self._rows(query)}
