"""What needs action, for who answers for the practice's money."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.billing.domain import cursors
from services.billing.domain.cursors import Position
from services.billing.models import Receivable
from services.billing.operations.keepers import practice_of_keeper
from services.billing.queries import attention
from services.common.auth import Actor
from services.common.money import Money
from services.contracts.billing.attention import (
    LATE_DAYS,
    MOST_SHOWN,
    GetMoneyOverview,
    LatePayment,
    ListOwed,
    MoneyOverviewView,
    OwedAge,
    OwedLine,
    OwedPage,
    OwedSum,
    StuckLook,
    StuckWork,
)

Found = Row[*tuple[Any, ...]]


def get_money_overview(
    tx: Session, command: GetMoneyOverview, *, actor: Actor, now: datetime
) -> MoneyOverviewView:
    """What waits for somebody. Raises Forbidden."""
    practice_id = practice_of_keeper(actor)
    stuck = attention.stuck(tx, practice_id, MOST_SHOWN)
    looks = attention.stuck_looks(tx, practice_id, MOST_SHOWN)
    late = attention.late(tx, practice_id, now - timedelta(days=LATE_DAYS), MOST_SHOWN)
    return MoneyOverviewView(
        stuck=[_stuck(row) for row in stuck],
        stuck_count=stuck[0][-1] if stuck else 0,
        late=[_late(row) for row in late],
        late_count=late[0][-1] if late else 0,
        owed=owed_by_age(tx, practice_id, now),
        looks=[_look(row) for row in looks],
        looks_count=looks[0][-1] if looks else 0,
    )


def list_owed(tx: Session, command: ListOwed, *, actor: Actor, now: datetime) -> OwedPage:
    """A part of what is owed, the longest first. Raises Forbidden, BadCursor."""
    practice_id = practice_of_keeper(actor)
    at = cursors.decode(command.cursor) if command.cursor else None
    rows = attention.owed_part(tx, practice_id, command.age, now, at, command.limit + 1)
    part = cursors.part_of(rows, command.limit, at, _place)
    return OwedPage(
        lines=[_line(*row) for row in part.rows],
        previous_cursor=part.previous_cursor,
        next_cursor=part.next_cursor,
    )


def owed_by_age(tx: Session, practice_id: UUID, now: datetime) -> list[OwedSum]:
    """What is owed now, in each age and currency."""
    return [
        OwedSum(age=age, count=count, money=Money(int(amount), currency))
        for age in OwedAge
        for currency, count, amount in attention.owed_sums(tx, practice_id, age, now)
    ]


def _stuck(row: Found) -> StuckWork:
    kind, error, parked_at, payment_id, client_id, amount, currency, _ = row
    return StuckWork(
        kind=kind,
        error=error,
        parked_at=parked_at,
        payment_id=payment_id,
        client_id=client_id,
        money=Money(amount, currency),
    )


def _look(row: Found) -> StuckLook:
    kind, error, parked_at, payout_id, amount, currency, _ = row
    return StuckLook(
        kind=kind,
        error=error,
        parked_at=parked_at,
        payout_id=payout_id,
        money=None if amount is None else Money(amount, currency),
    )


def _late(row: Found) -> LatePayment:
    payment_id, client_id, amount, currency, at, is_back, _ = row
    return LatePayment(
        payment_id=payment_id,
        client_id=client_id,
        money=Money(amount, currency),
        at=at,
        is_back=is_back,
    )


def _line(found: Receivable, practitioner_id: UUID) -> OwedLine:
    return OwedLine(
        booking_id=found.booking_id,
        client_id=found.client_id,
        practitioner_id=practitioner_id,
        owed=found.owed_money,
        since=found.changed_at,
    )


def _place(row: Found) -> Position:
    found: Receivable = row[0]
    return Position(found.changed_at, found.id)
