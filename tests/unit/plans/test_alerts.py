"""Which corrections alert a practitioner who has been alerted before."""

from datetime import UTC, datetime, timedelta

import pytest

from services.plans.domain.alerts import Corrected, is_news

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LOOK = NOW + timedelta(hours=2)


def after(hours: int, asked: int) -> Corrected:
    """Answers some hours after the first ones."""
    return Corrected(NOW + timedelta(hours=hours), asked)


@pytest.mark.parametrize(
    ("asks", "before", "looks", "is_told"),
    [
        (1, [], [], True),
        (1, [after(0, 0)], [], True),
        (3, [after(0, 1)], [None], False),
        (3, [after(0, 1)], [LOOK], True),
        (2, [after(0, 2)], [LOOK], False),
        (1, [after(0, 2)], [LOOK], False),
        (2, [after(3, 0), after(0, 1)], [LOOK], True),
        (2, [after(1, 1), after(0, 3)], [LOOK], True),
        (3, [after(3, 3), after(0, 1)], [None, LOOK], False),
        (3, [after(3, 3), after(0, 1)], [LOOK + timedelta(hours=2), LOOK], False),
    ],
)
def test_a_correction_alerts_where_it_is_worse_than_what_was_seen(
    asks: int, before: list[Corrected], looks: list[datetime | None], *, is_told: bool
) -> None:
    """Nothing was told yet; a look is awaited; it asks for more, or for no more, than was read."""
    assert is_news(asks, before, looks) is is_told
