"""Courses of plans: previewed for a client, shown to both, booked because of an agreement."""

from datetime import time
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from services.common.messages import Command, Event, Instant, View
from services.contracts.base import Day, Format
from services.contracts.booking.bookings import BookingView
from services.contracts.booking.courses import CourseDate, CoursePhase
from services.contracts.booking.offerings import OfferingView

MOST_COURSES = 100
"""Courses that are asked about at once; a plan without an end has more in the course of years."""


class PreviewPlannedCourse(Command):
    """Where the sessions of a plan would fall, for who treats the client; nothing is written.

    As `PreviewCourse`; what is not given is as the client's latest session: its offering and
    format, a week later at its hour. With `usual_on` and `usual_at`, the wish by which the courses
    of `follows` were agreed on, it is as these are: on their weekday and at their hour, or where
    they were moved to together, in their rhythm after the last one that stands.
    """

    practitioner_id: UUID
    client_id: UUID
    phases: Annotated[list[CoursePhase], Field(min_length=1, max_length=10)]
    offering_id: UUID | None = None
    format: Format | None = None
    first_on: Day | None = None
    starts_at: time | None = None
    tolerance_days: Annotated[int, Field(ge=0, le=3)] = 0
    tolerance_minutes: Annotated[int, Field(ge=0, le=12 * 60)] = 0
    follows: Annotated[list[UUID], Field(max_length=MOST_COURSES)] = Field(default_factory=list)
    usual_on: Day | None = None
    usual_at: time | None = None


class PlannedPreview(View):
    """The dates in order, by which wish they were placed, and what else is offered."""

    offering: OfferingView
    format: Format
    first_on: Day
    starts_at: time
    dates: list[CourseDate]
    offerings: list[OfferingView]


class ShowPlannedCourse(Command):
    """The sessions of a plan's courses that the actor may see, and what they are sessions of."""

    practitioner_id: UUID
    offering_id: UUID
    course_ids: Annotated[list[UUID], Field(max_length=MOST_COURSES)]


class PlannedCourseView(View):
    """Sessions by start, given up ones too; with the offering as it is today."""

    offering: OfferingView
    bookings: list[BookingView]


class PlannedCourseEvent(Event):
    """What became of a plan's agreement."""

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = ""

    plan_id: UUID
    choice: int
    course_id: UUID


class CourseBooked(PlannedCourseEvent):
    """All sessions that were agreed on are booked, or the next ones of a plan without an end."""

    type: ClassVar[str] = "course_booked"

    starts: list[Instant] = Field(default_factory=list)


class WhyRefused(StrEnum):
    """Why none of the sessions was booked."""

    DATES_GONE = "dates_gone"
    PRICE_CHANGED = "price_changed"
    NOT_OFFERED = "not_offered"


class CourseRefused(PlannedCourseEvent):
    """None of the sessions was booked; `gone` are the dates that stood against it."""

    type: ClassVar[str] = "course_refused"

    reason: WhyRefused
    gone: list[Instant]


class CourseCancelled(Event):
    """The practice gave back, in its calendar, what of a course was still to come by then; of a
    plan's course those sessions have no date any more.

    `is_added`: its sessions had been added by themselves to those of a plan without an end.
    """

    publisher: ClassVar[str] = "booking"
    type: ClassVar[str] = "course_cancelled"

    course_id: UUID
    is_added: bool = False
