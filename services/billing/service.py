"""The nameko class of billing."""

from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy.orm import Session

from services.billing.operations import (
    accounts,
    checkout,
    endings,
    reading,
    receivables,
    webhooks,
)
from services.billing.operations.surroundings import INTERACTIVE, Surroundings
from services.common.clock import utc_now
from services.common.events import handles
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.common.service import Service
from services.contracts.billing import (
    ClientAccountView,
    GetClientAccount,
    GetPayment,
    GetPrices,
    ListPayments,
    PaymentsView,
    PaymentView,
    PreviewRefund,
    PricesView,
    ReceiveWebhook,
    RefundPreview,
    StartPayment,
    WebhookReceived,
)
from services.contracts.booking.events import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingHeld,
    BookingRefused,
)


class SurroundingsProvider(DependencyProvider):  # type: ignore[misc]
    """Hands each worker the one way to Stripe and booking of this process."""

    def setup(self) -> None:
        self.around = Surroundings.of(self.container.config["runtime"], INTERACTIVE)

    def get_dependency(self, worker_ctx: Any) -> Surroundings:
        return self.around


class BillingService(Service):
    """Prices, payments and refunds; Stripe's webhooks; what booking's events owe."""

    name = "billing"
    around = SurroundingsProvider()

    @rpc(by={"gateway"})
    def get_prices(self, call: Call, command: GetPrices) -> PricesView:
        """Prices by id, for everybody."""
        with self.db.reading(call.actor) as tx:
            return reading.get_prices(tx, command)

    @rpc(by={"gateway"})
    def start_payment(self, call: Call, command: StartPayment) -> PaymentView:
        """Open the payment page, or tell the one that is open."""
        return checkout.start_payment(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
    def get_payment(self, call: Call, command: GetPayment) -> PaymentView:
        """The payment of a booking."""
        return reading.get_payment(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
    def list_payments(self, call: Call, command: ListPayments) -> PaymentsView:
        """Payments of bookings, for lists."""
        with self.db.reading(call.actor) as tx:
            return reading.list_payments(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
    def get_client_account(self, call: Call, command: GetClientAccount) -> ClientAccountView:
        """What a client paid."""
        with self.db.reading(call.actor) as tx:
            return accounts.get_client_account(tx, command, actor=call.actor, now=utc_now())

    @rpc(by={"gateway"})
    def preview_refund(self, call: Call, command: PreviewRefund) -> RefundPreview:
        """What a percentage of the captured amount is in money."""
        return reading.preview_refund(self.around, command, actor=call.actor)

    @rpc(by={"gateway"})
    def receive_webhook(self, call: Call, command: ReceiveWebhook) -> WebhookReceived:
        """Keep a webhook of Stripe's for later."""
        secret = self.runtime.settings.stripe_webhook_secret
        event = webhooks.check_webhook(command, secret, utc_now())
        with self.db.plumbing() as tx:
            return webhooks.store_webhook(tx, event, now=utc_now())

    @handles(BookingHeld)
    def on_booking_held(self, tx: Session, event: BookingHeld) -> None:
        """Make the payment ready."""
        endings.prepare_for_hold(tx, event, utc_now())

    @handles(BookingExpired)
    def on_booking_expired(self, tx: Session, event: BookingExpired) -> None:
        """End the payment page."""
        endings.close_expired(tx, event, utc_now())

    @handles(BookingRefused)
    def on_booking_refused(self, tx: Session, event: BookingRefused) -> None:
        """Give all of it back."""
        endings.refund_refused(tx, event, utc_now())

    @handles(BookingCancelled)
    def on_booking_cancelled(self, tx: Session, event: BookingCancelled) -> None:
        """Give back what the policy promises, or let the rest of it be owed."""
        now = utc_now()
        endings.refund_cancelled(tx, event, now)
        receivables.note_cancelled(tx, event, now)

    @handles(BookingConfirmed)
    def on_booking_confirmed(self, tx: Session, event: BookingConfirmed) -> None:
        """Know of money that is open."""
        receivables.note_confirmed(tx, event, utc_now())

    @handles(AttendanceRecorded)
    def on_attendance_recorded(self, tx: Session, event: AttendanceRecorded) -> None:
        """Keep it, owe it, or give some of it back."""
        receivables.note_attendance(tx, event, utc_now())
