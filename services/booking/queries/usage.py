"""What the time of a practice went into: bookings by their ends, sessions as spans, its hours."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Transaction

from services.booking.domain.calendar import Span
from services.booking.domain.lifecycle import BookingState
from services.booking.models import Booking, ScheduleChange
from services.booking.queries.calendars import epoch
from services.booking.queries.schedules import WEEKLY


class Ended(NamedTuple):
    """How many bookings of a practitioner stand in a state; `is_over`: their time has passed."""

    practitioner_id: UUID
    state: str
    is_over: bool
    bookings: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A practice, and a half-open range of starts."""

    practice_id: UUID
    from_at: datetime
    until_at: datetime

    @property
    def where(self) -> tuple[Any, ...]:
        """Bookings of the range that were firm once; a hold that lapsed was none."""
        return (
            Booking.practice_id == self.practice_id,
            Booking.starts_at >= self.from_at,
            Booking.starts_at < self.until_at,
            Booking.confirmed_at.is_not(None),
        )


def ends(tx: Transaction, asked: Asked, now: datetime) -> list[Ended]:
    """The bookings that were firm once, counted by how they stand."""
    is_over = Booking.ends_at <= now
    columns = Booking.practitioner_id, Booking.state, is_over
    query = select(*columns, func.count()).where(*asked.where).group_by(*columns)
    return [Ended(*row) for row in tx.execute(query)]


def taken(
    tx: Transaction, asked: Asked, states: Collection[BookingState]
) -> dict[UUID, list[Span]]:
    """The time of sessions that stand in these states, by practitioner."""
    starts, finishes = (func.array_agg(epoch(one)) for one in (Booking.starts_at, Booking.ends_at))
    query = select(Booking.practitioner_id, starts, finishes).where(
        *asked.where, Booking.state.in_(states)
    )
    return {
        practitioner_id: list(map(Span, begun, ended))
        for practitioner_id, begun, ended in tx.execute(query.group_by(Booking.practitioner_id))
    }


def weekly_changes(
    tx: Transaction, practice_id: UUID
) -> dict[UUID, list[tuple[datetime, list[list[int]]]]]:
    """When weekly hours were changed and what they were before, by practitioner and in order."""
    query = select(
        ScheduleChange.practitioner_id, ScheduleChange.made_at, ScheduleChange.before
    ).where(ScheduleChange.practice_id == practice_id, ScheduleChange.subject == WEEKLY)
    found: dict[UUID, list[tuple[datetime, list[list[int]]]]] = defaultdict(list)
    for practitioner_id, made_at, before in tx.execute(query.order_by(ScheduleChange.version)):
        found[practitioner_id].append((made_at, before))
    return found
