"""What the ledger's entries mean for a period's result: each counts to one figure, or to none.

The result is all that is income or expense by the chart, with what is allocated to sessions: what
was paid for one counts when it was paid, and of a package when its session was used, or lapsed.
Money in dispute is the practice's until it is lost.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from services.billing.domain.accounts import Account, Kind
from services.common.money import Money
from services.contracts.billing.reports import Figure, RevenueFigures

#: What clients paid for sessions, wherever it has come to since.
FUNDS = frozenset({Account.BOOKING_FUNDS, Account.DISPUTED, Account.RETAINED_FEES})
BY_ACCOUNT: dict[Account, Figure] = {
    Account.SESSION_FEES: Figure.ON_ACCOUNT,
    Account.LAPSED_CREDITS: Figure.PAID,
    Account.STRIPE_FEES: Figure.STRIPE_FEES,
    Account.DISPUTE_FEES: Figure.STRIPE_FEES,
    Account.PLATFORM_COMMISSION: Figure.COMMISSION,
    Account.DISPUTE_LOSSES: Figure.DISPUTES,
}
#: Of the funds; what another kind moved there was settled by hand.
BY_KIND: dict[Kind, Figure] = {
    Kind.CHARGED: Figure.PAID,
    Kind.CREDIT_USED: Figure.PAID,
    Kind.CREDIT_RETURNED: Figure.PAID,
    Kind.PACKAGE_ENDED: Figure.PAID,
    Kind.ENDED: Figure.REFUNDS,
    Kind.GRANTED: Figure.REFUNDS,
    Kind.DISPUTED: Figure.DISPUTES,
    Kind.REINSTATED: Figure.DISPUTES,
}
COUNTED = FUNDS | BY_ACCOUNT.keys()
PARTS = tuple(one for one in Figure if one is not Figure.NET)


class Posted(NamedTuple):
    """What was posted on an account by one kind of transaction; debits positive, minor units."""

    account: Account
    kind: Kind
    currency: str
    amount: int


def figure_of(account: Account, kind: Kind) -> Figure | None:
    """The figure to which such an entry counts; None for one that changes no result."""
    if account in FUNDS:
        return BY_KIND.get(kind, Figure.OTHER)
    return BY_ACCOUNT.get(account)


def places(figure: Figure) -> list[tuple[Account, Kind]]:
    """Where the entries of a figure stand; all that count for the net result."""
    return [
        (account, kind)
        for account in sorted(COUNTED)
        for kind in Kind
        if figure in (Figure.NET, figure_of(account, kind))
    ]


def figures(entries: Iterable[Posted]) -> list[RevenueFigures]:
    """The figures of each currency in which anything counts, though it may be even, in the
    currencies' order; what came in is positive."""
    sums: dict[str, dict[Figure, int]] = defaultdict(lambda: dict.fromkeys(Figure, 0))
    for entry in entries:
        figure = figure_of(entry.account, entry.kind)
        if figure is not None:
            sums[entry.currency][figure] -= entry.amount
            sums[entry.currency][Figure.NET] -= entry.amount
    return [
        RevenueFigures(**{figure: Money(sum_, currency) for figure, sum_ in told.items()})
        for currency, told in sorted(sums.items())
    ]
