"""What waits for somebody who answers for the practice's money."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page

MOST_SHOWN = 20
LATE_DAYS = 30


class OwedAge(StrEnum):
    """How many days ago it was said what is owed."""

    TO_30 = "0-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "over-90"


class GetMoneyOverview(Command):
    """What needs action in the actor's practice."""


class StuckWork(View):
    """Work on a payment that was given up until a person looks: `kind` is settle_payment,
    make_refund or another of billing's, `money` what it was to move or is about, `error` a word of
    ours and Stripe's code."""

    kind: str
    error: str
    parked_at: Instant
    payment_id: UUID
    client_id: UUID
    money: Money


class StuckLook(View):
    """Work about no payment that was given up until a person looks: `kind` is reconcile, or
    settle_payout with its payout, whose `money` is None until Stripe has told it."""

    kind: str
    error: str
    parked_at: Instant
    payout_id: UUID | None
    money: Money | None


class LatePayment(View):
    """Money that came when the time was gone; `is_back` once all of it was sent back."""

    payment_id: UUID
    client_id: UUID
    money: Money
    at: Instant
    is_back: bool


class OwedSum(View):
    """What is owed for sessions on account since so long, in one currency."""

    age: OwedAge
    count: int
    money: Money


class MoneyOverviewView(View):
    """The latest MOST_SHOWN of each kind, and how many there are; late ones of LATE_DAYS days.
    `looks` is the work that was given up and is about no payment."""

    stuck: list[StuckWork]
    stuck_count: int
    late: list[LatePayment]
    late_count: int
    owed: list[OwedSum]
    looks: list[StuckLook] = Field(default_factory=list)
    looks_count: int = 0


class ListOwed(Command):
    """Sessions on account for which something is owed, the longest first."""

    age: OwedAge | None = None
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 25


class OwedLine(View):
    """What one session on account is owed, since it was said last."""

    booking_id: UUID
    client_id: UUID
    practitioner_id: UUID
    owed: Money
    since: Instant


class OwedPage(Page):
    """A part of what is owed, with the cursors of the parts before and after it."""

    lines: list[OwedLine]
    previous_cursor: str | None = None
