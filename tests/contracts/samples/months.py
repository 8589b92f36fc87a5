"""Samples of what the practice's money desk asks about months, and of the answers."""

from datetime import date

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.months import (
    CloseMonth,
    GetMonth,
    ListMonths,
    MonthBalance,
    MonthDetails,
    MonthState,
    MonthsView,
    MonthView,
    Obstacle,
)
from tests.contracts.samples.values import ACCOUNT, ACT, LATER, OCCURRED

MONTH = date(2026, 10, 1)
CLOSED = MonthView(
    month=MONTH,
    state=MonthState.CLOSED,
    from_at=OCCURRED,
    until_at=LATER,
    closed_by=ACCOUNT,
    closed_at=LATER,
)
COMMANDS: list[BaseModel] = [
    ListMonths(time_zone="Europe/Berlin"),
    GetMonth(month=MONTH, time_zone="Europe/Berlin"),
    CloseMonth(id=ACT, month=MONTH, time_zone="Europe/Berlin"),
]
BALANCE = MonthBalance(
    account="stripe_balance",
    nature="asset",
    opening=Money(9000, "EUR"),
    debit=Money(4500, "EUR"),
    credit=Money(610, "EUR"),
)
VIEWS: list[BaseModel] = [
    CLOSED,
    MonthsView(months=[CLOSED]),
    BALANCE,
    MonthDetails(
        month=CLOSED, balances=[BALANCE], obstacles={Obstacle.DIFFERENCES: 2}, open_disputes=1
    ),
]
