"""What a package's sessions are worth, until when they can be used, and what goes back of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain import dispute_ledger, ledger
from services.billing.domain.accounts import Account
from services.billing.domain.package_rest import Used, agreement, rest_of
from services.billing.domain.packages import expiry, value_of
from services.common.money import Money
from services.contracts.billing.packages import RefundRule

sizes = st.integers(2, 100)
prices = st.integers(100, 5_000_000)
rules = st.sampled_from(RefundRule)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


@given(prices, sizes)
def test_the_sessions_of_a_package_add_up_to_its_price(price: int, sessions: int) -> None:
    """In whole minor units, none worth more than one more than another."""
    worth = [value_of(eur(price), sessions, one).amount for one in range(1, sessions + 1)]
    assert sum(worth) == price
    assert max(worth) - min(worth) <= 1
    assert min(worth) > 0


@given(prices, sizes, rules, st.data())
def test_what_is_counted_and_what_goes_back_is_what_was_paid(
    price: int, sessions: int, rule: RefundRule, data: st.DataObject
) -> None:
    """By both rules, whatever was used at whatever single price: the lines and the refund sum to
    the payment, no line is negative, and never more goes back than came."""
    numbers = data.draw(st.sets(st.integers(1, sessions)))
    used = [
        Used(value_of(eur(price), sessions, one), eur(data.draw(st.integers(1, 90_000))))
        for one in sorted(numbers)
    ]
    rest = rest_of(eur(price), used, rule)
    assert rest.kept + rest.back == eur(price)
    assert len(rest.counted) == len(used)
    assert 0 <= rest.back.amount <= price
    assert all(0 <= one.amount <= each.single.amount or rule is RefundRule.PACKAGE_PRICE
               for one, each in zip(rest.counted, used, strict=True))  # fmt: skip
    if rule is RefundRule.PACKAGE_PRICE:
        assert rest.counted == tuple(one.worth for one in used)


@given(prices, sizes, rules, st.integers(1, 90_000), st.data())
def test_a_session_that_comes_back_never_lessens_what_goes_back(
    price: int, sessions: int, rule: RefundRule, single: int, data: st.DataObject
) -> None:
    """So that a package that has ended owes more once a session of it is cancelled in time."""
    count = data.draw(st.integers(1, sessions))
    used = [Used(value_of(eur(price), sessions, one), eur(single)) for one in range(1, count + 1)]
    gone = data.draw(st.integers(0, count - 1))
    fewer = [one for number, one in enumerate(used) if number != gone]
    before, after = (rest_of(eur(price), some, rule).back for some in (used, fewer))
    assert after.amount >= before.amount


def test_the_rest_by_both_rules() -> None:
    """Five for €400 of an hour for €90, two used: 240 by the package's price, 220 by the single
    one; five used leave nothing, and the last counts what is left."""
    used = [Used(eur(8_000), eur(9_000))] * 2
    assert rest_of(eur(40_000), used, RefundRule.PACKAGE_PRICE).back == eur(24_000)
    assert rest_of(eur(40_000), used, RefundRule.SINGLE_PRICE).back == eur(22_000)
    all_used = rest_of(eur(40_000), used * 2 + used[:1], RefundRule.SINGLE_PRICE)
    assert all_used.back == eur(0)
    assert all_used.counted[-1] == eur(4_000)


def test_other_figures_have_another_word() -> None:
    """What was agreed to names each line."""
    one, two = (
        rest_of(eur(40_000), [Used(eur(8_000), eur(9_000))] * count, RefundRule.SINGLE_PRICE)
        for count in (1, 2)
    )
    assert agreement(one, eur(40_000)) == agreement(one, eur(40_000))
    assert agreement(one, eur(40_000)) != agreement(two, eur(40_000))


@pytest.mark.parametrize(
    ("bought", "months", "until"),
    [
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2027, 11, 30), 3, (2028, 2, 29)),
        ((2026, 12, 1), 12, (2027, 12, 1)),
        ((2026, 1, 31), 60, (2031, 1, 31)),
    ],
)
def test_a_package_lasts_to_the_same_day_or_the_last_of_the_month(
    bought: tuple[int, int, int], months: int, until: tuple[int, int, int]
) -> None:
    """Counted in months, as people do."""
    at = datetime(*bought, 13, 5, tzinfo=UTC)
    assert expiry(at, months) == datetime(*until, 13, 5, tzinfo=UTC)


@given(prices, sizes, rules, st.data())
def test_whatever_becomes_of_a_package_nothing_of_it_is_lost(
    price: int, sessions: int, rule: RefundRule, data: st.DataObject
) -> None:
    """Paid, used, ended: each entry is balanced, and nothing is deferred afterwards."""
    worth = [value_of(eur(price), sessions, one) for one in range(1, sessions + 1)]
    used = worth[: data.draw(st.integers(0, sessions))]
    rest = rest_of(eur(price), [Used(one, eur(9_000)) for one in used], rule)
    deferred = eur(price - sum(one.amount for one in used))
    moves = [
        ledger.charged(eur(price), Account.DEFERRED_REVENUE),
        *(ledger.credit_used(one) for one in used),
        ledger.package_ended(deferred, rest.back),
    ]
    held: dict[str, int] = {}
    for posting in (one for move in moves for one in move):
        held[posting.account] = held.get(posting.account, 0) + posting.money.amount
    assert sum(held.values()) == 0
    assert held.get("deferred_revenue", 0) == 0
    assert -held.get("refunds_due", 0) == rest.back.amount


@given(st.integers(1, 40_000), st.integers(0, 40_000), st.integers(0, 500))
def test_a_dispute_takes_what_nobody_used_first_and_gives_it_back_as_it_was(
    taken: int, deferred: int, fee: int
) -> None:
    """Won, each account has again what it had."""
    held = {"deferred_revenue": -deferred, "booking_funds": -(40_000 - deferred)}
    shares = dispute_ledger.of_package(held, eur(taken))
    by_account = {one.account: one.money.amount for one in shares}
    assert by_account.get(Account.DEFERRED_REVENUE, 0) == min(taken, deferred)
    lost = dispute_ledger.withdrawn_of_package(shares, eur(taken), eur(fee))
    won = dispute_ledger.reinstated_of_package(shares, eur(taken), eur(fee))
    sums: dict[str, int] = {}
    for posting in (*lost, *won):
        sums[posting.account] = sums.get(posting.account, 0) + posting.money.amount
    assert not any(sums.values())
