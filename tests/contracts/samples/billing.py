"""Samples of what billing offers."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing import (
    CreditState,
    GetPayment,
    GetPrices,
    ListPayments,
    PaidByCredit,
    PaymentStarted,
    PaymentState,
    PaymentSucceeded,
    PaymentsView,
    PaymentView,
    PreviewRefund,
    PricePublished,
    PricesView,
    PriceView,
    ReceivableView,
    ReceiveWebhook,
    RefundMade,
    RefundPreview,
    StartPayment,
    WebhookReceived,
)
from tests.contracts.samples.values import (
    BOOKING,
    DEADLINE,
    OCCURRED,
    OFFERING,
    PAYMENT,
    PRACTICE,
    PRACTITIONER,
    PRICE,
    REFUND,
)

PRICE_VIEW = PriceView(
    id=PRICE, practice_id=PRACTICE, offering_id=OFFERING, version=3, money=Money(9500, "EUR")
)
CREDIT = PaidByCredit(sale_id=REFUND, name="Five sessions", state=CreditState.USED)
PAYMENT_VIEW = PaymentView(
    id=PAYMENT,
    booking_id=BOOKING,
    practice_id=PRACTICE,
    state=PaymentState.OPEN,
    price=Money(9500, "EUR"),
    captured=Money(0, "EUR"),
    refunded=Money(0, "EUR"),
    checkout_url="https://checkout.stripe.com/c/pay/cs_test_1",
    expires_at=DEADLINE,
    credit=CREDIT,
)
RECEIVABLE_VIEW = ReceivableView(
    booking_id=BOOKING, price=Money(9500, "EUR"), owed=Money(4750, "EUR")
)

COMMANDS: list[BaseModel] = [
    GetPrices(price_ids=[PRICE]),
    StartPayment(
        booking_id=BOOKING,
        success_url="https://attune.example/bookings/paid",
        cancel_url="https://attune.example/bookings/back",
        voucher="head.fact.signature",
        customer_email="cleo@people.example",
    ),
    GetPayment(booking_id=BOOKING),
    ListPayments(booking_ids=[BOOKING]),
    PreviewRefund(booking_id=BOOKING, percent=50),
    ReceiveWebhook(payload='{"id": "evt_1"}', signature="t=1803891015,v1=00"),
]

VIEWS: list[BaseModel] = [
    PRICE_VIEW,
    PricesView(prices=[PRICE_VIEW]),
    PAYMENT_VIEW,
    RECEIVABLE_VIEW,
    PaymentsView(payments=[PAYMENT_VIEW], receivables=[RECEIVABLE_VIEW]),
    RefundPreview(
        captured=Money(9500, "EUR"),
        refund=Money(4750, "EUR"),
        kept=Money(4750, "EUR"),
        credit=CREDIT,
        back_before=Money(0, "EUR"),
    ),
    CREDIT,
    WebhookReceived(is_new=True),
]

EVENTS: list[BaseModel] = [
    PaymentStarted(
        occurred_at=OCCURRED, practice_id=PRACTICE, payment_id=PAYMENT, booking_id=BOOKING
    ),
    PaymentSucceeded(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        payment_id=PAYMENT,
        booking_id=BOOKING,
        money=Money(9500, "EUR"),
    ),
    RefundMade(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        payment_id=PAYMENT,
        booking_id=BOOKING,
        refund_id=REFUND,
        money=Money(4750, "EUR"),
    ),
    PricePublished(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        price_id=PRICE,
        offering_id=OFFERING,
        practitioner_id=PRACTITIONER,
        price_version=3,
        money=Money(9500, "EUR"),
    ),
]
