"""Ending a package: its rest is explained line by line, and goes back once that is confirmed."""

import asyncio
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.errors import DifferentContent, InvalidInput
from services.contracts.billing.packages import (
    EndLine,
    EndPackage,
    EndProposal,
    PackageOver,
    ProposeEnd,
    RefundRule,
    SaleView,
)
from services.contracts.billing.refunds import RefundChanged
from services.gateway.forms.packages import EndForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.web import labels, links
from services.gateway.web import package_words as words
from services.gateway.web.ids import kept_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_packages import SECTION
from services.gateway.web.money_sales import SALES
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import client_names

router = APIRouter(prefix="/practices/{practice_id}/money/packages/sales/{sale_id}/end")
Context = dict[str, Any]
Kind = Literal["good", "warn", "info"]
ENDED = "The package is ended. Under Refunds you see what becomes of the money that goes back."
CHANGED = "Something about this package has changed since you looked. These are the new figures."
ALREADY = "This form has ended a package already."
BY_YOURSELF = (
    "Your Stripe account does not know this payment. So you pay the client back yourself, and note"
    " it under Needs action afterwards."
)


@router.get("")
async def end_page(desk: AtMoney, sale_id: UUID) -> Response:
    """What would go back: nothing has happened yet."""
    try:
        return await _page(desk, sale_id, "")
    except PackageOver as refusal:
        return _back(desk, sale_id, refusal.message, "info")


@router.post("")
async def end(sent: Sent, desk: AtMoney, sale_id: UUID) -> Response:
    """Do what was shown; other figures by now are shown anew, and nothing is done."""
    try:
        form = parsed(EndForm, sent)
    except Flawed as flawed:
        raise InvalidInput("This page is out of date.", flawed.errors) from None
    command = EndPackage(id=form.form_id, sale_id=sale_id, agreed=form.agreed)
    try:
        await desk.backend.ask(desk.actor, command, SaleView)
    except RefundChanged:
        return await _page(desk, sale_id, CHANGED, 409)
    except PackageOver as refusal:
        return _back(desk, sale_id, refusal.message, "info")
    except DifferentContent:
        return _back(desk, sale_id, ALREADY, "warn")
    return _back(desk, sale_id, ENDED, "good")


def _back(desk: MoneyDesk, sale_id: UUID, notice: str, kind: Kind) -> Response:
    return redirect(desk.request, desk.url(f"{SALES}/{sale_id}"), notice=notice, kind=kind)


async def _page(desk: MoneyDesk, sale_id: UUID, warning: str, status: int = 200) -> Response:
    shown = await desk.backend.ask(desk.actor, ProposeEnd(sale_id=sale_id), EndProposal)
    practice, names = await asyncio.gather(
        desk.practice(), client_names(desk.backend, desk.actor, [shown.client_id])
    )
    zone, told = ZoneInfo(practice.time_zone), labels.money_label
    context = {
        "desk": desk.frame(SECTION),
        "warning": warning,
        "back_url": desk.url(f"{SALES}/{sale_id}"),
        "action": desk.url(f"{SALES}/{sale_id}/end"),
        "form_id": kept_form_id(""),
        "agreed": shown.agreed,
        "name": shown.name,
        "client_name": names.get(shown.client_id, "Client"),
        "price": told(shown.price),
        "rule": words.RULES[shown.rule],
        "lines": [_line(desk, one, shown.rule, zone) for one in shown.lines],
        "counted": told(shown.counted),
        "refund": told(shown.refund),
        "has_refund": shown.refund.amount > 0,
        "left_label": words.sessions_label(shown.left),
        "to_come": sum(one.is_to_come for one in shown.lines),
        "effects": _effects(shown),
    }
    template = "money_package_end.html"
    return await page(desk.request, template, context, status=status, active="money")


def _line(desk: MoneyDesk, one: EndLine, rule: RefundRule, zone: ZoneInfo) -> Context:
    """A used session with its day, what it counts, and why it counts."""
    at = one.starts_at or one.used_at
    day = labels.full_date_label(at.astimezone(zone).date())
    url = links.staff_booking_url(desk.practice_id, one.booking_id)
    return {
        "at": labels.instant(at),
        "day": day if one.starts_at else f"Booked on {day}",
        "url": url if desk.sees_sessions else None,
        "why": _why(one, rule),
        "counts": labels.money_label(one.counts),
    }


def _why(one: EndLine, rule: RefundRule) -> str:
    state = "Took place, or was missed" if one.starts_at else "Was used"
    if one.is_kept:
        state = "Cancelled too late, so it stays used"
    elif one.is_to_come:
        state = "Is booked and still to come"
    single = labels.money_label(one.single)
    if rule is RefundRule.PACKAGE_PRICE:
        return f"{state}; its part of the package's price"
    if one.counts != one.single:
        return f"{state}; singly {single}, but no more of the payment is left"
    return f"{state}; its single price"


def _effects(shown: EndProposal) -> list[Context]:
    told = labels.money_label
    if not shown.refund.amount:
        return []
    if not shown.is_at_stripe:
        return [{"label": "The client", "text": BY_YOURSELF}]
    fee = (
        f"Keeps its fee of {told(shown.stripe_fee)}; Stripe does not give it back."
        if shown.stripe_fee is not None
        else "Keeps its fee, which it has not told yet; it does not give it back."
    )
    commission = (
        f"{told(shown.commission_back)} of it come back to you, in proportion."
        if shown.commission_back.amount
        else "There is none to come back."
    )
    client = f"Gets {told(shown.refund)} on the card that paid, in 5 to 10 days."
    return [
        {"label": "The client", "text": client},
        {"label": "Stripe", "text": fee},
        {"label": "The commission", "text": commission},
    ]
