"""The dates of a plan as they are told to each of its two people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.contracts.booking.bookings import Attendance
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Party, Shape, Stretch
from services.contracts.plans.courses import (
    CourseState,
    CourseTerms,
    PlanCourse,
    PlanCourses,
    course_id_of,
)
from services.contracts.plans.sessions import PlanSession
from services.plans.domain import course as domain
from services.plans.domain.lifecycle import Standing
from services.plans.domain.progress import pause_told, paused_from
from services.plans.domain.sessions import Known, counts
from services.plans.models import Course, KnownSession
from services.plans.queries import sessions

EVER_BOOKED = frozenset({CourseState.BOOKED, CourseState.STOPPED})
Sessions = Mapping[UUID, Sequence[Known]]
"""What is known of each course's sessions."""


def current(found: Sequence[Course]) -> Course | None:
    """The last choice of dates that was not taken back."""
    return next((one for one in reversed(found) if one.state != CourseState.DROPPED), None)


def last_booked(found: Sequence[Course]) -> Course | None:
    """The last choice of dates that was booked."""
    return next((one for one in reversed(found) if one.state in EVER_BOOKED), None)


def is_rolling(last: Course) -> bool:
    """Whether sessions are added to these by themselves."""
    return last.state == CourseState.BOOKED and bool(last.rhythm_after)


def weeks_to_next(found: Sequence[Course]) -> int:
    """How many weeks after its last session a plan goes on by itself; 0 for one that does not."""
    last = last_booked(found)
    if last is None or not is_rolling(last):
        return 0
    return Stretch.model_validate((last.rhythm_after or [])[0]).weeks_apart


def chosen(found: Sequence[Course]) -> Course | None:
    """The dates that are to be agreed to, if there are any."""
    last = current(found)
    return last if last and last.state == CourseState.CHOSEN else None


def sessions_of(tx: Session, found: Sequence[Course]) -> Sessions:
    """What is known of the sessions of a plan's courses."""
    ids = [course_id(one) for one in found if one.state in EVER_BOOKED]
    known: dict[UUID, list[Known]] = {}
    if ids:
        for row in sessions.of_courses(tx, found[0].practice_id, ids):
            if row.course_id is not None:
                known.setdefault(row.course_id, []).append(known_session(row))
    return known


def booked(found: Sequence[Course], known: Sessions) -> list[domain.Booked]:
    """The courses that were booked, for the rules."""
    return [
        domain.Booked(one.starts, one.stopped_from, one.stopped_at, known.get(course_id(one), ()))
        for one in found
        if one.state in EVER_BOOKED
    ]


def to_place(found: Sequence[Course], known: Sessions, shape: Shape) -> list[Stretch]:
    """The sessions of the newest version that have no date."""
    last = last_booked(found)
    runs_short = last is not None and last.runs_short is not None
    return domain.to_place(shape, booked(found, known), runs_short=runs_short)


def plan_courses(
    found: Sequence[Course],
    known: Sessions,
    standing: Standing,
    shape: Shape | None,
    party: Party,
    now: datetime,
) -> PlanCourses:
    """The current dates, all courses, and what can be done. `shape`: of the newest version."""
    last, courses = current(found), booked(found, known)
    state = CourseState(last.state) if last else None
    left = to_place(found, known, shape) if shape else []
    is_shown = state is not None and domain.is_shown(standing, state, party)
    return PlanCourses(
        current=course_view(last) if last and is_shown else None,
        course_ids=[course_id(one) for one in found if one.state in EVER_BOOKED],
        placed_before=domain.kept(booked([it for it in found if it is not last], known)),
        placed=domain.kept(courses),
        to_place=left,
        may_choose=domain.may_choose(standing, state, left, party),
        may_agree=domain.may_agree(standing, state, party),
        may_pause=domain.may_pause(standing, courses, now, party),
        sessions=_told(courses),
        surplus=domain.surplus(shape, courses, now) if shape else [],
        pause_until=domain.last_pause(courses, weeks_to_next(found), now),
        paused_from=pause_told(
            standing.state, state, paused_from(courses, shape.sessions if shape else None)
        ),
    )


def course_view(course: Course) -> PlanCourse:
    """One choice of dates."""
    return PlanCourse(
        choice=course.choice,
        state=CourseState(course.state),
        terms=CourseTerms.model_validate(course.terms),
        starts=course.starts,
        course_id=course_id(course),
        gone=course.gone,
        flaw=WhyRefused(course.flaw) if course.flaw else None,
        stopped_from=course.stopped_from,
        rolls_every=course.rhythm_after[0]["weeks_apart"] if course.rhythm_after else None,
        added_at=course.added_at,
        runs_short=WhyRefused(course.runs_short) if course.runs_short else None,
    )


def course_id(course: Course) -> UUID:
    """The course in booking that a choice becomes."""
    of_choice = course_id_of(course.plan_id, course.version, course.choice)
    return course.course_id or of_choice


def known_session(row: KnownSession) -> Known:
    """A session as it is known, for the rules."""
    return Known(
        booking_id=row.booking_id,
        starts_at=row.starts_at,
        told_at=row.told_at,
        is_given_up=row.is_given_up,
        is_late=row.is_late,
        attendance=Attendance(row.attendance or Attendance.UNMARKED),
        is_forgiven=row.is_forgiven,
    )


def _told(courses: Sequence[domain.Booked]) -> list[PlanSession]:
    told = [(one, it.stop) for it in courses for one in it.told]
    return [
        PlanSession(
            booking_id=one.booking_id,
            starts_at=one.starts_at,
            state=one.state,
            counts=counts(one, stop),
        )
        for one, stop in sorted(told, key=lambda it: (it[0].starts_at, it[0].booking_id))
    ]
