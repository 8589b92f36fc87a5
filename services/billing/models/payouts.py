"""What Stripe moved on a practice's balance, and what of it went to the bank."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import TENANT


class Payout(Base):
    """A payout, as Stripe told it last; announced by a webhook before it was looked at.

    `listed_after` is how far its movements have been fetched, `is_listed` that all of them were.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        UniqueConstraint("practice_id", "stripe_payout_id", name="payouts_one_per_stripe_id"),
        Index("payouts_listed_idx", "practice_id", "created_at", "id"),
        CheckConstraint(
            "status IN ('announced','pending','in_transit','paid','failed','canceled')",
            name="payouts_status_known",
        ),
        CheckConstraint(
            "(status = 'announced') = (amount IS NULL) AND num_nulls(amount, currency) <> 1",
            name="payouts_amount_when_seen",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="payouts_currency_known"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    stripe_payout_id: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(CHAR(3))
    status: Mapped[str] = mapped_column(String(20))
    is_automatic: Mapped[bool]
    created_at: Mapped[datetime]
    arrives_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(80))
    listed_after: Mapped[str | None] = mapped_column(String(255))
    is_listed: Mapped[bool]
    seen_at: Mapped[datetime]

    @property
    def money(self) -> Money | None:
        if self.amount is None or self.currency is None:
            return None
        return Money(self.amount, self.currency)


class BalanceTransaction(Base):
    """One of Stripe's balance transactions, as it was told last: what the ledger is held against.

    `amount` - `stripe_fee` - `commission` reached the balance. `source_amount` is what the client
    paid or got back, in their currency. `payment_id` and `refund_id` are as the metadata name
    them, whether we know them or not. `is_gone`: a later look did not find it.
    """

    __tablename__ = "balance_transactions"
    __table_args__ = (
        UniqueConstraint("practice_id", "stripe_id", name="balance_transactions_one_per_stripe_id"),
        Index("balance_transactions_time_idx", "practice_id", "created_at", "id"),
        Index("balance_transactions_source_idx", "practice_id", "source_id"),
        Index("balance_transactions_intent_idx", "practice_id", "payment_intent_id"),
        Index("balance_transactions_payout_idx", "practice_id", "payout_id", "created_at", "id"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="balance_transactions_currency_known"),
        CheckConstraint(
            "num_nulls(source_amount, source_currency) <> 1",
            name="balance_transactions_source_whole",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    stripe_id: Mapped[str] = mapped_column(String(255))
    type: Mapped[str] = mapped_column(String(60))
    category: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[str | None] = mapped_column(String(255))
    amount: Mapped[int]
    stripe_fee: Mapped[int]
    commission: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    source_amount: Mapped[int | None]
    source_currency: Mapped[str | None] = mapped_column(CHAR(3))
    payment_intent_id: Mapped[str | None] = mapped_column(String(255))
    payment_id: Mapped[UUID | None]
    refund_id: Mapped[UUID | None]
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.payouts.id"))
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    is_gone: Mapped[bool]
