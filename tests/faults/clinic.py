"""A practice in the running product, and a client who books, pays and cancels there.

Calls go through the broker as the gateway's would; the twin is paid as its page would be.
"""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text
from uuid_utils.compat import uuid7

from deploy.local.product import Product
from services.billing.operations import NewPrice, connect_practice, publish_price
from services.booking.domain.schedule import WeeklyHours, Window
from services.booking.operations import setup
from services.common.auth import Actor, Signer, service_actor
from services.common.clock import utc_now
from services.common.database import Database
from services.common.errors import Refusal
from services.common.messages import Command, View
from services.common.money import Money
from services.common.rpc.client import Caller
from services.contracts.base import Format
from services.contracts.billing import GetPayment, PaymentView, StartPayment
from services.contracts.booking.bookings import (
    BookingState,
    BookingView,
    BookSession,
    CancelBooking,
    GetBooking,
)
from services.contracts.booking.offerings import ListSlots, SlotsView

Answer = TypeVar("Answer", bound=View)
PATIENCE = 60.0


class Clinic:
    """One practitioner with hours all week, a price of 90 €, and their first client."""

    def __init__(self, product: Product) -> None:
        told = product.environment
        self.product = product
        self.id, self.practitioner_id, self.offering_id = uuid7(), uuid7(), uuid7()
        self.account_id, self.client_id, self.price_id = uuid7(), uuid7(), uuid7()
        self._caller = Caller(
            told["GATEWAY_AMQP_URL"], Signer("gateway", told["GATEWAY_SIGNING_KEY"])
        )
        self.billing = Database(told["BILLING_DATABASE_URL"], pool_size=2)
        self.twin = httpx.Client(base_url=product.twin_url, timeout=15, trust_env=False)
        self._key = told["STRIPE_API_KEY"]
        self.stripe_account = self._connect()
        booking = Database(told["BOOKING_DATABASE_URL"], pool_size=2)
        self._open(booking)
        booking.engine.dispose()
        self._starts = iter(self._list_starts())

    def close(self) -> None:
        self._caller.close()
        self.billing.engine.dispose()
        self.twin.close()

    @property
    def client(self) -> Actor:
        return Actor(kind="person", account_id=self.account_id, practice_id=self.id)

    def call(self, service: str, method: str, command: Command, answer: type[Answer]) -> Answer:
        """One call in the client's name."""
        return self._caller.call(service, method, command, self.client, answer)

    def insist(self, service: str, method: str, command: Command, answer: type[Answer]) -> Answer:
        """The same call until it is answered, as somebody who presses the button again."""
        until = monotonic() + PATIENCE
        while True:
            try:
                return self.call(service, method, command, answer)
            except Refusal:
                if monotonic() > until:
                    raise
                sleep(0.5)

    def book(self) -> UUID:
        """Hold the next free start; the booking's id."""
        command = BookSession(
            id=uuid7(),
            offering_id=self.offering_id,
            starts_at=next(self._starts),
            format=Format.ONLINE,
            price_id=self.price_id,
            client_id=self.client_id,
            client_time_zone="Europe/Berlin",
        )
        return self.insist("booking", "book_session", command, BookingView).id

    def start_command(self, booking_id: UUID) -> StartPayment:
        back = f"{self.product.base_url}/bookings/{booking_id}"
        return StartPayment(
            booking_id=booking_id, success_url=f"{back}/paid", cancel_url=f"{back}/unpaid"
        )

    def start(self, booking_id: UUID) -> str:
        """Open the page, insisting; its session's id."""
        command = self.start_command(booking_id)
        view = self.insist("billing", "start_payment", command, PaymentView)
        return str(view.checkout_url).rsplit("/", 1)[-1]

    def pay(self, session: str) -> None:
        self.twin.post("/_twin/pay", json={"session": session}).raise_for_status()

    def cancel(self, booking_id: UUID, percent: int) -> None:
        command = CancelBooking(id=uuid7(), booking_id=booking_id, expected_refund_percent=percent)
        self.insist("booking", "cancel_booking", command, BookingView)

    def booking(self, booking_id: UUID) -> BookingView:
        return self.insist("booking", "get_booking", GetBooking(booking_id=booking_id), BookingView)

    def payment(self, booking_id: UUID) -> PaymentView:
        return self.insist("billing", "get_payment", GetPayment(booking_id=booking_id), PaymentView)

    def until_confirmed(self, booking_id: UUID) -> None:
        wait_until(lambda: self.booking(booking_id).state is BookingState.CONFIRMED)

    def until_refunded(self, booking_id: UUID, amount: int) -> None:
        wait_until(lambda: self.payment(booking_id).refunded.amount == amount)

    def fail(self, kind: str, **how: Any) -> None:
        self.twin.post("/_twin/faults", json={"kind": kind, **how}).raise_for_status()

    def heal(self) -> None:
        self.twin.delete("/_twin/faults").raise_for_status()

    def hits(self) -> int:
        """How often the faults that are switched on have struck."""
        return sum(fault["hits"] for fault in self.twin.get("/_twin/faults").json())

    def objects(self, path: str) -> list[dict[str, Any]]:
        """The practice's objects at Stripe."""
        found = self.twin.get(f"/v1/{path}", params={"limit": 100}, headers=self._headers)
        return list(found.raise_for_status().json()["data"])

    def balance_at_stripe(self) -> int:
        return sum(entry["net"] for entry in self.objects("balance_transactions"))

    def balances(self) -> dict[str, int]:
        """The practice's ledger, debits positive."""
        query = "SELECT account, sum(amount)::int FROM billing.postings GROUP BY account"
        with self.billing.transaction(service_actor("billing", self.id, "test")) as tx:
            return {row[0]: row[1] for row in tx.execute(text(query)) if row[1]}

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}", "Stripe-Account": self.stripe_account}

    def _connect(self) -> str:
        made = self.twin.post(
            "/v1/accounts",
            data={"country": "DE", "default_currency": "eur"},
            headers={"Authorization": f"Bearer {self._key}"},
        )
        return str(made.raise_for_status().json()["id"])

    def _open(self, booking: Database) -> None:
        now, us = utc_now(), Actor(practice_id=self.id)
        policy_id = uuid4()
        price = NewPrice(
            self.price_id, self.id, self.offering_id, self.practitioner_id, 1, Money(9000, "EUR")
        )
        with booking.transaction(us) as tx:
            schedule = setup.NewSchedule(self.id, self.practitioner_id, "Europe/Berlin")
            setup.open_schedule(tx, schedule, now=now)
            hours = [WeeklyHours(day, Window(9 * 60, 17 * 60)) for day in range(1, 8)]
            setup.set_weekly_hours(tx, self.id, self.practitioner_id, hours, now=now)
            setup.add_policy(tx, setup.NewPolicy(self.id, policy_id, ((48, 100), (24, 50))))
            setup.add_offering(tx, self._offering(policy_id), now=now)
        with self.billing.transaction(us) as tx:
            connect_practice(tx, self.id, self.stripe_account, 500)
            publish_price(tx, price, now=now)

    def _offering(self, policy_id: UUID) -> setup.NewOffering:
        return setup.NewOffering(
            practice_id=self.id,
            id=self.offering_id,
            practitioner_id=self.practitioner_id,
            name="Session",
            minutes=50,
            price_id=self.price_id,
            policy_id=policy_id,
            formats=("online",),
            increment_minutes=60,
        )

    def _list_starts(self) -> list[Any]:
        """Free starts at least three days ahead: cancelling gives all of it back."""
        first = utc_now().date() + timedelta(days=4)
        command = ListSlots(
            offering_id=self.offering_id,
            from_on=first,
            until_on=first + timedelta(days=14),
            time_zone="Europe/Berlin",
        )
        return self.insist("booking", "list_slots", command, SlotsView).starts


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Until it holds; fails after a minute, within which everything has to converge."""
    until = monotonic() + seconds
    while not holds():
        assert monotonic() < until, "it did not converge"
        sleep(0.1)
