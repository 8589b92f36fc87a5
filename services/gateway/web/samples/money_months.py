"""Samples of the month end."""

from typing import Any

from services.contracts.billing.months import MonthState, Obstacle
from services.gateway.web.month_context import NOT_OVER, OBSTACLES, STATES
from services.gateway.web.samples.money import BASE
from services.gateway.web.samples.money_ledger import COMMON, URL, at_section

Context = dict[str, Any]
State = tuple[str, Context]

CLOSED = "Closed by you on 2 November 2026, 09:12"
HERE = f"{BASE}/month-end/2026-10"


def _month(state: MonthState, **changes: Any) -> Context:
    return {
        "label": "October 2026",
        "url": HERE,
        "state": STATES[state],
        "is_closed": state is MonthState.CLOSED,
        "closed_label": "",
    } | changes


def _line(label: str, nature: str, *figures: str) -> Context:
    names = ("opening", "debit", "credit", "closing")
    told = {"label": label, "nature_label": nature, "url": URL}
    return told | dict(zip(names, figures, strict=True))


def _page(**changes: Any) -> Context:
    return {
        **COMMON,
        "desk": at_section("Month end"),
        "warning": "",
        "back_url": f"{BASE}/month-end",
        "month": _month(MonthState.OPEN),
        "lines": [
            _line("Cash at Stripe", "Asset", "€190 debit", "€285", "€19.29", "€455.71 debit"),
            _line("Paid for sessions", "Liability", "€190 credit", "€95", "€285", "€380 credit"),
        ],
        "obstacles": [],
        "disputes": None,
        "owed_url": f"{BASE}/owed",
        "export_url": f"{BASE}/exports",
        "close_url": f"{HERE}/close",
    } | changes


DISPUTES = {"label": "2 disputes are open", "url": f"{BASE}/disputes"}
QUESTION: Context = {
    **COMMON,
    "desk": at_section("Month end"),
    "back_url": HERE,
    "month_label": "October 2026",
    "first_label": "1 October 2026",
    "last_label": "31 October 2026",
    "balances": [
        {"label": "Cash at Stripe", "text": "€455.71 debit"},
        {"label": "Paid for sessions", "text": "€380 credit"},
    ],
    "disputes": DISPUTES,
    "owed_url": f"{BASE}/owed",
    "action": f"{HERE}/close",
    "form_id": "0193-sample",
}
IN_THE_WAY = [
    {"text": OBSTACLES[Obstacle.EARLIER_OPEN].one, "url": f"{BASE}/month-end"},
    {"text": OBSTACLES[Obstacle.UNDER_WAY].one, "url": None},
    {"text": OBSTACLES[Obstacle.NOT_COMPARED].one, "url": f"{BASE}/reconciliation"},
    {"text": OBSTACLES[Obstacle.DIFFERENCES].one, "url": f"{BASE}/reconciliation"},
    {"text": OBSTACLES[Obstacle.REFUNDS_FAILED].one, "url": f"{BASE}/refunds"},
]
RUNNING = {"obstacles": [{"text": NOT_OVER, "url": None}], "lines": [], "close_url": None}
MONTHS = [
    _month(MonthState.RUNNING, label="December 2026"),
    _month(MonthState.OPEN, label="November 2026"),
    _month(MonthState.CLOSED, closed_label=CLOSED),
]
LIST: Context = {
    "run_url": "/practices/1/money/invoices/run",
    **COMMON,
    "desk": at_section("Month end"),
}
STATES_OF_PAGES: dict[str, State] = {
    "money-months": ("money_months.html", {**LIST, "months": MONTHS}),
    "money-months-none": ("money_months.html", {**LIST, "months": []}),
    "money-month": ("money_month.html", _page()),
    "money-month-running": (
        "money_month.html",
        _page(month=_month(MonthState.RUNNING), **RUNNING),
    ),
    "money-month-blocked": (
        "money_month.html",
        _page(obstacles=IN_THE_WAY, close_url=None, warning="A month before this one is open."),
    ),
    "money-month-closed": (
        "money_month.html",
        _page(
            month=_month(MonthState.CLOSED, closed_label=CLOSED), close_url=None, disputes=DISPUTES
        ),
    ),
    "money-month-close": ("money_month_close.html", QUESTION),
    "money-month-close-empty": (
        "money_month_close.html",
        QUESTION | {"balances": [], "disputes": None},
    ),
}
