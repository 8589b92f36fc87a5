"""A month of the books as its pages show it, and the words for what is in its way."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.billing.months import (
    MonthBalance,
    MonthDetails,
    MonthState,
    MonthView,
    Obstacle,
)
from services.gateway.web import labels, money_words
from services.gateway.web.ids import new_form_id
from services.gateway.web.money_desk import MoneyDesk

Context = dict[str, Any]
Names = Mapping[UUID, str]
"""Of those who closed months, by account."""
SECTION = "month-end"
DAY = timedelta(days=1)
STATES: dict[MonthState, Context] = {
    MonthState.RUNNING: {"kind": "", "label": "Not over yet"},
    MonthState.OPEN: {"kind": "warn", "label": "Open"},
    MonthState.CLOSED: {"kind": "good", "label": "Closed"},
}


class Way(NamedTuple):
    """What is in a month's way, once or more often, and the section where it ends, by its state."""

    one: str
    many: str
    section: str | None
    state: str = ""


NOT_OVER = (
    "It can be closed an hour after its last midnight, when all that was under way has ended."
)
UNDER_WAY = (
    "Money of this month is still under way: whether it came, or went back, is not known yet. That"
    " takes minutes mostly. Look here again then."
)
NOT_COMPARED = (
    "The books have not been compared with Stripe since this month ended. Compare them now."
)
UNEXPLAINED = "Some money of this month is not yet explained."
OBSTACLES = {
    Obstacle.NOT_OVER: Way(NOT_OVER, NOT_OVER, None),
    Obstacle.EARLIER_OPEN: Way(
        "The month before is open: close it first.",
        "{count} months before are open: close the earliest first.",
        SECTION,
    ),
    Obstacle.UNDER_WAY: Way(UNDER_WAY, UNDER_WAY, None),
    Obstacle.NOT_COMPARED: Way(NOT_COMPARED, NOT_COMPARED, "reconciliation"),
    Obstacle.UNEXPLAINED: Way(UNEXPLAINED, UNEXPLAINED, "reconciliation"),
    Obstacle.DIFFERENCES: Way(
        "A difference between the books and Stripe is not settled.",
        "{count} differences between the books and Stripe are not settled.",
        "reconciliation",
    ),
    Obstacle.REFUNDS_FAILED: Way(
        "A refund failed, and its client has nothing yet: try again, or note how it was paid back.",
        "{count} refunds failed, and their clients have nothing yet: try again, or note how they"
        " were paid back.",
        "refunds",
        "failed",
    ),
    Obstacle.GIVEN_UP: Way(
        "Work on money was given up and waits for you.",
        "Work on money was given up {count} times and waits for you.",
        "",
    ),
}


def is_closable(told: MonthDetails) -> bool:
    """Whether it is over, and nothing is in its way."""
    return told.month.state is MonthState.OPEN and not told.obstacles


def url_of(desk: MoneyDesk, first: date) -> str:
    """The page of a month."""
    return desk.url(f"{SECTION}/{first:%Y-%m}")


def of_month(desk: MoneyDesk, told: MonthView, zone: ZoneInfo, names: Names) -> Context:
    """A month as `money_months.html` lists it, with who closed it."""
    return {
        "label": labels.month_label(told.month),
        "url": url_of(desk, told.month),
        "state": STATES[told.state],
        "is_closed": told.state is MonthState.CLOSED,
        "closed_label": _closed(desk, told, zone, names),
    }


def details(desk: MoneyDesk, told: MonthDetails, zone: ZoneInfo, names: Names) -> Context:
    """What `money_month.html` shows, its warning aside."""
    first, last_day = told.month.month, _last_day(told.month, zone)
    days = {"since": first.isoformat(), "until": last_day.isoformat()}
    return {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION),
        "month": of_month(desk, told.month, zone, names),
        "zone_label": labels.zone_name(zone),
        "lines": [_line(desk, one, last_day.isoformat()) for one in told.balances],
        "obstacles": [_obstacle(desk, one, count) for one, count in told.obstacles.items()],
        "disputes": _disputes(desk, told.open_disputes),
        "owed_url": desk.url("owed"),
        "export_url": desk.url("exports", **days),
        "close_url": f"{url_of(desk, first)}/close" if is_closable(told) else None,
    }


def question(desk: MoneyDesk, told: MonthDetails, zone: ZoneInfo) -> Context:
    """What `money_month_close.html` asks: which days, and how they ended in short."""
    back, last_day = url_of(desk, told.month.month), _last_day(told.month, zone)
    ends = [(one.account, _closing(one)) for one in told.balances]
    return {
        "desk": desk.frame(SECTION),
        "back_url": back,
        "month_label": labels.month_label(told.month.month),
        "first_label": labels.full_date_label(told.month.month),
        "last_label": labels.full_date_label(last_day),
        "zone_label": labels.zone_name(zone),
        "balances": [
            {
                "label": money_words.account_label(account),
                "text": money_words.balance_label(closing),
            }
            for account, closing in ends
            if closing.amount
        ],
        "disputes": _disputes(desk, told.open_disputes),
        "owed_url": desk.url("owed"),
        "action": f"{back}/close",
        "form_id": new_form_id(),
    }


def _closed(desk: MoneyDesk, told: MonthView, zone: ZoneInfo, names: Names) -> str:
    """ "Closed by Nell on 2 November 2026, 09:12"; who works there no more has no name here."""
    if told.closed_at is None or told.closed_by is None:
        return ""
    is_own = told.closed_by == desk.actor.account_id
    whom = "you" if is_own else names.get(told.closed_by, "somebody else of the practice")
    return f"Closed by {whom} on {money_words.stamp(told.closed_at, zone)}"


def _last_day(told: MonthView, zone: ZoneInfo) -> date:
    return (told.until_at.astimezone(zone) - DAY).date()


def _closing(one: MonthBalance) -> Money:
    return Money(one.opening.amount + one.debit.amount - one.credit.amount, one.debit.currency)


def _disputes(desk: MoneyDesk, count: int) -> Context | None:
    """How many are open, and the way to them; None for none."""
    if not count:
        return None
    label = "1 dispute is open" if count == 1 else f"{count} disputes are open"
    return {"label": label, "url": desk.url("disputes")}


def _line(desk: MoneyDesk, one: MonthBalance, last_day: str) -> Context:
    """An account; its entries are those until the month's last day."""
    return {
        "label": money_words.account_label(one.account),
        "nature_label": money_words.NATURES.get(one.nature, one.nature),
        "url": desk.account_url(one.account, one.debit.currency, on=last_day),
        "opening": money_words.balance_label(one.opening),
        "debit": labels.money_label(one.debit),
        "credit": labels.money_label(one.credit),
        "closing": money_words.balance_label(_closing(one)),
    }


def _obstacle(desk: MoneyDesk, kind: Obstacle, count: int) -> Context:
    """What is in the way, and where somebody does something about it."""
    told = OBSTACLES[kind]
    text = told.one if count == 1 else told.many.format(count=count)
    url = None if told.section is None else desk.url(told.section, state=told.state)
    return {"text": text, "url": url}
