"""What needs action beside stuck work: disputes by deadline, failed refunds, what is unmatched."""

import asyncio
from typing import Any
from zoneinfo import ZoneInfo

from services.common.clock import utc_now
from services.contracts.billing.disputes import DisputesPage, DisputeState, ListDisputes
from services.contracts.billing.reconciliation import GetReconciliation, ReconciliationView
from services.contracts.billing.refunds import ListRefunds, RefundsPage, RefundState
from services.gateway.web import money_disputes, money_refunds, reconciliation_context
from services.gateway.web.money_desk import MoneyDesk
from services.gateway.web.treating import client_names
from services.gateway.web.zones import shown_zone

Context = dict[str, Any]
MOST = 100
"""Of each kind; more than these are no list to work through but a fault to look into."""
SHOWN = 5
"""Differences from Stripe; the others stand on their own page."""


async def waiting(desk: MoneyDesk) -> Context:
    """Disputes that want an answer, refunds that failed, and what Stripe tells otherwise."""
    disputes, refunds, compared = await asyncio.gather(
        desk.backend.ask(desk.actor, ListDisputes(is_open=True, limit=MOST), DisputesPage),
        desk.backend.ask(
            desk.actor, ListRefunds(state=RefundState.FAILED, limit=MOST), RefundsPage
        ),
        desk.backend.ask(desk.actor, GetReconciliation(limit=SHOWN), ReconciliationView),
    )
    to_answer = [one for one in disputes.disputes if one.state is DisputeState.NEEDS_ANSWER]
    ids = [one.client_id for one in to_answer] + [one.client_id for one in refunds.refunds]
    names, practice = await asyncio.gather(
        client_names(desk.backend, desk.actor, ids), desk.practice()
    )
    shown = shown_zone(desk.request, desk.visitor)
    return {
        "disputes": [money_disputes.line(desk, one, names, shown) for one in to_answer],
        "unmatched": reconciliation_context.unmatched(
            desk, compared, ZoneInfo(practice.time_zone), utc_now()
        ),
        "failed": [money_refunds.line(desk, one, names, shown) for one in refunds.refunds],
    }
