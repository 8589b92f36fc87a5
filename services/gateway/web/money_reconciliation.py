"""Reconciliation: what Stripe says beside the books, and settling where they differ."""

import asyncio
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.reconciliation import (
    DifferenceChanged,
    DifferenceDetails,
    DifferenceState,
    DifferenceView,
    GetDifference,
    GetReconciliation,
    NotThisWay,
    ReconciliationStarted,
    ReconciliationView,
    SettleDifference,
    StartReconciliation,
)
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.forms.reconciliation import SettleForm
from services.gateway.web import labels, reconciliation_context
from services.gateway.web.ids import kept_form_id
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page, redirect

router = APIRouter(prefix="/practices/{practice_id}/money/reconciliation")
Context = dict[str, Any]
SECTION = reconciliation_context.SECTION
PER_PAGE = 25
Turned = Annotated[str, Query(alias="page", max_length=200)]
BEGUN = "Attune is asking Stripe now. What is found appears here within seconds."
SETTLED = "Settled. Your words are kept with it."
CHANGED = "This has changed since you saw it. Here it is as it is now."


@router.get("")
async def reconciliation_page(
    desk: AtMoney,
    request: Request,
    state: DifferenceState = DifferenceState.OPEN,
    turned: Turned = "",
) -> Response:
    """How the books stand beside Stripe, differences first."""
    asked = GetReconciliation(state=state, cursor=turned or None, limit=PER_PAGE)
    told, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, ReconciliationView), desk.practice()
    )
    zone = ZoneInfo(practice.time_zone)
    context = reconciliation_context.standing(desk, told, state, zone, utc_now())
    return await page(request, "money_reconciliation.html", context, active="money")


@router.post("/look")
async def look_now(request: Request, sent: Sent, desk: AtMoney) -> Response:
    """Ask Stripe now; sent twice, it is asked once."""
    await desk.backend.ask(desk.actor, StartReconciliation(), ReconciliationStarted)
    return redirect(request, desk.url(SECTION), notice=BEGUN, kind="info")


@router.get("/{difference_id}")
async def difference_page(desk: AtMoney, difference_id: UUID) -> Response:
    """One difference, what it means, and the ways to settle it."""
    return await _show(desk, difference_id)


@router.post("/{difference_id}")
async def settle(request: Request, sent: Sent, desk: AtMoney, difference_id: UUID) -> Response:
    """Settle it as it was seen."""
    try:
        form = parsed(SettleForm, sent)
        await desk.backend.ask(desk.actor, _command(form, difference_id), DifferenceView)
    except Flawed as flawed:
        return await _show(desk, difference_id, sent=sent, errors=flawed.errors, status=422)
    except NotThisWay as refusal:
        errors = {"way": refusal.message}
        return await _show(desk, difference_id, sent=sent, errors=errors, status=409)
    except DifferenceChanged:
        errors = {"form": CHANGED}
        kept = {name: text for name, text in sent.items() if name == "why"}
        return await _show(desk, difference_id, sent=kept, errors=errors, status=409)
    return redirect(request, desk.url(SECTION), notice=SETTLED)


def _command(form: SettleForm, difference_id: UUID) -> SettleDifference:
    return SettleDifference(
        id=form.form_id,
        difference_id=difference_id,
        revision=form.revision,
        way=form.way,
        words=form.why,
    )


async def _show(
    desk: MoneyDesk,
    difference_id: UUID,
    *,
    sent: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    told, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, GetDifference(difference_id=difference_id), DifferenceDetails),
        desk.practice(),
    )
    zone, kept = ZoneInfo(practice.time_zone), sent or {}
    context = reconciliation_context.one(desk, told, zone, utc_now()) | {
        "zone_label": labels.zone_name(zone),
        "form_id": kept_form_id(kept.get("form_id", "")),
        "values": kept,
        "errors": errors or {},
    }
    return await page(desk.request, "money_difference.html", context, status=status, active="money")
