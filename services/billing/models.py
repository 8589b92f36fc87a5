"""The tables of billing. Money is BIGINT minor units with CHAR(3); every constraint has a name."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.common.database import metadata as schema_metadata
from services.common.money import Money
from services.common.plumbing import Plumbing
from services.common.tenancy import PLATFORM, PLUMBING, TENANT
from services.contracts.billing import PaymentState


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """All tables of the schema `billing`."""

    metadata = schema_metadata("billing")
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        int: BigInteger,
        PaymentState: Enum(PaymentState, native_enum=False, length=20, values_callable=_values),
    }


class Price(Base):
    """One version of what an offering costs; published to everybody and never changed."""

    __tablename__ = "prices"
    __table_args__ = (
        UniqueConstraint("offering_id", "version", name="prices_one_per_version"),
        CheckConstraint("amount > 0", name="prices_amount_positive"),
        CheckConstraint("version > 0", name="prices_version_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="prices_currency_known"),
        {"info": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    offering_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    version: Mapped[int]
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    published_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class StripeAccount(Base):
    """Which connected account is a practice's, and the platform's commission on its charges."""

    __tablename__ = "stripe_accounts"
    __table_args__ = (
        UniqueConstraint("stripe_account_id", name="stripe_accounts_one_practice"),
        CheckConstraint(
            "commission_basis_points BETWEEN 0 AND 5000", name="stripe_accounts_commission_range"
        ),
        {"info": PLATFORM},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    stripe_account_id: Mapped[str] = mapped_column(String(255))
    commission_basis_points: Mapped[int]


class Payment(Base):
    """The one payment of a booking.

    An attempt to open a page is under way while `attempted_at` is set and the session is not
    known. `refund_percent` is what the booking's end owes; `close_asked_at` ends the page.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("practice_id", "booking_id", name="payments_one_per_booking"),
        Index("payments_checkout_session_idx", "practice_id", "checkout_session_id", unique=True),
        Index("payments_account_idx", "practice_id", "account_id"),
        CheckConstraint("amount > 0", name="payments_amount_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="payments_currency_known"),
        CheckConstraint(
            "state IN ('prepared','open','succeeded','expired','refunded','partly_refunded')",
            name="payments_state_known",
        ),
        CheckConstraint(
            "refunded >= 0 AND refunded <= captured", name="payments_refunded_within_captured"
        ),
        CheckConstraint(
            "(captured > 0) = (state IN ('succeeded','refunded','partly_refunded'))",
            name="payments_captured_when_succeeded",
        ),
        CheckConstraint(
            "state <> 'open' OR (checkout_session_id IS NOT NULL AND expires_at IS NOT NULL)",
            name="payments_open_has_page",
        ),
        CheckConstraint("refund_percent BETWEEN 0 AND 100", name="payments_refund_percent_range"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    price_id: Mapped[UUID] = mapped_column(ForeignKey("billing.prices.id"))
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    state: Mapped[PaymentState]
    is_history: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    stripe_account_id: Mapped[str | None] = mapped_column(String(255))
    application_fee: Mapped[int] = mapped_column(server_default="0", default=0)
    attempt: Mapped[int] = mapped_column(server_default="0", default=0)
    attempted_at: Mapped[datetime | None]
    checkout_session_id: Mapped[str | None] = mapped_column(String(255))
    checkout_url: Mapped[str | None] = mapped_column(Text)
    success_url: Mapped[str | None] = mapped_column(Text)
    cancel_url: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    payment_intent_id: Mapped[str | None] = mapped_column(String(255))
    charge_id: Mapped[str | None] = mapped_column(String(255))
    captured: Mapped[int] = mapped_column(server_default="0", default=0)
    refunded: Mapped[int] = mapped_column(server_default="0", default=0)
    captured_at: Mapped[datetime | None]
    processed_at: Mapped[datetime | None]
    close_asked_at: Mapped[datetime | None]
    refund_percent: Mapped[int | None] = mapped_column(SmallInteger)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def captured_money(self) -> Money:
        return Money(self.captured, self.currency)

    @property
    def is_attempt_pending(self) -> bool:
        return self.attempted_at is not None and self.checkout_session_id is None


class Refund(Base):
    """Money promised back to the client, and later made. A trigger keeps the sum in bounds."""

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("idempotency_key", name="refunds_one_per_key"),
        Index("refunds_payment_idx", "practice_id", "payment_id"),
        CheckConstraint("amount > 0", name="refunds_amount_positive"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="refunds_percent_range"),
        CheckConstraint("reason IN ('cancelled','refused')", name="refunds_reason_known"),
        CheckConstraint("state IN ('promised','made')", name="refunds_state_known"),
        CheckConstraint("(state = 'made') = (made_at IS NOT NULL)", name="refunds_made_when"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing.payments.id"))
    percent: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int] = mapped_column(server_default="1", default=1)
    idempotency_key: Mapped[str] = mapped_column(String(255))
    sent_at: Mapped[datetime | None]
    stripe_refund_id: Mapped[str | None] = mapped_column(String(255))
    made_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class LedgerTransaction(Base):
    """One movement of money; `source_id` is the payment or refund that caused it."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        UniqueConstraint("practice_id", "kind", "source_id", name="ledger_transactions_once"),
        Index("ledger_transactions_payment_idx", "practice_id", "payment_id"),
        CheckConstraint(
            "kind IN ('charged','processed','ended','refunded')",
            name="ledger_transactions_kind_known",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing.payments.id"))
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


class StripeEvent(Base):
    """A webhook that came: ids and times only; its object is fetched anew."""

    __tablename__ = "stripe_events"
    __table_args__ = (
        Index(
            "stripe_events_due_idx",
            "due_at",
            postgresql_where=text("handled_at IS NULL AND parked_at IS NULL"),
        ),
        CheckConstraint(
            "outcome IN ('asked','ignored','unmatched')", name="stripe_events_outcome_known"
        ),
        {"info": PLUMBING},
    )

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(255))
    account: Mapped[str | None] = mapped_column(String(255))
    object_id: Mapped[str | None] = mapped_column(String(255))
    payment_id: Mapped[UUID | None]
    request_id: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    due_at: Mapped[datetime]
    parked_at: Mapped[datetime | None]


class DueWork(Base):
    """A foreign call that is owed; removed when done. `asked` counts those who asked for it."""

    __tablename__ = "due_work"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", name="due_work_once"),
        Index("due_work_due_idx", "due_at", postgresql_where=text("parked_at IS NULL")),
        CheckConstraint("kind IN ('settle_payment','make_refund')", name="due_work_kind_known"),
        {"info": PLUMBING},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    practice_id: Mapped[UUID]
    subject_id: Mapped[UUID]
    request_id: Mapped[str] = mapped_column(String(64))
    asked: Mapped[int] = mapped_column(server_default="1", default=1)
    tries: Mapped[int] = mapped_column(server_default="0", default=0)
    due_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(String(300))
    parked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


metadata = Base.metadata
plumbing = Plumbing.of(metadata)
