"""A calendar as its staff edit it, and what they changed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import (
    Schedule,
    ScheduleChange,
    ScheduleHours,
    ScheduleOverride,
    TimeOff,
)

WEEKLY = "weekly"
"""The subject of a change of the weekly hours."""


def schedule(tx: Transaction, practice_id: UUID, practitioner_id: UUID) -> Schedule | None:
    """The calendar."""
    return tx.get(Schedule, (practice_id, practitioner_id))


def lock_schedule(tx: Transaction, practice_id: UUID, practitioner_id: UUID) -> Schedule | None:
    """The calendar as it is now, to be changed by nobody else meanwhile."""
    query = select(Schedule).where(
        Schedule.practice_id == practice_id, Schedule.practitioner_id == practitioner_id
    )
    return tx.scalar(query.with_for_update().execution_options(populate_existing=True))


def weekly(tx: Transaction, practice_id: UUID, practitioner_id: UUID) -> Sequence[ScheduleHours]:
    """The weekly windows, in their order."""
    query = select(ScheduleHours).where(
        ScheduleHours.practice_id == practice_id,
        ScheduleHours.practitioner_id == practitioner_id,
    )
    return tx.scalars(query.order_by(ScheduleHours.weekday, ScheduleHours.opens)).all()


def override(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, on: date
) -> ScheduleOverride | None:
    """The other hours of one date."""
    return tx.get(ScheduleOverride, (practice_id, practitioner_id, on))


def overrides_from(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, since: date
) -> Sequence[ScheduleOverride]:
    """Other hours of dates from `since` on."""
    query = select(ScheduleOverride).where(
        ScheduleOverride.practice_id == practice_id,
        ScheduleOverride.practitioner_id == practitioner_id,
        ScheduleOverride.applies_on >= since,
    )
    return tx.scalars(query.order_by(ScheduleOverride.applies_on)).all()


def time_off(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, id_: UUID
) -> TimeOff | None:
    """One time off of a practitioner."""
    found = tx.get(TimeOff, (practice_id, id_))
    return found if found and found.practitioner_id == practitioner_id else None


def time_off_from(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, today: date, now: datetime
) -> Sequence[TimeOff]:
    """Time off that is not over yet."""
    query = select(TimeOff).where(
        TimeOff.practice_id == practice_id,
        TimeOff.practitioner_id == practitioner_id,
        or_(TimeOff.last_on >= today, TimeOff.ends_at > now),
    )
    return tx.scalars(query).all()


def change(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, version: int
) -> ScheduleChange | None:
    """The change that made a version."""
    return tx.get(ScheduleChange, (practice_id, practitioner_id, version))


def change_named(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, id_: UUID
) -> ScheduleChange | None:
    """An earlier change under the id that its caller minted."""
    return tx.scalar(
        select(ScheduleChange).where(
            ScheduleChange.practice_id == practice_id,
            ScheduleChange.practitioner_id == practitioner_id,
            ScheduleChange.id == id_,
        )
    )


def first_change_after(
    tx: Transaction, practice_id: UUID, practitioner_id: UUID, version: int, subject: str
) -> ScheduleChange | None:
    """The first change of a subject that whoever saw that version has not seen."""
    query = select(ScheduleChange).where(
        ScheduleChange.practice_id == practice_id,
        ScheduleChange.practitioner_id == practitioner_id,
        ScheduleChange.version > version,
        ScheduleChange.subject == subject,
    )
    return tx.scalar(query.order_by(ScheduleChange.version).limit(1))
