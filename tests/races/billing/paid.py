"""A payment that was settled, and who gives it back; Stripe is never asked."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import Stripe
from services.billing.operations import (
    NewPrice,
    PastPayment,
    import_past_payments,
    publish_price,
)
from services.billing.operations.surroundings import Surroundings, itself
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from tests.integration.billing.world import KnownBookings, KnownClients

CAPTURED = Money(9000, "EUR")


@dataclass
class Paid:
    """One payment of 90 €, commission 4.50."""

    around: Surroundings
    payment_id: UUID
    admin: Actor

    @classmethod
    def of(cls, database: Database) -> "Paid":
        """Brought in as a past payment of a practice that nobody else uses."""
        practice_id, payment_id = uuid7(), uuid7()
        price = NewPrice(uuid7(), practice_id, uuid7(), uuid7(), 1, CAPTURED)
        past = PastPayment(
            id=payment_id,
            booking_id=uuid7(),
            client_id=uuid7(),
            account_id=None,
            price_id=price.id,
            money=CAPTURED,
            captured_at=utc_now(),
            commission=450,
        )
        with database.transaction(itself(practice_id, "test")) as tx:
            publish_price(tx, price, now=utc_now())
            import_past_payments(tx, practice_id, [past])
        nobody = Stripe("sk_test_nobody", "http://127.0.0.1:9", seconds=1, retries=0)
        wait = timedelta(seconds=60)
        admin = Actor("person", uuid7(), practice_id, frozenset({"admin"}))
        known = KnownBookings(), KnownClients()
        return cls(Surroundings(database, nobody, *known, wait, wait), payment_id, admin)

    def promised(self) -> list[int]:
        """What is promised by now, refund by refund."""
        query = text("SELECT amount FROM billing.refunds WHERE payment_id = :id")
        with self.around.database.transaction(self.admin) as tx:
            return list(tx.scalars(query, {"id": self.payment_id}))
