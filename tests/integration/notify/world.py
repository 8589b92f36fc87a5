"""A practice as three services know it, its bookings, and ways to deliver to the mailbox."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID, uuid4

from kombu import Connection, Producer
from sqlalchemy import delete, func, select, text, update

from deploy.local.stack import Stack
from services.booking.operations import cancel, reschedule
from services.common.auth import service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.events import exchange
from services.common.messages import Event
from services.common.rpc.client import Caller
from services.contracts.booking.bookings import CancelBooking, RescheduleBooking
from services.contracts.booking.events import BookingCancelled, BookingConfirmed, BookingRescheduled
from services.notify.adapters.billing import SalesOfBilling
from services.notify.adapters.booking import Bookings
from services.notify.adapters.plans import Intakes
from services.notify.adapters.profiles import Contacts
from services.notify.adapters.smtp import Postbox, SmtpPostbox
from services.notify.domain.drafts import Fact, Offsets
from services.notify.domain.kinds import PackageMail, Template
from services.notify.models import Delivery, DueMessage, Message
from services.notify.operations import delivery, facts
from services.notify.operations.desk import Desk
from services.notify.operations.letters import Letterhead
from services.profiles.models import Client, Practice, Practitioner
from tests.integration.booking.practice import Practice as BookedPractice
from tests.integration.mailbox.running import Mailbox

OFFSETS = {
    Template.REMINDER_DAY: timedelta(hours=24),
    Template.REMINDER_HOUR: timedelta(hours=1),
}
LETTERHEAD = Letterhead("https://attune.example", "Attune <hello@attune.example>", "attune.example")
CLIENT_EMAIL, PRACTITIONER_EMAIL = "anna@client.example", "ruth@practice.example"
F = TypeVar("F", BookingConfirmed, BookingRescheduled, BookingCancelled)


def a_weekday_at_ten(days: int = 7) -> datetime:
    """10 o'clock in UTC on a weekday at least so many days ahead: within anybody's hours."""
    at = (utc_now() + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    while at.isoweekday() > 5:
        at += timedelta(days=1)
    return at


def eventually(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether the condition came true within the bound."""
    until = monotonic() + seconds
    while monotonic() < until:
        if condition():
            return True
        sleep(0.05)
    return condition()


@dataclass
class World:
    """One practice. Real rows in profiles and booking; notify's own under test."""

    stack: Stack
    database: Database
    databases: Callable[[str], Database]
    caller: Caller
    mailbox: Mailbox
    client_id: UUID = field(default_factory=uuid4)

    def open(self) -> "World":
        """Write the practice into booking and profiles."""
        self.booked = BookedPractice(self.databases("booking")).open()
        self.practice_id = self.booked.id
        self.actor = service_actor("notify", self.practice_id, "test")
        with self.databases("profiles").transaction(self.actor) as tx:
            tx.add(
                Practice(
                    id=self.practice_id,
                    name="Adler & Colleagues",
                    email="office@practice.example",
                    address="Somewhere 1",
                    city="Berlin",
                    time_zone="Europe/Berlin",
                    currency="EUR",
                )
            )
            tx.flush()
            tx.add_all([self._practitioner(), self._client()])
        return self

    def _practitioner(self) -> Practitioner:
        return Practitioner(
            practice_id=self.practice_id,
            id=self.booked.practitioner_id,
            name="Dr Ruth Adler",
            email=PRACTITIONER_EMAIL,
        )

    def _client(self) -> Client:
        return Client(
            practice_id=self.practice_id,
            id=self.client_id,
            name="Anna Schmidt",
            email=CLIENT_EMAIL,
            time_zone="Europe/Berlin",
            created_at=utc_now(),
        )

    # --- facts -----------------------------------------------------------------------------

    def book(self, starts_at: datetime | None = None) -> UUID:
        """A confirmed booking in booking's own database; its event leaves if booking runs."""
        now = utc_now()
        booking = self.booked.book(
            starts_at or a_weekday_at_ten(), now=now, client_id=self.client_id
        )
        self.booked.pay(booking.id, now=now)
        return booking.id

    def move(self, booking_id: UUID, starts_at: datetime) -> None:
        """The client moves the booking."""
        command = RescheduleBooking(id=uuid4(), booking_id=booking_id, starts_at=starts_at)
        actor = self.booked.link(booking_id)
        with self.booked.transaction(actor) as tx:
            reschedule.reschedule_booking(tx, command, actor=actor, now=utc_now())

    def give_back(self, booking_id: UUID) -> None:
        """The client cancels, early enough to get everything back."""
        command = CancelBooking(id=uuid4(), booking_id=booking_id, expected_refund_percent=100)
        actor = self.booked.link(booking_id)
        with self.booked.transaction(actor) as tx:
            cancel.cancel_booking(tx, command, actor=actor, now=utc_now())

    def fact(self, kind: type[F], booking_id: UUID, starts_at: datetime, **more: Any) -> F:
        """An event of booking about a booking of this practice."""
        values = {
            "occurred_at": utc_now(),
            "practice_id": self.practice_id,
            "practitioner_id": self.booked.practitioner_id,
            "client_id": self.client_id,
        }
        return kind(**values | {"booking_id": booking_id, "starts_at": starts_at} | more)

    def take_in(self, fact: Fact, event_id: UUID | None = None, offsets: Offsets = OFFSETS) -> None:
        """What the handler does, without the broker."""
        with self.database.transaction(self.actor) as tx:
            facts.take_in(tx, fact, event_id=event_id or uuid4(), offsets=offsets, now=utc_now())

    def publish(self, event: Event, event_id: UUID, request_id: str = "request-of-test") -> None:
        """Send an event as its publisher does."""
        headers = {"event_id": str(event_id), "request_id": request_id}
        with Connection(self.stack.amqp_url(event.publisher)) as connection:
            producer = Producer(connection.channel(), exchange=exchange(event.publisher))
            producer.publish(
                event.model_dump(mode="json"),
                routing_key=event.type,
                headers=headers,
                mandatory=True,
                serializer="json",
            )

    def confirm(self, count: int = 1) -> list[UUID]:
        """Bookings whose confirmation was taken in here, on days after each other."""
        made = []
        for _ in range(count):
            starts_at = a_weekday_at_ten(7)
            booking_id = self.book(starts_at)
            self.take_in(self.fact(BookingConfirmed, booking_id, starts_at))
            made.append(booking_id)
        return made

    # --- delivery --------------------------------------------------------------------------

    def desk(self, postbox: Postbox | None = None) -> Desk:
        """Delivery as the task does it."""
        return Desk(
            self.database,
            Bookings(self.caller),
            Contacts(self.caller),
            Intakes(self.caller),
            SalesOfBilling(self.caller),
            postbox or SmtpPostbox(f"smtp://127.0.0.1:{self.mailbox.smtp_port}"),
            LETTERHEAD,
            utc_now,
        )

    def deliver(self, postbox: Postbox | None = None) -> int:
        """One run of the task."""
        return delivery.deliver_due(self.desk(postbox))

    def make_due(self, *templates: Template) -> None:
        """Let time pass for waiting messages of these kinds, or of all, and for leases."""
        with self.database.transaction(self.actor) as tx:
            chosen = select(Message.id).where(Message.practice_id == self.practice_id)
            if templates:
                chosen = chosen.where(Message.template.in_(templates))
            ids = list(tx.scalars(chosen))
            tx.execute(
                update(DueMessage)
                .where(DueMessage.message_id.in_(ids))
                .values(due_at=func.now() - text("interval '1 second'"))
            )

    # --- looking ---------------------------------------------------------------------------

    def messages(self, *templates: Template | PackageMail) -> list[Message]:
        """This practice's messages of these kinds, or all, the oldest first."""
        query = select(Message).where(Message.practice_id == self.practice_id)
        if templates:
            query = query.where(Message.template.in_(templates))
        with self.database.transaction(self.actor) as tx:
            return list(tx.scalars(query.order_by(Message.id)))

    def states(self, *templates: Template | PackageMail) -> list[str]:
        """Their states."""
        return [message.state for message in self.messages(*templates)]

    def deliveries(self) -> list[tuple[str, int | None]]:
        """How each try went."""
        query = select(Delivery.outcome, Delivery.smtp_code).where(
            Delivery.practice_id == self.practice_id
        )
        with self.database.transaction(self.actor) as tx:
            return [(row.outcome, row.smtp_code) for row in tx.execute(query.order_by(Delivery.id))]

    def count_due(self) -> int:
        """How many of this practice's messages are still to leave."""
        query = select(func.count()).where(
            DueMessage.practice_id == self.practice_id, DueMessage.parked_at.is_(None)
        )
        with self.database.plumbing() as tx:
            return int(tx.scalar(query) or 0)

    def mails(self, to: str = CLIENT_EMAIL) -> list[dict[str, Any]]:
        """What the mailbox holds for somebody, the oldest first."""
        found = self.mailbox.call("GET", f"/messages?to={to}")
        return [self.mailbox.call("GET", f"/messages/{one['id']}") for one in reversed(found)]

    def summaries(self, to: str) -> list[dict[str, Any]]:
        """The same without their content."""
        listed: list[dict[str, Any]] = self.mailbox.call("GET", f"/messages?to={to}")
        return listed

    def move_client_to(self, email: str) -> None:
        """The client has another address in profiles."""
        with self.databases("profiles").transaction(self.actor) as tx:
            tx.execute(update(Client).where(Client.id == self.client_id).values(email=email))

    def erase_client(self) -> None:
        """The client is no more in profiles."""
        with self.databases("profiles").transaction(self.actor) as tx:
            tx.execute(delete(Client).where(Client.id == self.client_id))


def booked(world: World) -> None:
    """A booking whose event came by the broker, so that four messages wait."""
    world.book()
    assert eventually(lambda: len(world.messages()) == 4)


def told(world: World, to: str = CLIENT_EMAIL) -> list[str]:
    """The subjects of what somebody got, the oldest first."""
    return [mail["subject"] for mail in world.mails(to)]


def at(day: datetime, **more: int) -> datetime:
    """A time near `day`."""
    return day.astimezone(UTC) + timedelta(**more)
