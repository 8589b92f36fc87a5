"""What was given up waits as rows for a person: events, foreign calls, mails.

Every table with a `parked_at` takes part, so that no service can park out of sight.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import MetaData, Table, Text, cast, delete, false, func, select, update
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Parked:
    """A row that waits: its table, its key, what it is about, and why it was given up."""

    table: str
    key: str
    about: str
    error: str
    parked_at: datetime


def tables(metadata: MetaData) -> list[Table]:
    """The tables of a service in which something can be parked."""
    return [table for table in metadata.sorted_tables if "parked_at" in table.c]


def list_parked(tx: Session, metadata: MetaData) -> list[Parked]:
    """Everything parked in a service, the oldest first."""
    return sorted(
        (row for table in tables(metadata) for row in _rows(tx, table)),
        key=lambda row: row.parked_at,
    )


def count(tx: Session, metadata: MetaData) -> int:
    """How many rows are parked in a service."""
    return sum(
        tx.scalar(select(func.count()).where(table.c.parked_at.is_not(None))) or 0
        for table in tables(metadata)
    )


def replay(tx: Session, metadata: MetaData) -> int:
    """Give every parked row new tries; how many. What could not be decoded stays."""
    done = 0
    for table in tables(metadata):
        again = update(table).where(table.c.parked_at.is_not(None))
        if "raw" in table.c:
            again = again.where(table.c.raw.is_(None))
        fresh = {"parked_at": None, "tries": 0, "due_at": func.now(), "failed_at": func.now()}
        known = {name: value for name, value in fresh.items() if name in table.c}
        done += len(tx.execute(again.values(known).returning(table.c.parked_at)).all())
    return done


def drop(tx: Session, metadata: MetaData, key: str) -> int:
    """Let what is parked under this key go, for good; how many rows.

    Only mails, and bytes that nobody can read: money or a calendar waits for everything else.
    """
    done = 0
    for table in tables(metadata):
        named = func.concat_ws("/", *(cast(column, Text) for column in table.primary_key))
        gone = delete(table).where(table.c.parked_at.is_not(None), named == key)
        if not table.info.get("may_be_dropped"):
            gone = gone.where(table.c.raw.is_not(None) if "raw" in table.c else false())
        done += len(tx.execute(gone.returning(table.c.parked_at)).all())
    return done


def _rows(tx: Session, table: Table) -> list[Parked]:
    named = [table.c[name] for name in ("type", "kind", "handler") if name in table.c]
    found = []
    for row in tx.execute(select(table).where(table.c.parked_at.is_not(None))).mappings():
        key = "/".join(str(row[column.name]) for column in table.primary_key)
        about = " ".join(str(row[column.name]) for column in named)
        found.append(Parked(table.name, key, about, row.get("error") or "", row["parked_at"]))
    return found
