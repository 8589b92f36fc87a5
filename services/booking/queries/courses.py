"""Courses by id, and their bookings."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session as Transaction

from services.booking.models import Booking, Change, Course, Session
from services.booking.queries.bookings import TAKEN_PLACE


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


def series_of(tx: Transaction, booking: Booking) -> Sequence[Booking]:
    """All sessions like this one that its client has in courses of the same plan, or in those
    without one, with its practitioner and that were not given back, by start, as they are now."""
    plan_id = select(Course.plan_id).where(
        Course.practice_id == booking.practice_id, Course.id == booking.course_id
    )
    of_course = (Course.practice_id == Booking.practice_id) & (Course.id == Booking.course_id)
    query = select(Booking).join(Course, of_course)
    query = query.where(
        Course.plan_id.is_not_distinct_from(plan_id.scalar_subquery()),
        Booking.practice_id == booking.practice_id,
        Booking.practitioner_id == booking.practitioner_id,
        Booking.client_id == booking.client_id,
        Booking.offering_id == booking.offering_id,
        Booking.format == booking.format,
        Booking.state.in_(TAKEN_PLACE),
    )
    fresh = query.execution_options(populate_existing=True)
    return tx.scalars(fresh.order_by(Booking.starts_at, Booking.id)).all()


def moved_together(
    tx: Transaction, practice_id: UUID, course_ids: Collection[UUID]
) -> Sequence[Booking]:
    """The sessions of some courses that were moved in one act, the last such act since their dates
    were last agreed on, as they are now; none where there was no such act."""
    agreed_at = select(func.max(Course.booked_at)).where(
        Course.practice_id == practice_id, Course.id.in_(course_ids), ~Course.is_added
    )
    is_of = (Booking.practice_id == practice_id) & Booking.course_id.in_(course_ids)
    is_act = (Change.practice_id == Booking.practice_id) & (Change.booking_id == Booking.id)
    moves = select(Change.id).join(Booking, is_act).where(is_of, Change.kind == "rescheduled")
    last = (
        moves.where(Change.made_at >= agreed_at.scalar_subquery())
        .group_by(Change.id)
        .having(func.count() > 1)
        .order_by(func.max(Change.made_at).desc(), Change.id.desc())
        .limit(1)
    )
    query = select(Booking).join(Change, is_act)
    query = query.where(is_of, Change.id == last.scalar_subquery())
    return tx.scalars(query.order_by(Booking.starts_at, Booking.id)).all()


def sessions_of(tx: Transaction, bookings: Sequence[Booking]) -> dict[UUID, Session]:
    """The sessions of some bookings of one practice, each by its booking's id."""
    ids = [one.session_id for one in bookings]
    practice_ids = {one.practice_id for one in bookings}
    query = select(Session).where(Session.practice_id.in_(practice_ids), Session.id.in_(ids))
    found = {one.id: one for one in tx.scalars(query)}
    return {one.id: found[one.session_id] for one in bookings}


def _of(course: Course) -> Select[Booking]:
    query = select(Booking).where(
        Booking.practice_id == course.practice_id, Booking.course_id == course.id
    )
    return query.order_by(Booking.starts_at, Booking.id)
