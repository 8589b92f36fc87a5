"""A practice that sells packages: published, bought, paid, and looked at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.models import CreditUse, Payment, Sale
from services.billing.operations import package_offers, package_sales
from services.billing.operations.credits import use_credit
from services.billing.operations.disputes import settle_disputes
from services.billing.operations.package_buying import buy_package
from services.billing.queries.invariants import CHECKS
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.messages import Event
from services.common.money import Money
from services.contracts.billing.credits import CreditUseView, UseCredit
from services.contracts.billing.packages import (
    BuyPackage,
    GetSale,
    PackageView,
    RefundRule,
    SaleView,
    SavePackage,
)
from tests.integration.billing.money_back import disputes_of
from tests.integration.billing.world import World


@dataclass
class Shelf:
    """The packages of a world's practice, and its client who buys them."""

    world: World

    def command(self, **changes: Any) -> SavePackage:
        told: dict[str, Any] = {
            "id": uuid7(),
            "package_id": uuid7(),
            "after_version": 0,
            "practitioner_id": self.world.practitioner_id,
            "offering_ids": [self.world.price.offering_id],
            "name": "Five sessions",
            "sessions": 5,
            "price": Money(40_000, self.world.currency),
            "valid_months": 12,
            "refund_rule": RefundRule.PACKAGE_PRICE,
        }
        return SavePackage(**(told | changes))

    def save(self, command: SavePackage, actor: Actor | None = None) -> PackageView:
        who = actor or self.world.admin
        with self.world.database.transaction(who) as tx:
            return package_offers.save_package(tx, command, actor=who, now=utc_now())

    def publish(self, **changes: Any) -> PackageView:
        return self.save(self.command(**changes))

    def wish(self, package: PackageView, **changes: Any) -> BuyPackage:
        told: dict[str, Any] = {
            "id": uuid7(),
            "version_id": package.version_id,
            "client_id": self.world.client_id,
            "success_url": "http://127.0.0.1:8000/bought",
            "cancel_url": "http://127.0.0.1:8000/back",
        }
        return BuyPackage(**(told | changes))

    def buy(self, wish: BuyPackage, now: datetime | None = None) -> SaleView:
        around, actor = self.world.around, self.world.client
        return buy_package(around, wish, actor=actor, now=now or utc_now())

    def pay(self, sale_id: UUID) -> None:
        """Pay on the hosted page, and wait for what the webhook leads to."""
        payment = self.payment(sale_id)
        assert self.world.twin.pay(str(payment.checkout_session_id)) == "succeeded"
        until = monotonic() + 10
        while monotonic() < until and not self.payment(sale_id).processed_at:
            self.world.work_off()
            sleep(0.05)

    def sold(self, **changes: Any) -> SaleView:
        """A package that is bought and paid."""
        sale = self.buy(self.wish(self.publish(**changes)))
        self.pay(sale.id)
        return self.sale(sale.id)

    def sale(self, sale_id: UUID, actor: Actor | None = None) -> SaleView:
        who = actor or self.world.admin
        with self.world.database.reading(who) as tx:
            asked = GetSale(sale_id=sale_id)
            return package_sales.get_sale(tx, asked, actor=who, now=utc_now())

    def payment(self, sale_id: UUID) -> Payment:
        with self.world.database.transaction(self.world.us) as tx:
            return tx.scalars(select(Payment).where(Payment.sale_id == sale_id)).one()

    def uses(self, sale_id: UUID) -> list[CreditUse]:
        with self.world.database.transaction(self.world.us) as tx:
            its = select(CreditUse).where(CreditUse.sale_id == sale_id)
            return list(tx.scalars(its.order_by(CreditUse.used_at, CreditUse.id)))

    def hold(self, booking_id: UUID | None = None) -> UUID:
        """A booking of the client's that is held, and not paid."""
        known = self.world.bookings
        id_ = booking_id or uuid7()
        first = known.known[self.world.booking_id]
        known.known[id_] = first.model_copy(update={"id": id_})
        known.accounts[id_] = self.world.account_id
        return id_

    def use(self, sale_id: UUID, booking_id: UUID, actor: Actor | None = None) -> CreditUseView:
        command = UseCredit(booking_id=booking_id, sale_id=sale_id)
        who = actor or self.world.client
        return use_credit(self.world.around, command, actor=who, now=utc_now())

    def tell(self, handle: Callable[[Session, Any, datetime], None], event: Event) -> None:
        """Let billing hear of something; at least once, as events are told."""
        with self.world.database.transaction(self.world.us) as tx:
            handle(tx, event, utc_now())

    def about(self, booking_id: UUID) -> dict[str, Any]:
        """What every event of a booking tells."""
        now, world = utc_now(), self.world
        return {
            "occurred_at": now,
            "practice_id": world.practice_id,
            "booking_id": booking_id,
            "practitioner_id": world.practitioner_id,
            "client_id": world.client_id,
            "starts_at": now + timedelta(days=3),
        }

    def told_of(self, booking_id: UUID) -> Counter[str]:
        """What billing told of a booking."""
        query = text("SELECT type FROM billing.outbox WHERE body->>'booking_id' = :id")
        with self.world.database.plumbing() as tx:
            return Counter(tx.scalars(query, {"id": str(booking_id)}))

    def dispute(self, sale_id: UUID) -> None:
        """The client disputes the charge with their bank."""
        charge = str(self.payment(sale_id).charge_id)
        self.world.twin.befall("disputes/open", charge=charge)
        self._look(sale_id)

    def win(self, sale_id: UUID) -> None:
        """The bank decides for the practice."""
        [dispute] = disputes_of(self.world)
        told = {"dispute": dispute.stripe_dispute_id, "outcome": "won"}
        self.world.twin.befall("disputes/decide", **told)
        self._look(sale_id)

    def _look(self, sale_id: UUID) -> None:
        world = self.world
        settle_disputes(world.around, world.practice_id, self.payment(sale_id).id, utc_now())

    def end_time(self, sale_id: UUID, at: datetime) -> None:
        """Let a package be valid until another moment."""
        with self.world.database.transaction(self.world.us) as tx:
            tx.get_one(Sale, sale_id).expires_at = at

    def stranger(self) -> Actor:
        """Somebody else who is signed in."""
        return replace(self.world.client, account_id=uuid7())

    def broken(self) -> dict[str, int]:
        """What `make doctor` counts within the practice, where it counts anything."""
        asked = {name: query for name, query in CHECKS.items() if "Stripe" not in name}
        with self.world.database.transaction(self.world.us) as tx:
            found = {name: int(tx.scalar(text(query)) or 0) for name, query in asked.items()}
        return {name: count for name, count in found.items() if count}
