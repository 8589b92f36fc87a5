"""Packages of a world's practice as billing sells them, uses them and ends them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.domain.facts import ChargeFacts
from services.billing.models import CreditUse, Payment, Sale
from services.billing.operations import NewPrice, package_offers, publish_price
from services.billing.operations.preparing import fresh
from services.billing.operations.settling import capture
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.money import Money
from services.common.rpc.client import Caller
from services.contracts.billing.packages import (
    EndPackage,
    EndProposal,
    PackageView,
    ProposeEnd,
    RefundRule,
    SaleState,
    SaleView,
    SavePackage,
)
from services.notify.domain.kinds import PackageMail
from services.notify.models import DueMessage
from tests.integration.notify.world import World

PRICE, SINGLE = Money(40_000, "EUR"), Money(9_000, "EUR")
NAME = "Trauma therapy, five times"


@dataclass
class PackageShelf:
    """Five sessions for €400, singly €90, valid for so many months."""

    world: World
    gateway: Caller

    def __post_init__(self) -> None:
        self.billing: Database = self.world.databases("billing")
        self.owner = Actor("person", uuid7(), self.world.practice_id, frozenset({"owner"}))

    def sell(self, months: int = 12, at: datetime | None = None) -> UUID:
        """A package whose payment came at that moment, now by itself; its event leaves."""
        now = at or utc_now()
        with self.billing.transaction(self.owner) as tx:
            package = self._published(tx, months, now)
            sale_id, payment = self._begun(tx, package, now)
            charge = ChargeFacts(f"ch_{uuid7().hex}", f"pi_{uuid7().hex}", PRICE, None)
            capture(tx, payment, charge, now)
        return sale_id

    def use(self, sale_id: UUID, count: int) -> None:
        """So many of its sessions are used for bookings."""
        with self.billing.transaction(self.owner) as tx:
            sale = tx.get_one(Sale, sale_id)
            for ordinal in range(1, count + 1):
                tx.add(_use(sale, ordinal, self.single.id))

    def end(self, sale_id: UUID) -> EndProposal:
        """The practice ends it as it was shown."""
        call, actor = self.gateway.call, self.owner
        asked = ProposeEnd(sale_id=sale_id)
        shown = call("billing", "propose_end", asked, actor, EndProposal)
        command = EndPackage(id=uuid7(), sale_id=sale_id, agreed=shown.agreed)
        call("billing", "end_package", command, actor, SaleView)
        return shown

    def dispute(self, sale_id: UUID) -> None:
        """A bank has taken the money back."""
        with self.billing.transaction(self.owner) as tx:
            its = update(Payment).where(Payment.sale_id == sale_id)
            tx.execute(its.values(disputed=PRICE.amount))

    def due_at(self, template: PackageMail) -> datetime:
        """When the message of that kind is due."""
        (message,) = [one for one in self.world.messages() if one.template == template]
        with self.world.database.plumbing() as tx:
            return tx.scalars(
                select(DueMessage.due_at).where(DueMessage.message_id == message.id)
            ).one()

    def pass_time(self) -> None:
        """Every message of the practice is due."""
        its = update(DueMessage).where(DueMessage.practice_id == self.world.practice_id)
        with self.world.database.plumbing() as tx:
            tx.execute(its.values(due_at=func.now() - text("interval '1 second'")))

    def _published(self, tx: Session, months: int, now: datetime) -> PackageView:
        world = self.world
        self.single = NewPrice(
            uuid7(), world.practice_id, uuid7(), world.booked.practitioner_id, 1, SINGLE
        )
        publish_price(tx, self.single, now=now)
        command = SavePackage(
            id=uuid7(),
            package_id=uuid7(),
            after_version=0,
            practitioner_id=world.booked.practitioner_id,
            offering_ids=[self.single.offering_id],
            name=NAME,
            sessions=5,
            price=PRICE,
            valid_months=months,
            refund_rule=RefundRule.SINGLE_PRICE,
        )
        return package_offers.save_package(tx, command, actor=self.owner, now=now)

    def _begun(self, tx: Session, package: PackageView, now: datetime) -> tuple[UUID, Payment]:
        sale_id, world = uuid7(), self.world
        row = fresh(world.practice_id, sale_id, world.client_id, package.version_id, PRICE, now)
        sale = Sale(
            id=sale_id,
            practice_id=world.practice_id,
            version_id=package.version_id,
            client_id=world.client_id,
            account_id=uuid7(),
            sessions=package.sessions,
            amount=PRICE.amount,
            currency=PRICE.currency,
            state=SaleState.PENDING,
            created_at=now,
        )
        tx.add(sale)
        tx.flush()
        payment = Payment(**row, sale_id=sale_id, stripe_account_id="acct_test", attempt=1)
        tx.add(payment)
        tx.flush()
        return sale_id, payment


def _use(sale: Sale, ordinal: int, price_id: UUID) -> CreditUse:
    return CreditUse(
        id=uuid7(),
        practice_id=sale.practice_id,
        account_id=sale.account_id,
        sale_id=sale.id,
        sessions=sale.sessions,
        ordinal=ordinal,
        booking_id=uuid7(),
        price_id=price_id,
        amount=PRICE.amount // sale.sessions,
        single=SINGLE.amount,
        currency=SINGLE.currency,
        state="used",
        used_at=utc_now(),
    )
