"""Webhooks that came, and foreign calls that are owed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.billing.models.base import Base
from services.common.tenancy import PLUMBING


class StripeEvent(Base):
    """A webhook that came: ids and times only; its object is fetched anew.

    `parent_id` is the PaymentIntent that the object belongs to.
    """

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
    parent_id: Mapped[str | None] = mapped_column(String(255))
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
        CheckConstraint(
            "kind IN ('settle_payment','make_refund','check_refund','settle_disputes',"
            "'settle_payout','reconcile','lapse_package','settle_refunds','invoice_run')",
            name="due_work_kind_known",
        ),
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
