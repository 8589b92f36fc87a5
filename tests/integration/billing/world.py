"""One practice with a price and a booking, and what befalls them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.billing.adapters.stripe import Stripe
from services.billing.models import Payment, Refund
from services.billing.operations import (
    NewPrice,
    connect_practice,
    endings,
    publish_price,
    webhooks,
    work,
)
from services.billing.operations.checkout import start_payment
from services.billing.operations.surroundings import Surroundings, itself
from services.billing.tasks import STEPS
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import PaymentView, StartPayment
from services.contracts.booking.billed import BilledSession
from services.contracts.booking.bookings import BookingState, BookingView, Payable
from services.contracts.booking.events import (
    BookingCancelled,
    BookingExpired,
    BookingHeld,
    BookingRefused,
)
from services.contracts.booking.offerings import PolicyView
from services.contracts.booking.terms import TermsView
from tests.integration.billing.twin import API_KEY, Twin

LEASE = timedelta(seconds=20)


def payment_of_booking(tx: Session, booking_id: UUID) -> Payment:
    """The booking's payment in the transaction's practice."""
    return tx.execute(select(Payment).where(Payment.booking_id == booking_id)).scalar_one()


class KnownBookings:
    """Booking's stand-in: tells the bookings it was told about, each to its own client only."""

    def __init__(self) -> None:
        self.known: dict[UUID, BookingView] = {}
        self.accounts: dict[UUID, UUID] = {}
        self.percent = 50
        self.sessions: dict[UUID, BilledSession] = {}

    def booking(self, booking_id: UUID, actor: Actor) -> BookingView:
        is_own = self.accounts.get(booking_id) == actor.account_id is not None
        if booking_id not in self.known or not (is_own or actor.booking_id == booking_id):
            raise NotFound("There is no such booking.")
        return self.known[booking_id]

    def terms(self, booking_id: UUID, actor: Actor) -> TermsView:
        booking = self.known[booking_id]
        return TermsView(
            booking_id=booking_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            confirmed_at=None,
            state=booking.state,
            policy=booking.policy,
            refund_percent=self.percent,
            time_zone=booking.time_zone,
        )

    def payable(self, booking_id: UUID, actor: Actor, voucher: str | None) -> Payable:
        return Payable.model_validate(self.booking(booking_id, actor), from_attributes=True)

    def billed(self, booking_ids: list[UUID], us: Actor) -> list[BilledSession]:
        return [self.sessions[one] for one in booking_ids if one in self.sessions]


class KnownClients:
    """Profiles' stand-in: the names that it was told."""

    def __init__(self) -> None:
        self.known: dict[UUID, str] = {}

    def names(self, client_ids: list[UUID], us: Actor) -> dict[UUID, str]:
        return {one: self.known[one] for one in client_ids if one in self.known}


@dataclass
class World:
    """Everything about one booking of one practice; the database and the twin are shared."""

    database: Database
    twin: Twin
    amount: int = 9000
    currency: str = "EUR"
    country: str = "DE"
    commission: int = 500
    seconds: float = 5
    bookings: KnownBookings = field(default_factory=KnownBookings)
    clients: KnownClients = field(default_factory=KnownClients)

    def __post_init__(self) -> None:
        self.practice_id, self.booking_id = uuid7(), uuid7()
        self.client_id, self.account_id = uuid7(), uuid7()
        self.practitioner_id = uuid7()
        self.stripe_account = self.twin.connect(self.country, self.currency.lower())
        self.price = NewPrice(
            uuid7(), self.practice_id, uuid7(), self.practitioner_id, 1, self.money
        )
        with self.database.transaction(self.us) as tx:
            connect_practice(tx, self.practice_id, self.stripe_account, self.commission)
            publish_price(tx, self.price, now=utc_now())
        self.bookings.known[self.booking_id] = self._booking(BookingState.HELD)
        self.bookings.accounts[self.booking_id] = self.account_id

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def us(self) -> Actor:
        return itself(self.practice_id, "test")

    @property
    def client(self) -> Actor:
        return Actor(kind="person", account_id=self.account_id, practice_id=self.practice_id)

    @property
    def admin(self) -> Actor:
        """Who answers for the practice's money."""
        roles = frozenset({"billing"})
        return Actor("person", self.practitioner_id, self.practice_id, roles)

    @property
    def around(self) -> Surroundings:
        stripe = Stripe(API_KEY, self.twin.url, seconds=self.seconds, retries=0)
        known = self.bookings, self.clients
        return Surroundings(self.database, stripe, *known, timedelta(seconds=60), LEASE)

    def start(self, now: datetime | None = None, email: str | None = None) -> PaymentView:
        command = StartPayment(
            booking_id=self.booking_id,
            success_url="http://127.0.0.1:8000/paid",
            cancel_url="http://127.0.0.1:8000/back",
            customer_email=email,
        )
        return start_payment(self.around, command, actor=self.client, now=now or utc_now())

    def pay(self, card: str = "4242424242424242") -> str:
        return self.twin.pay(str(self.payment().checkout_session_id), card)

    def hold(self) -> None:
        held = BookingHeld(
            **self._event(), price_id=self.price.id, deadline_at=utc_now() + timedelta(minutes=10)
        )
        with self.database.transaction(self.us) as tx:
            endings.prepare_for_hold(tx, held, utc_now())

    def cancel(self, percent: int) -> None:
        event = BookingCancelled(**self._event(), refund_percent=percent, is_late=percent < 100)
        with self.database.transaction(self.us) as tx:
            endings.refund_cancelled(tx, event, utc_now())

    def refuse(self) -> None:
        with self.database.transaction(self.us) as tx:
            endings.refund_refused(tx, BookingRefused(**self._event()), utc_now())

    def expire(self) -> None:
        with self.database.transaction(self.us) as tx:
            endings.close_expired(tx, BookingExpired(**self._event()), utc_now())

    def work_off(self, now: datetime | None = None) -> None:
        """What the task does each second, until nothing is due."""
        at = now or utc_now()
        while webhooks.process_stripe_events(self.database, at, LEASE):
            pass
        while work.work_off(self.around, STEPS, lambda: at):
            pass

    def converge(self, seconds: float = 10) -> None:
        """Work as the task does until a webhook has come and its payment is settled."""
        until = monotonic() + seconds
        while monotonic() < until and not self.payment().processed_at:
            self.work_off()
            sleep(0.05)

    def payment(self) -> Payment:
        with self.database.transaction(self.us) as tx:
            return payment_of_booking(tx, self.booking_id)

    def refunds(self) -> list[Refund]:
        with self.database.transaction(self.us) as tx:
            return list(tx.scalars(select(Refund).order_by(Refund.created_at)))

    def balances(self) -> dict[str, int]:
        """The practice's ledger: what each account holds, debits positive."""
        query = "SELECT account, sum(amount)::int FROM billing.postings GROUP BY account"
        with self.database.transaction(self.us) as tx:
            return {row[0]: row[1] for row in tx.execute(text(query)) if row[1]}

    def ledger(self, tx: Session) -> list[tuple[str, str, int]]:
        """Every posting of the practice as the transaction sees it, by kind and account."""
        query = """SELECT t.kind, o.account, o.amount FROM billing.postings o
            JOIN billing.ledger_transactions t ON t.id = o.transaction_id ORDER BY 1, 2"""
        return [tuple(row) for row in tx.execute(text(query))]

    def moves(self) -> Counter[str]:
        """How many ledger transactions of each kind the practice has."""
        query = "SELECT kind FROM billing.ledger_transactions"
        with self.database.transaction(self.us) as tx:
            return Counter(tx.scalars(text(query)))

    def events(self) -> Counter[str]:
        """What billing told of this booking."""
        query = "SELECT type FROM billing.outbox WHERE body->>'booking_id' = :id"
        with self.database.plumbing() as tx:
            return Counter(tx.scalars(text(query), {"id": str(self.booking_id)}))

    def due(self) -> list[Any]:
        """The practice's work that is owed."""
        query = "SELECT * FROM billing.due_work WHERE practice_id = :id"
        with self.database.plumbing() as tx:
            return list(tx.execute(text(query), {"id": self.practice_id}))

    def stripe_events(self) -> list[Any]:
        """The practice's webhooks that came."""
        query = "SELECT * FROM billing.stripe_events WHERE account = :id"
        with self.database.plumbing() as tx:
            return list(tx.execute(text(query), {"id": self.stripe_account}))

    def _event(self) -> dict[str, Any]:
        now = utc_now()
        return {
            "occurred_at": now,
            "practice_id": self.practice_id,
            "booking_id": self.booking_id,
            "practitioner_id": self.practitioner_id,
            "client_id": self.client_id,
            "starts_at": now + timedelta(days=3),
        }

    def _booking(self, state: BookingState) -> BookingView:
        now = utc_now()
        return BookingView(
            id=self.booking_id,
            practice_id=self.practice_id,
            practitioner_id=self.practitioner_id,
            offering_id=self.price.offering_id,
            offering_name="First hour",
            client_id=self.client_id,
            state=state,
            starts_at=now + timedelta(days=3),
            ends_at=now + timedelta(days=3, minutes=50),
            format=Format.ONLINE,
            time_zone="Europe/Berlin",
            client_time_zone="Europe/Berlin",
            price_id=self.price.id,
            deadline_at=now + timedelta(days=365),
            is_hold_extended=False,
            policy=PolicyView(version=1, tiers=[], reschedule_until_hours=24),
            free_until=None,
            can_cancel=True,
            can_reschedule=True,
            join_path="/join/x",
            sequence=0,
        )
