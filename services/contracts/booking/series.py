"""Moving sessions of courses together: this one, this and those that follow, or all to come.

A series is all sessions of one kind that a client has with a practitioner in courses, whether they
were agreed on at once, chosen later or added by themselves.
"""

from datetime import time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Day
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import MOST_SESSIONS, CourseDate


class MoveScope(StrEnum):
    """Which sessions move: the one that is named, it and those after it, or all to come."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class BreakKind(StrEnum):
    """What of a course a move breaks, between a session that moves and its neighbour.

    `order`: it would come before the one that it follows; `too_near`: not even four local dates
    lie between; `spacing`: it would be nearer to or further from one that stays than before by
    more than three.
    """

    ORDER = "order"
    TOO_NEAR = "too_near"
    SPACING = "spacing"


class PreviewSeriesMove(Command):
    """Where the sessions would be if the named one went to `on` at `at`; nothing is written.

    On the clock of the schedule's zone. The others keep their order and the weeks between them;
    each may stray by `tolerance_days` and `tolerance_minutes`, and `skip_weeks` may be left out in
    a row. For the practice's staff, whom neither notice nor window binds.
    """

    booking_id: UUID
    scope: MoveScope
    on: Day
    at: time
    tolerance_days: Annotated[int, Field(ge=0, le=3)] = 0
    tolerance_minutes: Annotated[int, Field(ge=0, le=12 * 60)] = 0
    skip_weeks: Annotated[int, Field(ge=0, le=8)] = 0


class SeriesDate(View):
    """A session that is now at `from_at`, as it would be placed."""

    booking_id: UUID
    from_at: Instant
    to: CourseDate


class SeriesBreak(View):
    """Between the session that would be at `moved_at` and its neighbour, moved or not."""

    kind: BreakKind
    moved_at: Instant
    neighbour_at: Instant
    days_before: int
    days_after: int


class SeriesPreview(View):
    """The sessions of the scope in order; `breaks`: what the move does to order and spacing."""

    booking: BookingView
    dates: list[SeriesDate]
    breaks: list[SeriesBreak] = Field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether every session has its date."""
        return all(one.to.starts_at is not None for one in self.dates)


class PreviewReschedule(Command):
    """What of its course a session would break if it alone went to `starts_at`; nothing is
    written. For whoever may see it."""

    booking_id: UUID
    starts_at: Instant


class ReschedulePreview(View):
    """What the move does to order and spacing; nothing where the session is of no course."""

    breaks: list[SeriesBreak] = Field(default_factory=list)


class SessionMove(View):
    """One session, where it was when it was looked at, and where it shall be."""

    booking_id: UUID
    from_at: Instant
    starts_at: Instant


class MoveSeries(Command):
    """Move sessions to the dates that were shown, all of them or none. `id` names this act.

    `moves` are all sessions of the scope; one that was moved, given back or added meanwhile is
    noticed. `accepts_breaks`: what is broken was shown. For the practice's staff.
    """

    id: UUID
    booking_id: UUID
    scope: MoveScope
    moves: Annotated[list[SessionMove], Field(min_length=1, max_length=MOST_SESSIONS)]
    accepts_breaks: bool = False
    is_client_told: bool = True


class MoveSeriesBack(Command):
    """Undo a move: the sessions that one act moved go back, all of them or none. `id` names this
    act, `booking_id` one of the series.

    `moves` lead from where that act put each to where it was before; one that was moved or given
    back meanwhile is noticed. For the practice's staff.
    """

    id: UUID
    booking_id: UUID
    moves: Annotated[list[SessionMove], Field(min_length=1, max_length=MOST_SESSIONS)]
    is_client_told: bool = True


class MovedSeries(View):
    """The sessions that were to move, as they are now."""

    bookings: list[BookingView]
