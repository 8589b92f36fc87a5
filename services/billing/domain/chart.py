"""The chart of accounts: of which nature each account is, and the number that exports propose.

docs/ledger.md tells what each one is for; a test compares the two.
"""

from dataclasses import dataclass
from enum import StrEnum

from services.billing.domain.accounts import Account


class Nature(StrEnum):
    """What a balance on an account means; assets and expenses are debits, the others credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    CLEARING = "clearing"


@dataclass(frozen=True, slots=True)
class Line:
    """`number`: of DATEV's SKR 03, proposed; the practice's accountant decides."""

    nature: Nature
    number: str


CHART: dict[Account, Line] = {
    Account.STRIPE_BALANCE: Line(Nature.ASSET, "1360"),
    Account.PAYOUTS_IN_TRANSIT: Line(Nature.ASSET, "1362"),
    Account.RECEIVABLES: Line(Nature.ASSET, "1400"),
    Account.HELD_BY_BANKS: Line(Nature.ASSET, "1361"),
    Account.BANK: Line(Nature.ASSET, "1200"),
    Account.BOOKING_FUNDS: Line(Nature.LIABILITY, "1710"),
    Account.DEFERRED_REVENUE: Line(Nature.LIABILITY, "1712"),
    Account.REFUNDS_DUE: Line(Nature.LIABILITY, "1700"),
    Account.DISPUTED: Line(Nature.LIABILITY, "1711"),
    Account.SESSION_FEES: Line(Nature.INCOME, "8100"),
    Account.RETAINED_FEES: Line(Nature.INCOME, "8200"),
    Account.LAPSED_CREDITS: Line(Nature.INCOME, "8201"),
    Account.STRIPE_FEES: Line(Nature.EXPENSE, "4970"),
    Account.PLATFORM_COMMISSION: Line(Nature.EXPENSE, "4760"),
    Account.DISPUTE_FEES: Line(Nature.EXPENSE, "4971"),
    Account.DISPUTE_LOSSES: Line(Nature.EXPENSE, "2400"),
    Account.CURRENCY_EXCHANGE: Line(Nature.CLEARING, "1590"),
    Account.SUSPENSE: Line(Nature.CLEARING, "1591"),
}
"""In the order in which balances are listed."""
