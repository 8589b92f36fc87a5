"""The dates of a plan as they are told to each of its two people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Party, Shape, Stretch
from services.contracts.plans.courses import (
    CourseState,
    CourseTerms,
    PlanCourse,
    PlanCourses,
    course_id_of,
)
from services.plans.domain import course as domain
from services.plans.domain.lifecycle import Standing
from services.plans.models import Course

EVER_BOOKED = frozenset({CourseState.BOOKED, CourseState.STOPPED})


def current(found: Sequence[Course]) -> Course | None:
    """The last choice of dates that was not taken back."""
    return next((one for one in reversed(found) if one.state != CourseState.DROPPED), None)


def last_booked(found: Sequence[Course]) -> Course | None:
    """The last choice of dates that was booked."""
    return next((one for one in reversed(found) if one.state in EVER_BOOKED), None)


def chosen(found: Sequence[Course]) -> Course | None:
    """The dates that are to be agreed to, if there are any."""
    last = current(found)
    return last if last and last.state == CourseState.CHOSEN else None


def booked(found: Sequence[Course]) -> list[domain.Booked]:
    """The courses that were booked, for the rules."""
    return [
        domain.Booked(one.starts, one.stopped_from) for one in found if one.state in EVER_BOOKED
    ]


def to_place(found: Sequence[Course], shape: Shape) -> list[Stretch]:
    """The sessions of the newest version that have no date yet."""
    last = last_booked(found)
    runs_short = last is not None and last.runs_short is not None
    return domain.to_place(shape, booked(found), runs_short=runs_short)


def plan_courses(
    found: Sequence[Course], standing: Standing, shape: Shape | None, party: Party, now: datetime
) -> PlanCourses:
    """The current dates, all courses, and what can be done. `shape`: of the newest version."""
    last = current(found)
    state = CourseState(last.state) if last else None
    left = to_place(found, shape) if shape else []
    is_told = state is not None and domain.is_shown(standing, state, party)
    return PlanCourses(
        current=course_view(last) if last and is_told else None,
        course_ids=[course_id(one) for one in found if one.state in EVER_BOOKED],
        placed_before=domain.kept(booked([it for it in found if it is not last])),
        to_place=left,
        may_choose=domain.may_choose(standing, state, left, party),
        may_agree=domain.may_agree(standing, state, party),
        may_pause=domain.may_pause(standing, booked(found), now, party),
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
