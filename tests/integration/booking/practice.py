"""A practice made for one test: a practitioner in Berlin, Mondays to Fridays from 9 to 17."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Transaction
from uuid_utils.compat import uuid7

from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.models import Booking, Session, plumbing
from services.booking.operations import book, payments, setup, slots
from services.common.auth import Actor
from services.common.database import Database
from services.common.money import Money
from services.contracts.base import Format
from services.contracts.billing import PaymentStarted, PaymentSucceeded
from services.contracts.booking.bookings import BookSession
from services.contracts.booking.offerings import ListSlots

# A Monday, 8 o'clock in Berlin; so far ahead that no running service finds anything due.
NOW = datetime(2093, 11, 23, 7, 0, tzinfo=UTC)
NINE = datetime(2093, 11, 24, 8, 0, tzinfo=UTC)


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """A time of Tuesday, as a clock in Berlin shows it, in UTC."""
    return NINE + timedelta(days=days, hours=hour - 9, minutes=minute)


@dataclass
class Practice:
    """One practitioner with one offering of 50 minutes and 10 minutes after it."""

    database: Database
    id: UUID = field(default_factory=uuid4)
    practitioner_id: UUID = field(default_factory=uuid4)
    practitioner_account: UUID = field(default_factory=uuid4)
    policy_id: UUID = field(default_factory=uuid4)
    offering_id: UUID = field(default_factory=uuid4)
    price_id: UUID = field(default_factory=uuid4)

    def open(self, zone: str = "Europe/Berlin", **offering: object) -> "Practice":
        """Write calendar, policy and offering, and the practice's one room if that needs one."""
        with self.transaction() as tx:
            schedule = setup.NewSchedule(
                self.id, self.practitioner_id, zone, account_id=self.practitioner_account
            )
            setup.open_schedule(tx, schedule, now=NOW)
            self.work(tx, Window(9 * 60, 17 * 60))
            if offering.get("needs_room"):
                setup.add_room(tx, setup.NewRoom(self.id, self.room_id, "Room 1"))
            tiers = ((48, 100), (24, 50))
            setup.add_policy(tx, setup.NewPolicy(self.id, self.policy_id, tiers))
            setup.add_offering(tx, replace(self.offering, **offering), now=NOW)  # type: ignore[arg-type]
        return self

    def work(self, tx: Transaction, window: Window) -> None:
        hours = [WeeklyHours(weekday, window) for weekday in range(1, 6)]
        setup.set_weekly_hours(tx, self.id, self.practitioner_id, hours, now=NOW)

    @property
    def room_id(self) -> UUID:
        return uuid5(self.id, "Room 1")

    @property
    def offering(self) -> setup.NewOffering:
        return setup.NewOffering(
            practice_id=self.id,
            id=self.offering_id,
            practitioner_id=self.practitioner_id,
            name="Session",
            minutes=50,
            price_id=self.price_id,
            policy_id=self.policy_id,
            formats=("online", "in_person"),
            after_minutes=10,
            increment_minutes=30,
        )

    def transaction(self, actor: Actor | None = None) -> AbstractContextManager[Transaction]:
        return self.database.transaction(actor or self.visitor)

    @property
    def visitor(self) -> Actor:
        return Actor(practice_id=self.id, issuer="gateway")

    @property
    def admin(self) -> Actor:
        return self.person(uuid4(), "admin")

    def person(self, account_id: UUID, *roles: str) -> Actor:
        return Actor(
            kind="person",
            account_id=account_id,
            practice_id=self.id,
            roles=frozenset(roles),
            issuer="gateway",
        )

    def link(self, booking_id: UUID) -> Actor:
        return Actor(kind="link", booking_id=booking_id, practice_id=self.id, issuer="gateway")

    def wish(self, starts_at: datetime = NINE, **changed: object) -> BookSession:
        asked = BookSession(
            id=uuid7(),
            offering_id=self.offering_id,
            starts_at=starts_at,
            format=Format.ONLINE,
            price_id=self.price_id,
            client_id=uuid4(),
            client_time_zone="Europe/Berlin",
        )
        return asked.model_copy(update=changed)

    def book(
        self,
        starts_at: datetime = NINE,
        *,
        now: datetime = NOW,
        actor: Actor | None = None,
        **changed: object,
    ) -> Booking:
        """Hold a seat, in a transaction of its own."""
        who = actor or self.visitor
        with self.transaction(who) as tx:
            return book.book_session(tx, self.wish(starts_at, **changed), actor=who, now=now)

    def start_payment(self, booking_id: UUID, *, now: datetime = NOW) -> None:
        event = PaymentStarted(
            occurred_at=now, practice_id=self.id, payment_id=uuid4(), booking_id=booking_id
        )
        with self.transaction() as tx:
            payments.await_payment(tx, event, now=now)

    def pay(self, booking_id: UUID, *, now: datetime = NOW) -> None:
        """Tell booking that the money came."""
        event = PaymentSucceeded(
            occurred_at=now,
            practice_id=self.id,
            payment_id=uuid4(),
            booking_id=booking_id,
            money=Money(amount=9500, currency="EUR"),
        )
        with self.transaction() as tx:
            payments.settle_payment(tx, event, now=now)

    def book_and_pay(self, starts_at: datetime = NINE, **changed: object) -> Booking:
        booking = self.book(starts_at, **changed)  # type: ignore[arg-type]
        self.pay(booking.id)
        return self.stored(booking.id)

    def stored(self, booking_id: UUID) -> Booking:
        with self.transaction() as tx:
            return tx.execute(select(Booking).where(Booking.id == booking_id)).scalar_one()

    def session_of(self, booking_id: UUID) -> Session:
        booking = self.stored(booking_id)
        with self.transaction() as tx:
            query: Select[Session] = select(Session).where(Session.id == booking.session_id)
            return tx.execute(query).scalar_one()

    def starts(self, *, now: datetime = NOW, on: datetime = NINE) -> list[datetime]:
        """The free starts of one date in Berlin."""
        asked = ListSlots(
            offering_id=self.offering_id,
            from_on=on.date(),
            until_on=on.date(),
            time_zone="Europe/Berlin",
        )
        with self.transaction() as tx:
            free = slots.list_slots(tx, asked, actor=self.visitor, now=now)
        return [datetime.fromtimestamp(start, UTC) for start in free.starts]

    def events(self, type_: str) -> list[dict[str, object]]:
        """The events of a kind that left this practice, oldest first."""
        out = plumbing.outbox
        query = select(out.c.body).where(
            out.c.type == type_, out.c.body["practice_id"].astext == str(self.id)
        )
        with self.transaction() as tx:
            return list(tx.scalars(query.order_by(out.c.id)))
