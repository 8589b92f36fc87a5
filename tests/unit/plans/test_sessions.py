"""What became of a session of a plan: whether it takes place, counts, and is told of."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.booking.bookings import Attendance, BookingState
from services.plans.domain.course import Booked, kept, last_kept
from services.plans.domain.sessions import Known, Stop, counts, is_told, takes_place

AT = datetime(2093, 11, 24, 8, 0, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
BEFORE = AT - WEEK
FIRM = Known(uuid4(), AT, BEFORE)
FREE = replace(FIRM, is_given_up=True)
LATE = replace(FREE, is_late=True)
CAME = replace(FIRM, attendance=Attendance.ATTENDED)
MISSED = replace(FIRM, attendance=Attendance.NO_SHOW)
FORGIVEN = replace(MISSED, is_forgiven=True)
FROM_IT, AFTER_IT = Stop(AT, BEFORE + HOUR), Stop(AT + HOUR, BEFORE + HOUR)


@pytest.mark.parametrize(
    ("known", "state", "is_one"),
    [
        (FIRM, BookingState.CONFIRMED, True),
        (CAME, BookingState.ATTENDED, True),
        (MISSED, BookingState.NO_SHOW, True),
        (FORGIVEN, BookingState.NO_SHOW, False),
        (FREE, BookingState.CANCELLED, False),
        (LATE, BookingState.LATE_CANCELLED, True),
    ],
)
def test_what_is_owed_for_counts(known: Known, state: BookingState, is_one: bool) -> None:
    """Attended, to come, or owed for all the same; each is told, and only what was given back
    leaves its time."""
    assert (known.state, counts(known, None), is_told(known, None)) == (state, is_one, True)
    assert takes_place(known, None) == (known not in (FREE, LATE))


@pytest.mark.parametrize("known", [FIRM, FREE, LATE, CAME, MISSED, FORGIVEN])
def test_a_stop_ends_what_was_to_come(known: Known) -> None:
    """What took place or is owed for stays; what is given back with the rest is not told alone."""
    stays = known in (CAME, MISSED, LATE)
    assert counts(known, FROM_IT) == stays
    assert is_told(known, FROM_IT) == stays
    assert counts(known, AFTER_IT) == counts(known, None)
    assert is_told(known, AFTER_IT)


def test_what_moved_behind_a_stop_later_stays() -> None:
    """Its time was told after the stop was said; without knowing when that was, it ends."""
    moved = replace(FIRM, told_at=BEFORE + 2 * HOUR)
    assert takes_place(moved, FROM_IT)
    assert not takes_place(moved, Stop(AT, None))


def test_a_course_goes_by_its_sessions_once_all_are_known() -> None:
    """Until then by the dates that were agreed on."""
    agreed = [AT, AT + WEEK, AT + 2 * WEEK]
    known = [FREE, replace(FIRM, starts_at=AT + 3 * WEEK), replace(LATE, starts_at=AT + 4 * WEEK)]
    course = Booked(agreed, None, None, known)
    assert (kept([course]), last_kept([course])) == (2, AT + 3 * WEEK)
    course = Booked(agreed, None, None, known[:2])
    assert (kept([course]), last_kept([course])) == (3, agreed[-1])


KNOWN = st.builds(
    Known,
    booking_id=st.uuids(),
    starts_at=st.integers(0, 20).map(lambda weeks: AT + weeks * WEEK),
    told_at=st.integers(0, 20).map(lambda hours: BEFORE + hours * HOUR),
    is_given_up=st.booleans(),
    attendance=st.sampled_from(Attendance),
)


@given(st.lists(KNOWN, min_size=1, max_size=12), st.integers(0, 20))
def test_a_stop_never_adds_a_session(sessions: list[Known], weeks: int) -> None:
    """Stopped sooner, no more of them count; what counts is told, and what takes place is kept."""
    stops = [None, *(Stop(AT + at * WEEK, None) for at in (weeks + 1, weeks))]
    numbers = [sum(counts(one, stop) for one in sessions) for stop in stops]
    assert numbers == sorted(numbers, reverse=True)
    for stop in stops:
        assert all(is_told(one, stop) for one in sessions if counts(one, stop))
        assert all(counts(one, stop) for one in sessions if takes_place(one, stop))
