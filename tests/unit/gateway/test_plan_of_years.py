"""A plan without an end in the course of years: its page asks about its courses in portions."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.common.auth import Actor
from services.common.errors import ServiceUnavailable
from services.contracts.booking.planned import MOST_COURSES, PlannedCourseView, ShowPlannedCourse
from services.contracts.plans.courses import PlanCourses
from services.gateway.web.plan_course import shown_course
from tests.contracts.samples.booking import OFFERING_VIEW
from tests.contracts.samples.plan_courses import CHOICE
from tests.unit.gateway.stand_ins import ToldBackend
from tests.unit.gateway.test_booking_pages import NOW, booking
from tests.unit.gateway.test_courses import refuse, told
from tests.unit.gateway.test_plan_endings import PLAN


def one_each(asked: ShowPlannedCourse) -> PlannedCourseView:
    """A session of each course, those of later courses earlier."""
    bookings = [
        booking(id=id_, starts_at=NOW - timedelta(days=id_.int)) for id_ in asked.course_ids
    ]
    return PlannedCourseView(offering=OFFERING_VIEW, bookings=bookings)


def shown(number: int, backend: ToldBackend) -> PlannedCourseView | None:
    """What the page of a plan with so many courses has of its sessions."""
    ids = [UUID(int=one) for one in range(number)]
    plan = PLAN.model_copy(update={"dates": PlanCourses(current=CHOICE, course_ids=ids)})
    return asyncio.run(shown_course(backend, Actor(), plan)).course


@pytest.mark.parametrize("number", [0, MOST_COURSES, 2 * MOST_COURSES + 1])
def test_all_sessions_are_shown_by_start(number: int) -> None:
    """However many courses there are, and the offering also before there is one."""
    backend = ToldBackend(told([]) | {ShowPlannedCourse: one_each})
    course = shown(number, backend)
    assert course is not None
    assert course.offering == OFFERING_VIEW
    assert [one.id.int for one in course.bookings] == list(reversed(range(number)))
    asked = [one for one in backend.asked if isinstance(one, ShowPlannedCourse)]
    assert len(asked) == max(1, -(-number // MOST_COURSES))


def test_while_booking_is_away_none_is_told() -> None:
    """Not a part of them: the page shows what plans knows."""
    backend = ToldBackend(told([]) | {ShowPlannedCourse: refuse(ServiceUnavailable("away"))})
    assert shown(2 * MOST_COURSES, backend) is None
