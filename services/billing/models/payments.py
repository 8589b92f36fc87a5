"""Prices, connected accounts, payments and what goes back of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import PLATFORM, TENANT
from services.contracts.billing import PaymentState


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
    """The one payment of a booking; or of a package, whose sale's id stands in `booking_id`, too.

    An attempt to open a page is under way while `attempted_at` is set and the session is not
    known. `refund_percent` is what the booking's end owes; `close_asked_at` ends the page.
    `disputed` is what of `captured` is in dispute or was lost in one.
    `dated_at`: when it was paid, else when it was begun.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("practice_id", "booking_id", name="payments_one_per_booking"),
        Index("payments_checkout_session_idx", "practice_id", "checkout_session_id", unique=True),
        Index("payments_account_idx", "practice_id", "account_id"),
        Index("payments_client_idx", "practice_id", "client_id"),
        Index("payments_intent_idx", "practice_id", "payment_intent_id"),
        Index("payments_captured_idx", "account_id", "captured_at"),
        Index("payments_charge_idx", "practice_id", "charge_id"),
        Index("payments_captured_at_idx", "practice_id", "captured_at"),
        Index("payments_dated_idx", "practice_id", "dated_at", "id"),
        Index("payments_state_idx", "practice_id", "state", "dated_at", "id"),
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
            "disputed >= 0 AND refunded + disputed <= captured",
            name="payments_disputed_within_captured",
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
        CheckConstraint("sale_id = booking_id", name="payments_sale_is_what_is_paid"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    sale_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.package_sales.id"))
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
    disputed: Mapped[int] = mapped_column(server_default="0", default=0)
    captured_at: Mapped[datetime | None]
    processed_at: Mapped[datetime | None]
    close_asked_at: Mapped[datetime | None]
    refund_percent: Mapped[int | None] = mapped_column(SmallInteger)
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    dated_at: Mapped[datetime] = mapped_column(Computed("coalesce(captured_at, created_at)"))

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
    """Money promised back to the client, and later made; or failed, and owed again.

    Triggers keep the sum in bounds, and the amount once Stripe may have been asked. `percent` where
    a policy said how much, `words` where the practice decided. `commission_back` is what came back
    of the commission; `elsewhere`: what was paid back outside Stripe after it had failed there.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("idempotency_key", name="refunds_one_per_key"),
        Index("refunds_payment_idx", "practice_id", "payment_id"),
        Index("refunds_made_idx", "practice_id", "made_at"),
        Index("refunds_once_at_stripe", "practice_id", "stripe_refund_id", unique=True),
        Index("refunds_listed_idx", "practice_id", text("created_at DESC"), text("id DESC")),
        Index(
            "refunds_unmade_idx",
            "practice_id",
            "state",
            text("created_at DESC"),
            text("id DESC"),
            postgresql_where=text("state IN ('promised','failed')"),
        ),
        Index(
            "refunds_refused_idx",
            "practice_id",
            "created_at",
            postgresql_where=text("reason = 'refused'"),
        ),
        CheckConstraint("amount > 0", name="refunds_amount_positive"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="refunds_percent_range"),
        CheckConstraint("commission_back >= 0", name="refunds_commission_back_positive"),
        CheckConstraint(
            "reason IN ('cancelled','refused','no_show',"
            "'goodwill','not_held','wrong_amount','paid_twice','other','at_stripe')",
            name="refunds_reason_known",
        ),
        CheckConstraint(
            "state IN ('promised','made','failed','elsewhere')", name="refunds_state_known"
        ),
        CheckConstraint(
            "(state IN ('made','elsewhere')) = (made_at IS NOT NULL)", name="refunds_made_when"
        ),
        CheckConstraint("state <> 'failed' OR failed_at IS NOT NULL", name="refunds_failed_when"),
        CheckConstraint(
            "(state = 'elsewhere') = (elsewhere_words IS NOT NULL)", name="refunds_elsewhere_told"
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("billing.payments.id"))
    percent: Mapped[int | None] = mapped_column(SmallInteger)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(500), server_default="", default="")
    asked_by: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int] = mapped_column(server_default="1", default=1)
    idempotency_key: Mapped[str] = mapped_column(String(255))
    sent_at: Mapped[datetime | None]
    stripe_refund_id: Mapped[str | None] = mapped_column(String(255))
    commission_back: Mapped[int] = mapped_column(server_default="0", default=0)
    made_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(80))
    elsewhere_words: Mapped[str | None] = mapped_column(String(500))
    elsewhere_by: Mapped[UUID | None]
    created_at: Mapped[datetime]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
