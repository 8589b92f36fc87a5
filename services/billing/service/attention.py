"""Calls of the practice's money desk about what needs action."""

from services.billing.operations import attention
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.attention import (
    GetMoneyOverview,
    ListOwed,
    MoneyOverviewView,
    OwedPage,
)


class AttentionCalls(Desk):
    """What waits for somebody, and what is owed."""

    @rpc(by=BY_GATEWAY)
    def get_money_overview(self, call: Call, command: GetMoneyOverview) -> MoneyOverviewView:
        """What needs action."""
        with self.db.reading(call.actor) as tx:
            return attention.get_money_overview(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_owed(self, call: Call, command: ListOwed) -> OwedPage:
        """A part of what is owed."""
        with self.db.reading(call.actor) as tx:
            return attention.list_owed(tx, command, actor=call.actor, now=utc_now())
