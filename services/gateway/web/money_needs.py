"""What waits for who answers for the money: disputes by their deadline, refunds that failed, and
differences from Stripe."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.clock import utc_now
from services.contracts.billing.disputes import DisputesPage, DisputeState, ListDisputes
from services.contracts.billing.reconciliation import GetReconciliation, ReconciliationView
from services.contracts.billing.refunds import ListRefunds, RefundsPage, RefundState
from services.gateway.web import money_disputes, money_refunds, reconciliation_context
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page
from services.gateway.web.treating import client_names
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/practices/{practice_id}/money/needs-action")
Context = dict[str, Any]
SECTION = "needs-action"
MOST = 100
"""Of each kind; more than these are no list to work through but a fault to look into."""
SHOWN = 5
"""Differences from Stripe; the others stand on their own page."""


@router.get("")
async def needs_page(desk: AtMoney) -> Response:
    """Everything that waits, the most urgent first."""
    context = await waiting(desk) | {"desk": desk.frame(SECTION)}
    return await page(desk.request, "money_needs.html", context, active="money")


async def waiting(desk: MoneyDesk) -> Context:
    """Disputes that want an answer, refunds that failed, and what Stripe tells otherwise."""
    disputes, refunds, compared, practice = await asyncio.gather(
        desk.backend.ask(desk.actor, ListDisputes(is_open=True, limit=MOST), DisputesPage),
        desk.backend.ask(
            desk.actor, ListRefunds(state=RefundState.FAILED, limit=MOST), RefundsPage
        ),
        desk.backend.ask(desk.actor, GetReconciliation(limit=SHOWN), ReconciliationView),
        desk.practice(),
    )
    to_answer = [one for one in disputes.disputes if one.state is DisputeState.NEEDS_ANSWER]
    ids = [one.client_id for one in to_answer] + [one.client_id for one in refunds.refunds]
    names = await client_names(desk.backend, desk.actor, ids)
    shown = shown_zone(desk.request, desk.visitor)
    return {
        "zone_label": shown.name,
        "disputes": [money_disputes.line(desk, one, names, shown) for one in to_answer],
        "unmatched": reconciliation_context.unmatched(
            desk, compared, ZoneInfo(practice.time_zone), utc_now()
        ),
        "failed": [money_refunds.line(desk, one, names, shown) for one in refunds.refunds],
    }
