"""Samples of plans' courses: what plans offers of them, and booking."""

from datetime import time

from pydantic import BaseModel

from services.contracts.base import Format
from services.contracts.booking.bookings import BookingState
from services.contracts.booking.planned import (
    CourseBooked,
    CourseCancelled,
    CourseRefused,
    PlannedCourseView,
    PlannedPreview,
    PreviewPlannedCourse,
    ShowPlannedCourse,
    WhyRefused,
)
from services.contracts.plans.content import Stretch
from services.contracts.plans.courses import (
    AgreeToDates,
    ChooseDates,
    CourseState,
    CourseTerms,
    DropDates,
    GetDates,
    PausePlan,
    PlanCourse,
    PlanCourses,
)
from services.contracts.plans.events import (
    CourseRanShort,
    DatesProposed,
    PlanAgreed,
    PlanProposed,
    PlanStopped,
)
from services.contracts.plans.sessions import PlanSession
from tests.contracts.samples.booking import BOOKING_VIEW, COURSE_DATE, OFFERING_VIEW, PHASE
from tests.contracts.samples.plans import PLAN
from tests.contracts.samples.values import (
    ACCOUNT,
    BOOKING,
    CLIENT,
    COURSE,
    LATER,
    MONDAY,
    OCCURRED,
    OFFERING,
    PRACTICE,
    PRACTITIONER,
    PRICE,
    STARTS,
    VERSION,
)

TERMS = CourseTerms(
    offering_id=OFFERING,
    format=Format.ONLINE,
    price_id=PRICE,
    first_on=MONDAY,
    starts_at=time(14),
    tolerance_days=2,
    tolerance_minutes=120,
    skip_weeks=2,
)
CHOICE = PlanCourse(
    choice=2,
    state=CourseState.REFUSED,
    terms=TERMS,
    starts=[STARTS, LATER],
    course_id=COURSE,
    gone=[LATER],
    flaw=WhyRefused.DATES_GONE,
    stopped_from=LATER,
    rolls_every=1,
    added_at=OCCURRED,
    runs_short=WhyRefused.DATES_GONE,
)
SESSION = PlanSession(
    booking_id=BOOKING, starts_at=LATER, state=BookingState.LATE_CANCELLED, counts=True
)
COURSES = PlanCourses(
    current=CHOICE,
    course_ids=[COURSE],
    placed_before=4,
    to_place=[Stretch(weeks_apart=1, sessions=2)],
    may_choose=True,
    may_agree=True,
    may_pause=True,
    placed=5,
    sessions=[SESSION],
    paused_from=LATER,
    pause_until=LATER,
)
PLANS_COMMANDS: list[BaseModel] = [
    ChooseDates(plan_id=PLAN, revision=3, terms=TERMS, starts=[STARTS, LATER]),
    DropDates(plan_id=PLAN, revision=3),
    AgreeToDates(plan_id=PLAN, choice=2),
    GetDates(plan_id=PLAN),
    PausePlan(plan_id=PLAN, revision=3, from_at=LATER),
]
PLANS_VIEWS: list[BaseModel] = [TERMS, CHOICE, SESSION, COURSES]
PLANS_EVENTS: list[BaseModel] = [
    PlanAgreed(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        plan_id=PLAN,
        plan_version=1,
        choice=2,
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        account_id=ACCOUNT,
        offering_id=OFFERING,
        format=Format.ONLINE,
        price_id=PRICE,
        starts=[STARTS, LATER],
        after=OCCURRED,
    ),
    DatesProposed(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        plan_id=PLAN,
        course_id=COURSE,
        account_id=ACCOUNT,
    ),
    PlanProposed(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        plan_id=PLAN,
        version_id=VERSION,
        account_id=ACCOUNT,
    ),
    PlanStopped(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        plan_id=PLAN,
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        course_ids=[COURSE],
        from_at=LATER,
        is_by_client=True,
    ),
    CourseRanShort(
        occurred_at=OCCURRED,
        practice_id=PRACTICE,
        plan_id=PLAN,
        plan_version=1,
        choice=3,
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        account_id=ACCOUNT,
        terms=TERMS,
        follows=[COURSE],
        last_at=STARTS,
        weeks_apart=1,
        sessions=4,
        given_back=1,
    ),
]
BOOKING_COMMANDS: list[BaseModel] = [
    PreviewPlannedCourse(
        practitioner_id=PRACTITIONER,
        client_id=CLIENT,
        phases=[PHASE],
        offering_id=OFFERING,
        format=Format.ONLINE,
        first_on=MONDAY,
        starts_at=time(14),
        tolerance_days=2,
        tolerance_minutes=120,
        follows=[COURSE],
        usual_on=MONDAY,
        usual_at=time(15),
    ),
    ShowPlannedCourse(practitioner_id=PRACTITIONER, offering_id=OFFERING, course_ids=[COURSE]),
]
BOOKING_VIEWS: list[BaseModel] = [
    PlannedPreview(
        offering=OFFERING_VIEW,
        format=Format.ONLINE,
        first_on=MONDAY,
        starts_at=time(14),
        dates=[COURSE_DATE],
        offerings=[OFFERING_VIEW],
    ),
    PlannedCourseView(offering=OFFERING_VIEW, bookings=[BOOKING_VIEW]),
]
_ABOUT = {
    "occurred_at": OCCURRED,
    "practice_id": PRACTICE,
    "plan_id": PLAN,
    "choice": 2,
    "course_id": COURSE,
}
BOOKING_EVENTS: list[BaseModel] = [
    CourseBooked.model_validate(_ABOUT | {"starts": [STARTS]}),
    CourseRefused.model_validate(_ABOUT | {"reason": "dates_gone", "gone": [LATER]}),
    CourseCancelled(occurred_at=OCCURRED, practice_id=PRACTICE, course_id=COURSE, is_added=True),
]
