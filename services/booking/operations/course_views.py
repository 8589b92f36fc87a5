"""What others are shown of courses."""

from collections.abc import Sequence
from datetime import datetime

from services.booking.domain.course import Placed
from services.booking.domain.series import Break
from services.booking.models import Booking, Course
from services.booking.operations.course import Beginning, instant
from services.booking.operations.planned import Preview
from services.booking.operations.series import Proposal
from services.booking.operations.views import booking_view, offering_view
from services.booking.queries.offerings import Offered
from services.contracts.base import Format
from services.contracts.booking.courses import CourseDate, CoursePreview, CourseReason, CourseView
from services.contracts.booking.planned import PlannedCourseView, PlannedPreview
from services.contracts.booking.series import SeriesBreak, SeriesDate, SeriesPreview


def preview(
    begun: Beginning, dates: Sequence[Placed], now: datetime, join_key: str
) -> CoursePreview:
    """The dates that are proposed."""
    return CoursePreview(
        follows=booking_view(begun.booking, now, join_key),
        offering=offering_view(begun.offered),
        dates=[_date(one) for one in dates],
    )


def _date(one: Placed) -> CourseDate:
    return CourseDate(
        wanted_at=instant(one.wanted),
        starts_at=_or_none(one.starts_at),
        reason=None if one.reason is None else CourseReason(one.reason),
        nearest_at=_or_none(one.nearest),
    )


def planned_preview(found: Preview) -> PlannedPreview:
    """The dates that are proposed for a plan."""
    return PlannedPreview(
        offering=offering_view(found.begun.offered),
        format=Format(found.begun.format),
        first_on=found.first_on,
        starts_at=found.starts_at,
        dates=[_date(one) for one in found.dates],
        offerings=[offering_view(one) for one in found.others],
    )


def planned_view(
    offered: Offered, bookings: Sequence[Booking], now: datetime, join_key: str
) -> PlannedCourseView:
    """The sessions of a plan."""
    return PlannedCourseView(
        offering=offering_view(offered),
        bookings=[booking_view(one, now, join_key) for one in bookings],
    )


def course_view(
    course: Course, bookings: Sequence[Booking], now: datetime, join_key: str
) -> CourseView:
    """A course with its bookings by start."""
    return CourseView(
        id=course.id,
        practice_id=course.practice_id,
        practitioner_id=course.practitioner_id,
        client_id=course.client_id,
        follows_booking_id=course.follows_booking_id,
        is_added=course.is_added,
        bookings=[booking_view(one, now, join_key) for one in bookings],
    )


def series_preview(found: Proposal, now: datetime, join_key: str) -> SeriesPreview:
    """Where the sessions of a series would be."""
    return SeriesPreview(
        booking=booking_view(found.named, now, join_key),
        dates=[
            SeriesDate(booking_id=one.id, from_at=one.starts_at, to=_date(to))
            for one, to in zip(found.moving, found.dates, strict=True)
        ],
        breaks=[series_break(one) for one in found.breaks],
    )


def series_break(found: Break) -> SeriesBreak:
    """What is broken between two sessions of a series."""
    return SeriesBreak(
        kind=found.kind,
        moved_at=instant(found.moved),
        neighbour_at=instant(found.neighbour),
        days_before=found.days_before,
        days_after=found.days_after,
    )


def _or_none(seconds: int | None) -> datetime | None:
    return None if seconds is None else instant(seconds)
