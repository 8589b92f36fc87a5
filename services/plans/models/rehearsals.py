"""In which sessions exercises were rehearsed: ids and a time; the words are in the versions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped

from services.common.tenancy import TENANT
from services.plans.models.base import Base, of_chart


class Rehearsal(Base):
    """An exercise of a plan was rehearsed in a session; taken back, its row goes."""

    __tablename__ = "rehearsals"
    __table_args__ = (
        PrimaryKeyConstraint(
            "practice_id", "plan_id", "exercise_id", "booking_id", name="rehearsals_pkey"
        ),
        ForeignKeyConstraint(
            ["practice_id", "plan_id"],
            ["plans.plans.practice_id", "plans.plans.id"],
            name="rehearsals_plan_fkey",
        ),
        ForeignKeyConstraint(
            ["practice_id", "booking_id"],
            ["plans.sessions.practice_id", "plans.sessions.booking_id"],
            name="rehearsals_session_fkey",
        ),
        of_chart("rehearsals"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    exercise_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    chart_id: Mapped[UUID]
    marked_at: Mapped[datetime]
