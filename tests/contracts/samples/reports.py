"""Samples of what a period brought, and of the entries of a figure."""

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.reports import (
    Figure,
    GetRevenue,
    ListRevenueEntries,
    OfferingRevenue,
    PractitionerRevenue,
    RevenueEntriesPage,
    RevenueEntry,
    RevenueFigures,
    RevenueView,
    Step,
    StepRevenue,
)
from tests.contracts.samples.money import OWED_SUM
from tests.contracts.samples.values import (
    BOOKING,
    DEADLINE,
    MONDAY,
    OCCURRED,
    OFFERING,
    PAYMENT,
    PRACTITIONER,
)

EUR = "EUR"
NET = Money(4000, EUR)
FIGURES = RevenueFigures(
    paid=Money(9500, EUR),
    on_account=Money(0, EUR),
    refunds=Money(-4750, EUR),
    disputes=Money(0, EUR),
    other=Money(0, EUR),
    stripe_fees=Money(-275, EUR),
    commission=Money(-475, EUR),
    net=NET,
)
BY_WHOM = PractitionerRevenue(practitioner_id=PRACTITIONER, figures=FIGURES)
BY_WHAT = OfferingRevenue(offering_id=OFFERING, figures=FIGURES)
BY_TIME = StepRevenue(on=MONDAY, figures=FIGURES)
ENTRY = RevenueEntry(
    transaction_id=BOOKING,
    kind="charged",
    occurred_at=OCCURRED,
    payment_id=PAYMENT,
    money=Money(9500, EUR),
)
COMMANDS: list[BaseModel] = [
    GetRevenue(from_at=OCCURRED, until_at=DEADLINE, time_zone="Europe/Berlin", step=Step.MONTH),
    ListRevenueEntries(
        figure=Figure.PAID,
        currency=EUR,
        from_at=OCCURRED,
        until_at=DEADLINE,
        practitioner_id=PRACTITIONER,
        offering_id=OFFERING,
        cursor="b24",
        limit=50,
    ),
]
VIEWS: list[BaseModel] = [
    FIGURES,
    BY_WHOM,
    BY_WHAT,
    BY_TIME,
    RevenueView(
        totals=[FIGURES],
        practitioners=[BY_WHOM],
        offerings=[BY_WHAT],
        steps=[BY_TIME],
        owed=[OWED_SUM],
    ),
    ENTRY,
    RevenueEntriesPage(total=NET, entries=[ENTRY], previous_cursor="YmFjaw", next_cursor="b24"),
]
