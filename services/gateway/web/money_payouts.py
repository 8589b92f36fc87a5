"""Payouts: what went from Stripe to the bank, and what each was made of."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.payouts import (
    GetPayout,
    ListPayouts,
    MovementSum,
    MovementView,
    PayoutDetails,
    PayoutsPage,
    PayoutView,
)
from services.gateway.web import labels, money_words
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page
from services.gateway.web.reconciliation_words import STATUSES, type_label

router = APIRouter(prefix="/practices/{practice_id}/money/payouts")
Context = dict[str, Any]
SECTION = "payouts"
PER_PAGE = 25
Turned = Annotated[str, Query(alias="page", max_length=200)]


@router.get("")
async def payouts_page(desk: AtMoney, request: Request, turned: Turned = "") -> Response:
    """The payouts, the latest first."""
    asked = ListPayouts(cursor=turned or None, limit=PER_PAGE)
    told, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, PayoutsPage), desk.practice()
    )
    zone, now = ZoneInfo(practice.time_zone), utc_now()
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(zone),
        "payouts": [_line(desk, one, zone, now) for one in told.payouts],
        "reconciliation_url": desk.url("reconciliation"),
        "csv_url": desk.url("payouts.csv"),
        "pages": desk.pages(SECTION, None, told.next_cursor),
    }
    return await page(request, "money_payouts.html", context, active="money")


@router.get("/{payout_id}")
async def payout_page(
    desk: AtMoney, request: Request, payout_id: UUID, turned: Turned = ""
) -> Response:
    """One payout: gross - fees - commission, each part of it, and its entries in the books."""
    asked = GetPayout(payout_id=payout_id, cursor=turned or None)
    told, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, PayoutDetails), desk.practice()
    )
    context = _context(desk, told, ZoneInfo(practice.time_zone), utc_now())
    return await page(request, "money_payout.html", context, active="money")


def _context(desk: MoneyDesk, told: PayoutDetails, zone: ZoneInfo, now: datetime) -> Context:
    payout = told.payout
    return {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION),
        "zone_label": labels.zone_name(zone),
        **_line(desk, payout, zone, now),
        "stripe_id": payout.stripe_payout_id,
        "is_automatic": payout.is_automatic,
        "arrives_label": money_words.stamp(payout.arrives_at, zone) if payout.arrives_at else "",
        "failure": (payout.failure or "").replace("_", " "),
        "csv_url": desk.url(f"{SECTION}/{payout.id}/movements.csv"),
        "is_complete": told.is_complete,
        "makes_up": told.makes_up,
        "sums": [_sum(one) for one in told.sums],
        "movements": [_movement(desk, one, zone, now) for one in told.movements],
        "transactions": [desk.transaction(one, zone) for one in told.transactions],
        "pages": desk.pages(f"{SECTION}/{payout.id}", None, told.next_cursor),
    }


def _line(desk: MoneyDesk, payout: PayoutView, zone: ZoneInfo, now: datetime) -> Context:
    return {
        "url": desk.url(f"{SECTION}/{payout.id}"),
        "amount": labels.money_label(payout.money) if payout.money else "–",
        "at": labels.instant(payout.created_at),
        "at_label": labels.moment_label(payout.created_at, zone, now),
        "status": STATUSES[payout.status],
    }


def _sum(told: MovementSum) -> Context:
    return {"label": type_label(told.type), "count": told.count} | _figures(told)


def _movement(desk: MoneyDesk, told: MovementView, zone: ZoneInfo, now: datetime) -> Context:
    return {
        "label": type_label(told.type),
        "stripe_id": told.stripe_id,
        "at": labels.instant(told.created_at),
        "at_label": labels.moment_label(told.created_at, zone, now),
        "payment_url": desk.url(f"payments/{told.payment_id}") if told.payment_id else None,
        **_figures(told),
    }


def _figures(told: MovementSum | MovementView) -> Context:
    return {
        "gross": labels.money_label(told.gross),
        "stripe_fee": labels.money_label(-told.stripe_fee) if told.stripe_fee.amount else "",
        "commission": labels.money_label(-told.commission) if told.commission.amount else "",
        "net": labels.money_label(told.net),
    }
