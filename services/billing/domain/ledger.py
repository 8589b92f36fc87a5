"""What each movement of money posts: pure functions whose results sum to zero per currency."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from services.billing.domain.accounts import Account
from services.common.money import Money


@dataclass(frozen=True, slots=True)
class Posting:
    """An entry on one account: debits positive, credits negative, in minor units."""

    account: Account
    money: Money


class Unbalanced(ValueError):
    """The postings of a transaction do not sum to zero in every currency."""


Postings = tuple[Posting, ...]


def charged(gross: Money, to: Account = Account.BOOKING_FUNDS) -> Postings:
    """The client paid `gross`; all of it is allocated to the booking, or deferred: a package's."""
    return balanced([Posting(Account.STRIPE_BALANCE, gross), Posting(to, -gross)])


def processed(gross: Money, settled: Money, stripe_fee: int, commission: int) -> Postings:
    """Stripe settled a charge and kept its fee and the platform's, in the settled currency."""
    kept = Money(stripe_fee + commission, settled.currency)
    return balanced(
        [
            *_exchanged(gross, settled),
            Posting(Account.STRIPE_FEES, Money(stripe_fee, settled.currency)),
            Posting(Account.PLATFORM_COMMISSION, Money(commission, settled.currency)),
            Posting(Account.STRIPE_BALANCE, -kept),
        ]
    )


def ended(funds: Money, refund: Money) -> Postings:
    """A booking ends: of its `funds` the refund is owed to the client, the rest is retained.

    Where nothing is left in funds, a further refund comes out of what had been retained.
    """
    return balanced(
        [
            Posting(Account.BOOKING_FUNDS, funds),
            Posting(Account.REFUNDS_DUE, -refund),
            Posting(Account.RETAINED_FEES, refund - funds),
        ]
    )


def refunded(refund: Money, settled: Money, commission_back: int) -> Postings:
    """A refund left the practice's balance, where `settled` was taken; commission came back.

    With negative amounts: it came back to the balance, and is owed again.
    """
    back = Money(commission_back, settled.currency)
    return balanced(
        [
            Posting(Account.REFUNDS_DUE, refund),
            Posting(Account.STRIPE_BALANCE, -refund),
            *_exchanged(-refund, -settled),
            Posting(Account.STRIPE_BALANCE, back),
            Posting(Account.PLATFORM_COMMISSION, -back),
        ]
    )


def credit_used(worth: Money) -> Postings:
    """A session of a package was used: what it is worth is allocated to a booking. With less than
    nothing it came back."""
    return balanced(
        [Posting(Account.DEFERRED_REVENUE, worth), Posting(Account.BOOKING_FUNDS, -worth)]
    )


def lapsed(worth: Money) -> Postings:
    """Sessions of a package that nobody used in time are income."""
    return balanced(
        [Posting(Account.DEFERRED_REVENUE, worth), Posting(Account.LAPSED_CREDITS, -worth)]
    )


def package_ended(deferred: Money, refund: Money) -> Postings:
    """A package ends: of what is deferred of it the refund is owed to the client, and the practice
    keeps the rest, which is less than nothing where sessions came back after it had ended."""
    return balanced(
        [
            Posting(Account.DEFERRED_REVENUE, deferred),
            Posting(Account.REFUNDS_DUE, -refund),
            Posting(Account.RETAINED_FEES, refund - deferred),
        ]
    )


def granted(from_funds: Money, from_retained: Money) -> Postings:
    """The practice gives back by its own will: out of what is allocated to the booking, which
    stands with less, and out of what had been retained."""
    return balanced(
        [
            Posting(Account.BOOKING_FUNDS, from_funds),
            Posting(Account.RETAINED_FEES, from_retained),
            Posting(Account.REFUNDS_DUE, -(from_funds + from_retained)),
        ]
    )


def paid_elsewhere(refund: Money) -> Postings:
    """What Stripe could not send back was paid back by the practice itself."""
    return balanced([Posting(Account.REFUNDS_DUE, refund), Posting(Account.BANK, -refund)])


def owed(money: Money) -> Postings:
    """A session on account earned `money`, which its client owes; less than nothing is taken
    back."""
    return balanced([Posting(Account.RECEIVABLES, money), Posting(Account.SESSION_FEES, -money)])


def balanced(entries: Iterable[Posting]) -> Postings:
    """One posting per account and currency, without empty ones; raises Unbalanced."""
    sums: dict[tuple[Account, str], int] = defaultdict(int)
    totals: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.account, entry.money.currency] += entry.money.amount
        totals[entry.money.currency] += entry.money.amount
    if any(totals.values()):
        raise Unbalanced(f"off by {dict(totals)}")
    return tuple(
        Posting(account, Money(amount, currency))
        for (account, currency), amount in sums.items()
        if amount
    )


def _exchanged(gross: Money, settled: Money) -> list[Posting]:
    """Turn what was booked in the charge's currency into what Stripe settled."""
    if gross.currency == settled.currency:
        return []
    return [
        Posting(Account.STRIPE_BALANCE, -gross),
        Posting(Account.CURRENCY_EXCHANGE, gross),
        Posting(Account.STRIPE_BALANCE, settled),
        Posting(Account.CURRENCY_EXCHANGE, -settled),
    ]
