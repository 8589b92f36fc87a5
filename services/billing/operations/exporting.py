"""Writing the journal of a period as a file, part by part."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from types import ModuleType
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.billing.domain import beancount, cursors, datev, journal_csv
from services.billing.domain.accounts import Account
from services.billing.domain.cursors import Position
from services.billing.domain.journal import Books, Movement
from services.billing.domain.ledger import Posting
from services.billing.models import LedgerTransaction
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import ledger
from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing.exports import ExportJournal, JournalFormat, JournalPart

FORMATS: dict[JournalFormat, ModuleType] = {
    JournalFormat.CSV: journal_csv,
    JournalFormat.DATEV: datev,
    JournalFormat.BEANCOUNT: beancount,
}
DAY = timedelta(days=1)
SETTLED = timedelta(seconds=10)
"""An entry is committed within this time of its instant: a transaction lives no longer."""


def export_journal(tx: Session, command: ExportJournal, *, actor: Actor) -> JournalPart:
    """A part of the file. Raises Forbidden, BadCursor, InvalidInput for days that do not fit."""
    practice_id = practice_of_keeper(actor)
    _check_days(command)
    from_at, until_at = _bounds(command)
    at = cursors.decode(command.cursor) if command.cursor else None
    found = ledger.journal(tx, practice_id, from_at, until_at, at, command.limit + 1)
    shown, is_last = found[: command.limit], len(found) <= command.limit
    books = _books(tx, practice_id, command, from_at)
    form = FORMATS[command.format]
    text = [form.head(books)] if at is None else []
    text += [form.lines(books, one) for one in _movements(tx, practice_id, shown)]
    if is_last and command.format is JournalFormat.BEANCOUNT:
        text.append(beancount.foot(books, _balances(tx, practice_id, until_at)))
    last = shown[-1] if shown and not is_last else None
    cursor = cursors.encode(Position(last.occurred_at, last.id)) if last else None
    return JournalPart(text="".join(text), next_cursor=cursor)


def _check_days(command: ExportJournal) -> None:
    if command.last < command.first:
        raise InvalidInput("The days are crossed.", {"last": "lies before the first day"})
    is_datev = command.format is JournalFormat.DATEV
    if is_datev and not datev.is_within_a_year(command.first, command.last):
        told = {"last": "is of another year, and a file for DATEV is of one"}
        raise InvalidInput("The days are of two years.", told)


def _bounds(command: ExportJournal) -> tuple[datetime, datetime]:
    zone = ZoneInfo(command.time_zone)
    ends = datetime.combine(command.last + DAY, time(), zone)
    return datetime.combine(command.first, time(), zone), min(ends, command.written_at - SETTLED)


def _books(tx: Session, practice_id: UUID, command: ExportJournal, from_at: datetime) -> Books:
    is_first = command.cursor is None and command.format is JournalFormat.BEANCOUNT
    return Books(
        name=command.practice_name,
        zone=ZoneInfo(command.time_zone),
        currency=command.currency,
        first=command.first,
        last=command.last,
        balances=_balances(tx, practice_id, from_at) if is_first else (),
        written_at=command.written_at,
    )


def _balances(tx: Session, practice_id: UUID, until_at: datetime) -> tuple[Posting, ...]:
    found = ledger.balances(tx, practice_id, until_at)
    return tuple(
        Posting(Account(account), Money(int(debit - credit), currency))
        for account, currency, debit, credit in found
    )


def _movements(
    tx: Session, practice_id: UUID, moves: Sequence[LedgerTransaction]
) -> list[Movement]:
    entries = ledger.entries(tx, practice_id, [one.id for one in moves])
    return [
        Movement(
            id=one.id,
            kind=one.kind,
            occurred_at=one.occurred_at,
            about=one.payment_id or one.receivable_id,
            postings=tuple(
                Posting(Account(entry.account), Money(entry.amount, entry.currency))
                for entry in entries.get(one.id, [])
            ),
        )
        for one in moves
    ]
