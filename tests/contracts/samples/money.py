"""Samples of what the practice's money desk asks billing, and of its answers."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.ledger import EntryView, TransactionView
from services.contracts.billing.practice_payments import (
    GetPracticePayment,
    ListPracticePayments,
    PaymentSum,
    PracticePayment,
    PracticePaymentsPage,
    PracticePaymentView,
    RefundView,
)
from services.contracts.profiles.practices import GetPractice, PracticeView
from tests.contracts.samples.values import (
    BOOKING,
    CLIENT,
    DEADLINE,
    OCCURRED,
    PAYMENT,
    PRACTICE,
    PRACTITIONER,
    REFUND,
)

EUR = "EUR"
ENTRY = EntryView(account="stripe_balance", money=Money(9500, EUR))
TRANSACTION = TransactionView(
    id=BOOKING,
    kind="charged",
    occurred_at=OCCURRED,
    payment_id=PAYMENT,
    receivable_id=None,
    entries=[ENTRY, EntryView(account="booking_funds", money=Money(-9500, EUR))],
)
LINE = PracticePayment(
    id=PAYMENT,
    booking_id=BOOKING,
    client_id=CLIENT,
    practitioner_id=PRACTITIONER,
    state=PaymentState.PARTLY_REFUNDED,
    price=Money(9500, EUR),
    captured=Money(9500, EUR),
    refunded=Money(4750, EUR),
    dated_at=OCCURRED,
)
SUM = PaymentSum(
    count=1, asked=Money(9500, EUR), captured=Money(9500, EUR), refunded=Money(4750, EUR)
)
SENT_BACK = RefundView(
    id=REFUND,
    money=Money(4750, EUR),
    percent=50,
    reason="cancelled",
    state="made",
    created_at=OCCURRED,
    made_at=DEADLINE,
    stripe_refund_id="re_1",
)

COMMANDS: list[BaseModel] = [
    ListPracticePayments(
        states=[PaymentState.SUCCEEDED],
        from_at=OCCURRED,
        until_at=DEADLINE,
        practitioner_id=PRACTITIONER,
        client_ids=[CLIENT],
        currency=EUR,
        least=5000,
        most=20000,
        with_sums=True,
        cursor="b24",
        limit=25,
    ),
    GetPracticePayment(payment_id=PAYMENT),
]
VIEWS: list[BaseModel] = [
    ENTRY,
    TRANSACTION,
    LINE,
    SUM,
    PracticePaymentsPage(payments=[LINE], sums=[SUM], previous_cursor="YmFjaw", next_cursor="b24"),
    SENT_BACK,
    PracticePaymentView(
        payment=LINE,
        created_at=OCCURRED,
        captured_at=OCCURRED,
        processed_at=OCCURRED,
        ended_at=DEADLINE,
        is_history=False,
        stripe_account_id="acct_1",
        checkout_session_id="cs_test_1",
        payment_intent_id="pi_1",
        charge_id="ch_1",
        refunds=[SENT_BACK],
        transactions=[TRANSACTION],
    ),
]
PROFILES: list[BaseModel] = [
    GetPractice(),
    PracticeView(id=PRACTICE, name="Praxis", time_zone="Europe/Berlin", currency=EUR),
]
