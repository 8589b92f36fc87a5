"""The life of a payout, and what it posts. A payout below nothing is taken from the bank."""

from services.billing.domain.accounts import Account, Kind
from services.billing.domain.ledger import Posting, Postings, balanced
from services.common.money import Money
from services.contracts.billing.payouts import PayoutStatus

#: Nothing more becomes of these by themselves; one that was paid may still fail, which is told.
OVER = frozenset({PayoutStatus.PAID, PayoutStatus.FAILED, PayoutStatus.CANCELED})
CAME_BACK = frozenset({PayoutStatus.FAILED, PayoutStatus.CANCELED})


def missing(status: PayoutStatus, posted: frozenset[Kind]) -> tuple[Kind, ...]:
    """What a payout that stands so still has to post, in this order.

    One that failed before anybody saw it arrive never reached the bank's account.
    """
    wanted = [Kind.PAID_OUT]
    if status is PayoutStatus.PAID:
        wanted.append(Kind.ARRIVED)
    if status in CAME_BACK:
        wanted.append(Kind.RETURNED)
    return tuple(kind for kind in wanted if kind not in posted)


def paid_out(money: Money) -> Postings:
    """The payout left the balance at Stripe."""
    return _moved(Account.STRIPE_BALANCE, Account.PAYOUTS_IN_TRANSIT, money)


def arrived(money: Money) -> Postings:
    """The bank has it."""
    return _moved(Account.PAYOUTS_IN_TRANSIT, Account.BANK, money)


def returned(money: Money, *, had_arrived: bool) -> Postings:
    """The bank sent it back, from wherever it had come to."""
    where = Account.BANK if had_arrived else Account.PAYOUTS_IN_TRANSIT
    return _moved(where, Account.STRIPE_BALANCE, money)


def _moved(source: Account, target: Account, money: Money) -> Postings:
    return balanced([Posting(target, money), Posting(source, -money)])
