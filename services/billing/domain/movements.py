"""Stripe's balance transactions, and what the ledger has beside them: what is compared."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.billing.domain.accounts import Account, Kind
from services.common.money import Money

#: What is younger is not judged yet: its webhook may be on its way, its answer not yet recorded.
GRACE = timedelta(minutes=2)
#: From one look to the next; with GRACE well within the 15 minutes of the house.
LOOK_EVERY = timedelta(minutes=5)
#: A look begins that much before the one before it did, because clocks differ.
OVERLAP = timedelta(hours=1)
#: Once a day a look goes back that far, for what changed in the ledger meanwhile.
THOROUGH_EVERY, THOROUGH = timedelta(days=1), timedelta(days=35)


class Group(StrEnum):
    """What a movement is about, whatever Stripe calls it."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_BACK = "refund_back"
    DISPUTE = "dispute"
    PAYOUT = "payout"
    PAYOUT_BACK = "payout_back"
    OTHER = "other"


#: https://docs.stripe.com/reports/balance-transaction-types
_GROUPS = {
    "charge": Group.CHARGE,
    "payment": Group.CHARGE,
    "refund": Group.REFUND,
    "payment_refund": Group.REFUND,
    "refund_failure": Group.REFUND_BACK,
    "payment_failure_refund": Group.REFUND_BACK,
    "payout": Group.PAYOUT,
    "payout_failure": Group.PAYOUT_BACK,
    "payout_cancel": Group.PAYOUT_BACK,
}
_OF_DISPUTES = ("dp_", "du_")


def group_of(type_: str, source_id: str | None) -> Group:
    """Of a balance transaction's type; disputes are adjustments that name one."""
    if (source_id or "").startswith(_OF_DISPUTES):
        return Group.DISPUTE
    return _GROUPS.get(type_, Group.OTHER)


@dataclass(frozen=True, slots=True)
class Movement:
    """A balance transaction: gross - stripe_fee - commission = net, all in one currency.

    `source` is the amount of the charge or refund itself, in the currency that the client paid
    in, always positive. `payment_id` and `refund_id` are ours, as their metadata name them.
    """

    stripe_id: str
    type: str
    category: str
    source_id: str | None
    gross: Money
    stripe_fee: int
    commission: int
    created_at: datetime
    available_at: datetime
    source: Money | None = None
    payment_intent_id: str | None = None
    payment_id: UUID | None = None
    refund_id: UUID | None = None

    @property
    def group(self) -> Group:
        return group_of(self.type, self.source_id)

    @property
    def net(self) -> Money:
        return Money(self.gross.amount - self.stripe_fee - self.commission, self.gross.currency)

    @property
    def subject(self) -> str:
        """What people look for at Stripe: what moved, else the movement itself."""
        return self.source_id or self.stripe_id


@dataclass(frozen=True, slots=True)
class Booked:
    """A payment, refund or payout of ours as the ledger has it.

    `sums` are its postings by account and currency, `counts` its transactions by kind. `money` is
    what our own row says, None while nothing was captured or sent. `is_even`: it is one of two
    movements that undo each other, and neither is booked.
    """

    money: Money | None
    sums: dict[tuple[Account, str], int] = field(default_factory=dict)
    counts: dict[Kind, int] = field(default_factory=dict)
    payment_id: UUID | None = None
    refund_id: UUID | None = None
    payout_id: UUID | None = None
    is_even: bool = False

    def sum_of(self, account: Account, currency: str) -> int:
        """The balance of an account, of this alone."""
        return self.sums.get((account, currency), 0)

    def at_stripe(self) -> dict[str, int]:
        """What it put on the balance at Stripe, by currency."""
        return {
            currency: amount
            for (account, currency), amount in self.sums.items()
            if account is Account.STRIPE_BALANCE and amount
        }
