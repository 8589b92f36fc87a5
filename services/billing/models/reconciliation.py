"""Looks at what Stripe says, the differences that they found, and what people decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import TENANT

KINDS = (
    "'charge_unknown_here','charge_unknown_at_stripe','refund_unknown_here',"
    "'refund_unknown_at_stripe','payout_unknown_here','payout_unknown_at_stripe','payout_differs',"
    "'amount_differs','fee_differs','commission_differs','currency_differs','entry_missing',"
    "'posted_twice','movement_unknown'"
)


class ReconciliationRun(Base):
    """A look at a practice's balance transactions since `since`, from the latest to the oldest.

    `after` is the last one that was fetched: a look that was interrupted goes on there.
    """

    __tablename__ = "reconciliation_runs"
    __table_args__ = (
        Index(
            "reconciliation_runs_one_at_a_time",
            "practice_id",
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("reconciliation_runs_started_idx", "practice_id", "started_at"),
        CheckConstraint(
            "seen >= 0 AND found >= 0 AND settled >= 0", name="reconciliation_runs_counts_positive"
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    since: Mapped[datetime | None]
    is_thorough: Mapped[bool]
    after: Mapped[str | None] = mapped_column(String(255))
    seen: Mapped[int] = mapped_column(server_default="0", default=0)
    found: Mapped[int] = mapped_column(server_default="0", default=0)
    settled: Mapped[int] = mapped_column(server_default="0", default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ReconciliationBalance(Base):
    """Both balances at the end of a look, in one currency, pending money included.

    `brought_in` is what the ledger has of payments from elsewhere, which this account never saw.
    """

    __tablename__ = "reconciliation_balances"
    __table_args__ = (
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="reconciliation_balances_currency_known"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("billing.reconciliation_runs.id"), primary_key=True
    )
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    at_stripe: Mapped[int]
    in_ledger: Mapped[int]
    brought_in: Mapped[int]


class ReconciliationDifference(Base):
    """Where Stripe and the ledger differ. `revision` grows with whatever changes about it.

    `subject` is what moved, by Stripe's id where it has one. The amounts are those that differ;
    the one side that knows nothing has none.
    """

    __tablename__ = "reconciliation_differences"
    __table_args__ = (
        UniqueConstraint(
            "practice_id", "kind", "subject", name="reconciliation_differences_one_per_subject"
        ),
        Index(
            "reconciliation_differences_state_idx", "practice_id", "state", "first_seen_at", "id"
        ),
        CheckConstraint(f"kind IN ({KINDS})", name="reconciliation_differences_kind_known"),
        CheckConstraint(
            "outcome IN ('vanished','imported','adjusted','explained')",
            name="reconciliation_differences_outcome_known",
        ),
        CheckConstraint(
            "(state = 'settled') = (outcome IS NOT NULL)"
            " AND (state = 'settled') = (settled_at IS NOT NULL)"
            " AND state IN ('open','settled')",
            name="reconciliation_differences_settled_whole",
        ),
        CheckConstraint(
            "num_nulls(stripe_amount, stripe_currency) <> 1"
            " AND num_nulls(ledger_amount, ledger_currency) <> 1"
            " AND num_nonnulls(stripe_amount, ledger_amount) > 0",
            name="reconciliation_differences_amounts_whole",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(255))
    stripe_amount: Mapped[int | None]
    stripe_currency: Mapped[str | None] = mapped_column(CHAR(3))
    ledger_amount: Mapped[int | None]
    ledger_currency: Mapped[str | None] = mapped_column(CHAR(3))
    balance_transaction_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("billing.balance_transactions.id")
    )
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.payments.id"))
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.refunds.id"))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.payouts.id"))
    happened_at: Mapped[datetime]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(server_default="0", default=0)

    @property
    def at_stripe(self) -> Money | None:
        return _money(self.stripe_amount, self.stripe_currency)

    @property
    def in_ledger(self) -> Money | None:
        return _money(self.ledger_amount, self.ledger_currency)


class ReconciliationDecision(Base):
    """Who settled a difference, when, how and why. Never changed, never removed."""

    __tablename__ = "reconciliation_decisions"
    __table_args__ = (
        Index("reconciliation_decisions_difference_idx", "practice_id", "difference_id"),
        CheckConstraint(
            "way IN ('import','adjust','explain')", name="reconciliation_decisions_way_known"
        ),
        CheckConstraint("words <> ''", name="reconciliation_decisions_says_why"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    difference_id: Mapped[UUID] = mapped_column(ForeignKey("billing.reconciliation_differences.id"))
    revision: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(500))
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]


def _money(amount: int | None, currency: str | None) -> Money | None:
    return None if amount is None or currency is None else Money(amount, currency)
