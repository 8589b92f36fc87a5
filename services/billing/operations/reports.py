"""What a period brought, for who answers for the practice's money."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain import cursors
from services.billing.domain.accounts import Account, Kind
from services.billing.domain.cursors import Position
from services.billing.domain.revenue import Posted, figures
from services.billing.operations.attention import owed_by_age
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import reports
from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.common.money import Money
from services.contracts.billing.reports import (
    GetRevenue,
    ListRevenueEntries,
    OfferingRevenue,
    PractitionerRevenue,
    RevenueEntriesPage,
    RevenueEntry,
    RevenueFigures,
    RevenueView,
    StepRevenue,
)

Found = Row[*tuple[Any, ...]]
Key = TypeVar("Key")
Keyed = Iterator[tuple[Key, RevenueFigures]]


def get_revenue(tx: Session, command: GetRevenue, *, actor: Actor, now: datetime) -> RevenueView:
    """The period by whose sessions, by offering and by time. Raises Forbidden, InvalidInput."""
    practice_id = practice_of_keeper(actor)
    _check(command)
    rows = reports.sums(tx, practice_id, command)
    whose = [row for row in rows if not row.is_step]
    by_person = _most_first(_by(whose, lambda row: row.practitioner_id))
    by_offering = _most_first(_by(whose, lambda row: row.offering_id))
    by_step = _by((row for row in rows if row.is_step), lambda row: row.begins_on)
    return RevenueView(
        totals=figures(_posted(row) for row in whose),
        practitioners=[PractitionerRevenue(practitioner_id=k, figures=f) for k, f in by_person],
        offerings=[OfferingRevenue(offering_id=k, figures=f) for k, f in by_offering],
        steps=[StepRevenue(on=k, figures=f) for k, f in sorted(by_step, key=lambda one: one[0])],
        owed=owed_by_age(tx, practice_id, now),
    )


def list_revenue_entries(
    tx: Session, command: ListRevenueEntries, *, actor: Actor
) -> RevenueEntriesPage:
    """A part of a figure's transactions. Raises Forbidden, InvalidInput, BadCursor."""
    practice_id = practice_of_keeper(actor)
    _check(command)
    at = cursors.decode(command.cursor) if command.cursor else None
    rows = reports.entries(tx, practice_id, command, at, command.limit + 1)
    part = cursors.part_of(rows, command.limit, at, _place)
    return RevenueEntriesPage(
        total=Money(-reports.total(tx, practice_id, command), command.currency),
        entries=[_entry(row, command.currency) for row in part.rows],
        previous_cursor=part.previous_cursor,
        next_cursor=part.next_cursor,
    )


def _check(command: GetRevenue | ListRevenueEntries) -> None:
    if command.until_at <= command.from_at:
        raise InvalidInput("The period is crossed.", {"until_at": "lies before its beginning"})


def _by(rows: Iterable[Found], key: Callable[[Found], Key]) -> Keyed[Key]:
    groups: dict[Key, list[Posted]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(_posted(row))
    for name, posted in groups.items():
        for told in figures(posted):
            yield name, told


def _most_first(keyed: Keyed[UUID | None]) -> Sequence[tuple[UUID | None, RevenueFigures]]:
    """By currency, then who brought the most; what is of no session stands last."""

    def rank(one: tuple[UUID | None, RevenueFigures]) -> tuple[str, bool, int, str]:
        name, told = one
        return told.net.currency, name is None, -told.net.amount, str(name)

    return sorted(keyed, key=rank)


def _posted(row: Found) -> Posted:
    return Posted(Account(row.account), Kind(row.kind), row.currency, int(row.amount))


def _entry(row: Found, currency: str) -> RevenueEntry:
    return RevenueEntry(
        transaction_id=row.id,
        kind=row.kind,
        occurred_at=row.occurred_at,
        payment_id=row.payment_id,
        money=Money(-int(row.amount), currency),
    )


def _place(row: Found) -> Position:
    return Position(row.occurred_at, row.id)
