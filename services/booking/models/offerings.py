"""What can be booked, and under which terms."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models.base import Base, minutes
from services.common.tenancy import TENANT


class Policy(Base):
    """One version of a cancellation policy; the runtime role may not change or delete it.

    `tiers` are `[hours_before, refund_percent]` from the most hours to the fewest.
    """

    __tablename__ = "policies"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", "version", name="policies_pkey"),
        CheckConstraint("version >= 1", name="policies_version_positive"),
        CheckConstraint("jsonb_typeof(tiers) = 'array'", name="policies_tiers_listed"),
        CheckConstraint(
            "0 <= no_show_percent AND no_show_percent <= late_percent AND late_percent <= 100",
            name="policies_percents_in_order",
        ),
        CheckConstraint("reschedule_hours >= 0", name="policies_reschedule_hours_positive"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    version: Mapped[int]
    tiers: Mapped[list[list[int]]] = mapped_column(JSONB)
    late_percent: Mapped[int]
    no_show_percent: Mapped[int]
    reschedule_hours: Mapped[int]

    @property
    def terms(self) -> dict[str, Any]:
        """What a booking keeps of the policy."""
        return {
            "version": self.version,
            "tiers": self.tiers,
            "late_percent": self.late_percent,
            "no_show_percent": self.no_show_percent,
            "reschedule_hours": self.reschedule_hours,
        }


class Offering(Base):
    """What can be booked with one practitioner. Lengths in minutes, the window in days."""

    __tablename__ = "offerings"
    __table_args__ = (
        PrimaryKeyConstraint("practice_id", "id", name="offerings_pkey"),
        UniqueConstraint("id", name="offerings_id_unique"),
        ForeignKeyConstraint(
            ["practice_id", "practitioner_id"],
            ["booking.schedules.practice_id", "booking.schedules.practitioner_id"],
            name="offerings_schedule_fkey",
        ),
        ForeignKeyConstraint(
            ["practice_id", "policy_id", "policy_version"],
            [
                "booking.policies.practice_id",
                "booking.policies.id",
                "booking.policies.version",
            ],
            name="offerings_policy_fkey",
        ),
        CheckConstraint(minutes("minutes", 5), name="offerings_minutes_on_grid"),
        CheckConstraint(minutes("increment_minutes", 5), name="offerings_increment_on_grid"),
        CheckConstraint(minutes("before_minutes", 0), name="offerings_before_on_grid"),
        CheckConstraint(minutes("after_minutes", 0), name="offerings_after_on_grid"),
        CheckConstraint("notice_minutes >= 0", name="offerings_notice_positive"),
        CheckConstraint("window_days BETWEEN 0 AND 730", name="offerings_window_bounded"),
        CheckConstraint("seats BETWEEN 1 AND 200", name="offerings_seats_bounded"),
        CheckConstraint("max_per_day > 0", name="offerings_max_per_day_positive"),
        CheckConstraint("max_per_week > 0", name="offerings_max_per_week_positive"),
        CheckConstraint("price_version >= 1", name="offerings_price_version_positive"),
        CheckConstraint(
            "cardinality(formats) > 0 AND formats <@ ARRAY['online', 'in_person']",
            name="offerings_formats_known",
        ),
        Index("offerings_of_practitioner_idx", "practice_id", "practitioner_id", "position"),
        {"info": TENANT},
    )

    practice_id: Mapped[UUID]
    id: Mapped[UUID]
    practitioner_id: Mapped[UUID]
    name: Mapped[str]
    minutes: Mapped[int]
    increment_minutes: Mapped[int]
    before_minutes: Mapped[int]
    after_minutes: Mapped[int]
    notice_minutes: Mapped[int]
    window_days: Mapped[int]
    max_per_day: Mapped[int | None]
    max_per_week: Mapped[int | None]
    formats: Mapped[list[str]] = mapped_column(ARRAY(Text))
    seats: Mapped[int]
    needs_room: Mapped[bool]
    price_id: Mapped[UUID]
    price_version: Mapped[int]
    policy_id: Mapped[UUID]
    policy_version: Mapped[int]
    position: Mapped[int]
    is_active: Mapped[bool]
