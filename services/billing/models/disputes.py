"""What clients dispute with their banks, and what the practice answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import TENANT


class Dispute(Base):
    """A charge that its client disputes; Stripe's words for why and for how it stands.

    `taken` is what it took out of the payment's captured money, which may be less than `amount`
    where some had gone back before.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        UniqueConstraint("practice_id", "stripe_dispute_id", name="disputes_one_per_stripe_id"),
        Index("disputes_payment_idx", "practice_id", "payment_id"),
        Index("disputes_listed_idx", "practice_id", text("opened_at DESC"), text("id DESC")),
        Index(
            "disputes_open_idx", "practice_id", "due_at", postgresql_where=text("closed_at IS NULL")
        ),
        CheckConstraint("amount > 0", name="disputes_amount_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="disputes_currency_known"),
        CheckConstraint(
            "status IN ('warning_needs_response','warning_under_review','warning_closed',"
            "'needs_response','under_review','won','lost','prevented')",
            name="disputes_status_known",
        ),
        CheckConstraint("taken BETWEEN 0 AND amount", name="disputes_taken_within_amount"),
        CheckConstraint(
            "taken = 0 OR withdrawn_at IS NOT NULL", name="disputes_taken_when_withdrawn"
        ),
        CheckConstraint(
            "reinstated_at IS NULL OR withdrawn_at IS NOT NULL",
            name="disputes_reinstated_after_withdrawn",
        ),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (status IN ('warning_closed','won','lost','prevented'))",
            name="disputes_closed_when",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing.payments.id"))
    stripe_dispute_id: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    taken: Mapped[int] = mapped_column(server_default="0", default=0)
    reason: Mapped[str] = mapped_column(String(60))
    status: Mapped[str] = mapped_column(String(30))
    due_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    reinstated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def taken_money(self) -> Money:
        return Money(self.taken, self.currency)


class DisputeAnswer(Base):
    """The one answer to a dispute: evidence, or that the loss is accepted; sent once."""

    __tablename__ = "dispute_answers"
    __table_args__ = (
        UniqueConstraint("practice_id", "dispute_id", name="dispute_answers_one_per_dispute"),
        CheckConstraint("kind IN ('evidence','acceptance')", name="dispute_answers_kind_known"),
        CheckConstraint(
            "(kind = 'evidence') = (what_happened <> '')", name="dispute_answers_says_something"
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    dispute_id: Mapped[UUID] = mapped_column(ForeignKey("billing.disputes.id"))
    kind: Mapped[str] = mapped_column(String(20))
    service_date: Mapped[str] = mapped_column(String(100))
    what_happened: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    why_not_back: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(server_default="1", default=1)
    sent_at: Mapped[datetime | None]
