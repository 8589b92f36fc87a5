"""A package of ten sessions that is paid, and any number of held bookings that want one of them.

Stripe is never asked.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import Stripe
from services.billing.domain.facts import ChargeFacts
from services.billing.models import Sale
from services.billing.operations import NewPrice, publish_price
from services.billing.operations.package_offers import save_package
from services.billing.operations.preparing import fresh, make_payment
from services.billing.operations.settling import capture
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.queries.payments import lock_payment_of_booking
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from services.contracts.billing.packages import RefundRule, SavePackage
from services.contracts.booking.bookings import BookingState, Payable
from tests.integration.billing.world import KnownBookings, KnownClients

SESSIONS, PRICE, SINGLE = 10, Money(80_000, "EUR"), Money(9_000, "EUR")


class HeldBookings(KnownBookings):
    """Every id is a booking that is held by whoever asks."""

    def __init__(self, practice_id: UUID, price_id: UUID) -> None:
        super().__init__()
        self.practice_id, self.price_id = practice_id, price_id

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable:
        return Payable(
            id=booking_id,
            practice_id=self.practice_id,
            client_id=uuid7(),
            account_id=actor.account_id,
            price_id=self.price_id,
            state=BookingState.HELD,
            deadline_at=utc_now() + timedelta(minutes=10),
        )


@dataclass
class Ten:
    """Ten sessions for €800 in a practice that nobody else uses, and who bought them."""

    around: Surroundings
    client: Actor
    admin: Actor
    sale_id: UUID
    price_id: UUID

    @classmethod
    def of(cls, database: Database) -> "Ten":
        practice_id, practitioner_id, account_id, sale_id = (uuid7() for _ in range(4))
        admin = Actor("person", uuid7(), practice_id, frozenset({"owner"}))
        price = NewPrice(uuid7(), practice_id, uuid7(), practitioner_id, 1, SINGLE)
        package = SavePackage(
            id=uuid7(),
            package_id=uuid7(),
            after_version=0,
            practitioner_id=practitioner_id,
            offering_ids=[price.offering_id],
            name="Ten sessions",
            sessions=SESSIONS,
            price=PRICE,
            valid_months=12,
            refund_rule=RefundRule.PACKAGE_PRICE,
        )
        now, client_id = utc_now(), uuid7()
        with database.transaction(admin) as tx:
            publish_price(tx, price, now=now)
            save_package(tx, package, actor=admin, now=now)
            tx.add(
                Sale(
                    id=sale_id,
                    practice_id=practice_id,
                    version_id=package.id,
                    client_id=client_id,
                    account_id=account_id,
                    sessions=SESSIONS,
                    amount=PRICE.amount,
                    currency=PRICE.currency,
                    state="pending",
                    created_at=now,
                )
            )
            tx.flush()
            row = fresh(practice_id, sale_id, client_id, package.id, PRICE, now)
            make_payment(tx, row | {"sale_id": sale_id, "account_id": account_id})
            payment = lock_payment_of_booking(tx, sale_id)
            assert payment is not None
            capture(tx, payment, ChargeFacts("ch_1", "pi_1", PRICE, None), now)
        nobody = Stripe("sk_test_nobody", "http://127.0.0.1:9", seconds=1, retries=0)
        wait, known = timedelta(seconds=60), (HeldBookings(practice_id, price.id), KnownClients())
        around = Surroundings(database, nobody, *known, wait, wait)
        client = Actor("person", account_id, practice_id)
        return cls(around, client, admin, sale_id, price.id)

    def used(self) -> int:
        """How many sessions of it are used by now."""
        query = text("SELECT count(*) FROM billing.credit_uses WHERE sale_id = :id")
        with self.around.database.transaction(self._us) as tx:
            return int(tx.scalar(query, {"id": self.sale_id}) or 0)

    def deferred(self) -> int:
        """What the ledger still owes in sessions."""
        query = text("SELECT -sum(amount) FROM billing.postings WHERE account = 'deferred_revenue'")
        with self.around.database.transaction(self._us) as tx:
            return int(tx.scalar(query) or 0)

    @property
    def _us(self) -> Actor:
        return itself(self.admin.practice_id or uuid7(), "test")
