"""Samples of what the practice's money desk asks billing, and of its answers."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing import PaymentState
from services.contracts.billing.attention import (
    GetMoneyOverview,
    LatePayment,
    ListOwed,
    MoneyOverviewView,
    OwedAge,
    OwedLine,
    OwedPage,
    OwedSum,
    StuckLook,
    StuckWork,
)
from services.contracts.billing.exports import ExportJournal, JournalFormat, JournalPart
from services.contracts.billing.ledger import (
    AccountBalance,
    AccountEntriesPage,
    AccountEntry,
    ChartAccount,
    EntryView,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TransactionView,
    TrialBalanceView,
)
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
    MONDAY,
    OCCURRED,
    PAYMENT,
    PRACTICE,
    PRACTITIONER,
    REFUND,
    SUNDAY,
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
    GetMoneyOverview(),
    ListOwed(age=OwedAge.TO_60, cursor="b24", limit=25),
    GetTrialBalance(until_at=DEADLINE),
    ListAccountEntries(
        account="stripe_balance", currency=EUR, until_at=DEADLINE, cursor="b24", limit=50
    ),
    GetLedgerTransaction(transaction_id=BOOKING),
    ExportJournal(
        format=JournalFormat.DATEV,
        first=MONDAY,
        last=SUNDAY,
        practice_name="Praxis",
        time_zone="Europe/Berlin",
        currency=EUR,
        written_at=DEADLINE,
        cursor="b24",
        limit=200,
    ),
]
BALANCE = AccountBalance(account="stripe_balance", debit=Money(9500, EUR), credit=Money(643, EUR))
ON_ACCOUNT = AccountEntry(
    transaction_id=BOOKING,
    kind="charged",
    occurred_at=OCCURRED,
    money=Money(9500, EUR),
    balance=Money(9500, EUR),
)
STUCK = StuckWork(
    kind="make_refund",
    error="StripeRefused: charge_disputed",
    parked_at=OCCURRED,
    payment_id=PAYMENT,
    client_id=CLIENT,
    money=Money(4750, EUR),
)
LOOK = StuckLook(
    kind="settle_payout",
    error="StripeRefused: account_invalid",
    parked_at=OCCURRED,
    payout_id=PAYMENT,
    money=Money(30000, EUR),
)
LATE = LatePayment(
    payment_id=PAYMENT, client_id=CLIENT, money=Money(9500, EUR), at=OCCURRED, is_back=True
)
OWED_SUM = OwedSum(age=OwedAge.OVER_90, count=2, money=Money(19000, EUR))
OWED = OwedLine(
    booking_id=BOOKING,
    client_id=CLIENT,
    practitioner_id=PRACTITIONER,
    owed=Money(9500, EUR),
    since=OCCURRED,
)
CHARTED = ChartAccount(account="stripe_balance", nature="asset")
VIEWS: list[BaseModel] = [
    STUCK,
    LATE,
    OWED_SUM,
    LOOK,
    MoneyOverviewView(
        stuck=[STUCK],
        stuck_count=1,
        late=[LATE],
        late_count=1,
        owed=[OWED_SUM],
        looks=[LOOK],
        looks_count=1,
    ),
    OWED,
    OwedPage(lines=[OWED], previous_cursor="YmFjaw", next_cursor="b24"),
    BALANCE,
    ON_ACCOUNT,
    CHARTED,
    TrialBalanceView(accounts=[CHARTED], balances=[BALANCE]),
    AccountEntriesPage(
        account="stripe_balance",
        nature="asset",
        entries=[ON_ACCOUNT],
        previous_cursor="YmFjaw",
        next_cursor="b24",
    ),
    JournalPart(text="date,time\r\n", next_cursor="b24"),
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
