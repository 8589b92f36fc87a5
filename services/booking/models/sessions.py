"""Hours that take place, the claims on their seats, and who sits in them.

A session's times and seats are carried on to its bookings and participants by foreign keys that
cascade, so that the three can never disagree.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.domain.lifecycle import HOLDING, LIVE, BookingState
from services.booking.models.base import Base, on_grid
from services.common.tenancy import TENANT

CHANGE_KINDS = ("attended", "cancelled", "no_show", "rescheduled", "unmarked")


def _listed(states: Any) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


class Session(Base):
    """An hour of a practitioner. `blocked` is `[starts_at − before, ends_at + after)`.

    `held_until`: none of its bookings outlives this instant unpaid; NULL once one is firm.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="sessions_pkey"),
        UniqueConstraint(
            "practice_id", "id", "starts_at", "ends_at", "seats", name="sessions_times_unique"
        ),
        ForeignKeyConstraint(
            ["practice_id", "offering_id"],
            ["booking.offerings.practice_id", "booking.offerings.id"],
            name="sessions_offering_fkey",
        ),
        ForeignKeyConstraint(
            ["practice_id", "room_id"],
            ["booking.rooms.practice_id", "booking.rooms.id"],
            name="sessions_room_fkey",
        ),
        CheckConstraint("starts_at < ends_at", name="sessions_in_order"),
        CheckConstraint(f"{on_grid('starts_at')}", name="sessions_start_on_grid"),
        CheckConstraint(
            "blocked @> tstzrange(starts_at, ends_at)"
            " AND lower_inc(blocked) AND NOT upper_inc(blocked)",
            name="sessions_blocked_covers_session",
        ),
        CheckConstraint("seats BETWEEN 1 AND 200", name="sessions_seats_bounded"),
        ExcludeConstraint(
            ("practitioner_id", "="),
            ("blocked", "&&"),
            where=text("is_live AND NOT is_override"),
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
            name="sessions_no_overlap",
        ),
        ExcludeConstraint(
            ("room_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("is_live AND room_id IS NOT NULL"),
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
            name="sessions_no_room_overlap",
        ),
        Index("sessions_of_practitioner_idx", "practice_id", "practitioner_id", "starts_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    offering_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    blocked: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    room_id: Mapped[UUID | None]
    seats: Mapped[int]
    is_live: Mapped[bool]
    is_override: Mapped[bool]
    held_until: Mapped[datetime | None]


class Booking(Base):
    """A client's claim on a seat, with all that its view needs: own rows are read anywhere.

    `seat_no` is NULL once the claim is given up. `policy` keeps the terms as at booking.
    `refund_ceiling_percent` is the lowest share at any move by the client; NULL before the first.
    `is_on_account`: confirmed without a payment. `marks` counts how often it was said who came.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="bookings_pkey"),
        UniqueConstraint("id", name="bookings_id_unique"),
        UniqueConstraint("practice_id", "session_id", "seat_no", name="bookings_seat_once"),
        UniqueConstraint("practice_id", "id", "starts_at", "ends_at", name="bookings_times_unique"),
        ForeignKeyConstraint(
            ["practice_id", "session_id", "starts_at", "ends_at", "seats"],
            [
                "booking.sessions.practice_id",
                "booking.sessions.id",
                "booking.sessions.starts_at",
                "booking.sessions.ends_at",
                "booking.sessions.seats",
            ],
            onupdate="CASCADE",
            name="bookings_session_fkey",
        ),
        ForeignKeyConstraint(
            ["practice_id", "course_id"],
            ["booking.courses.practice_id", "booking.courses.id"],
            name="bookings_course_fkey",
        ),
        CheckConstraint(f"state IN ({_listed(BookingState)})", name="bookings_state_known"),
        CheckConstraint("seat_no BETWEEN 1 AND seats", name="bookings_seat_within_seats"),
        CheckConstraint(
            f"(state IN ({_listed(LIVE)})) = (seat_no IS NOT NULL)",
            name="bookings_live_has_seat",
        ),
        CheckConstraint(
            f"(state IN ({_listed(HOLDING)})) = (deadline_at IS NOT NULL)",
            name="bookings_hold_has_deadline",
        ),
        CheckConstraint("format IN ('online', 'in_person')", name="bookings_format_known"),
        CheckConstraint("sequence >= 0", name="bookings_sequence_positive"),
        CheckConstraint("marks >= 0", name="bookings_marks_positive"),
        CheckConstraint(
            "refund_ceiling_percent BETWEEN 0 AND 100", name="bookings_refund_ceiling_is_percent"
        ),
        Index("bookings_of_practitioner_idx", "practice_id", "practitioner_id", "starts_at"),
        Index("bookings_of_account_idx", "account_id", "starts_at", "id"),
        Index(
            "bookings_deadline_idx",
            "practice_id",
            "deadline_at",
            postgresql_where=text("deadline_at IS NOT NULL"),
        ),
        Index(
            "bookings_of_course_idx",
            "practice_id",
            "course_id",
            postgresql_where=text("course_id IS NOT NULL"),
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    session_id: Mapped[UUID]
    seat_no: Mapped[int | None] = mapped_column(SmallInteger)
    seats: Mapped[int]
    practitioner_id: Mapped[UUID]
    offering_id: Mapped[UUID]
    offering_name: Mapped[str]
    client_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    state: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    format: Mapped[str]
    time_zone: Mapped[str]
    client_time_zone: Mapped[str]
    price_id: Mapped[UUID]
    policy: Mapped[dict[str, Any]] = mapped_column(JSONB)
    deadline_at: Mapped[datetime | None]
    is_hold_extended: Mapped[bool]
    is_payment_extended: Mapped[bool]
    sequence: Mapped[int]
    fingerprint: Mapped[str]
    booked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    refund_ceiling_percent: Mapped[int | None] = mapped_column(SmallInteger)
    course_id: Mapped[UUID | None]
    is_on_account: Mapped[bool] = mapped_column(server_default=text("false"))
    marks: Mapped[int] = mapped_column(server_default=text("0"))

    @property
    def is_invoiced(self) -> bool:
        """Whether the practice asks for the money by itself, as for the sessions of a course."""
        return self.is_on_account or self.course_id is not None


class Participant(Base):
    """A client who sits in a booking; nobody sits in two of a practice at a time."""

    __tablename__ = "participants"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "booking_id", "client_id", name="participants_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "booking_id", "starts_at", "ends_at"],
            [
                "booking.bookings.practice_id",
                "booking.bookings.id",
                "booking.bookings.starts_at",
                "booking.bookings.ends_at",
            ],
            onupdate="CASCADE",
            name="participants_booking_fkey",
        ),
        ExcludeConstraint(
            ("practice_id", "="),
            ("client_id", "="),
            (text("tstzrange(starts_at, ends_at)"), "&&"),
            where=text("is_live"),
            using="gist",
            deferrable=True,
            initially="IMMEDIATE",
            name="participants_no_overlap",
        ),
        Index("participants_of_client_idx", "practice_id", "client_id", "starts_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    booking_id: Mapped[UUID]
    client_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    is_live: Mapped[bool]


class Change(Base):
    """An act on a booking, by the id that its caller minted: moving, cancelling, attendance.

    The id counts within its booking: who mints one that an act on somebody else's booking has
    learns nothing of that. `account_id` is who acted, NULL for the holder of a link.
    """

    __tablename__ = "changes"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "booking_id", "id", name="changes_pkey"),
        ForeignKeyConstraint(
            ["practice_id", "booking_id"],
            ["booking.bookings.practice_id", "booking.bookings.id"],
            name="changes_booking_fkey",
        ),
        CheckConstraint(f"kind IN ({_listed(CHANGE_KINDS)})", name="changes_kind_known"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    booking_id: Mapped[UUID]
    kind: Mapped[str]
    fingerprint: Mapped[str]
    account_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
