"""Reconciliation: what Stripe says of a practice's balance beside what the ledger says."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page
from services.contracts.billing.ledger import TransactionView
from services.contracts.billing.payouts import Cursor, Limit


class DifferenceKind(StrEnum):
    """How Stripe and the ledger differ."""

    CHARGE_UNKNOWN_HERE = "charge_unknown_here"
    CHARGE_UNKNOWN_AT_STRIPE = "charge_unknown_at_stripe"
    REFUND_UNKNOWN_HERE = "refund_unknown_here"
    REFUND_UNKNOWN_AT_STRIPE = "refund_unknown_at_stripe"
    PAYOUT_UNKNOWN_HERE = "payout_unknown_here"
    PAYOUT_UNKNOWN_AT_STRIPE = "payout_unknown_at_stripe"
    PAYOUT_DIFFERS = "payout_differs"
    AMOUNT_DIFFERS = "amount_differs"
    FEE_DIFFERS = "fee_differs"
    COMMISSION_DIFFERS = "commission_differs"
    CURRENCY_DIFFERS = "currency_differs"
    ENTRY_MISSING = "entry_missing"
    POSTED_TWICE = "posted_twice"
    MOVEMENT_UNKNOWN = "movement_unknown"


class DifferenceState(StrEnum):
    """Whether somebody still has to look at it."""

    OPEN = "open"
    SETTLED = "settled"


class Way(StrEnum):
    """How a person settles a difference.

    `import` takes over what Stripe says, `adjust` posts the difference to the account for what is
    not explained yet, `explain` posts nothing.
    """

    IMPORT = "import"
    ADJUST = "adjust"
    EXPLAIN = "explain"


class Outcome(StrEnum):
    """How a difference was settled; `vanished`: a later look found none."""

    VANISHED = "vanished"
    IMPORTED = "imported"
    ADJUSTED = "adjusted"
    EXPLAINED = "explained"


class GetReconciliation(Command):
    """The last look, the one under way, both balances, and the differences in this state."""

    state: DifferenceState = DifferenceState.OPEN
    cursor: Cursor | None = None
    limit: Limit = 25


class RunView(View):
    """One look at all of a practice's balance transactions since `since` (None: since ever).

    `seen`, `found`, `settled` count movements, new differences, and differences that were gone.
    """

    id: UUID
    since: Instant | None
    started_at: Instant
    finished_at: Instant | None
    seen: int
    found: int
    settled: int


class BalanceView(View):
    """One currency: what the practice has at Stripe, what the ledger says of it, and what the
    ledger has besides of payments brought in from elsewhere, which never were at this account."""

    at_stripe: Money
    in_ledger: Money
    brought_in: Money


class DecisionView(View):
    """Who settled a difference, when, how and why."""

    way: Way
    words: str
    decided_by: UUID
    decided_at: Instant


class DifferenceView(View):
    """A difference. `at_stripe` and `in_ledger` are None where the one side knows nothing.

    `revision` changes whenever anything about it does. `ways` are those that are open to a person
    now, `decisions` those that were taken, the oldest first.
    """

    id: UUID
    kind: DifferenceKind
    subject: str
    at_stripe: Money | None
    in_ledger: Money | None
    happened_at: Instant
    first_seen_at: Instant
    last_seen_at: Instant
    state: DifferenceState
    outcome: Outcome | None
    settled_at: Instant | None
    revision: int
    ways: list[Way]
    decisions: list[DecisionView]
    payment_id: UUID | None
    refund_id: UUID | None
    payout_id: UUID | None


class ReconciliationView(Page):
    """How the ledger stands beside Stripe; `is_connected`: there is an account to compare with.

    `due_at`: when the next look begins, None where there is none to come.
    """

    is_connected: bool
    last_run: RunView | None
    running: RunView | None
    due_at: Instant | None
    balances: list[BalanceView]
    open_count: int
    differences: list[DifferenceView]


class GetDifference(Command):
    """A difference of the actor's practice, with what settling it wrote into the books."""

    difference_id: UUID


class DifferenceDetails(View):
    """A difference, and its own entries in the ledger, the oldest first."""

    difference: DifferenceView
    transactions: list[TransactionView]


class StartReconciliation(Command):
    """Look now; a look that is under way is gone on with, and payouts that were given up are asked
    for again. Repeatable."""


class ReconciliationStarted(View):
    """The look is owed; it begins within seconds."""

    due_at: Instant


class SettleDifference(Command):
    """Settle a difference as it was seen: `revision` is the one that was shown.

    `id` is the caller's, and the command may be repeated with it. `words` say why.
    """

    id: UUID
    difference_id: UUID
    revision: Annotated[int, Field(ge=0)]
    way: Way
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=500)]


class DifferenceChanged(Refusal):
    """The difference is not what was seen any more, or is settled already."""


class NotThisWay(Refusal):
    """A difference of this kind cannot be settled that way, or not now."""
