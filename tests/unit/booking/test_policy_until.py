"""Until when a refund stays what it is."""

from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from services.booking.domain.policy import (
    CancellationPolicy,
    Tier,
    refund_holds_until,
    refund_percent,
)
from tests.unit.booking.test_policy import ALWAYS_FREE, START, TWO_TIERS, policies


def test_the_tier_that_holds_now_ends_at_its_hours() -> None:
    """Whole until 48 hours before, half until 24, nothing until the start."""
    ends = [
        refund_holds_until(TWO_TIERS, START, START - timedelta(hours=hours))
        for hours in (60, 48, 30, 1)
    ]
    assert ends == [START - timedelta(hours=hours) for hours in (48, 48, 24, 0)]


def test_what_is_always_free_stays_so_until_the_start() -> None:
    """No tier ends it."""
    assert refund_holds_until(ALWAYS_FREE, START, START - timedelta(days=9)) == START


def test_tiers_of_one_share_count_as_one() -> None:
    """The refund does not change where two tiers give the same."""
    policy = CancellationPolicy(1, (Tier(72, 50), Tier(24, 50)))
    assert refund_holds_until(policy, START, START - timedelta(hours=80)) == START - timedelta(
        hours=24
    )


@given(policies, st.integers(0, 300))
def test_the_share_changes_right_after_it_and_not_before(
    policy: CancellationPolicy, hours: int
) -> None:
    """Asked for every policy: equal at the last instant, less a second later."""
    now = START - timedelta(hours=hours)
    until = refund_holds_until(policy, START, now)
    assert refund_percent(policy, START, until) == refund_percent(policy, START, now)
    assume(until < START)
    later = refund_percent(policy, START, until + timedelta(seconds=1))
    assert later < refund_percent(policy, START, now)
