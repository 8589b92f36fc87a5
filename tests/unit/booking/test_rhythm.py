"""When a rhythm is taken up again."""

from datetime import date

import pytest

from services.booking.domain.rhythm import goes_on


@pytest.mark.parametrize(
    ("last", "weeks", "today", "following"),
    [
        ("2026-11-03", 1, "2026-10-20", "2026-11-10"),
        ("2026-11-05", 1, "2026-10-20", "2026-11-10"),
        ("2026-11-03", 2, "2026-11-20", "2026-12-01"),
        ("2026-11-03", 1, "2026-12-07", "2026-12-08"),
        ("2026-11-03", 1, "2026-12-08", "2026-12-15"),
        (None, 1, "2026-10-05", "2026-10-06"),
        (None, 1, "2026-10-06", "2026-10-13"),
        (None, 2, "2026-10-14", "2026-10-20"),
    ],
)
def test_a_rhythm_is_taken_up_again_after_today(
    last: str | None, weeks: int, today: str, following: str
) -> None:
    """After the last session that stands; where none stands its first date is not passed over."""
    last_on = None if last is None else date.fromisoformat(last)
    found = goes_on(date(2026, 10, 6), last_on, weeks, date.fromisoformat(today))
    assert found == date.fromisoformat(following)
