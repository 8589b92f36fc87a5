"""Runs of invoices, and what they looked up until they end."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.tenancy import TENANT

_RUN = ["billing.invoice_runs.practice_id", "billing.invoice_runs.id"]


class InvoiceRun(Base):
    """Sessions on account until a day, invoiced at once. `settings` are those that it reckons with;
    `left_out` and `totals` are counts by reason and minor units by currency, told when it ends."""

    __tablename__ = "invoice_runs"
    __table_args__ = (
        Index(
            "invoice_runs_one_under_way",
            "practice_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("invoice_runs_started_idx", "practice_id", "started_at"),
        CheckConstraint(
            "state IN ('looking_up','ready','issuing','issued','stopped')",
            name="invoice_runs_state_known",
        ),
        CheckConstraint(
            "(state IN ('issued','stopped')) = (ended_at IS NOT NULL)", name="invoice_runs_ended"
        ),
        CheckConstraint(
            "(state = 'stopped') = (stop_reason IS NOT NULL)", name="invoice_runs_stopped_why"
        ),
        CheckConstraint("stop_reason IN ('asked','settings')", name="invoice_runs_reason_known"),
        CheckConstraint("session_count > 0", name="invoice_runs_of_something"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    until_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(20))
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    session_count: Mapped[int]
    started_by: Mapped[UUID]
    started_at: Mapped[datetime]
    issue_asked_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(String(20))
    invoice_count: Mapped[int] = mapped_column(server_default="0", default=0)
    totals: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}", default=dict)
    left_out: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}", default=dict)


class InvoiceRunDraft(Base):
    """An invoice as a run would issue it, under its id; `part` where a client's are too many for
    one. It goes with its lines when the run has ended."""

    __tablename__ = "invoice_run_drafts"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "run_id"], _RUN, name="invoice_run_drafts_run_fkey"),
        UniqueConstraint("practice_id", "run_id", "position", name="invoice_run_drafts_in_order"),
        UniqueConstraint(
            "practice_id", "run_id", "client_id", "currency", "part",
            name="invoice_run_drafts_one_each",
        ),
        CheckConstraint("total = net + tax", name="invoice_run_drafts_total_adds_up"),
        {"info": TENANT},
    )  # fmt: skip

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID]
    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    client_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(CHAR(3))
    part: Mapped[int]
    recipient_name: Mapped[str] = mapped_column(Text)
    recipient_address: Mapped[str] = mapped_column(Text)
    session_count: Mapped[int]
    net: Mapped[int]
    tax: Mapped[int]
    total: Mapped[int]


class InvoiceRunLine(Base):
    """A session that was owed when a run began; what an invoice says of it, once it is looked up.

    `part`: which of its client's invoices it goes on; `draft_id`: which draft.
    """

    __tablename__ = "invoice_run_lines"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "run_id"], _RUN, name="invoice_run_lines_run_fkey"),
        Index(
            "invoice_run_lines_waiting_idx",
            "practice_id",
            "run_id",
            "client_id",
            "booking_id",
            postgresql_where=text("NOT is_looked_up"),
        ),
        Index("invoice_run_lines_draft_idx", "practice_id", "draft_id"),
        CheckConstraint("owed > 0", name="invoice_run_lines_owed_positive"),
        CheckConstraint(
            "left_out IN ('later','unknown','unprintable','changed')",
            name="invoice_run_lines_left_out_known",
        ),
        CheckConstraint(
            "NOT is_looked_up OR left_out IS NOT NULL OR gross = net + tax",
            name="invoice_run_lines_adds_up",
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    booking_id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(CHAR(3))
    owed: Mapped[int]
    is_looked_up: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    left_out: Mapped[str | None] = mapped_column(String(20))
    part: Mapped[int | None]
    draft_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    starts_at: Mapped[datetime | None]
    session_on: Mapped[date | None]
    recipient_name: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str | None] = mapped_column(Text)
    tax_rule: Mapped[str | None] = mapped_column(String(20))
    tax_basis_points: Mapped[int | None] = mapped_column(SmallInteger)
    net: Mapped[int | None]
    tax: Mapped[int | None]
    gross: Mapped[int | None]
