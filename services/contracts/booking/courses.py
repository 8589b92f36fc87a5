"""Courses: sessions booked as one promise."""

from datetime import time
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Instant, View
from services.contracts.base import Day
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.offerings import OfferingView

MOST_SESSIONS = 60

Weeks = Annotated[int, Field(ge=1, le=13)]

Apart = Annotated[int, Field(ge=4, le=730)]


class CoursePhase(View):
    """Sessions in one rhythm: every so many weeks, `least_days` to `most_days` after the session
    before, counted in local dates."""

    sessions: Annotated[int, Field(ge=1, le=MOST_SESSIONS)]
    every_weeks: Weeks
    least_days: Apart
    most_days: Apart


class PreviewCourse(Command):
    """Where the further sessions of a booking's client would fall; nothing is written.

    They are of the booking's offering and format, in its practitioner's calendar: from `first_on`
    at `starts_at` on the clock of the schedule's zone, each at most `tolerance_days` and
    `tolerance_minutes` off to either side. For the practice's staff, whom neither notice nor
    window binds.
    """

    follows_booking_id: UUID
    first_on: Day
    starts_at: time
    phases: Annotated[list[CoursePhase], Field(min_length=1, max_length=10)]
    tolerance_days: Annotated[int, Field(ge=0, le=3)] = 0
    tolerance_minutes: Annotated[int, Field(ge=0, le=12 * 60)] = 0


class CourseReason(StrEnum):
    """Why a session of a course is not where its rhythm has it."""

    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    DOES_NOT_FIT = "does_not_fit"
    TIME_OFF = "time_off"
    TAKEN = "taken"
    BUSY = "busy"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    DAY_FULL = "day_full"
    WEEK_FULL = "week_full"
    NO_ROOM = "no_room"
    CLIENT_ELSEWHERE = "client_elsewhere"
    SPACING = "spacing"


class CourseDate(View):
    """One session of a course as it would be placed, UTC.

    `starts_at` is null where it cannot be, and `nearest_at` then the next free start at any hour.
    """

    wanted_at: Instant
    starts_at: Instant | None
    reason: CourseReason | None = None
    nearest_at: Instant | None = None


class CoursePreview(View):
    """The dates of a course in order, and what they would be sessions of."""

    follows: BookingView
    offering: OfferingView
    dates: list[CourseDate]

    @property
    def is_whole(self) -> bool:
        """Whether every session has its date."""
        return all(one.starts_at is not None for one in self.dates)


class BookCourse(Command):
    """Book these sessions as one promise: all of them or none. `id` names the course.

    They go on from a booking, as `PreviewCourse` does. Firm at once and not paid for here: the
    practice's staff book, and the practice asks for the money by itself. `price_id` is the price
    that was shown. SlotTaken tells the dates that went, `detail["taken"]`, and for each a free
    start that goes with the others or nothing, `detail["nearest"]`; RFC 3339, by comma.
    """

    id: UUID
    follows_booking_id: UUID
    price_id: UUID
    starts: Annotated[list[Instant], Field(min_length=1, max_length=MOST_SESSIONS)]


class GetCourse(Command):
    """The sessions of a course that the actor may see."""

    course_id: UUID


class CancelCourse(Command):
    """Give back all sessions of a course that are still to come, for the practice's staff."""

    course_id: UUID


class CourseView(View):
    """A course with its bookings by start; moved and cancelled ones stay in it.

    `is_added`: it was booked by itself, in the rhythm of sessions that were agreed on.
    """

    id: UUID
    practice_id: UUID
    practitioner_id: UUID
    client_id: UUID
    follows_booking_id: UUID
    bookings: list[BookingView]
    is_added: bool = False
