"""What a period brought, for who answers for the practice's money: added up from the ledger alone.

Every figure tells what it did to the result: what came is positive, what went negative.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.messages import Command, Instant, View
from services.common.money import Money
from services.contracts.base import Page, Zone
from services.contracts.billing.attention import OwedSum
from services.contracts.billing.ledger import Currency


class Figure(StrEnum):
    """What the ledger's entries are added up to; `net` is all of the others together."""

    PAID = "paid"
    ON_ACCOUNT = "on_account"
    REFUNDS = "refunds"
    DISPUTES = "disputes"
    OTHER = "other"
    STRIPE_FEES = "stripe_fees"
    COMMISSION = "commission"
    NET = "net"


class Step(StrEnum):
    """The parts into which a period falls, as calendars have them."""

    DAY = "day"
    MONTH = "month"


class GetRevenue(Command):
    """What the actor's practice took in `[from_at, until_at)`, by steps of its own time zone."""

    from_at: Instant
    until_at: Instant
    time_zone: Zone
    step: Step = Step.MONTH


class RevenueFigures(View):
    """The figures of one currency; `net` is their sum.

    `paid` by clients through Stripe, `on_account` earned by sessions that are owed, `refunds`
    promised back, `disputes` lost, `other`: settled by hand. Stripe's fees are those of disputes,
    too; commission is less what came back with refunds.
    """

    paid: Money
    on_account: Money
    refunds: Money
    disputes: Money
    other: Money
    stripe_fees: Money
    commission: Money
    net: Money


class PractitionerRevenue(View):
    """The figures of one practitioner; None: of no session."""

    practitioner_id: UUID | None
    figures: RevenueFigures


class OfferingRevenue(View):
    """The figures of one offering; None: of no session."""

    offering_id: UUID | None
    figures: RevenueFigures


class StepRevenue(View):
    """The figures of the day, or of the month that begins that day."""

    on: date
    figures: RevenueFigures


class RevenueView(View):
    """Each list adds up to `totals`, which has a line for each currency. Practitioners and
    offerings begin with who brought the most; steps go from the first to the last, empty ones left
    out. `owed` is what is owed now, by age, whatever the period."""

    totals: list[RevenueFigures]
    practitioners: list[PractitionerRevenue]
    offerings: list[OfferingRevenue]
    steps: list[StepRevenue]
    owed: list[OwedSum]


class ListRevenueEntries(Command):
    """The transactions of which a figure is made, the latest first.

    Of one practitioner or offering where they are named; `is_of_no_session`: of neither.
    """

    figure: Figure
    currency: Currency
    from_at: Instant
    until_at: Instant
    practitioner_id: UUID | None = None
    offering_id: UUID | None = None
    is_of_no_session: bool = False
    cursor: Annotated[str, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class RevenueEntry(View):
    """What one transaction adds to the figure, and the payment that it is about, if any."""

    transaction_id: UUID
    kind: str
    occurred_at: Instant
    payment_id: UUID | None
    money: Money


class RevenueEntriesPage(Page):
    """A part of the entries, with the cursors of the parts before and after it; `total` is the sum
    of all, which is the figure."""

    total: Money
    entries: list[RevenueEntry]
    previous_cursor: str | None = None
