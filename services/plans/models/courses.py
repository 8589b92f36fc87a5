"""The dates that were chosen for a plan's sessions: ids, times and terms, nothing clinical."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import TENANT
from services.contracts.booking.courses import MOST_SESSIONS
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.courses import CourseState
from services.plans.models.base import Base, listed, of_chart


class Course(Base):
    """One choice of dates of a plan; its number is never used again.

    `version`: the version that it goes with. `terms`: CourseTerms as JSON.
    """

    __tablename__ = "courses"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "plan_id", "choice", name="courses_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "plan_id"],
            ["plans.plans.practice_id", "plans.plans.id"],
            name="courses_plan_fkey",
        ),
        of_chart("courses"),
        CheckConstraint("choice >= 1", name="courses_choice_positive"),
        CheckConstraint("version >= 1", name="courses_version_positive"),
        CheckConstraint(f"state IN ({listed(CourseState)})", name="courses_state_known"),
        CheckConstraint(
            f"cardinality(starts) BETWEEN 1 AND {MOST_SESSIONS}", name="courses_starts_bounded"
        ),
        CheckConstraint(f"flaw IN ({listed(WhyRefused)})", name="courses_flaw_known"),
        CheckConstraint("(state = 'refused') = (flaw IS NOT NULL)", name="courses_refused_say_why"),
        CheckConstraint(
            "(state IN ('chosen', 'dropped')) = (agreed_at IS NULL)",
            name="courses_agreed_before_booked",
        ),
        CheckConstraint(
            "(state = 'stopped') = (stopped_from IS NOT NULL)", name="courses_stopped_say_when"
        ),
        Index(
            "courses_one_under_way",
            "practice_id",
            "plan_id",
            unique=True,
            postgresql_where=text("state IN ('chosen', 'agreed')"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    choice: Mapped[int]
    chart_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    version: Mapped[int]
    state: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    gone: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    flaw: Mapped[str | None]
    stopped_from: Mapped[datetime | None]
    chosen_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
