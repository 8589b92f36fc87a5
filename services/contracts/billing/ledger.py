"""The ledger as the practice's money desk reads it."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page

AccountName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class EntryView(View):
    """An entry of a transaction on one account; debits positive, credits negative."""

    account: str
    money: Money


class TransactionView(View):
    """One movement of money with its entries, which sum to zero per currency.

    It is about a payment or a receivable, where it is about one.
    """

    id: UUID
    kind: str
    occurred_at: Instant
    payment_id: UUID | None
    receivable_id: UUID | None
    entries: list[EntryView]


class GetLedgerTransaction(Command):
    """One transaction of the actor's practice."""

    transaction_id: UUID


class GetTrialBalance(Command):
    """The chart of accounts of the actor's practice, with the balances before `until_at`."""

    until_at: Instant | None = None


class ChartAccount(View):
    """An account; `nature`: asset, liability, income, expense or clearing."""

    account: str
    nature: str


class AccountBalance(View):
    """What was posted on an account in one currency: both sums positive, their difference is the
    balance."""

    account: str
    debit: Money
    credit: Money


class TrialBalanceView(View):
    """Every account of the chart in its order, and the balances of those that have entries."""

    accounts: list[ChartAccount]
    balances: list[AccountBalance]


class ListAccountEntries(Command):
    """Entries of one account in one currency before `until_at`, the latest first."""

    account: AccountName
    currency: Currency
    until_at: Instant | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class AccountEntry(View):
    """An entry, and the account's balance once it was made; debits positive."""

    transaction_id: UUID
    kind: str
    occurred_at: Instant
    money: Money
    balance: Money


class AccountEntriesPage(Page):
    """A part of an account's entries, with the cursors of the parts before and after it."""

    account: str
    nature: str
    entries: list[AccountEntry]
    previous_cursor: str | None = None
