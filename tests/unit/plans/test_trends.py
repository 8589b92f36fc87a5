"""What scores say over time, at each edge of the published rules."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.plans.measures import Course
from services.plans.catalogue.instruments import load_instruments
from services.plans.domain.trends import course_of

BEGAN = datetime(2093, 1, 5, 9, tzinfo=UTC)
LITTLE, WORSE = Course.LITTLE_CHANGE, Course.WORSE
SIX = timedelta(weeks=6)
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("slug", "first", "last", "after", "expected"),
    [
        ("phq-9", 16, 12, SIX, LITTLE),
        ("phq-9", 16, 11, SIX, None),
        ("phq-9", 16, 12, SIX - MOMENT, None),
        ("phq-9", 10, 6, SIX, LITTLE),
        ("phq-9", 9, 9, SIX, None),
        ("phq-9", 4, 9, MOMENT, WORSE),
        ("phq-9", 4, 8, SIX, None),
        ("gad-7", 12, 9, SIX, LITTLE),
        ("gad-7", 12, 8, SIX, None),
        ("gad-7", 5, 9, MOMENT, WORSE),
        ("gad-7", 5, 8, MOMENT, None),
        ("session-rating", 40, 0, SIX, None),
    ],
)
def test_the_last_score_beside_the_first(
    slug: str, first: int, last: int, after: timedelta, expected: Course | None
) -> None:
    """PHQ-9 by 5 points, GAD-7 by 4, after six weeks, from a first score of 10; ours by none."""
    scored = [(BEGAN, first), (BEGAN + after, last)]
    assert course_of(load_instruments()[slug].change, scored) is expected


def test_one_score_says_nothing_of_a_course() -> None:
    """Nor does none."""
    rule = load_instruments()["phq-9"].change
    assert course_of(rule, []) is None
    assert course_of(rule, [(BEGAN, 27)]) is None


def test_what_was_in_between_does_not_matter() -> None:
    """The rule compares the first with the last."""
    rule = load_instruments()["phq-9"].change
    scored = [(BEGAN, 20), (BEGAN + SIX / 2, 3), (BEGAN + SIX, 18)]
    assert course_of(rule, scored) is LITTLE
