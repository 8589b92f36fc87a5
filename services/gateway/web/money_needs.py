"""What of refunds and disputes needs action: disputes by their deadline, refunds that failed."""

import asyncio
from typing import Any

from services.contracts.billing.disputes import DisputesPage, DisputeState, ListDisputes
from services.contracts.billing.refunds import ListRefunds, RefundsPage, RefundState
from services.gateway.web import money_disputes, money_refunds
from services.gateway.web.money_desk import MoneyDesk
from services.gateway.web.treating import client_names
from services.gateway.web.zones import shown_zone

Context = dict[str, Any]
MOST = 100
"""Of each kind; more than these are no list to work through but a fault to look into."""


async def waiting(desk: MoneyDesk) -> Context:
    """Disputes that want an answer, and refunds that failed."""
    disputes, refunds = await asyncio.gather(
        desk.backend.ask(desk.actor, ListDisputes(is_open=True, limit=MOST), DisputesPage),
        desk.backend.ask(
            desk.actor, ListRefunds(state=RefundState.FAILED, limit=MOST), RefundsPage
        ),
    )
    to_answer = [one for one in disputes.disputes if one.state is DisputeState.NEEDS_ANSWER]
    ids = [one.client_id for one in to_answer] + [one.client_id for one in refunds.refunds]
    names = await client_names(desk.backend, desk.actor, ids)
    shown = shown_zone(desk.request, desk.visitor)
    return {
        "disputes": [money_disputes.line(desk, one, names, shown) for one in to_answer],
        "failed": [money_refunds.line(desk, one, names, shown) for one in refunds.refunds],
    }
