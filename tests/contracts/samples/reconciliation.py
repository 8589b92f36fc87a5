"""Samples of payouts, and of what Stripe says beside the ledger."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.payouts import (
    GetPayout,
    ListPayouts,
    MovementSum,
    MovementView,
    PayoutDetails,
    PayoutsPage,
    PayoutStatus,
    PayoutView,
)
from services.contracts.billing.reconciliation import (
    BalanceView,
    DecisionView,
    DifferenceDetails,
    DifferenceKind,
    DifferenceState,
    DifferenceView,
    GetDifference,
    GetReconciliation,
    Outcome,
    ReconciliationStarted,
    ReconciliationView,
    RunView,
    SettleDifference,
    StartReconciliation,
    Way,
)
from tests.contracts.samples.money import TRANSACTION
from tests.contracts.samples.values import (
    ACCOUNT,
    BOOKING,
    DEADLINE,
    OCCURRED,
    PAYMENT,
    REFUND,
)

EUR = "EUR"
PAYOUT = PayoutView(
    id=BOOKING,
    stripe_payout_id="po_1",
    money=Money(8890, EUR),
    status=PayoutStatus.FAILED,
    is_automatic=True,
    created_at=OCCURRED,
    arrives_at=DEADLINE,
    failure="account_closed",
)
FIGURES = {
    "gross": Money(9500, EUR),
    "stripe_fee": Money(168, EUR),
    "commission": Money(442, EUR),
    "net": Money(8890, EUR),
}
MOVEMENT = MovementView(
    id=BOOKING,
    stripe_id="txn_1",
    type="charge",
    created_at=OCCURRED,
    payment_id=PAYMENT,
    refund_id=None,
    **FIGURES,
)
SUM = MovementSum(type="charge", count=1, **FIGURES)
DECISION = DecisionView(
    way=Way.IMPORT, words="The practice refunded it by hand.", decided_by=ACCOUNT,
    decided_at=DEADLINE,
)  # fmt: skip
DIFFERENCE = DifferenceView(
    id=BOOKING,
    kind=DifferenceKind.REFUND_UNKNOWN_HERE,
    subject="re_1",
    at_stripe=Money(-4750, EUR),
    in_ledger=None,
    happened_at=OCCURRED,
    first_seen_at=OCCURRED,
    last_seen_at=DEADLINE,
    state=DifferenceState.SETTLED,
    outcome=Outcome.IMPORTED,
    settled_at=DEADLINE,
    revision=1,
    ways=[],
    decisions=[DECISION],
    payment_id=PAYMENT,
    refund_id=REFUND,
    payout_id=None,
)
RUN = RunView(
    id=BOOKING,
    since=OCCURRED,
    started_at=OCCURRED,
    finished_at=DEADLINE,
    seen=12,
    found=1,
    settled=0,
)
BALANCE = BalanceView(
    at_stripe=Money(4140, EUR), in_ledger=Money(8890, EUR), brought_in=Money(120000, EUR)
)

COMMANDS: list[BaseModel] = [
    ListPayouts(cursor="b24", limit=25),
    GetPayout(payout_id=BOOKING, cursor="b24", limit=50),
    GetReconciliation(state=DifferenceState.OPEN, cursor="b24", limit=25),
    GetDifference(difference_id=BOOKING),
    StartReconciliation(),
    SettleDifference(
        id=ACCOUNT,
        difference_id=BOOKING,
        revision=0,
        way=Way.IMPORT,
        words="The practice refunded it by hand.",
    ),
]
VIEWS: list[BaseModel] = [
    PAYOUT,
    PayoutsPage(payouts=[PAYOUT], next_cursor="b24"),
    MOVEMENT,
    SUM,
    PayoutDetails(
        payout=PAYOUT,
        is_complete=True,
        makes_up=True,
        sums=[SUM],
        movements=[MOVEMENT],
        transactions=[TRANSACTION],
        next_cursor="b24",
    ),
    RUN,
    BALANCE,
    DECISION,
    DIFFERENCE,
    DifferenceDetails(difference=DIFFERENCE, transactions=[TRANSACTION]),
    ReconciliationView(
        is_connected=True,
        last_run=RUN,
        running=RUN,
        due_at=DEADLINE,
        balances=[BALANCE],
        open_count=1,
        differences=[DIFFERENCE],
        next_cursor="b24",
    ),
    ReconciliationStarted(due_at=DEADLINE),
]
