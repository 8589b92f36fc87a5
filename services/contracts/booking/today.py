"""A day at the practice: its sessions, what waits to be marked, the next time that is free."""

from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.booking.bookings import BookingView


class ListDay(Command):
    """Sessions that start in [from_at, until_at), of the actor's own calendar.

    `is_whole`: of all calendars of the practice, for the staff who see all of it. So it is for
    those of them who have no calendar, too.
    """

    from_at: Instant
    until_at: Instant
    is_whole: bool = False


class Gap(View):
    """A time within working hours in which nothing is."""

    starts_at: Instant
    ends_at: Instant


class DayView(View):
    """The sessions by start; `in_time_off` are those, still to come, within time off.

    `is_cut`: the day has more sessions than the first hundred, which are told.
    `waiting` are past sessions of which it was not said who came, the oldest first, and
    `more_waiting` is how many there are beside them. `next_gap` is the next free time of the own
    calendar before the day ends.
    """

    bookings: list[BookingView]
    is_cut: bool = False
    in_time_off: list[UUID] = Field(default_factory=list)
    waiting: list[BookingView] = Field(default_factory=list)
    more_waiting: int = 0
    next_gap: Gap | None = None
