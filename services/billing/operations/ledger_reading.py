"""The ledger for who answers for the practice's money."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain import cursors
from services.billing.domain.accounts import Account
from services.billing.domain.chart import CHART, Line
from services.billing.domain.cursors import Position
from services.billing.models import LedgerPosting, LedgerTransaction
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import ledger
from services.common.auth import Actor
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.ledger import (
    AccountBalance,
    AccountEntriesPage,
    AccountEntry,
    ChartAccount,
    EntryView,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TransactionView,
    TrialBalanceView,
)

Found = Sequence[Row[*tuple[Any, ...]]]


def get_trial_balance(tx: Session, command: GetTrialBalance, *, actor: Actor) -> TrialBalanceView:
    """Every account, and what was posted on it. Raises Forbidden."""
    practice_id = practice_of_keeper(actor)
    found = ledger.balances(tx, practice_id, command.until_at)
    return TrialBalanceView(
        accounts=[
            ChartAccount(account=account, nature=line.nature) for account, line in CHART.items()
        ],
        balances=[
            AccountBalance(
                account=account,
                debit=Money(int(debit), currency),
                credit=Money(int(credit), currency),
            )
            for account, currency, debit, credit in found
        ],
    )


def list_account_entries(
    tx: Session, command: ListAccountEntries, *, actor: Actor
) -> AccountEntriesPage:
    """A part of an account's entries, each with the balance after it. Raises Forbidden, NotFound,
    BadCursor."""
    practice_id, line = practice_of_keeper(actor), _line(command.account)
    on = ledger.on(practice_id, command.account, command.currency, command.until_at)
    at = cursors.decode(command.cursor) if command.cursor else None
    rows = ledger.account_part(tx, on, at, command.limit + 1)
    part = cursors.part_of(rows, command.limit, at, _place)
    balance = ledger.balance_at(tx, on, _place(part.rows[0])) if part.rows else 0
    return AccountEntriesPage(
        account=command.account,
        nature=line.nature,
        entries=list(_with_balances(part.rows, balance, command.currency)),
        previous_cursor=part.previous_cursor,
        next_cursor=part.next_cursor,
    )


def get_ledger_transaction(
    tx: Session, command: GetLedgerTransaction, *, actor: Actor
) -> TransactionView:
    """One transaction with its entries. Raises Forbidden, NotFound."""
    practice_id = practice_of_keeper(actor)
    found = ledger.one(tx, practice_id, command.transaction_id)
    if found is None:
        raise NotFound("There is no such transaction.")
    return transaction_views(tx, practice_id, [found])[0]


def transaction_views(
    tx: Session, practice_id: UUID, moves: Sequence[LedgerTransaction]
) -> list[TransactionView]:
    """Transactions with their entries, in the order they have."""
    entries = ledger.entries(tx, practice_id, [one.id for one in moves])
    return [
        TransactionView(
            id=one.id,
            kind=one.kind,
            occurred_at=one.occurred_at,
            payment_id=one.payment_id,
            receivable_id=one.receivable_id,
            entries=[_entry(entry) for entry in entries.get(one.id, [])],
        )
        for one in moves
    ]


def _line(account: str) -> Line:
    try:
        return CHART[Account(account)]
    except ValueError:
        raise NotFound("There is no such account.") from None


def _with_balances(rows: Found, balance: int, currency: str) -> Iterator[AccountEntry]:
    """From the latest on: the balance before an entry is that after the one which follows."""
    for transaction_id, kind, occurred_at, amount in rows:
        yield AccountEntry(
            transaction_id=transaction_id,
            kind=kind,
            occurred_at=occurred_at,
            money=Money(amount, currency),
            balance=Money(balance, currency),
        )
        balance -= amount


def _place(row: Row[*tuple[Any, ...]]) -> Position:
    return Position(row.occurred_at, row.id)


def _entry(entry: LedgerPosting) -> EntryView:
    return EntryView(account=entry.account, money=Money(entry.amount, entry.currency))
