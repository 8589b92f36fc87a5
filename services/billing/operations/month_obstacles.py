"""What keeps a month that is over from being closed (docs/adr/0047)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from services.billing.domain.accounts import Account
from services.billing.domain.months import Span
from services.billing.domain.movements import GRACE
from services.billing.queries import months, reconciliation, register
from services.contracts.billing.months import MonthBalance, Obstacle

WHY = {
    Obstacle.NOT_OVER: "This month is not over, or was over less than an hour ago.",
    Obstacle.EARLIER_OPEN: "A month before this one is open.",
    Obstacle.UNDER_WAY: "Money of this month is still under way.",
    Obstacle.NOT_COMPARED: "The ledger was not compared with Stripe since this month ended.",
    Obstacle.UNEXPLAINED: "Some money of this month is not explained.",
    Obstacle.DIFFERENCES: "The ledger and Stripe differ in this month.",
    Obstacle.REFUNDS_FAILED: "A refund of this month failed, and is not settled.",
    Obstacle.GIVEN_UP: "Work on money was given up in this month.",
}


def found(
    tx: Session, practice_id: UUID, asked: Span, balances: Sequence[MonthBalance]
) -> dict[Obstacle, int]:
    """What is in its own way, and how often."""
    given_up, under_way = months.work_of(tx, practice_id, asked.until_at)
    counts = {
        Obstacle.UNDER_WAY: under_way,
        Obstacle.NOT_COMPARED: int(not _is_compared(tx, practice_id, asked)),
        Obstacle.UNEXPLAINED: sum(_is_unexplained(one) for one in balances),
        Obstacle.DIFFERENCES: months.open_differences(tx, practice_id, asked.until_at),
        Obstacle.REFUNDS_FAILED: months.failed_refunds(tx, practice_id, asked.until_at),
        Obstacle.GIVEN_UP: given_up,
    }
    return {obstacle: count for obstacle, count in counts.items() if count}


def _is_compared(tx: Session, practice_id: UUID, asked: Span) -> bool:
    """Whether a look that judged all of the month was finished, or there is nothing to look at: no
    account at Stripe, or no money that was ever there."""
    last = reconciliation.last_run(tx, practice_id)
    if last is not None and last.started_at >= asked.until_at + GRACE:
        return True
    is_connected = register.account_of(tx, practice_id) is not None
    return not (is_connected and months.has_money_at_stripe(tx, practice_id))


def _is_unexplained(one: MonthBalance) -> bool:
    return one.account == Account.SUSPENSE and one.opening + one.debit != one.credit
