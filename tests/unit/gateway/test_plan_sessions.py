"""The sessions of a plan on its pages: numbered as they count, used and left, cancelled beside."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.contracts.booking.bookings import BookingState, BookingView
from services.contracts.booking.planned import PlannedCourseView
from services.contracts.plans.content import Party, Stretch
from services.contracts.plans.courses import CourseState, PlanCourses
from services.contracts.plans.sessions import PlanSession
from services.contracts.plans.views import PlanView
from services.gateway.web import labels
from services.gateway.web.plan_course import Shown, course_context
from services.gateway.web.plan_sessions import NO_PLACE, session_name
from tests.contracts.samples.booking import OFFERING_VIEW
from tests.contracts.samples.plan_courses import CHOICE
from tests.contracts.samples.plans import VIEWS
from tests.unit.gateway.test_booking_pages import NOW, SHOWN, booking

PLAN = next(one for one in VIEWS if isinstance(one, PlanView))
WEEK = timedelta(weeks=1)
CURRENT = CHOICE.model_copy(
    update={
        "state": CourseState.BOOKED,
        "flaw": None,
        "runs_short": None,
        "rolls_every": None,
        "stopped_from": None,
    }
)
STATES = [
    (BookingState.ATTENDED, True),
    (BookingState.CANCELLED, False),
    (BookingState.LATE_CANCELLED, True),
    (BookingState.NO_SHOW, False),
    (BookingState.CONFIRMED, True),
]
"""Two weeks ago, and one after the other; the last two are to come."""


def in_state(number: int, state: BookingState) -> BookingView:
    starts_at = NOW + (number - 3) * WEEK + timedelta(days=1)
    return booking(
        id=UUID(int=number + 1),
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=50),
    )


BOOKINGS = [in_state(number, state) for number, (state, _) in enumerate(STATES)]
HEARD = [
    PlanSession(booking_id=one.id, starts_at=one.starts_at, state=state, counts=counts)
    for one, (state, counts) in zip(BOOKINGS, STATES, strict=True)
]


def context(
    bookings: list[BookingView] | None, state: CourseState = CourseState.BOOKED, **dates: object
) -> dict[str, object]:
    """What the page says of a plan whose sessions stand so; None while booking is away."""
    told = PlanCourses(
        current=CURRENT.model_copy(update={"state": state}), sessions=HEARD
    ).model_copy(update=dates)
    plan = PLAN.model_copy(update={"dates": told, "open": None})
    course = None
    if bookings is not None:
        course = PlannedCourseView(offering=OFFERING_VIEW, bookings=bookings)
    return course_context(plan, Shown(course, "€95"), SHOWN, NOW)


def names(found: dict[str, object], part: str = "lines") -> list[tuple[str, str]]:
    """Name and status of each line."""
    lines = found[part]
    assert isinstance(lines, list)
    return [(one["name"].split(" of ")[0], one["status"]["label"]) for one in lines]


EXPECTED = [
    ("Session 1", "Attended"),
    (NO_PLACE, "Cancelled"),
    ("Session 2", "Cancelled late"),
    (NO_PLACE, "Missed"),
    ("Session 3", "Confirmed"),
]


@pytest.mark.parametrize("bookings", [BOOKINGS, None])
def test_only_what_counts_has_a_number(bookings: list[BookingView] | None) -> None:
    """Also while booking cannot be asked: plans knows its sessions."""
    found = context(bookings)
    assert names(found) == EXPECTED
    assert found["count_label"] == "3 sessions"


def test_what_is_used_is_owed_for_or_over() -> None:
    """The rest is left; what did not take place is said, and whether it counts."""
    progress = context(BOOKINGS)["progress"]
    assert isinstance(progress, dict)
    assert progress["label"].startswith("2 sessions used")
    assert progress["next"]["name"].startswith("Session 3")
    assert progress["notes"] == [
        "1 session cancelled without a charge: not counted.",
        "1 session cancelled late: counted as used.",
        "1 session missed without a charge: not counted.",
    ]


def test_a_plan_without_an_end_has_nothing_left() -> None:
    """It says how many are booked, and no bar shows a share of what has no end."""
    assert PLAN.agreed is not None
    shape = PLAN.agreed.content.shape.model_copy(update={"sessions": None})
    content = PLAN.agreed.content.model_copy(update={"shape": shape})
    endless = PLAN.agreed.model_copy(update={"content": content})
    dates = PlanCourses(current=CURRENT, sessions=HEARD)
    plan = PLAN.model_copy(update={"dates": dates, "open": None, "agreed": endless})
    course = PlannedCourseView(offering=OFFERING_VIEW, bookings=BOOKINGS)
    found = course_context(plan, Shown(course, "€95"), SHOWN, NOW)["progress"]
    assert (found["label"], found["total"]) == ("2 sessions used, 1 booked", None)


def test_what_plans_has_not_heard_of_shows_as_booking_tells_it() -> None:
    """A session that is new counts; one that was given back with a pause is not told alone."""
    new = [in_state(5, BookingState.CONFIRMED), in_state(6, BookingState.CANCELLED)]
    assert names(context([*BOOKINGS, *new])) == [*EXPECTED, ("Session 4", "Confirmed")]


def test_a_session_is_shown_where_booking_has_it_now() -> None:
    """Moved a moment ago, and plans will hear of it."""
    moved: datetime = BOOKINGS[4].starts_at + WEEK
    now = [*BOOKINGS[:4], BOOKINGS[4].model_copy(update={"starts_at": moved})]
    lines = context(now)["lines"]
    assert isinstance(lines, list)
    assert lines[4]["starts_at"] == moved.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize(
    ("left", "label"),
    [(0, ""), (1, "1 session of this plan has no date."), (2, "2 sessions of this plan have")],
)
def test_sessions_without_a_date_are_offered_one(left: int, label: str) -> None:
    """To both of a plan's people; the practitioner's page leads to choosing it."""
    stretches = [Stretch(weeks_apart=1, sessions=left)] if left else []
    told = str(context(BOOKINGS, to_place=stretches)["open_label"])
    assert told.startswith(label)
    assert bool(told) == bool(left)


def test_no_session_is_the_fifth_of_four() -> None:
    """A plan that was agreed to be shorter than what was held."""
    assert PLAN.agreed is not None
    shape = PLAN.agreed.content.shape.model_copy(update={"sessions": 4})
    content = PLAN.agreed.content.model_copy(update={"shape": shape})
    shorter = PLAN.agreed.model_copy(update={"content": content})
    assert session_name(shorter, 4).startswith("Session 4 of 4")
    assert session_name(shorter, 5).startswith("Session 5")
    assert " of " not in session_name(shorter, 5).split(",")[0]


@pytest.mark.parametrize("party", list(Party))
def test_sessions_for_which_a_shorter_plan_has_no_place_are_named_before_it_is_agreed_to(
    party: Party,
) -> None:
    """Each with its day, and that nothing is owed for it; without a version that is open none."""
    told = PlanCourses(current=CURRENT, sessions=HEARD, placed=3, surplus=[BOOKINGS[4].starts_at])
    plan = PLAN.model_copy(update={"dates": told, "open": PLAN.agreed, "party": party})
    found = course_context(plan, Shown(None, ""), SHOWN, NOW)["surplus"]
    assert "3 are booked" in found["label"]
    assert "the last one is cancelled" in found["label"]
    assert "nothing is owed" in found["label"]
    assert len(found["lines"]) == 1
    assert found["seen"] == BOOKINGS[4].starts_at.isoformat()
    settled = plan.model_copy(update={"open": None})
    assert course_context(settled, Shown(None, ""), SHOWN, NOW)["surplus"] is None


def test_sessions_that_were_cancelled_are_told_where_they_were_last() -> None:
    """Not where they were agreed on, for they were moved since; while booking is away as agreed."""
    end = BOOKINGS[4].starts_at + WEEK
    gone = in_state(6, BookingState.CANCELLED).model_copy(
        update={"course_id": CURRENT.course_id, "starts_at": end + timedelta(days=3)}
    )
    stopped = CURRENT.model_copy(update={"stopped_from": end, "starts": [end + timedelta(days=1)]})
    stands = HEARD[4].model_copy(update={"starts_at": end + WEEK})
    known = [*HEARD, stands]
    booked = context([*BOOKINGS, gone], current=stopped, sessions=known)
    told = str(booked["given_back_label"])
    assert labels.moment_label(gone.starts_at, SHOWN.info, NOW) in told
    assert labels.moment_label(stopped.starts[0], SHOWN.info, NOW) not in told
    away = str(context(None, current=stopped, sessions=known)["given_back_label"])
    assert labels.moment_label(stopped.starts[0], SHOWN.info, NOW) in away


def test_what_a_shorter_plan_gave_back_is_no_pause() -> None:
    """All that the plan has is placed: no new dates are promised for what was given back."""
    assert PLAN.agreed is not None
    total = PLAN.agreed.content.shape.sessions
    assert total is not None
    stopped = CURRENT.model_copy(
        update={"state": CourseState.STOPPED, "stopped_from": NOW + WEEK * 20}
    )
    told = context(BOOKINGS, current=stopped, placed=total)["shortened_label"]
    assert str(told).startswith(f"The plan has {total} sessions now")
    assert context(BOOKINGS, current=stopped, placed=total - 1)["shortened_label"] == ""


def test_what_is_booked_stays_in_sight_beside_new_dates() -> None:
    """The dates that wait for an answer, and under them the sessions that stand."""
    found = context(BOOKINGS, CourseState.CHOSEN, placed_before=3)
    assert names(found, "beside") == EXPECTED
    lines = found["lines"]
    assert isinstance(lines, list)
    assert lines[0]["name"].startswith("Session 4")
    assert found["open_label"] == ""
