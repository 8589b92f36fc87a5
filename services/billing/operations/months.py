"""Months of a practice's books, closed one after the other (docs/adr/0047).

Entries are posted when they are told, so a month that is over gets none but from work that was
under way at its end. Whoever closes a month waits for it, under the lock that whoever posts shares.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account
from services.billing.domain.chart import CHART
from services.billing.domain.months import Span, month_of, months_between, preceding, span
from services.billing.models import ClosedBalance, ClosedMonth
from services.billing.operations import month_obstacles
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import months
from services.common.auth import Actor
from services.common.errors import DifferentContent, NotFound
from services.common.money import Money
from services.contracts.billing.months import (
    CloseMonth,
    GetMonth,
    ListMonths,
    MonthBalance,
    MonthDetails,
    MonthNotClosable,
    MonthState,
    MonthsView,
    MonthView,
    Obstacle,
)

CLOSED = "This month is closed already."


@dataclass(frozen=True, slots=True)
class _Books:
    """A practice's months in its zone: the first one, and those that are closed by now."""

    zone: ZoneInfo
    first: date | None
    closed: dict[date, ClosedMonth]

    @classmethod
    def of(cls, tx: Session, practice_id: UUID, time_zone: str) -> "_Books":
        zone, closed = ZoneInfo(time_zone), months.closed(tx, practice_id)
        first = closed[0].month_on if closed else None
        begun = None if closed else months.first_entry_at(tx, practice_id)
        if begun is not None:
            first = month_of(begun, zone)
        return cls(zone, first, {one.month_on: one for one in closed})

    def until(self, last: date) -> list[date]:
        """The months from the first one to that one."""
        return [] if self.first is None else list(months_between(self.first, last))

    def span(self, month: date) -> Span:
        """A month begins where the one before was closed, whatever the zone was then."""
        whole, before = span(month, self.zone), self.closed.get(preceding(month))
        return whole if before is None else Span(month, before.until_at, whole.until_at)

    def asked(self, month: date, now: datetime) -> Span:
        """A month of these books; raises NotFound for one before or after them."""
        if month not in self.until(month_of(now, self.zone)):
            raise NotFound("The books have no such month.")
        return self.span(month)


def list_months(tx: Session, command: ListMonths, *, actor: Actor, now: datetime) -> MonthsView:
    """The months since the first entry. Raises Forbidden."""
    books = _Books.of(tx, practice_of_keeper(actor), command.time_zone)
    every = books.until(month_of(now, books.zone))
    return MonthsView(months=[_view(books, one, now) for one in reversed(every)])


def get_month(tx: Session, command: GetMonth, *, actor: Actor, now: datetime) -> MonthDetails:
    """A month with its balances. Raises Forbidden, NotFound for one before or after the books."""
    practice_id = practice_of_keeper(actor)
    books = _Books.of(tx, practice_id, command.time_zone)
    if (found := books.closed.get(command.month)) is not None:
        return _closed_details(tx, found)
    asked = books.asked(command.month, now)
    balances = _balances(tx, practice_id, books, asked)
    return MonthDetails(
        month=_open_view(asked, now),
        balances=balances,
        obstacles=_obstacles(tx, practice_id, books, asked, balances, now),
        open_disputes=months.open_disputes(tx, practice_id, asked.until_at),
    )


def close_month(tx: Session, command: CloseMonth, *, actor: Actor, now: datetime) -> MonthDetails:
    """Close it with the balances of now; the same again changes nothing.

    Raises Forbidden, NotFound, DifferentContent, and MonthNotClosable, whose `why` is an Obstacle,
    or "closed".
    """
    practice_id = practice_of_keeper(actor)
    months.lock(tx, practice_id)
    books = _Books.of(tx, practice_id, command.time_zone)
    done = next((one for one in books.closed.values() if one.id == command.id), None)
    if done is not None:
        if done.month_on != command.month:
            raise DifferentContent("This id has closed another month.")
        return _closed_details(tx, done)
    if command.month in books.closed:
        raise MonthNotClosable(CLOSED, {"why": "closed"})
    asked = books.asked(command.month, now)
    balances = _balances(tx, practice_id, books, asked)
    for obstacle in _obstacles(tx, practice_id, books, asked, balances, now):
        raise MonthNotClosable(month_obstacles.WHY[obstacle], {"why": obstacle.value})
    return _closed_details(tx, _close(tx, command, asked, balances, actor, now))


def _close(
    tx: Session,
    command: CloseMonth,
    asked: Span,
    balances: list[MonthBalance],
    actor: Actor,
    now: datetime,
) -> ClosedMonth:
    practice_id = practice_of_keeper(actor)
    assert actor.account_id is not None
    found = ClosedMonth(
        id=command.id,
        practice_id=practice_id,
        month_on=asked.first,
        from_at=asked.from_at,
        until_at=asked.until_at,
        closed_by=actor.account_id,
        closed_at=now,
    )
    tx.add(found)
    tx.flush()
    rows = [
        {
            "practice_id": practice_id,
            "closed_month_id": found.id,
            "account": one.account,
            "currency": one.debit.currency,
            "opening": one.opening.amount,
            "debit": one.debit.amount,
            "credit": one.credit.amount,
        }
        for one in balances
    ]
    if rows:
        tx.execute(insert(ClosedBalance), rows)
    return found


def _obstacles(
    tx: Session,
    practice_id: UUID,
    books: _Books,
    asked: Span,
    balances: list[MonthBalance],
    now: datetime,
) -> dict[Obstacle, int]:
    """What is in the way, and how often; nothing more is told of a month that is not over."""
    if not asked.is_settled(now):
        return {Obstacle.NOT_OVER: 1}
    earlier = set(books.until(preceding(asked.first))) - set(books.closed)
    found = month_obstacles.found(tx, practice_id, asked, balances)
    return ({Obstacle.EARLIER_OPEN: len(earlier)} if earlier else {}) | found


def _balances(tx: Session, practice_id: UUID, books: _Books, asked: Span) -> list[MonthBalance]:
    """What stood before, and what the month brought. Where the month before is closed its balances
    are what stood, and no entry of it is read again."""
    before = books.closed.get(preceding(asked.first))
    kept = [] if before is None else months.closed_balances(tx, before)
    stood = {(one.account, one.currency): one.opening + one.debit - one.credit for one in kept}
    moved = {
        (account, currency): (opening, debit, credit)
        for account, currency, opening, debit, credit in months.balances(
            tx, practice_id, asked, since=None if before is None else asked.from_at
        )
    }
    told = []
    for place in sorted(stood.keys() | moved.keys()):
        opening, debit, credit = moved.get(place, (0, 0, 0))
        told.append(_balance(place, stood.get(place, 0) + opening, debit, credit))
    return told


def _balance(place: tuple[str, str], opening: int, debit: int, credit: int) -> MonthBalance:
    account, currency = place
    return MonthBalance(
        account=account,
        nature=CHART[Account(account)].nature,
        opening=Money(int(opening), currency),
        debit=Money(int(debit), currency),
        credit=Money(int(credit), currency),
    )


def _closed_details(tx: Session, found: ClosedMonth) -> MonthDetails:
    rows = months.closed_balances(tx, found)
    return MonthDetails(
        month=_closed_view(found),
        balances=[
            _balance((one.account, one.currency), one.opening, one.debit, one.credit)
            for one in rows
        ],
        obstacles={},
        open_disputes=months.open_disputes(tx, found.practice_id, found.until_at),
    )


def _view(books: _Books, month: date, now: datetime) -> MonthView:
    found = books.closed.get(month)
    return _open_view(books.span(month), now) if found is None else _closed_view(found)


def _closed_view(found: ClosedMonth) -> MonthView:
    return MonthView(
        month=found.month_on,
        state=MonthState.CLOSED,
        from_at=found.from_at,
        until_at=found.until_at,
        closed_by=found.closed_by,
        closed_at=found.closed_at,
    )


def _open_view(asked: Span, now: datetime) -> MonthView:
    return MonthView(
        month=asked.first,
        state=MonthState.OPEN if now >= asked.until_at else MonthState.RUNNING,
        from_at=asked.from_at,
        until_at=asked.until_at,
        closed_by=None,
        closed_at=None,
    )
