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

from services.common.tenancy import PLUMBING, TENANT
from services.contracts.booking.courses import MOST_SESSIONS
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.courses import CourseState
from services.plans.models.base import Base, listed, of_chart


class Course(Base):
    """One choice of dates of a plan; its number is never used again.

    `version`: the version that it goes with; `course_id`: the course that it becomes in booking;
    `terms`: CourseTerms as JSON. `rhythm_after`: the rhythm in which a plan without an end goes on
    after it, Stretches as JSON; `added_at`: when it was added so; `runs_short`: why no further
    session could be added. `stopped_at`: when it was said that nothing takes place from
    `stopped_from` on.
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
            "agreed_at IS NOT NULL OR course_id IS NULL", name="courses_become_one_when_agreed"
        ),
        CheckConstraint(
            "added_at IS NULL OR course_id IS NOT NULL", name="courses_added_are_booked"
        ),
        CheckConstraint(f"runs_short IN ({listed(WhyRefused)})", name="courses_runs_short_known"),
        CheckConstraint(
            "(state = 'stopped') = (stopped_from IS NOT NULL)", name="courses_stopped_say_when"
        ),
        CheckConstraint(
            "stopped_from IS NOT NULL OR stopped_at IS NULL", name="courses_stopped_at_once_stopped"
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
    course_id: Mapped[UUID | None]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    starts: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    gone: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    flaw: Mapped[str | None]
    stopped_from: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    rhythm_after: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    added_at: Mapped[datetime | None]
    runs_short: Mapped[str | None]
    chosen_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class CancelledCourse(Base):
    """A course that was given back and is of no plan: its end in the calendar was heard of before
    its beginning, with which its row goes; or it was added where it belonged nowhere any more."""

    __tablename__ = "cancelled_courses"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "course_id", name="cancelled_courses_pkey"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    course_id: Mapped[UUID]
    cancelled_at: Mapped[datetime]


class RollDue(Base):
    """When further dates of a plan without an end are to be added."""

    __tablename__ = "rolls_due"
    __table_args__ = (Index("rolls_due_at_idx", "due_at"), {"info": PLUMBING})

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    practice_id: Mapped[UUID]
    due_at: Mapped[datetime]
