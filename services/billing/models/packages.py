"""Packages, their versions, what was sold of them, and the sessions that were used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CHAR,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import PLATFORM, TENANT


class Package(Base):
    """What is offered under one name; `version` is the one that can be bought now."""

    __tablename__ = "packages"
    __table_args__ = (
        Index("packages_practice_idx", "practice_id"),
        Index("packages_practitioner_idx", "practitioner_id"),
        CheckConstraint("version > 0", name="packages_version_positive"),
        {"info": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    version: Mapped[int]
    is_active: Mapped[bool]


class PackageVersion(Base):
    """One version of a package, published to everybody and never changed; its price is the
    `Price` of the same id, whose offering is the package."""

    __tablename__ = "package_versions"
    __table_args__ = (
        UniqueConstraint("package_id", "version", name="package_versions_one_per_version"),
        CheckConstraint("sessions BETWEEN 2 AND 100", name="package_versions_sessions_range"),
        CheckConstraint("valid_months BETWEEN 1 AND 60", name="package_versions_months_range"),
        CheckConstraint(
            "cardinality(offering_ids) BETWEEN 1 AND 20", name="package_versions_has_offerings"
        ),
        CheckConstraint(
            "refund_rule IN ('package_price','single_price')",
            name="package_versions_refund_rule_known",
        ),
        {"info": PLATFORM},
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("billing.prices.id"), primary_key=True)
    practice_id: Mapped[UUID]
    package_id: Mapped[UUID] = mapped_column(ForeignKey("billing.packages.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    offering_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    sessions: Mapped[int] = mapped_column(SmallInteger)
    valid_months: Mapped[int] = mapped_column(SmallInteger)
    refund_rule: Mapped[str] = mapped_column(String(20))


class Sale(Base):
    """A package that a client buys. Its payment names it, and is of the version's price.

    Its sessions are numbered from 1 to `sessions`; those that were used are credit uses.
    """

    __tablename__ = "package_sales"
    __table_args__ = (
        UniqueConstraint("practice_id", "id", "sessions", name="package_sales_sessions"),
        Index("package_sales_account_idx", "account_id"),
        Index("package_sales_listed_idx", "practice_id", text("created_at DESC"), text("id DESC")),
        CheckConstraint(
            "state IN ('pending','active','ended','lapsed')", name="package_sales_state_known"
        ),
        CheckConstraint(
            "(state = 'pending') = (bought_at IS NULL) AND num_nulls(bought_at, expires_at) <> 1",
            name="package_sales_bought_when",
        ),
        CheckConstraint(
            "(state IN ('ended','lapsed')) = (ended_at IS NOT NULL)", name="package_sales_over_when"
        ),
        CheckConstraint("amount > 0", name="package_sales_amount_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="package_sales_currency_known"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("billing.package_versions.id"))
    client_id: Mapped[UUID]
    account_id: Mapped[UUID]
    sessions: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    bought_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    @property
    def price(self) -> Money:
        return Money(self.amount, self.currency)


class CreditUse(Base):
    """A session of a package that was used for a booking, worth `amount` of what was paid for it.

    `single` is what the session costs when it is paid singly, in the same currency. A use that
    is returned frees its number; one that is kept stays used though the booking is over.
    """

    __tablename__ = "credit_uses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "sale_id", "sessions"],
            [f"billing.package_sales.{name}" for name in ("practice_id", "id", "sessions")],
            name="credit_uses_sale_fkey",
        ),
        Index(
            "credit_uses_once",
            "practice_id",
            "sale_id",
            "ordinal",
            unique=True,
            postgresql_where=text("state <> 'returned'"),
        ),
        UniqueConstraint("practice_id", "booking_id", name="credit_uses_one_per_booking"),
        CheckConstraint("ordinal BETWEEN 1 AND sessions", name="credit_uses_within_sessions"),
        CheckConstraint("amount >= 0 AND single > 0", name="credit_uses_amounts_positive"),
        CheckConstraint("state IN ('used','kept','returned')", name="credit_uses_state_known"),
        CheckConstraint("(state = 'used') = (closed_at IS NULL)", name="credit_uses_closed_when"),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    account_id: Mapped[UUID]
    sale_id: Mapped[UUID]
    sessions: Mapped[int] = mapped_column(SmallInteger)
    ordinal: Mapped[int] = mapped_column(SmallInteger)
    booking_id: Mapped[UUID]
    price_id: Mapped[UUID] = mapped_column(ForeignKey("billing.prices.id"))
    amount: Mapped[int]
    single: Mapped[int]
    currency: Mapped[str] = mapped_column(CHAR(3))
    state: Mapped[str] = mapped_column(String(10))
    used_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def single_money(self) -> Money:
        return Money(self.single, self.currency)
