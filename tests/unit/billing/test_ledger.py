"""Every movement of money sums to zero in every currency, and says where the money is."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain import ledger
from services.billing.domain.accounts import Account
from services.billing.domain.ledger import Posting, Postings, Unbalanced
from services.common.money import Money

currencies = st.sampled_from(["EUR", "JPY", "KWD", "GBP"])
amounts = st.integers(1, 10_000_000)


def sums(postings: Postings) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for posting in postings:
        totals[posting.money.currency] += posting.money.amount
    return totals


def balances(*moves: Postings) -> dict[tuple[Account, str], int]:
    held: dict[tuple[Account, str], int] = defaultdict(int)
    for posting in (posting for move in moves for posting in move):
        held[posting.account, posting.money.currency] += posting.money.amount
    return {key: amount for key, amount in held.items() if amount}


@given(amounts, currencies, amounts, currencies, st.integers(0, 9999), st.integers(0, 9999))
def test_every_builder_sums_to_zero_in_every_currency(
    gross: int, paid_in: str, settled: int, settled_in: str, fee: int, commission: int
) -> None:
    """Also where Stripe settles in another currency than the client paid in."""
    charge, arrived = Money(gross, paid_in), Money(settled, settled_in)
    moves = [
        ledger.charged(charge),
        ledger.processed(charge, arrived, fee, commission),
        ledger.ended(charge, charge.share(37)),
        ledger.ended(Money(0, paid_in), charge.share(63)),
        ledger.refunded(charge, arrived, commission),
    ]
    for move in moves:
        assert not any(sums(move).values())
        assert all(posting.money.amount for posting in move)


@given(amounts, currencies, st.integers(0, 100))
def test_what_was_captured_is_allocated_retained_owed_or_gone(
    gross: int, currency: str, percent: int
) -> None:
    """After a cancellation nothing is left allocated, and nothing is lost by rounding."""
    captured = Money(gross, currency)
    back = captured.share(percent)
    before = balances(ledger.charged(captured), ledger.ended(captured, back))
    assert (Account.BOOKING_FUNDS, currency) not in before
    retained = -before.get((Account.RETAINED_FEES, currency), 0)
    owed = -before.get((Account.REFUNDS_DUE, currency), 0)
    assert retained + owed == gross
    after = balances(
        ledger.charged(captured), ledger.ended(captured, back), ledger.refunded(back, back, 0)
    )
    assert (Account.REFUNDS_DUE, currency) not in after
    assert after.get((Account.STRIPE_BALANCE, currency), 0) == retained


def test_a_second_promise_comes_out_of_what_was_retained() -> None:
    """Half was kept; when all goes back after all, nothing stays retained."""
    all_, half, none = Money(9001, "EUR"), Money(4500, "EUR"), Money(0, "EUR")
    held = balances(ledger.ended(all_, half), ledger.ended(none, all_ - half))
    assert held == {(Account.BOOKING_FUNDS, "EUR"): 9001, (Account.REFUNDS_DUE, "EUR"): -9001}


def test_settling_in_another_currency_goes_through_the_exchange_account() -> None:
    """100 € that arrive as 12,000 yen less fees: euros leave the balance, yen enter it."""
    charge, arrived = Money(10000, "EUR"), Money(12000, "JPY")
    held = balances(ledger.charged(charge), ledger.processed(charge, arrived, 200, 600))
    assert (Account.STRIPE_BALANCE, "EUR") not in held
    assert held[Account.STRIPE_BALANCE, "JPY"] == 11200
    assert held[Account.CURRENCY_EXCHANGE, "EUR"] == 10000
    assert held[Account.CURRENCY_EXCHANGE, "JPY"] == -12000


def test_unbalanced_postings_are_refused() -> None:
    """One cent missing, or another currency making up for it: Unbalanced."""
    one = Posting(Account.STRIPE_BALANCE, Money(100, "EUR"))
    for other in (Money(-99, "EUR"), Money(-100, "GBP")):
        with pytest.raises(Unbalanced):
            ledger.balanced([one, Posting(Account.BOOKING_FUNDS, other)])
