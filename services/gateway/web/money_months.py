"""The month end: the months of the books, what is in a month's way, and closing it for good."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.errors import NotFound
from services.contracts.billing.months import (
    CloseMonth,
    GetMonth,
    ListMonths,
    MonthDetails,
    MonthNotClosable,
    MonthsView,
    MonthView,
)
from services.contracts.profiles.members import MOST_MEMBERS, ListMembers, MembersView
from services.gateway.forms.months import CloseMonthForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import month_context
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.month_context import SECTION, Names
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/money/month-end")
Context = dict[str, Any]
CLOSED = "The month is closed. Nothing will be added to it any more."
NOT_NOW = "This month cannot be closed now. Here is how it stands."


@router.get("")
async def months_page(desk: AtMoney) -> Response:
    """Every month of the books, the latest first."""
    practice = await desk.practice()
    asked = ListMonths(time_zone=practice.time_zone)
    told = await desk.backend.ask(desk.actor, asked, MonthsView)
    zone, names = ZoneInfo(practice.time_zone), await _names(desk, told.months)
    context = {
        "desk": desk.frame(SECTION),
        "run_url": desk.url("invoices/run"),
        "months": [month_context.of_month(desk, one, zone, names) for one in told.months],
    }
    return await page(desk.request, "money_months.html", context, active="money")


@router.get("/{month}")
async def month_page(desk: AtMoney, month: str) -> Response:
    """One month with its balances, and what keeps it from being closed."""
    return await _page(desk, _first_of(month), "")


@router.get("/{month}/close")
async def close_page(desk: AtMoney, month: str) -> Response:
    """The question: nothing has happened yet."""
    told, zone = await _month(desk, _first_of(month))
    if not month_context.is_closable(told):
        back = month_context.url_of(desk, told.month.month)
        return redirect(desk.request, back, notice=NOT_NOW, kind="info")
    context = month_context.question(desk, told, zone)
    return await page(desk.request, "money_month_close.html", context, active="money")


@router.post("/{month}/close")
async def close(sent: Sent, desk: AtMoney, month: str) -> Response:
    """Close it; where something came in the way meanwhile, the month's page tells what."""
    first = _first_of(month)
    url = month_context.url_of(desk, first)
    try:
        form = parsed(CloseMonthForm, sent)
    except Flawed:
        return redirect(desk.request, f"{url}/close")
    practice = await desk.practice()
    command = CloseMonth(id=form.form_id, month=first, time_zone=practice.time_zone)
    try:
        await desk.backend.ask(desk.actor, command, MonthDetails)
    except MonthNotClosable as refusal:
        return await _page(desk, first, refusal.message, 409)
    return redirect(desk.request, url, notice=CLOSED)


async def _page(desk: MoneyDesk, first: date, warning: str, status: int = 200) -> Response:
    told, zone = await _month(desk, first)
    names = await _names(desk, [told.month])
    context = month_context.details(desk, told, zone, names) | {"warning": warning}
    return await page(desk.request, "money_month.html", context, status=status, active="money")


async def _month(desk: MoneyDesk, first: date) -> tuple[MonthDetails, ZoneInfo]:
    practice = await desk.practice()
    asked = GetMonth(month=first, time_zone=practice.time_zone)
    told = await desk.backend.ask(desk.actor, asked, MonthDetails)
    return told, ZoneInfo(practice.time_zone)


async def _names(desk: MoneyDesk, told: Iterable[MonthView]) -> Names:
    """Who closed them, by account; nobody is asked for where that was the reader alone."""
    closed_by = {one.closed_by for one in told} - {None, desk.actor.account_id}
    ids: list[UUID] = sorted(filter(None, closed_by))[:MOST_MEMBERS]
    if not ids:
        return {}
    found = await desk.backend.ask(desk.actor, ListMembers(account_ids=ids), MembersView)
    return {one.account_id: one.name for one in found.members}


def _first_of(month: str) -> date:
    """The first day of a month as addresses name it, "2026-11"; raises NotFound."""
    try:
        return datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo("UTC")).date()
    except ValueError:
        raise NotFound("The books have no such month.") from None
