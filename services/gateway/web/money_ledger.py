"""The ledger of a practice: accounts with balances, an account's entries, a transaction."""

import asyncio
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.common.money import Money
from services.contracts.billing.ledger import (
    AccountBalance,
    AccountEntriesPage,
    AccountEntry,
    GetLedgerTransaction,
    GetTrialBalance,
    ListAccountEntries,
    TransactionView,
    TrialBalanceView,
)
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.money import BalanceForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.web import labels, money_words
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page

router = APIRouter(prefix="/practices/{practice_id}/money/ledger")
Context = dict[str, Any]
SECTION = "ledger"
PER_PAGE = 50
DAY = timedelta(days=1)
Turned = Annotated[str, Query(alias="page", max_length=200)]


@router.get("")
async def ledger_page(desk: AtMoney, request: Request) -> Response:
    """The trial balance at the end of a day; without one, as it stands now."""
    sent, practice = _day_of(request), await desk.practice()
    told, errors = TrialBalanceView(accounts=[], balances=[]), {}
    try:
        asked = GetTrialBalance(until_at=_until(practice, sent))
        told = await desk.backend.ask(desk.actor, asked, TrialBalanceView)
    except Flawed as flawed:
        errors = flawed.errors
    context = {
        "desk": desk.frame(SECTION),
        "action": desk.url(SECTION),
        "export_url": desk.url("exports"),
        "zone_label": labels.zone_name(ZoneInfo(practice.time_zone)),
        "values": sent,
        "errors": errors,
        "accounts": _accounts(desk, told, practice.currency, sent),
        "totals": _totals(told),
    }
    status = 422 if errors else 200
    return await page(request, "money_ledger.html", context, status=status, active="money")


@router.get("/accounts/{account}/{currency}")
async def account_page(
    desk: AtMoney, request: Request, account: str, currency: str, turned: Turned = ""
) -> Response:
    """The entries of an account, the latest first, each with the balance after it."""
    sent, practice = _day_of(request), await desk.practice()
    try:
        until_at = _until(practice, sent)
    except Flawed:
        sent, until_at = {}, None
    asked = _entries_asked(account, currency, until_at, turned)
    told = await desk.backend.ask(desk.actor, asked, AccountEntriesPage)
    zone, here = ZoneInfo(practice.time_zone), f"{SECTION}/accounts/{account}/{currency}"
    context = {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION, **sent),
        "account_label": money_words.account_label(account),
        "nature_label": money_words.NATURES.get(told.nature, told.nature),
        "currency": currency,
        "until_label": sent.get("on", ""),
        "zone_label": labels.zone_name(zone),
        "entries": [_entry(desk, one, zone) for one in told.entries],
        "pages": desk.pages(here, told.previous_cursor, told.next_cursor, **sent),
    }
    return await page(request, "money_account.html", context, active="money")


@router.get("/transactions/{transaction_id}")
async def transaction_page(desk: AtMoney, transaction_id: UUID) -> Response:
    """One transaction with its entries, and what it is about."""
    asked = GetLedgerTransaction(transaction_id=transaction_id)
    found, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, TransactionView), desk.practice()
    )
    zone = ZoneInfo(practice.time_zone)
    payment = desk.url(f"payments/{found.payment_id}") if found.payment_id else None
    context = {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION),
        "zone_label": labels.zone_name(zone),
        "transaction": money_words.transaction(found, zone, desk.account_url),
        "payment_url": payment,
        "is_of_receivable": found.receivable_id is not None,
    }
    return await page(desk.request, "money_transaction.html", context, active="money")


def _entries_asked(
    account: str, currency: str, until_at: datetime | None, turned: str
) -> ListAccountEntries:
    """The question; raises NotFound for a name that no account or currency can have."""
    told: Context = {
        "account": account,
        "currency": currency,
        "until_at": until_at,
        "limit": PER_PAGE,
    }
    try:
        return ListAccountEntries(**told, cursor=turned or None)
    except ValidationError:
        raise NotFound("There is no such account.") from None


def _day_of(request: Request) -> dict[str, str]:
    text = request.query_params.get("on", "").strip()
    return {"on": text} if text else {}


def _until(practice: PracticeView, sent: dict[str, str]) -> datetime | None:
    """The end of the day that is named, in the practice's zone; raises Flawed."""
    day = parsed(BalanceForm, sent).on
    return datetime.combine(day + DAY, time(), ZoneInfo(practice.time_zone)) if day else None


def _accounts(
    desk: MoneyDesk, told: TrialBalanceView, currency: str, sent: dict[str, str]
) -> list[Context]:
    """A line for each account and currency; one without entries has a zero of the practice's."""
    zero = Money(0, currency)
    known: dict[str, list[AccountBalance]] = {}
    for one in told.balances:
        known.setdefault(one.account, []).append(one)
    return [
        {
            "label": money_words.account_label(chart.account),
            "nature_label": money_words.NATURES.get(chart.nature, chart.nature),
            "url": desk.account_url(chart.account, line.debit.currency, **sent),
            "debit": labels.money_label(line.debit),
            "credit": labels.money_label(line.credit),
            "balance": money_words.balance_label(line.debit - line.credit),
        }
        for chart in told.accounts
        for line in known.get(
            chart.account, [AccountBalance(account=chart.account, debit=zero, credit=zero)]
        )
    ]


def _totals(told: TrialBalanceView) -> list[Context]:
    """By currency the sums of both sides, which are the same."""
    currencies = sorted({one.debit.currency for one in told.balances})
    sides = {
        currency: (
            sum(one.debit.amount for one in told.balances if one.debit.currency == currency),
            sum(one.credit.amount for one in told.balances if one.credit.currency == currency),
        )
        for currency in currencies
    }
    return [
        {
            "currency": currency,
            "debit": labels.money_label(Money(debit, currency)),
            "credit": labels.money_label(Money(credit, currency)),
            "is_even": debit == credit,
        }
        for currency, (debit, credit) in sides.items()
    ]


def _entry(desk: MoneyDesk, entry: AccountEntry, zone: ZoneInfo) -> Context:
    is_debit = entry.money.amount > 0
    amount = labels.money_label(entry.money if is_debit else -entry.money)
    return {
        "url": desk.url(f"{SECTION}/transactions/{entry.transaction_id}"),
        "at": labels.instant(entry.occurred_at),
        "at_label": labels.moment_label(entry.occurred_at, zone, utc_now()),
        "kind_label": money_words.kind_label(entry.kind),
        "debit": amount if is_debit else "",
        "credit": "" if is_debit else amount,
        "balance": money_words.balance_label(entry.balance),
    }
