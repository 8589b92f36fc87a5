"""A practitioner's hours: weekly, of a date, time off."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.contracts.base import Day, Key
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.offerings import OfferingView

WallTime = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""What a clock in the schedule's zone shows, "09:00"; "24:00" is midnight at the day's end."""


class Hours(View):
    """A window `[opens, closes)` of one day, on the 5-minute grid."""

    opens: WallTime
    closes: WallTime


MOST_WINDOWS = 12

Windows = Annotated[list[Hours], Field(max_length=MOST_WINDOWS)]


class WeekdayHours(View):
    """The windows of an ISO weekday, 1 (Monday) to 7 (Sunday); none means closed."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    windows: Windows


Week = Annotated[list[WeekdayHours], Field(max_length=7)]
"""Weekly hours; weekdays that are left out are closed."""


class DateHours(View):
    """The windows of one date in place of its weekly hours; none means closed."""

    on: date
    windows: list[Hours]


class TimeOffView(View):
    """When a practitioner is away, UTC; with `first_on` and `last_on` where it is whole days."""

    id: UUID
    starts_at: Instant
    ends_at: Instant
    first_on: date | None = None
    last_on: date | None = None


class ScheduleSubject(StrEnum):
    """What of a calendar was changed."""

    WEEKLY = "weekly"
    DATE = "date"
    TIME_OFF = "time_off"


class TouchedSession(View):
    """A booking, still to come, in time off or on a closed date; it stays until it is moved."""

    booking_id: UUID
    client_id: UUID
    offering_name: str
    state: BookingState
    starts_at: Instant
    ends_at: Instant


class ScheduleChangeView(View):
    """A change that can be undone. `on` is the date of other hours, or when time off begins.

    `touched` are bookings over which undoing it puts time off or a closed date back, and
    `sessions_seen` names just these.
    """

    version: int
    subject: ScheduleSubject
    on: date | None = None
    is_removal: bool = False
    made_at: Instant
    touched: list[TouchedSession] = Field(default_factory=list)
    sessions_seen: Key | None = None


class AvailabilityView(View):
    """A calendar as its staff edit it: what is past is left out.

    `version` counts changes; whoever changes something names the version that they saw.
    `in_time_off`: bookings to be moved or cancelled, or to be held all the same, by start; a
    closed date is time off of that day.
    """

    practice_id: UUID
    practitioner_id: UUID
    time_zone: str
    version: int
    weekly: list[WeekdayHours]
    dates: list[DateHours]
    time_off: list[TimeOffView]
    last_change: ScheduleChangeView | None = None
    in_time_off: list[TouchedSession] = Field(default_factory=list)


class ListCalendars(Command):
    """The practitioners of the actor's practice whose calendars the actor may edit."""


class CalendarsView(View):
    """Whose calendars they are."""

    practitioner_ids: list[UUID]


class GetAvailability(Command):
    """A calendar's hours, for its practitioner and the practice's front desk."""

    practitioner_id: UUID


class ScheduleCommand(Command):
    """A change of a calendar. `id` names this act; `version` is what its author saw."""

    id: UUID
    practitioner_id: UUID
    version: Annotated[int, Field(ge=1)]


class SetWeeklyHours(ScheduleCommand):
    """Replace the weekly hours; sessions outside of them stay."""

    weekly: Week


class SetDateHours(ScheduleCommand):
    """Other hours on one date, none to be closed; without `windows` the weekly ones again.

    Closed, it is like time off of that day: `sessions_seen` as there.
    """

    on: Day
    windows: Windows | None = None
    sessions_seen: Key | None = None


class AddTimeOff(ScheduleCommand):
    """Be away on local dates, both included; `id` names the time off, too.

    `from_time` is when it begins on the first date, `until_time` when it ends on the last.
    Bookings that it overlaps stay. Whoever adds it must have seen them: `sessions_seen` is what
    `PreviewTimeOff` told; without it, or where others are touched by now, SessionsTouched.
    """

    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None
    sessions_seen: Key | None = None


class PreviewTimeOff(Command):
    """Which bookings time off would overlap; nothing is saved."""

    practitioner_id: UUID
    first_on: Day
    last_on: Day
    from_time: WallTime | None = None
    until_time: WallTime | None = None


class TimeOffPreview(View):
    """They, by start, and what names just these."""

    sessions: list[TouchedSession]
    sessions_seen: Key


class RemoveTimeOff(ScheduleCommand):
    """Be there after all."""

    time_off_id: UUID


class UndoScheduleChange(ScheduleCommand):
    """Undo the change that made `version`, as long as nothing was changed after it.

    Where that puts time off or a closed date back over bookings, `sessions_seen` is what
    `last_change` told of them.
    """

    sessions_seen: Key | None = None


class PreviewSlots(Command):
    """What clients would see on dates of the schedule's zone, both included, at most 31.

    With `weekly` as if those were the weekly hours; nothing is saved.
    """

    practitioner_id: UUID
    offering_id: UUID
    from_on: Day
    until_on: Day
    weekly: Week | None = None


class SlotPreview(View):
    """The starts that clients would see, UTC, ascending."""

    offering: OfferingView
    starts: list[Instant]
