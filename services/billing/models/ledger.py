"""What is owed, and every movement of money."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import TENANT


class Receivable(Base):
    """What is owed for a session that is not paid here, by what was said last of who came.

    `amount` is the price that was agreed, `number` the number of what was said last.
    """

    __tablename__ = "receivables"
    __table_args__ = (
        UniqueConstraint("practice_id", "booking_id", name="receivables_one_per_booking"),
        Index("receivables_client_idx", "practice_id", "client_id"),
        Index(
            "receivables_owed_idx",
            "practice_id",
            "changed_at",
            "id",
            postgresql_where=text("owed > 0"),
        ),
        CheckConstraint("amount > 0", name="receivables_amount_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="receivables_currency_known"),
        CheckConstraint("owed BETWEEN 0 AND amount", name="receivables_owed_within_amount"),
        CheckConstraint("number >= 0", name="receivables_number_positive"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    client_id: Mapped[UUID]
    price_id: Mapped[UUID] = mapped_column(ForeignKey("billing.prices.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    owed: Mapped[int] = mapped_column(server_default="0", default=0)
    number: Mapped[int] = mapped_column(server_default="0", default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def owed_money(self) -> Money:
        return Money(self.owed, self.currency)


class LedgerTransaction(Base):
    """One movement of money; `source_id` is the payment or refund that caused it, what was said of
    a session on account, a payout, or the decision on a difference from Stripe.

    `credit_use_id`: the session of a package that moved some of its payment's money.
    """

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "source_id", name="ledger_transactions_once"),
        Index("ledger_transactions_payment_idx", "practice_id", "payment_id"),
        Index("ledger_transactions_receivable_idx", "practice_id", "receivable_id"),
        Index("ledger_transactions_payout_idx", "practice_id", "payout_id"),
        Index("ledger_transactions_difference_idx", "practice_id", "difference_id"),
        Index("ledger_transactions_occurred_idx", "practice_id", "occurred_at", "id"),
        CheckConstraint(
            "kind IN ('charged','processed','ended','refunded','owed','reversed','granted',"
            "'refund_failed','paid_elsewhere','disputed','reinstated','dispute_lost','paid_out',"
            "'arrived','returned','imported','adjusted','credit_used','credit_returned',"
            "'credits_lapsed','package_ended')",
            name="ledger_transactions_kind_known",
        ),
        CheckConstraint(
            "num_nonnulls(payment_id, receivable_id, payout_id, difference_id) = 1",
            name="ledger_transactions_one_cause",
        ),
        CheckConstraint(
            "credit_use_id IS NULL OR payment_id IS NOT NULL",
            name="ledger_transactions_credit_of_payment",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.payments.id"))
    receivable_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.receivables.id"))
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.payouts.id"))
    difference_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("billing.reconciliation_differences.id")
    )
    credit_use_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.credit_uses.id"))
    source_id: Mapped[UUID]
    occurred_at: Mapped[datetime]


class LedgerPosting(Base):
    """An entry of a transaction on one account; debits positive. Never changed, never removed."""

    __tablename__ = "postings"
    __table_args__ = (
        Index("postings_account_idx", "practice_id", "account", "currency"),
        CheckConstraint("amount <> 0", name="postings_amount_not_zero"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="postings_currency_known"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    transaction_id: Mapped[UUID] = mapped_column(
        ForeignKey("billing.ledger_transactions.id"), primary_key=True
    )
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    amount: Mapped[int]
