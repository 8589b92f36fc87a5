"""How much goes back, what may be repeated, which webhooks are fresh."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain import lifecycle
from services.billing.domain.facts import RefundFacts, SettlementFacts, ToldRefund
from services.billing.domain.refunds import (
    beyond,
    commission_back,
    commission_of,
    due_back,
    is_foreign,
    still_owed,
)
from services.billing.domain.retries import LONGEST_WAIT, wait_before_retry
from services.billing.domain.webhooks import is_fresh
from services.common.money import Money
from services.contracts.billing import PaymentState

NOW = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
EUR = "EUR"


@given(st.integers(1, 10_000_000), st.integers(0, 100), st.integers(0, 100))
def test_promises_add_up_to_the_larger_percentage(amount: int, first: int, second: int) -> None:
    """Whatever the order of two ends, what is promised in all is the larger share, never more."""
    captured = Money(amount, EUR)
    once = still_owed(captured, first, Money(0, EUR))
    twice = once + still_owed(captured, max(first, second), once)
    assert twice == captured.share(max(first, second))
    assert twice.amount <= amount


@pytest.mark.parametrize(
    ("percent", "back", "disputed", "due"),
    [
        (100, 0, 0, 11000),
        (100, 5000, 0, 6000),
        (50, 5000, 0, 500),
        (50, 6000, 0, 0),
        (100, 11000, 0, 0),
        (100, 5000, 4000, 2000),
        (0, 5000, 0, 0),
    ],
)
def test_what_is_due_is_never_more_than_is_left(
    percent: int, back: int, disputed: int, due: int
) -> None:
    """What went back counts towards the percentage; what a bank has is out of reach."""
    told = due_back(Money(11000, EUR), percent, Money(back, EUR), Money(disputed, EUR))
    assert told == Money(due, EUR)


@given(*[st.integers(0, 10_000)] * 2)
def test_a_refund_at_stripe_divides_into_what_is_left_and_what_was_promised(
    refund: int, left: int
) -> None:
    """Both parts are its sum, and no more than is left comes out of what is left."""
    promised = beyond(Money(refund, EUR), Money(left, EUR))
    assert 0 <= promised.amount <= refund
    assert refund - promised.amount == min(refund, left)


def test_only_what_left_the_balance_and_names_none_of_ours_is_foreign() -> None:
    """Ours under way, those in the books, failed ones and those not sent yet are none."""
    moved = SettlementFacts(Money(-100, EUR), 0, 0)

    def told(*, is_failed: bool = False, is_sent: bool = True, is_ours: bool = False) -> ToldRefund:
        facts = RefundFacts("re_1", is_failed, moved if is_sent else None)
        return ToldRefund(facts, Money(100, EUR), is_ours)

    assert is_foreign(told(), {"re_2"})
    assert not is_foreign(told(), {"re_1"})
    assert not is_foreign(told(is_failed=True), set())
    assert not is_foreign(told(is_sent=False), set())
    assert not is_foreign(told(is_ours=True), set())


@pytest.mark.parametrize(
    ("amount", "percent", "back"), [(8995, 50, 4498), (8985, 50, 4492), (1, 50, 0), (101, 99, 100)]
)
def test_a_share_is_rounded_half_to_even(amount: int, percent: int, back: int) -> None:
    """44.975 € becomes 44.98 and 44.925 € becomes 44.92; a single yen halves to none."""
    assert Money(amount, "JPY").share(percent).amount == back


def test_the_commission_is_rounded_half_up_and_comes_back_in_proportion() -> None:
    """5 % of 90.10 € is 4.51 (from 4.505); with a half refund 2.26 of it comes back."""
    assert commission_of(Money(9010, EUR), 500).amount == 451
    assert commission_of(Money(9010, EUR), 0).amount == 0
    assert commission_back(451, Money(4505, EUR), Money(9010, EUR)) == 226
    assert commission_back(451, Money(9010, EUR), Money(9010, EUR)) == 451


def test_a_payment_is_refunded_when_all_of_it_went_back() -> None:
    """Nothing, a part, all."""
    captured = Money(100, EUR)
    states = [lifecycle.after_refund(captured, Money(back, EUR)) for back in (0, 99, 100)]
    assert states == [
        PaymentState.SUCCEEDED,
        PaymentState.PARTLY_REFUNDED,
        PaymentState.REFUNDED,
    ]


def test_a_page_is_open_until_its_very_end() -> None:
    """Half-open: at `expires_at` itself nobody can be led to it; other states have none."""
    second = timedelta(seconds=1)
    assert lifecycle.is_page_open(PaymentState.OPEN, NOW + second, NOW)
    assert not lifecycle.is_page_open(PaymentState.OPEN, NOW, NOW)
    assert not lifecycle.is_page_open(PaymentState.SUCCEEDED, NOW + second, NOW)
    assert not lifecycle.is_page_open(PaymentState.OPEN, None, NOW)


def test_a_repeated_call_still_asks_for_a_page_that_stripe_allows() -> None:
    """Stripe wants 30 minutes from execution; the last repeat leaves at least that."""
    assert timedelta(minutes=30) <= lifecycle.PAGE_LIFE - lifecycle.REPEAT_WITHIN
    assert lifecycle.is_repeatable(NOW, NOW + lifecycle.REPEAT_WITHIN - timedelta(seconds=1))
    assert not lifecycle.is_repeatable(NOW, NOW + lifecycle.REPEAT_WITHIN)


def test_a_key_is_not_trusted_for_a_whole_day() -> None:
    """Stripe may forget it after 24 hours; an hour before we only look."""
    assert lifecycle.is_key_alive(None, NOW)
    assert lifecycle.is_key_alive(NOW - timedelta(hours=22), NOW)
    assert not lifecycle.is_key_alive(NOW - timedelta(hours=23), NOW)


def test_silence_is_waited_out_for_days_and_a_refusal_is_parked_soon() -> None:
    """Waits grow and end; five refusals park, an outage of three days does not."""
    refused = [wait_before_retry(tries, is_refused=True) for tries in range(1, 6)]
    assert refused == [*(timedelta(seconds=4**n) for n in range(4)), None]
    silent = [wait_before_retry(tries, is_refused=False) for tries in range(1, 870)]
    assert None not in silent
    assert max(wait for wait in silent if wait) == LONGEST_WAIT
    assert sum((wait for wait in silent if wait), timedelta()) > timedelta(days=2.9)
    assert wait_before_retry(870, is_refused=False) is None


@pytest.mark.parametrize(
    ("age", "is_accepted"), [(0, True), (300, True), (301, False), (-10, True), (-11, False)]
)
def test_a_signature_lives_300_seconds_and_starts_now(age: int, is_accepted: bool) -> None:
    """Older is a replay; from the future is a forgery, but for 10 s between two clocks."""
    at = int(NOW.timestamp()) - age
    assert is_fresh(f"t={at},v1=abc", NOW) is is_accepted


@pytest.mark.parametrize("header", ["", "v1=abc", "t=,v1=abc", "t=x,v1=abc", "t=1,t=2,v1=abc"])
def test_a_header_without_exactly_one_timestamp_is_not_fresh(header: str) -> None:
    """Which of two timestamps was signed would be a guess."""
    now = datetime.fromtimestamp(1, UTC)
    assert not is_fresh(header, now)
