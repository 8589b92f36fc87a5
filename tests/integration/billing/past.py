"""A practice with a history of payments, and its admin, for tests of the money desk."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from services.billing.operations import PastPayment, PastRefund, import_past_payments
from services.common.auth import Actor
from services.common.money import Money
from tests.integration.billing.world import World

FIRST = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def member(world: World, role: str = "billing") -> Actor:
    """Somebody who works in the practice."""
    roles = frozenset({role})
    return Actor("person", account_id=uuid7(), practice_id=world.practice_id, roles=roles)


def past(world: World, number: int, client_id: UUID | None = None) -> PastPayment:
    """The payment of that day; of each four one is cancelled late, one half refunded.

    Each two are of the same instant, so that only their ids tell them apart.
    """
    at = FIRST + timedelta(days=number // 2)
    ended = {
        1: PastRefund(Money(0, "EUR"), 0, at + timedelta(hours=1)),
        2: PastRefund(Money(4500, "EUR"), 50, at + timedelta(hours=1)),
    }
    return PastPayment(
        id=uuid7(),
        booking_id=uuid7(),
        client_id=client_id or world.client_id,
        account_id=None,
        price_id=world.price.id,
        money=Money(9000, "EUR"),
        captured_at=at,
        stripe_fee=160,
        commission=450,
        ended=ended.get(number % 4),
    )


def bring_in(world: World, payments: Iterable[PastPayment]) -> list[PastPayment]:
    """The payments in the practice's books; the latest first, as its list has them."""
    made = list(payments)
    with world.database.transaction(world.us) as tx:
        import_past_payments(tx, world.practice_id, made)
    return sorted(made, key=lambda one: (one.captured_at, one.id), reverse=True)
