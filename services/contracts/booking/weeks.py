"""A practitioner's week, as whoever runs the calendar sees it."""

from datetime import date
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Day
from services.contracts.booking.bookings import BookingView


class GetWeek(Command):
    """The week, Monday to Sunday of the schedule's zone, in which `on` lies; without it this one.

    Without `practitioner_id` it is the actor's own calendar in the practice, or else the first
    that they may see.
    """

    practitioner_id: UUID | None = None
    on: Day | None = None


class WeekSpan(View):
    """A part of a week `[starts_at, ends_at)`, UTC, cut at the week's ends."""

    starts_at: Instant
    ends_at: Instant


class WeekView(View):
    """A week of a calendar: its sessions by start, and the hours around them.

    `hours` are the windows without what time off takes from them; `time_off` holds closures and
    closed dates too, `busy` times of other calendars. `in_time_off` is as in `SessionsView`.
    `practitioner_ids`: whose calendars of this practice the actor may see.
    """

    practice_id: UUID
    practitioner_id: UUID
    time_zone: str
    monday: date
    bookings: list[BookingView]
    in_time_off: list[UUID] = Field(default_factory=list)
    hours: list[WeekSpan]
    time_off: list[WeekSpan]
    busy: list[WeekSpan]
    practitioner_ids: list[UUID]
