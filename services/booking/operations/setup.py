"""Setting a practice up: calendars, policies, offerings, and sessions of the past.

Called within a transaction of the practice. Ids are the caller's, so that the same set-up twice
leaves the same rows; each changed calendar is worked out again for the directory.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.booking.domain import schedule as domain
from services.booking.domain.policy import policy_of
from services.booking.models import (
    Closure,
    Offering,
    Policy,
    Room,
    Schedule,
    ScheduleHours,
    ScheduleOverride,
    TimeOff,
)
from services.booking.operations.transitions import mark_openings
from services.booking.queries import calendars
from services.common import crypto
from services.contracts.base import Format

VIDEO_ROOMS = "https://meet.jit.si/attune-"


@dataclass(frozen=True, slots=True)
class NewSchedule:
    """A practitioner's calendar; `account_id` is whose login it is, `video_url` is https."""

    practice_id: UUID
    practitioner_id: UUID
    zone: str
    account_id: UUID | None = None
    max_per_day: int | None = None
    max_per_week: int | None = None
    video_url: str | None = None


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A version of a cancellation policy; `tiers` are (hours before, percent), most hours first."""

    practice_id: UUID
    id: UUID
    tiers: tuple[tuple[int, int], ...]
    version: int = 1
    late_percent: int = 0
    no_show_percent: int = 0
    reschedule_hours: int = 24


@dataclass(frozen=True, slots=True)
class NewOffering:
    """What can be booked; lengths in minutes, `formats` of online and in_person."""

    practice_id: UUID
    id: UUID
    practitioner_id: UUID
    name: str
    minutes: int
    price_id: UUID
    policy_id: UUID
    formats: tuple[str, ...]
    position: int = 0
    before_minutes: int = 0
    after_minutes: int = 0
    notice_minutes: int = 0
    window_days: int = 60
    increment_minutes: int = 15
    max_per_day: int | None = None
    max_per_week: int | None = None
    seats: int = 1
    needs_room: bool = False
    policy_version: int = 1
    price_version: int = 1
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class NewTimeOff:
    """A practitioner is away on local dates, both included."""

    practice_id: UUID
    id: UUID
    practitioner_id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class NewClosure:
    """The practice is closed on local dates, both included."""

    practice_id: UUID
    id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class NewRoom:
    """A room of the practice's house."""

    practice_id: UUID
    id: UUID
    name: str
    is_active: bool = True


def open_schedule(tx: Transaction, new: NewSchedule, *, now: datetime) -> None:
    """Open a calendar, or change it; without a video address it keeps or gets one of its own."""
    domain.Schedule(new.zone, ())
    values = asdict(new)
    values["video_url"] = new.video_url or VIDEO_ROOMS + crypto.new_token()
    row = insert(Schedule).values(values)
    kept = set() if new.video_url else {"video_url"}
    changed = {name: row.excluded[name] for name in values if name not in kept}
    tx.execute(
        row.on_conflict_do_update(index_elements=["practice_id", "practitioner_id"], set_=changed)
    )
    mark_openings(tx, new.practice_id, [new.practitioner_id], now)


def set_weekly_hours(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    hours: Sequence[domain.WeeklyHours],
    *,
    now: datetime,
) -> None:
    """Replace the weekly hours."""
    tx.execute(
        delete(ScheduleHours).where(
            ScheduleHours.practice_id == practice_id,
            ScheduleHours.practitioner_id == practitioner_id,
        )
    )
    tx.add_all(
        ScheduleHours(
            practice_id=practice_id,
            practitioner_id=practitioner_id,
            weekday=one.weekday,
            opens=one.window.opens,
            closes=one.window.closes,
        )
        for one in set(hours)
    )
    tx.flush()
    mark_openings(tx, practice_id, [practitioner_id], now)


def set_override(
    tx: Transaction,
    practice_id: UUID,
    practitioner_id: UUID,
    override: domain.Override,
    *,
    now: datetime,
) -> None:
    """Replace the windows of one local date; none means closed."""
    windows = [[window.opens, window.closes] for window in override.windows]
    row = insert(ScheduleOverride).values(
        practice_id=practice_id,
        practitioner_id=practitioner_id,
        applies_on=override.on,
        windows=windows,
    )
    tx.execute(
        row.on_conflict_do_update(
            index_elements=["practice_id", "practitioner_id", "applies_on"],
            set_={"windows": windows},
        )
    )
    mark_openings(tx, practice_id, [practitioner_id], now)


def add_policy(tx: Transaction, new: NewPolicy) -> None:
    """Add a version of a policy; one that exists stays as it is. ValueError naming the field."""
    policy = Policy(**asdict(new))
    policy.tiers = [list(tier) for tier in new.tiers]
    policy_of(policy.terms)
    values = {"practice_id": new.practice_id, "id": new.id, **policy.terms}
    tx.execute(insert(Policy).values(values).on_conflict_do_nothing())


def add_offering(tx: Transaction, new: NewOffering, *, now: datetime) -> None:
    """Add an offering, or change all of it but its price, which billing publishes.

    Raises ValueError naming the field where nobody could ever meet as it promises.
    """
    _check_room(tx, new)
    values = asdict(new) | {"formats": list(new.formats)}
    row = insert(Offering).values(values)
    fixed = {"practice_id", "id", "practitioner_id", "price_id", "price_version"}
    changed = {name: row.excluded[name] for name in values if name not in fixed}
    tx.execute(row.on_conflict_do_update(index_elements=["practice_id", "id"], set_=changed))
    mark_openings(tx, new.practice_id, [new.practitioner_id], now)


def _check_room(tx: Transaction, new: NewOffering) -> None:
    """Meeting in person would look offered and never have a free time. Rooms come first."""
    takes_room = new.is_active and new.needs_room and Format.IN_PERSON in new.formats
    if takes_room and not calendars.active_rooms(tx, new.practice_id):
        raise ValueError("needs_room: the practice has no room to meet in person in")


def add_time_off(tx: Transaction, new: NewTimeOff, *, now: datetime) -> None:
    """Add time off; the same id again changes nothing. Sessions within it stay."""
    tx.execute(insert(TimeOff).values(asdict(new)).on_conflict_do_nothing())
    mark_openings(tx, new.practice_id, [new.practitioner_id], now)


def add_closure(tx: Transaction, new: NewClosure, *, now: datetime) -> None:
    """Close the practice; the same id again changes nothing. Sessions within it stay."""
    tx.execute(insert(Closure).values(asdict(new)).on_conflict_do_nothing())
    mark_openings(tx, new.practice_id, calendars.practitioners_of(tx, new.practice_id), now)


def add_room(tx: Transaction, new: NewRoom) -> None:
    """Add a room; the same id again changes nothing."""
    tx.execute(insert(Room).values(asdict(new)).on_conflict_do_nothing())
