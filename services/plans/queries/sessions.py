"""The sessions that booking told of."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.contracts.booking.bookings import Attendance
from services.plans.models import Course, KnownSession

ABOUT = ("client_id", "practitioner_id", "starts_at", "is_given_up", "is_late")


def of_courses(
    tx: Session, practice_id: UUID, course_ids: Iterable[UUID]
) -> Sequence[KnownSession]:
    """What is known of some courses' sessions by start, as it is now."""
    query = select(KnownSession).where(
        KnownSession.practice_id == practice_id, KnownSession.course_id.in_(list(course_ids))
    )
    fresh = query.execution_options(populate_existing=True)
    return tx.scalars(fresh.order_by(KnownSession.starts_at, KnownSession.booking_id)).all()


def session(tx: Session, practice_id: UUID, booking_id: UUID) -> KnownSession | None:
    """What is known of one."""
    return tx.get(KnownSession, (practice_id, booking_id), populate_existing=True)


def last_held(tx: Session, like: KnownSession, before: datetime) -> datetime | None:
    """When the last session of the same two began that took place before a moment."""
    query = select(func.max(KnownSession.starts_at)).where(
        KnownSession.practice_id == like.practice_id,
        KnownSession.client_id == like.client_id,
        KnownSession.practitioner_id == like.practitioner_id,
        KnownSession.is_given_up.is_(False),
        KnownSession.attendance.is_distinct_from(Attendance.NO_SHOW.value),
        KnownSession.starts_at < before,
    )
    return tx.scalar(query)


def known_starts(
    tx: Session, plan_id: UUID, practice_id: UUID, client_id: UUID, practitioner_id: UUID
) -> list[datetime]:
    """When the sessions begin by which a plan counts, as far as they are known of: its own, and
    those of client and practitioner that are of no plan."""
    of_others = select(Course.course_id).where(
        Course.practice_id == practice_id,
        Course.plan_id != plan_id,
        Course.course_id == KnownSession.course_id,
    )
    query = select(KnownSession.starts_at).where(
        KnownSession.practice_id == practice_id,
        KnownSession.client_id == client_id,
        KnownSession.practitioner_id == practitioner_id,
        KnownSession.is_given_up.is_(False),
        ~of_others.exists(),
    )
    return list(tx.scalars(query.order_by(KnownSession.starts_at)))


def keep_session(tx: Session, **told: object) -> None:
    """Write down what was told of a session, unless something later is known of it; of which course
    it is stays known."""
    row = insert(KnownSession).values(**told, booked_at=told["told_at"])
    new = row.excluded
    changed: dict[str, Any] = {name: new[name] for name in (*ABOUT, "sequence", "told_at")}
    changed["course_id"] = func.coalesce(new.course_id, KnownSession.course_id)
    known = tuple_(KnownSession.sequence, KnownSession.told_at)
    is_later = known < tuple_(new.sequence, new.told_at)
    tx.execute(row.on_conflict_do_update(constraint="sessions_pkey", set_=changed, where=is_later))


def keep_booked(tx: Session, practice_id: UUID, booking_id: UUID, told_at: datetime) -> None:
    """Write down that a session was booked by then at the latest: the first that was told of it
    may come after what was told later."""
    query = update(KnownSession).where(
        *_is(practice_id, booking_id), KnownSession.booked_at > told_at
    )
    tx.execute(query.values(booked_at=told_at))


def keep_attendance(
    tx: Session,
    practice_id: UUID,
    booking_id: UUID,
    attendance: Attendance,
    number: int,
    *,
    is_forgiven: bool,
) -> None:
    """Write down who came to a session that is known, unless something later was said of it."""
    is_said = None if attendance is Attendance.UNMARKED else attendance.value
    query = update(KnownSession).where(
        *_is(practice_id, booking_id),
        KnownSession.marks < number,
    )
    tx.execute(query.values(attendance=is_said, marks=number, is_forgiven=is_forgiven))


def _is(practice_id: UUID, booking_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return KnownSession.practice_id == practice_id, KnownSession.booking_id == booking_id
