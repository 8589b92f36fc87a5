"""Sessions, as booking tells of them: ids, times and what became of them, nothing clinical."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.common.tenancy import TENANT
from services.contracts.booking.bookings import Attendance
from services.plans.models.base import Base, listed

MARKS = frozenset({Attendance.ATTENDED, Attendance.NO_SHOW})


class KnownSession(Base):
    """A session of a client with a practitioner, as booking last told of it.

    Facts come in any order. Of where it is and whether it was given up the highest `sequence`
    holds, and of those the latest, `told_at`; of who came the highest of `marks`. `course_id`: the
    course that it is of. `booked_at`: when it was booked, as far back as was told. `is_late`,
    `is_forgiven`: something, or nothing, is owed for what was given up, or missed.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "booking_id", name="sessions_pkey"),
        CheckConstraint("sequence >= 0", name="sessions_sequence_not_negative"),
        CheckConstraint("marks >= 0", name="sessions_marks_not_negative"),
        CheckConstraint(f"attendance IN ({listed(MARKS)})", name="sessions_attendance_known"),
        CheckConstraint("attendance IS NULL OR marks >= 1", name="sessions_attendance_was_marked"),
        CheckConstraint("is_given_up OR NOT is_late", name="sessions_late_are_given_up"),
        CheckConstraint(
            "NOT is_forgiven OR attendance IS NOT DISTINCT FROM 'no_show'",
            name="sessions_forgiven_were_missed",
        ),
        Index("sessions_of_client_idx", "practice_id", "client_id", "practitioner_id", "starts_at"),
        Index(
            "sessions_of_course_idx",
            "practice_id",
            "course_id",
            postgresql_where=text("course_id IS NOT NULL"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    client_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    course_id: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    is_given_up: Mapped[bool]
    is_late: Mapped[bool] = mapped_column(server_default=text("false"))
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    told_at: Mapped[datetime]
    booked_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    attendance: Mapped[str | None]
    is_forgiven: Mapped[bool] = mapped_column(server_default=text("false"))
    marks: Mapped[int] = mapped_column(server_default=text("0"))
