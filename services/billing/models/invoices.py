"""Invoices with their lines, numbers and files, and the practice's settings for them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.money import Money
from services.common.tenancy import TENANT


class InvoiceSettings(Base):
    """How a practice writes its invoices from now on; `content` is the view without the logo."""

    __tablename__ = "invoice_settings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "logo_digest"],
            ["billing.invoice_logos.practice_id", "billing.invoice_logos.digest"],
            name="invoice_settings_logo_fkey",
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    logo_digest: Mapped[str | None] = mapped_column(CHAR(64))
    changed_at: Mapped[datetime]


class InvoiceLogo(Base):
    """A picture that invoices bear or bore, named by its SHA-256; never changed."""

    __tablename__ = "invoice_logos"
    __table_args__ = (
        CheckConstraint("octet_length(png) BETWEEN 1 AND 40000", name="invoice_logos_small"),
        CheckConstraint(
            "digest = encode(sha256(png), 'hex')", name="invoice_logos_digest_of_content"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(CHAR(64), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)


class InvoiceCounter(Base):
    """The last number of a practice's year, locked by whoever takes the next one."""

    __tablename__ = "invoice_counters"
    __table_args__ = (
        CheckConstraint("last_number >= 0", name="invoice_counters_number_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last_number: Mapped[int]


class Invoice(Base):
    """What was issued; never changed, never removed. `content` is what is printed beside lines."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("practice_id", "year", "number", name="invoices_one_number"),
        UniqueConstraint("practice_id", "credits_id", name="invoices_credited_once"),
        ForeignKeyConstraint(
            ["practice_id", "logo_digest"],
            ["billing.invoice_logos.practice_id", "billing.invoice_logos.digest"],
            name="invoices_logo_fkey",
        ),
        Index("invoices_client_idx", "practice_id", "client_id"),
        Index("invoices_account_idx", "account_id", "issued_at"),
        CheckConstraint("number > 0", name="invoices_number_positive"),
        CheckConstraint("kind IN ('invoice','receipt','credit_note')", name="invoices_kind_known"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="invoices_currency_known"),
        CheckConstraint("total = net + tax", name="invoices_total_adds_up"),
        CheckConstraint("year = extract(year FROM issued_on)", name="invoices_number_of_its_year"),
        CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)", name="invoices_credit_of_one"
        ),
        CheckConstraint(
            "(kind = 'receipt') = (paid_on IS NOT NULL)", name="invoices_receipt_when_paid"
        ),
        CheckConstraint("(kind = 'invoice') = (due_on IS NOT NULL)", name="invoices_due_when_owed"),
        CheckConstraint(
            "CASE kind WHEN 'credit_note' THEN total < 0 ELSE total > 0 END",
            name="invoices_total_of_its_kind",
        ),
        {"info": TENANT},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int] = mapped_column(SmallInteger)
    number: Mapped[int]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    currency: Mapped[str] = mapped_column(CHAR(3))
    net: Mapped[int]
    tax: Mapped[int]
    total: Mapped[int]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    due_on: Mapped[date | None]
    paid_on: Mapped[date | None]
    credits_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.invoices.id"))
    logo_digest: Mapped[str | None] = mapped_column(CHAR(64))
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)

    def money(self, amount: int) -> Money:
        return Money(amount, self.currency)


class InvoiceLineRow(Base):
    """One session of an invoice, as it is printed; amounts of a credit note are below zero."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        CheckConstraint("position > 0", name="invoice_lines_position_positive"),
        CheckConstraint("quantity > 0", name="invoice_lines_quantity_positive"),
        CheckConstraint("gross = net + tax", name="invoice_lines_gross_adds_up"),
        CheckConstraint("tax_basis_points BETWEEN 0 AND 10000", name="invoice_lines_rate_bounded"),
        CheckConstraint("tax = 0 OR tax_basis_points > 0", name="invoice_lines_tax_has_rate"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("billing.invoices.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    booking_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(Text)
    session_on: Mapped[date]
    quantity: Mapped[int] = mapped_column(SmallInteger)
    unit_price: Mapped[int]
    tax_rule: Mapped[str] = mapped_column(String(20))
    tax_basis_points: Mapped[int] = mapped_column(SmallInteger)
    net: Mapped[int]
    tax: Mapped[int]
    gross: Mapped[int]


class InvoicedSession(Base):
    """A session's place on an invoice; a credit note ends it, and the session is free again."""

    __tablename__ = "invoiced_sessions"
    __table_args__ = (
        Index(
            "invoiced_sessions_one_standing",
            "practice_id",
            "booking_id",
            unique=True,
            postgresql_where=text("credit_note_id IS NULL"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("billing.invoices.id"), primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    credit_note_id: Mapped[UUID | None] = mapped_column(ForeignKey("billing.invoices.id"))


class InvoiceFile(Base):
    """The PDF of an invoice as it was made first; never changed. `digest`: its SHA-256, hex."""

    __tablename__ = "invoice_files"
    __table_args__ = (
        CheckConstraint("octet_length(pdf) BETWEEN 1 AND 1000000", name="invoice_files_bounded"),
        CheckConstraint(
            "digest = encode(sha256(pdf), 'hex')", name="invoice_files_digest_of_content"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("billing.invoices.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(CHAR(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
