"""Which sessions of a plan have no date, for who chooses them, and since when it is paused."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.plans.content import Party, PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.sessions import PlanProgress
from services.plans.domain.course import Booked
from services.plans.domain.progress import pause_told, paused_from, undated

SHORT, ENDLESS = PlanProgress(used=1, total=6, placed=4), PlanProgress(used=1, placed=4)


@pytest.mark.parametrize(
    ("state", "dates", "progress", "left"),
    [
        (PlanState.ACTIVE, CourseState.BOOKED, SHORT, 2),
        (PlanState.ACTIVE, CourseState.STOPPED, SHORT, 2),
        (PlanState.ACTIVE, CourseState.CHOSEN, SHORT, 0),
        (PlanState.ACTIVE, CourseState.AGREED, SHORT, 0),
        (PlanState.ACTIVE, None, None, 0),
        (PlanState.ACTIVE, CourseState.BOOKED, ENDLESS, 0),
        (PlanState.ACTIVE, CourseState.BOOKED, SHORT.model_copy(update={"placed": 7}), 0),
        (PlanState.ENDED, CourseState.STOPPED, SHORT, 0),
    ],
)
def test_sessions_without_a_date_are_counted_once_others_were_booked(
    state: PlanState, dates: CourseState | None, progress: PlanProgress | None, left: int
) -> None:
    """Not while dates are on their way, nor without an end; the client is not asked for it."""
    assert undated(state, dates, progress, Party.PRACTITIONER) == left
    assert undated(state, dates, progress, Party.CLIENT) == 0


FIRST = datetime(2093, 11, 24, 8, 0, tzinfo=UTC)
WEEKS = [FIRST + timedelta(weeks=number) for number in range(4)]
STOPPED = Booked(WEEKS, WEEKS[2])
LATER = Booked([at + timedelta(weeks=8) for at in WEEKS], FIRST + timedelta(weeks=9))


@pytest.mark.parametrize(
    ("booked", "total", "end"),
    [
        ([], None, None),
        ([Booked(WEEKS, None)], None, None),
        ([STOPPED], None, WEEKS[2]),
        ([STOPPED], 6, WEEKS[2]),
        ([STOPPED], 2, None),
        ([STOPPED, Booked(LATER.starts, None)], None, None),
        ([STOPPED, LATER], None, LATER.stopped_from),
        ([Booked(WEEKS, FIRST + timedelta(weeks=30))], None, FIRST + timedelta(weeks=30)),
    ],
)
def test_a_plan_is_paused_where_nothing_of_it_goes_on(
    booked: list[Booked], total: int | None, end: datetime | None
) -> None:
    """From the last end on, with an end or without; not one that has all it was agreed to have."""
    assert paused_from(booked, total) == end


@pytest.mark.parametrize(
    ("state", "dates", "is_told"),
    [
        (PlanState.ACTIVE, CourseState.STOPPED, True),
        (PlanState.IN_REVIEW, CourseState.STOPPED, True),
        (PlanState.ACTIVE, CourseState.CHOSEN, False),
        (PlanState.ACTIVE, CourseState.AGREED, False),
        (PlanState.ENDED, CourseState.STOPPED, False),
    ],
)
def test_a_pause_is_told_until_the_plan_ends_or_new_dates_are_on_their_way(
    state: PlanState, dates: CourseState, is_told: bool
) -> None:
    """Ending gives sessions back as well, and is no pause."""
    assert pause_told(state, dates, FIRST) == (FIRST if is_told else None)
