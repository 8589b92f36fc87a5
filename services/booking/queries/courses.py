"""Courses by id, and their bookings."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Course


def course(tx: Transaction, practice_id: UUID, course_id: UUID) -> Course | None:
    """A course of the practice."""
    return tx.get(Course, (practice_id, course_id))


def bookings_of(tx: Transaction, course: Course) -> Sequence[Booking]:
    """All bookings of a course by start, given up ones too."""
    return tx.scalars(_of(course)).all()


def fresh_bookings_of(tx: Transaction, course: Course) -> Sequence[Booking]:
    """The same as they are now, locked, for a transaction that has waited for its locks."""
    query = _of(course).with_for_update().execution_options(populate_existing=True)
    return tx.scalars(query).all()


def bookings_of_several(
    tx: Transaction, practice_id: UUID, course_ids: Collection[UUID]
) -> Sequence[Booking]:
    """All bookings of some courses of the practice by start, given up ones too."""
    query = select(Booking).where(
        Booking.practice_id == practice_id, Booking.course_id.in_(course_ids)
    )
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def _of(course: Course) -> Select[Booking]:
    query = select(Booking).where(
        Booking.practice_id == course.practice_id, Booking.course_id == course.id
    )
    return query.order_by(Booking.starts_at, Booking.id)
