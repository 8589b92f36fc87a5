"""Courses of one practice: from a paid session on, asked for by its admin."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from services.booking.models import Booking, Course, Participant, Session
from services.booking.operations import course, course_booking, course_ending, course_views
from services.booking.operations.course_booking import Booked
from services.common.auth import Actor
from services.contracts.booking.courses import (
    BookCourse,
    CancelCourse,
    CourseDate,
    CoursePhase,
    CoursePreview,
    GetCourse,
    PreviewCourse,
)
from tests.integration.booking.practice import NOW, Practice, at

WEEK = timedelta(weeks=1)


def weekly(count: int, *, hour: int = 9, first: int = 1) -> list[datetime]:
    """Tuesdays at an hour, from `first` weeks after the session that they go on from."""
    return [at(hour, days=7 * (first + week)) for week in range(count)]


def pattern(booking: Booking, count: int, **changed: object) -> PreviewCourse:
    """Tuesdays at nine in Berlin, a week after the booking on."""
    asked = PreviewCourse(
        follows_booking_id=booking.id,
        first_on=at(9, days=7).date(),
        starts_at=time(9),
        phases=[CoursePhase(sessions=count, every_weeks=1, least_days=5, most_days=21)],
        tolerance_days=1,
        tolerance_minutes=120,
    )
    return asked.model_copy(update=changed)


def preview(
    practice: Practice, asked: PreviewCourse, *, actor: Actor | None = None, now: datetime = NOW
) -> CoursePreview:
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        begun, dates = course.preview_course(tx, asked, actor=who, now=now)
        return course_views.preview(begun, dates, now, "key")


def starts_of(dates: Sequence[CourseDate]) -> list[datetime]:
    return [one.starts_at for one in dates if one.starts_at is not None]


def wish(
    practice: Practice, booking: Booking, starts: Sequence[datetime], **changed: object
) -> BookCourse:
    asked = BookCourse(
        id=uuid7(),
        follows_booking_id=booking.id,
        price_id=practice.price_id,
        starts=list(starts),
    )
    return asked.model_copy(update=changed)


def book(
    practice: Practice, asked: BookCourse, *, actor: Actor | None = None, now: datetime = NOW
) -> Booked:
    """In a transaction of its own."""
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        return course_booking.book_course(tx, asked, actor=who, now=now)


def get(practice: Practice, course_id: UUID, actor: Actor) -> Booked:
    with practice.transaction(actor) as tx:
        return course.get_course(tx, GetCourse(course_id=course_id), actor=actor)


def cancel(
    practice: Practice, course_id: UUID, *, actor: Actor | None = None, now: datetime = NOW
) -> Booked:
    who = actor or practice.admin
    with practice.transaction(who) as tx:
        return course_ending.cancel_course(
            tx, CancelCourse(course_id=course_id), actor=who, now=now
        )


def rows(practice: Practice) -> dict[str, int]:
    """How many rows of each kind the practice has."""
    kinds = (Course, Session, Booking, Participant)
    with practice.transaction() as tx:
        return {
            kind.__tablename__: tx.scalar(
                select(func.count()).select_from(kind).where(kind.practice_id == practice.id)
            )
            or 0
            for kind in kinds
        }
