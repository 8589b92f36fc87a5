"""A share that has lapsed does not come back by moving the session."""

from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from services.booking.domain.policy import (
    CancellationPolicy,
    Tier,
    ceiling_after_move,
    free_until,
    refund_holds_until,
    refund_percent,
    under_ceiling,
)
from tests.unit.booking.test_policy import START, TWO_TIERS, policies

hours = st.integers(0, 300)
ceilings = st.none() | st.integers(0, 100)


@given(policies, ceilings, hours, hours)
def test_cancelling_after_a_move_never_gives_more(
    policy: CancellationPolicy, ceiling: int | None, before: int, ahead: int
) -> None:
    """Whatever the policy, the moves so far and the new start, near or far."""
    now = START - timedelta(hours=before)
    at_once = refund_percent(under_ceiling(policy, ceiling), START, now)
    kept = ceiling_after_move(policy, START, now, ceiling)
    moved = now + timedelta(hours=ahead)
    assert refund_percent(under_ceiling(policy, kept), moved, now) <= at_once


@given(policies, ceilings, hours)
def test_a_ceiling_cuts_every_share_and_nothing_else(
    policy: CancellationPolicy, ceiling: int | None, before: int
) -> None:
    """At any time the lesser of the two comes back."""
    now = START - timedelta(hours=before)
    most = 100 if ceiling is None else ceiling
    share = refund_percent(under_ceiling(policy, ceiling), START, now)
    assert share == min(most, refund_percent(policy, START, now))


@given(policies, ceilings, hours)
def test_a_cut_share_changes_right_after_its_end_and_not_before(
    policy: CancellationPolicy, ceiling: int | None, before: int
) -> None:
    """Equal at the last instant, less a second later, unless that is the start."""
    cut, now = under_ceiling(policy, ceiling), START - timedelta(hours=before)
    until = refund_holds_until(cut, START, now)
    assert refund_percent(cut, START, until) == refund_percent(cut, START, now)
    assume(until < START)
    later = refund_percent(cut, START, until + timedelta(seconds=1))
    assert later < refund_percent(cut, START, now)


def test_below_the_whole_price_nothing_is_free() -> None:
    """A ceiling of 100 takes nothing away; tiers cut to the same share become one."""
    assert free_until(under_ceiling(TWO_TIERS, 99), START) is None
    assert under_ceiling(TWO_TIERS, 100) == TWO_TIERS
    assert under_ceiling(TWO_TIERS, 40).tiers == (Tier(24, 40),)
