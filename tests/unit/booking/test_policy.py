"""What a cancellation gives back, to the second and over DST nights."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.policy import (
    CancellationPolicy,
    CancelledBy,
    Tier,
    free_until,
    is_late,
    may_reschedule,
    refund_percent,
    reschedule_until,
)
from tests.unit.booking.cases import BERLIN, instant

START = instant("2026-11-24 14:00", BERLIN)
TWO_TIERS = CancellationPolicy(1, (Tier(48, 100), Tier(24, 50)), reschedule_hours=24)
NEVER_FREE = CancellationPolicy(1, (Tier(24, 50),))
ALWAYS_FREE = CancellationPolicy(1, (), late_percent=100)

policies = st.builds(
    lambda hours, percents, late: CancellationPolicy(
        1,
        tuple(
            Tier(h, p)
            for h, p in zip(
                sorted(hours, reverse=True), sorted(percents, reverse=True), strict=False
            )
        ),
        late_percent=late,
    ),
    st.lists(st.integers(1, 200), unique=True, max_size=4),
    st.lists(st.integers(30, 100), min_size=4, max_size=4),
    st.integers(0, 30),
)


@pytest.mark.parametrize(
    ("before", "percent"),
    [
        (timedelta(days=30), 100),
        (timedelta(hours=48), 100),
        (timedelta(hours=48) - timedelta(microseconds=1), 50),
        (timedelta(hours=24), 50),
        (timedelta(hours=24) - timedelta(seconds=1), 0),
        (timedelta(0), 0),
        (timedelta(hours=-1), 0),
    ],
)
def test_the_deadline_itself_is_in_time(before: timedelta, percent: int) -> None:
    """At least 48 hours give all back, at least 24 half, less nothing."""
    assert refund_percent(TWO_TIERS, START, START - before) == percent
    assert is_late(TWO_TIERS, START, START - before) is (percent < 100)


def test_what_the_practice_cancels_is_given_back_whole() -> None:
    """Also a minute before the start, also under a strict policy."""
    now = START - timedelta(minutes=1)
    assert refund_percent(NEVER_FREE, START, now, cancelled_by=CancelledBy.PRACTICE) == 100


def test_hours_are_elapsed_on_the_night_of_the_change() -> None:
    """24 hours before Sunday 14:00 it is 13:00 in spring and 15:00 in autumn, on Saturday."""
    policy = CancellationPolicy(1, (Tier(24, 100),))
    spring, autumn = (
        free_until(policy, instant(f"{on} 14:00", BERLIN)) for on in ("2026-03-29", "2026-10-25")
    )
    assert spring == instant("2026-03-28 13:00", BERLIN)
    assert autumn == instant("2026-10-24 15:00", BERLIN)


def test_a_local_start_counts_elapsed_hours_too() -> None:
    """A start handed in with a zone is the same instant as in UTC."""
    policy = CancellationPolicy(1, (Tier(24, 100),))
    local = instant("2026-10-25 14:00", BERLIN).astimezone(ZoneInfo(BERLIN))
    assert free_until(policy, local) == instant("2026-10-24 15:00", BERLIN)


def test_free_until_is_none_when_it_never_is() -> None:
    """Half a refund is not free; giving all back late is free until the start."""
    assert free_until(NEVER_FREE, START) is None
    assert free_until(CancellationPolicy(1, ()), START) is None
    assert free_until(ALWAYS_FREE, START) == START


@given(policies, st.integers(0, 260 * 3_600))
def test_free_until_is_the_last_instant_of_a_whole_refund(
    policy: CancellationPolicy, seconds: int
) -> None:
    """The promise in words and the percentage that is paid never differ."""
    now = START - timedelta(seconds=seconds)
    deadline = free_until(policy, START)
    is_free = deadline is not None and now <= deadline
    assert is_free is (refund_percent(policy, START, now) == 100)


@given(policies, st.integers(0, 10**6), st.integers(0, 10**6))
def test_waiting_never_pays(policy: CancellationPolicy, one: int, other: int) -> None:
    """Who cancels later never gets more."""
    early, late = (START - timedelta(seconds=s) for s in sorted((one, other), reverse=True))
    assert refund_percent(policy, START, early) >= refund_percent(policy, START, late)


def test_a_session_may_be_moved_until_its_deadline() -> None:
    """The deadline itself is in time, a second later is not."""
    deadline = START - timedelta(hours=24)
    assert reschedule_until(TWO_TIERS, START) == deadline
    assert may_reschedule(TWO_TIERS, START, deadline)
    assert not may_reschedule(TWO_TIERS, START, deadline + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"version": 0}, "version"),
        ({"tiers": (Tier(24, 50), Tier(48, 100))}, "tiers"),
        ({"tiers": (Tier(24, 50), Tier(24, 40))}, "tiers"),
        ({"tiers": (Tier(48, 50), Tier(24, 60))}, "tiers"),
        ({"tiers": (Tier(24, 50),), "late_percent": 60}, "late_percent"),
        ({"late_percent": 101}, "late_percent"),
        ({"late_percent": 10, "no_show_percent": 20}, "no_show_percent"),
        ({"no_show_percent": -1}, "no_show_percent"),
        ({"reschedule_hours": -1}, "reschedule_hours"),
    ],
)
def test_a_policy_names_the_field_that_is_wrong(fields: dict[str, Any], field: str) -> None:
    """Under no policy does it pay to cancel later or not to come."""
    with pytest.raises(ValueError, match=rf"^{field}:"):
        CancellationPolicy(**{"version": 1, "tiers": (), **fields})


@pytest.mark.parametrize(
    ("hours", "percent", "field"),
    [(-1, 50, "hours_before"), (24, 101, "refund_percent"), (24, -1, "refund_percent")],
)
def test_a_tier_names_the_field_that_is_wrong(hours: int, percent: int, field: str) -> None:
    """Hours are not negative and percentages lie between 0 and 100."""
    with pytest.raises(ValueError, match=rf"^{field}:"):
        Tier(hours, percent)


def test_datetimes_without_an_offset_are_refused_by_name() -> None:
    """An instant without an offset would move a deadline by hours."""
    naive = datetime(2026, 11, 24, 14, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match=r"^now:"):
        refund_percent(TWO_TIERS, START, naive)
    with pytest.raises(ValueError, match=r"^starts_at:"):
        free_until(TWO_TIERS, naive)
