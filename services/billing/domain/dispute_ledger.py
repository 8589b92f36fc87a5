"""What a dispute posts.

Two things move at once. At Stripe the disputed money leaves the balance, and a fee with it. And of
what the client had paid that much is allocated to nothing any more, as long as it is not decided.
Some of it may have gone back before: then less is taken out of the payment than at Stripe.
"""

from services.billing.domain.accounts import Account
from services.billing.domain.ledger import Posting, Postings, balanced
from services.common.money import Money


def withdrawn(from_funds: Money, from_retained: Money, held: Money, fee: Money) -> Postings:
    """The client's bank took `held` back and Stripe its `fee`; of the payment `from_funds` and
    `from_retained` are in dispute now."""
    return balanced(
        [
            Posting(Account.BOOKING_FUNDS, from_funds),
            Posting(Account.RETAINED_FEES, from_retained),
            Posting(Account.DISPUTED, -(from_funds + from_retained)),
            Posting(Account.HELD_BY_BANKS, held),
            Posting(Account.DISPUTE_FEES, fee),
            Posting(Account.STRIPE_BALANCE, -(held + fee)),
        ]
    )


#: Where money of a package's payment can be, in the order in which a dispute takes it.
OF_A_PACKAGE = (
    Account.DEFERRED_REVENUE,
    Account.BOOKING_FUNDS,
    Account.RETAINED_FEES,
    Account.LAPSED_CREDITS,
)


def of_package(held: dict[str, int], taken: Money) -> Postings:
    """What a dispute takes of a package's payment, account by account: first what nobody used.
    `held` is what each account holds of it, debits positive."""
    left, entries = taken.amount, [Posting(Account.DISPUTED, -taken)]
    for account in OF_A_PACKAGE:
        amount = min(left, max(0, -held.get(account, 0)))
        entries.append(Posting(account, Money(amount, taken.currency)))
        left -= amount
    return balanced(entries)


def withdrawn_of_package(taken: Postings, held: Money, fee: Money) -> Postings:
    """The same as `withdrawn`, where `taken` says what of a package is in dispute now."""
    nothing = Money(0, held.currency)
    return balanced([*taken, *withdrawn(nothing, nothing, held, fee)])


def reinstated_of_package(taken: Postings, held: Money, fee_back: Money) -> Postings:
    """The dispute was won: `taken`, as it was posted, goes back to where it was."""
    nothing = Money(0, held.currency)
    undone = [Posting(one.account, -one.money) for one in taken]
    return balanced([*undone, *reinstated(nothing, held, fee_back, to=Account.BOOKING_FUNDS)])


def reinstated(taken: Money, held: Money, fee_back: Money, *, to: Account) -> Postings:
    """The dispute was won: the money is on the balance again, and where it belongs."""
    return balanced(
        [
            Posting(Account.DISPUTED, taken),
            Posting(to, -taken),
            Posting(Account.HELD_BY_BANKS, -held),
            Posting(Account.DISPUTE_FEES, -fee_back),
            Posting(Account.STRIPE_BALANCE, held + fee_back),
        ]
    )


def lost(held: Money) -> Postings:
    """The dispute was lost: what the bank held is the client's."""
    return balanced([Posting(Account.HELD_BY_BANKS, -held), Posting(Account.DISPUTE_LOSSES, held)])
