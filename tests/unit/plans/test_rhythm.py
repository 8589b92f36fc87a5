"""When something comes round: by known sessions, by weeks otherwise, at each edge."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plans.content import Stretch
from services.contracts.plans.rhythm import Unit
from services.plans.domain.rhythm import (
    CORRECTABLE,
    EARLY,
    Round,
    at_once,
    due_at,
    expected_sessions,
    is_due,
    may_correct,
    next_round,
)

BEGAN = datetime(2093, 1, 5, 9, tzinfo=UTC)
WEEK, MOMENT = timedelta(weeks=1), timedelta(microseconds=1)
WEEKLY = [Stretch(weeks_apart=1)]
THEN_FORTNIGHTLY = [Stretch(weeks_apart=1, sessions=3), Stretch(weeks_apart=2)]


def test_every_two_weeks_waits_from_the_evening_before() -> None:
    """Since it was filled in last, or since the plan began to hold."""
    for last_at, since in ((None, BEGAN), (BEGAN + WEEK, BEGAN + WEEK)):
        round_ = next_round(2, Unit.WEEKS, WEEKLY, began_at=BEGAN, last_at=last_at)
        at = due_at(round_, [])
        assert at == since + 2 * WEEK - EARLY
        assert not is_due(at, at - MOMENT)
        assert is_due(at, at)


def test_known_sessions_are_counted_from_the_last_time() -> None:
    """The one at that very moment is over; the n-th after it makes it due when it begins."""
    starts = [BEGAN + number * WEEK for number in range(5)]
    round_ = next_round(2, Unit.SESSIONS, WEEKLY, began_at=BEGAN, last_at=starts[1])
    assert due_at(round_, starts) == starts[3]


def test_too_few_known_sessions_make_nothing_due() -> None:
    """Who comes once in two months is not asked by the week."""
    round_ = next_round(2, Unit.SESSIONS, WEEKLY, began_at=BEGAN, last_at=None)
    assert due_at(round_, [BEGAN + WEEK]) is None
    assert not is_due(None, BEGAN + 100 * WEEK)


def test_without_known_sessions_the_rhythm_of_the_plan_counts() -> None:
    """Three weekly, then fortnightly: the fourth would be five weeks after the plan began."""
    round_ = next_round(4, Unit.SESSIONS, THEN_FORTNIGHTLY, began_at=BEGAN, last_at=None)
    assert due_at(round_, []) == BEGAN + 5 * WEEK
    assert due_at(round_, [BEGAN - WEEK, BEGAN]) == BEGAN + 5 * WEEK


def test_what_starts_at_once_is_due_from_agreeing() -> None:
    """For a first score to compare later ones with."""
    assert due_at(at_once(BEGAN), [BEGAN + WEEK]) == BEGAN


@pytest.mark.parametrize(("after", "may"), [(CORRECTABLE - MOMENT, True), (CORRECTABLE, False)])
def test_answers_may_be_corrected_for_a_day(after: timedelta, may: bool) -> None:
    """In elapsed hours, whatever zone the client is in."""
    assert may_correct(BEGAN, BEGAN + after) is may


STRETCHES = st.lists(
    st.builds(Stretch, weeks_apart=st.integers(1, 12), sessions=st.integers(1, 20)),
    min_size=1,
    max_size=3,
)


@given(STRETCHES, st.integers(1, 52), st.integers(0, 300))
def test_a_round_ends_after_it_began_and_later_for_more_sessions(
    rhythm: list[Stretch], every: int, days: int
) -> None:
    """Whatever the rhythm is and however long ago it was done last."""
    last_at = BEGAN + timedelta(days=days)
    one, more = (
        next_round(n, Unit.SESSIONS, rhythm, began_at=BEGAN, last_at=last_at)
        for n in (every, every + 1)
    )
    assert last_at < one.expected_at < more.expected_at


@given(st.lists(st.integers(-500, 500), unique=True), st.integers(1, 8))
def test_the_n_th_session_after_it_began_is_what_counts(days: list[int], n: int) -> None:
    """Against counting them one by one; what lies before counts for nothing."""
    starts = sorted(BEGAN + timedelta(days=day) for day in days)
    after = [at for at in starts if at > BEGAN]
    expected = BEGAN + 99 * WEEK
    found = due_at(Round(BEGAN, n, expected), starts)
    if not after:
        assert found == expected
    else:
        assert found == (after[n - 1] if len(after) >= n else None)


def test_expected_sessions_follow_every_stretch() -> None:
    """The last one goes on, whatever number it says."""
    found = islice(expected_sessions(THEN_FORTNIGHTLY, BEGAN), 5)
    assert [(at - BEGAN) // WEEK for at in found] == [1, 2, 3, 5, 7]
