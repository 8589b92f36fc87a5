"""The ledger's transactions as exports read them: dated as the practice's calendar says."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.billing.domain.accounts import Account
from services.billing.domain.ledger import Posting
from services.common.money import Money


@dataclass(frozen=True, slots=True)
class Books:
    """Whose books these are and of which days, both included; `balances` before the first one.

    `written_at` is when the export is made.
    """

    name: str
    zone: ZoneInfo
    currency: str
    first: date
    last: date
    balances: tuple[Posting, ...]
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """A transaction; `about` is its payment or receivable, where it has one."""

    id: UUID
    kind: str
    occurred_at: datetime
    about: UUID | None
    postings: tuple[Posting, ...]

    def day(self, zone: ZoneInfo) -> date:
        """The calendar date there."""
        return self.occurred_at.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Pair:
    """A part of a transaction that has one account on each side."""

    debit: Account
    credit: Account
    money: Money


def pairs(postings: Sequence[Posting]) -> Iterator[Pair]:
    """The transaction as pairs of accounts that post the same, per currency: for formats that
    know no other; each account's sum stays."""
    by_currency: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_currency[posting.money.currency].append(posting)
    for currency, mine in by_currency.items():
        yield from _paired(mine, currency)


def _paired(postings: Sequence[Posting], currency: str) -> Iterator[Pair]:
    debits = [(one.account, one.money.amount) for one in postings if one.money.amount > 0]
    credits = [(one.account, -one.money.amount) for one in postings if one.money.amount < 0]
    while debits and credits:
        (debit, owed), (credit, given) = debits.pop(), credits.pop()
        amount = min(owed, given)
        yield Pair(debit, credit, Money(amount, currency))
        if owed > amount:
            debits.append((debit, owed - amount))
        if given > amount:
            credits.append((credit, given - amount))


def plain(money: Money) -> str:
    """The amount in major units with all digits of its currency and a point: "-45.00"."""
    return f"{money.major():f}"
