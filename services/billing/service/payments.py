"""Calls about payments: prices, the page to pay on, what came and what would go back."""

from services.billing.operations import accounts, checkout, reading, webhooks
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
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


class PaymentCalls(Desk):
    """Prices, the page to pay on, and what was paid."""

    @rpc(by=BY_GATEWAY)
    def get_prices(self, call: Call, command: GetPrices) -> PricesView:
        """Prices by id, for everybody."""
        with self.db.reading(call.actor) as tx:
            return reading.get_prices(tx, command)

    @rpc(by=BY_GATEWAY)
    def start_payment(self, call: Call, command: StartPayment) -> PaymentView:
        """Open the payment page, or tell the one that is open."""
        return checkout.start_payment(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_payment(self, call: Call, command: GetPayment) -> PaymentView:
        """The payment of a booking."""
        return reading.get_payment(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_payments(self, call: Call, command: ListPayments) -> PaymentsView:
        """Payments of bookings, for lists."""
        with self.db.reading(call.actor) as tx:
            return reading.list_payments(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_client_account(self, call: Call, command: GetClientAccount) -> ClientAccountView:
        """What a client paid."""
        with self.db.reading(call.actor) as tx:
            return accounts.get_client_account(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def preview_refund(self, call: Call, command: PreviewRefund) -> RefundPreview:
        """What a percentage of the captured amount is in money."""
        return reading.preview_refund(self.around, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def receive_webhook(self, call: Call, command: ReceiveWebhook) -> WebhookReceived:
        """Keep a webhook of Stripe's for later."""
        secret = self.runtime.settings.stripe_webhook_secret
        event = webhooks.check_webhook(command, secret, utc_now())
        with self.db.plumbing() as tx:
            return webhooks.store_webhook(tx, event, now=utc_now())
