"""What is filled in, what needs a look, what was reviewed, and when each comes round again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped

from services.common.tenancy import TENANT
from services.plans.models.base import SHORTEST_SEALED, Base, listed, of_chart


class DueKind(StrEnum):
    """What comes round."""

    MEASURE = "measure"
    REVIEW = "review"


def of_plan(table: str) -> ForeignKeyConstraint:
    """The row belongs to a plan."""
    return ForeignKeyConstraint(
        ["practice_id", "plan_id"],
        ["plans.plans.practice_id", "plans.plans.id"],
        name=f"{table}_plan_fkey",
    )


class Filling(Base):
    """A measure that the client filled in: which one and every answer, sealed.

    `corrects_id`: the answers that these stand in the place of; those stay.
    """

    __tablename__ = "fillings"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="fillings_pkey"),
        UniqueConstraint("practice_id", "corrects_id", name="fillings_corrected_once"),
        of_plan("fillings"),
        of_chart("fillings"),
        ForeignKeyConstraint(
            ["practice_id", "corrects_id"],
            ["plans.fillings.practice_id", "plans.fillings.id"],
            name="fillings_correct_earlier_ones",
        ),
        CheckConstraint(f"octet_length(sealed) > {SHORTEST_SEALED}", name="fillings_are_sealed"),
        CheckConstraint("corrects_id <> id", name="fillings_do_not_correct_themselves"),
        Index("fillings_of_plan_idx", "practice_id", "plan_id", "filled_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    corrects_id: Mapped[UUID | None]
    sealed: Mapped[bytes]
    filled_at: Mapped[datetime]


class Alert(Base):
    """Answers that their practitioner has to look at today; `seen_at`: when they said they did."""

    __tablename__ = "alerts"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="alerts_pkey"),
        UniqueConstraint("practice_id", "filling_id", name="alerts_once_per_filling"),
        of_plan("alerts"),
        of_chart("alerts"),
        ForeignKeyConstraint(
            ["practice_id", "filling_id"],
            ["plans.fillings.practice_id", "plans.fillings.id"],
            name="alerts_filling_fkey",
        ),
        Index("alerts_of_plan_idx", "practice_id", "plan_id", "raised_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    filling_id: Mapped[UUID]
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class Review(Base):
    """A review as it was written down, sealed with its decision."""

    __tablename__ = "reviews"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="reviews_pkey"),
        of_plan("reviews"),
        of_chart("reviews"),
        CheckConstraint(f"octet_length(sealed) > {SHORTEST_SEALED}", name="reviews_are_sealed"),
        CheckConstraint("acknowledged_at >= recorded_at", name="reviews_seen_after_written"),
        Index("reviews_of_plan_idx", "practice_id", "plan_id", "recorded_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    sealed: Mapped[bytes]
    recorded_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]


class Due(Base):
    """When something of an agreed plan comes round again: `number` of its kind, not which one.

    `sessions` after `from_at`, as far as sessions are known, or else at `expected_at`; `due_at`
    is what comes of both, NULL while too few sessions are known.
    """

    __tablename__ = "dues"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "plan_id", "kind", "number", name="dues_pkey"),
        of_plan("dues"),
        of_chart("dues"),
        CheckConstraint(f"kind IN ({listed(DueKind)})", name="dues_kind_known"),
        CheckConstraint("number >= 0", name="dues_number_not_negative"),
        CheckConstraint("sessions >= 1", name="dues_sessions_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    kind: Mapped[str]
    number: Mapped[int]
    from_at: Mapped[datetime]
    sessions: Mapped[int | None]
    expected_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
