"""Months that are closed, with the balances that they were closed with."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.tenancy import TENANT


class ClosedMonth(Base):
    """A month of the books, `[from_at, until_at)` in its practice's zone of then. No entry before
    `until_at` is ever added (`ledger_transactions_month_open`)."""

    __tablename__ = "closed_months"
    __table_args__ = (
        UniqueConstraint("practice_id", "month_on", name="closed_months_once"),
        Index("closed_months_until_idx", "practice_id", "until_at"),
        CheckConstraint("extract(day FROM month_on) = 1", name="closed_months_begins_on_first"),
        CheckConstraint("from_at < until_at AND until_at <= closed_at", name="closed_months_over"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    month_on: Mapped[date]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    closed_by: Mapped[UUID]
    closed_at: Mapped[datetime]


class ClosedBalance(Base):
    """An account in one currency as a month was closed; debits of `opening` are positive."""

    __tablename__ = "closed_balances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["practice_id", "closed_month_id"],
            ["billing.closed_months.practice_id", "billing.closed_months.id"],
            name="closed_balances_month_fkey",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="closed_balances_currency_known"),
        CheckConstraint("debit >= 0 AND credit >= 0", name="closed_balances_sides_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    closed_month_id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(40), primary_key=True)
    currency: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    opening: Mapped[int]
    debit: Mapped[int]
    credit: Mapped[int]
