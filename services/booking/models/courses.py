"""Sessions booked as one promise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from services.common.tenancy import TENANT


class Course(Base):
    """A course of `sessions` bookings, written with all of them or not at all.

    It goes on from another booking of the same client. Its id counts within its practice.
    `is_added`: by itself, to sessions that were agreed on before. `plan_id`: whose dates they are;
    NULL for what the practice booked without a plan.
    """

    __tablename__ = "courses"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="courses_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "follows_booking_id"],
            ["booking.bookings.practice_id", "booking.bookings.id"],
            name="courses_follows_fkey",
            use_alter=True,
        ),
        CheckConstraint("sessions BETWEEN 1 AND 60", name="courses_sessions_bounded"),
        Index("courses_follows_idx", "practice_id", "follows_booking_id"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    client_id: Mapped[UUID]
    follows_booking_id: Mapped[UUID]
    sessions: Mapped[int] = mapped_column(SmallInteger)
    fingerprint: Mapped[str]
    booked_at: Mapped[datetime]
    is_added: Mapped[bool] = mapped_column(server_default=text("false"))
    plan_id: Mapped[UUID | None]
