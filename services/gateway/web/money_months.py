"""The month end: the months of the books, what is in a month's way, and closing it for good."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.errors import InvalidInput, NotFound
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
from services.gateway.forms.months import CloseMonthForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels, money_words
from services.gateway.web.ids import new_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/money/month-end")
Context = dict[str, Any]
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
CLOSED = "The month is closed. Nothing will be added to it any more."


@router.get("")
async def months_page(desk: AtMoney) -> Response:
    """Every month of the books, the latest first."""
    practice = await desk.practice()
    asked = ListMonths(time_zone=practice.time_zone)
    told = await desk.backend.ask(desk.actor, asked, MonthsView)
    zone = ZoneInfo(practice.time_zone)
    context = {
        "desk": desk.frame(SECTION),
        "months": [_month(desk, one, zone) for one in told.months],
    }
    return await page(desk.request, "money_months.html", context, active="money")


@router.get("/{month}")
async def month_page(desk: AtMoney, month: str) -> Response:
    """One month with its balances, and what keeps it from being closed."""
    return await _page(desk, _first_of(month), "")


@router.post("/{month}")
async def close(sent: Sent, desk: AtMoney, month: str) -> Response:
    """Close it; where something came in the way meanwhile, the page tells what."""
    first = _first_of(month)
    try:
        form = parsed(CloseMonthForm, sent)
    except Flawed as flawed:
        raise InvalidInput("This page is out of date.", flawed.errors) from None
    practice = await desk.practice()
    command = CloseMonth(id=form.form_id, month=first, time_zone=practice.time_zone)
    try:
        await desk.backend.ask(desk.actor, command, MonthDetails)
    except MonthNotClosable as refusal:
        return await _page(desk, first, refusal.message, 409)
    return redirect(desk.request, desk.url(f"{SECTION}/{month}"), notice=CLOSED, kind="good")


async def _page(desk: MoneyDesk, first: date, warning: str, status: int = 200) -> Response:
    practice = await desk.practice()
    asked = GetMonth(month=first, time_zone=practice.time_zone)
    told = await desk.backend.ask(desk.actor, asked, MonthDetails)
    zone = ZoneInfo(practice.time_zone)
    last_day = _last_day(told.month, zone)
    context = {
        "desk": desk.frame(SECTION),
        "warning": warning,
        "back_url": desk.url(SECTION),
        "month": _month(desk, told.month, zone),
        "zone_label": labels.zone_name(zone),
        "lines": [_line(desk, one, last_day) for one in told.balances],
        "obstacles": [_obstacle(desk, one, count) for one, count in told.obstacles.items()],
        "owed_url": desk.url("owed"),
        "export_url": desk.url("exports", since=first.isoformat(), until=last_day),
        "action": desk.url(f"{SECTION}/{_key(first)}"),
        "form_id": new_form_id(),
        "is_closable": told.month.state is MonthState.OPEN and not told.obstacles,
    }
    return await page(desk.request, "money_month.html", context, status=status, active="money")


def _first_of(month: str) -> date:
    """The first day of a month as addresses name it, "2026-11"; raises NotFound."""
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo("UTC")).date()
    except ValueError:
        raise NotFound("The books have no such month.") from None


def _key(first: date) -> str:
    return f"{first:%Y-%m}"


def _month(desk: MoneyDesk, told: MonthView, zone: ZoneInfo) -> Context:
    closed = ""
    if told.closed_at is not None:
        by = "you" if told.closed_by == desk.actor.account_id else "somebody else of the practice"
        closed = f"Closed by {by} on {money_words.stamp(told.closed_at, zone)}"
    return {
        "label": labels.month_label(told.month),
        "url": desk.url(f"{SECTION}/{_key(told.month)}"),
        "state": STATES[told.state],
        "is_closed": told.state is MonthState.CLOSED,
        "closed_label": closed,
    }


def _last_day(told: MonthView, zone: ZoneInfo) -> str:
    return (told.until_at.astimezone(zone) - DAY).date().isoformat()


def _line(desk: MoneyDesk, one: MonthBalance, last_day: str) -> Context:
    """An account; its entries are those until the month's last day."""
    closing = Money(one.opening.amount + one.debit.amount - one.credit.amount, one.debit.currency)
    return {
        "label": money_words.account_label(one.account),
        "nature_label": money_words.NATURES.get(one.nature, one.nature),
        "url": desk.account_url(one.account, one.debit.currency, on=last_day),
        "opening": money_words.balance_label(one.opening),
        "debit": labels.money_label(one.debit),
        "credit": labels.money_label(one.credit),
        "closing": money_words.balance_label(closing),
    }


def _obstacle(desk: MoneyDesk, kind: Obstacle, count: int) -> Context:
    """What is in the way, and where somebody does something about it."""
    told = OBSTACLES[kind]
    text = told.one if count == 1 else told.many.format(count=count)
    url = None if told.section is None else desk.url(told.section, state=told.state)
    return {"text": text, "url": url}
