"""When a practitioner works, and what is in the way beside sessions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base
from services.common.tenancy import TENANT


def _of_schedule(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["practice_id", "practitioner_id"],
        ["booking.schedules.practice_id", "booking.schedules.practitioner_id"],
        name=f"{table}_schedule_fkey",
    )


class Schedule(Base):
    """A practitioner's calendar: zone, limits, video room; `account_id` is whose login it is.

    `version` counts the changes that its staff made to hours, dates and time off.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "practitioner_id", name="schedules_pkey"),
        # A practitioner works in one practice; sessions_no_overlap relies on it.
        UniqueConstraint("practitioner_id", name="schedules_one_per_practitioner"),
        CheckConstraint("max_per_day > 0", name="schedules_max_per_day_positive"),
        CheckConstraint("max_per_week > 0", name="schedules_max_per_week_positive"),
        CheckConstraint("video_url LIKE 'https://%'", name="schedules_video_url_secure"),
        CheckConstraint("version >= 1", name="schedules_version_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    zone: Mapped[str]
    max_per_day: Mapped[int | None]
    max_per_week: Mapped[int | None]
    video_url: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)


class ScheduleChange(Base):
    """A change of a calendar by its staff, kept for ever: who made it, what was and what is.

    `subject` is `weekly`, `date:<date>` or `time_off:<id>`; `before` and `after` are its values,
    NULL where there is none. The runtime role may not change or delete it.
    """

    __tablename__ = "schedule_changes"
    __table_args__ = (
        PrimaryKeyConstraint(
            "practice_id", "practitioner_id", "version", name="schedule_changes_pkey"
        ),
        UniqueConstraint(
            "practice_id", "practitioner_id", "id", name="schedule_changes_id_once"
        ),
        _of_schedule("schedule_changes"),
        CheckConstraint("version >= 2", name="schedule_changes_version_follows"),
        {"info": TENANT},
    )  # fmt: skip

    practice_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    version: Mapped[int]
    id: Mapped[UUID]
    subject: Mapped[str]
    before: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    fingerprint: Mapped[str]
    account_id: Mapped[UUID]
    made_at: Mapped[datetime]


class ScheduleHours(Base):
    """A weekly window: ISO weekday, and minutes after midnight in the schedule's zone."""

    __tablename__ = "schedule_hours"
    __table_args__ = (
        PrimaryKeyConstraint(
            "practice_id", "practitioner_id", "weekday", "opens", "closes",
            name="schedule_hours_pkey",
        ),
        _of_schedule("schedule_hours"),
        CheckConstraint("weekday BETWEEN 1 AND 7", name="schedule_hours_weekday_iso"),
        CheckConstraint(
            "0 <= opens AND opens < closes AND closes <= 1440",
            name="schedule_hours_window_within_day",
        ),
        CheckConstraint(
            "opens % 5 = 0 AND closes % 5 = 0", name="schedule_hours_window_on_grid"
        ),
        {"info": TENANT},
    )  # fmt: skip

    practice_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[int] = mapped_column(SmallInteger)
    closes: Mapped[int] = mapped_column(SmallInteger)


class ScheduleOverride(Base):
    """The windows `[[opens, closes], …]` of one local date in place of its weekly hours."""

    __tablename__ = "schedule_overrides"
    __table_args__ = (
        PrimaryKeyConstraint(
            "practice_id", "practitioner_id", "applies_on", name="schedule_overrides_pkey"
        ),
        _of_schedule("schedule_overrides"),
        CheckConstraint(
            "jsonb_typeof(windows) = 'array'", name="schedule_overrides_windows_listed"
        ),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    applies_on: Mapped[date]
    windows: Mapped[list[list[int]]] = mapped_column(JSONB)


class TimeOff(Base):
    """A practitioner is away: local dates, both included, or instants `[starts_at, ends_at)`."""

    __tablename__ = "time_off"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="time_off_pkey"),
        _of_schedule("time_off"),
        CheckConstraint(
            "(first_on IS NULL) = (last_on IS NULL)"
            " AND (starts_at IS NULL) = (ends_at IS NULL)"
            " AND (first_on IS NULL) <> (starts_at IS NULL)",
            name="time_off_dates_or_instants",
        ),
        CheckConstraint("first_on <= last_on", name="time_off_dates_in_order"),
        CheckConstraint("starts_at < ends_at", name="time_off_instants_in_order"),
        Index("time_off_of_practitioner_idx", "practice_id", "practitioner_id"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]


class Closure(Base):
    """The whole practice is closed on local dates, both included, in each schedule's zone."""

    __tablename__ = "closures"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="closures_pkey"),
        CheckConstraint("first_on <= last_on", name="closures_dates_in_order"),
        Index("closures_until_idx", "practice_id", "last_on"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    first_on: Mapped[date]
    last_on: Mapped[date]


class BusyTime(Base):
    """A time from another calendar of the practitioner; what it is about is not kept."""

    __tablename__ = "busy_times"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="busy_times_pkey"),
        _of_schedule("busy_times"),
        CheckConstraint("starts_at < ends_at", name="busy_times_in_order"),
        Index("busy_times_of_practitioner_idx", "practice_id", "practitioner_id", "ends_at"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Room(Base):
    """A room of the practice's house."""

    __tablename__ = "rooms"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="rooms_pkey"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    name: Mapped[str]
    is_active: Mapped[bool]
