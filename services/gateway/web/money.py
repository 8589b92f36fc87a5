"""The way to the money desk, and its first page: what needs action."""

import asyncio
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.errors import Forbidden
from services.contracts.billing.attention import (
    GetMoneyOverview,
    LatePayment,
    MoneyOverviewView,
    StuckLook,
    StuckWork,
)
from services.contracts.profiles.practices import PracticeView
from services.gateway.asking import WebVisitor
from services.gateway.web import labels, money_needs, money_words
from services.gateway.web.money_desk import AtMoney, MoneyDesk, keeps_money, money_url
from services.gateway.web.money_owed import sum_line
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import client_names

router = APIRouter()
Context = dict[str, Any]
Names = dict[UUID, str]


@router.get("/money")
async def money_page(request: Request, visitor: WebVisitor) -> Response:
    """On to the practice's desk; who keeps several chooses one."""
    kept = keeps_money(visitor.require_login().account)
    if not kept:
        raise Forbidden("This page is for those who answer for the money.")
    if len(kept) == 1:
        return redirect(request, money_url(kept[0].practice_id))
    practices = [{"name": one.practice_name, "url": money_url(one.practice_id)} for one in kept]
    return await page(request, "money_choice.html", {"practices": practices}, active="money")


@router.get("/practices/{practice_id}/money")
async def desk_page(desk: AtMoney) -> Response:
    """What needs action: disputes, failed refunds and calls, late money, money that is owed."""
    (told, practice, names), waiting = await asyncio.gather(
        _overview(desk), money_needs.waiting(desk)
    )
    zone = ZoneInfo(practice.time_zone)
    context = {
        "desk": desk.frame(""),
        "zone_label": labels.zone_name(zone),
        "stuck": [_stuck(desk, one, names, zone) for one in told.stuck],
        "looks": [_look(desk, one, zone) for one in told.looks],
        "more_stuck": told.stuck_count + told.looks_count - len(told.stuck) - len(told.looks),
        "late": [_late(desk, one, names, zone) for one in told.late],
        "more_late": told.late_count - len(told.late),
        "owed": [sum_line(desk, one) for one in told.owed],
        "owed_url": desk.url("owed"),
        **waiting,
    }
    return await page(desk.request, "money_overview.html", context, active="money")


async def _overview(desk: MoneyDesk) -> tuple[MoneyOverviewView, PracticeView, Names]:
    """What billing tells, then the practice and the names of its clients."""
    told = await desk.backend.ask(desk.actor, GetMoneyOverview(), MoneyOverviewView)
    ids = [*(one.client_id for one in told.stuck), *(one.client_id for one in told.late)]
    practice, names = await asyncio.gather(
        desk.practice(), client_names(desk.backend, desk.actor, ids)
    )
    return told, practice, names


def _stuck(desk: MoneyDesk, work: StuckWork, names: Names, zone: ZoneInfo) -> Context:
    return {
        "label": money_words.STUCK.get(work.kind, work.kind),
        "reason": money_words.stuck_reason(work.error),
        "amount": labels.money_label(work.money),
        "client_name": names.get(work.client_id, "Client"),
        "url": desk.url(f"payments/{work.payment_id}"),
        "at": labels.instant(work.parked_at),
        "at_label": money_words.stamp(work.parked_at, zone),
    }


def _look(desk: MoneyDesk, work: StuckLook, zone: ZoneInfo) -> Context:
    """Work about no payment: a payout, a run of invoices, or else the comparison with Stripe."""
    reason = money_words.look_reason(work.error)
    subject, section = "Reconciliation", "reconciliation"
    if work.payout_id:
        subject, section = money_words.payout_label(work.money), f"payouts/{work.payout_id}"
    elif work.kind == "invoice_run":
        reason = money_words.RUN_REASON
        subject, section = "Invoices for all clients", "invoices/run"
    return {
        "label": money_words.STUCK.get(work.kind, work.kind),
        "reason": reason,
        "subject": subject,
        "url": desk.url(section),
        "at": labels.instant(work.parked_at),
        "at_label": money_words.stamp(work.parked_at, zone),
    }


def _late(desk: MoneyDesk, payment: LatePayment, names: Names, zone: ZoneInfo) -> Context:
    is_back = payment.is_back
    return {
        "amount": labels.money_label(payment.money),
        "status": money_words.REFUND_STATES["made" if is_back else "promised"],
        "client_name": names.get(payment.client_id, "Client"),
        "url": desk.url(f"payments/{payment.payment_id}"),
        "at": labels.instant(payment.at),
        "at_label": money_words.stamp(payment.at, zone),
    }
