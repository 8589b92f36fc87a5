"""Months of a practice's books: as they stand, and closed for good."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Zone


def _begins(value: date) -> date:
    if value.day != 1:
        raise ValueError("a month is named by its first day")
    return value


Month = Annotated[date, AfterValidator(_begins)]
"""A month of the practice's zone, by its first day."""


class MonthState(StrEnum):
    """Not over yet; over, and not closed; closed: no entry will ever be added to it."""

    RUNNING = "running"
    OPEN = "open"
    CLOSED = "closed"


class Obstacle(StrEnum):
    """Why a month cannot be closed: it is not over (or hardly), one before it is open; what became
    of some money is not known yet; the ledger was not compared with Stripe since its end; some
    money is unexplained; Stripe and the ledger differ; a refund failed and is not settled; work on
    money was given up."""

    NOT_OVER = "not_over"
    EARLIER_OPEN = "earlier_open"
    UNDER_WAY = "under_way"
    NOT_COMPARED = "not_compared"
    UNEXPLAINED = "unexplained"
    DIFFERENCES = "differences"
    REFUNDS_FAILED = "refunds_failed"
    GIVEN_UP = "given_up"


class MonthView(View):
    """A month of the books, `[from_at, until_at)`; who closed it, when it is closed."""

    month: Month
    state: MonthState
    from_at: Instant
    until_at: Instant
    closed_by: UUID | None
    closed_at: Instant | None


class ListMonths(Command):
    """The months of the actor's practice since its first entry."""

    time_zone: Zone


class MonthsView(View):
    """The months, the latest first."""

    months: list[MonthView]


class MonthBalance(View):
    """An account in one currency: what stood on it before, what the month brought on both sides,
    both positive. Debits of `opening` are positive; it ends with `opening + debit - credit`."""

    account: str
    nature: str
    opening: Money
    debit: Money
    credit: Money


class GetMonth(Command):
    """One month of the actor's practice."""

    month: Month
    time_zone: Zone


class MonthDetails(View):
    """A month with its balances, those of a closed one as they were closed; with what keeps an
    open one from being closed, and how much of it there is. `open_disputes` were opened before its
    end, and are not decided by now."""

    month: MonthView
    balances: list[MonthBalance]
    obstacles: dict[Obstacle, int]
    open_disputes: int = 0


class CloseMonth(Command):
    """Close a month of the actor's practice for good. `id` names this act."""

    id: UUID
    month: Month
    time_zone: Zone


class MonthNotClosable(Refusal):
    """Something is in the way, or it is closed; nothing was written."""
