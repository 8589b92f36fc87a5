"""Calls of the practice's money desk about what a period brought."""

from services.billing.operations import reports
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.reports import (
    GetRevenue,
    ListRevenueEntries,
    RevenueEntriesPage,
    RevenueView,
)


class ReportCalls(Desk):
    """Figures, and the entries of which they are made."""

    @rpc(by=BY_GATEWAY)
    def get_revenue(self, call: Call, command: GetRevenue) -> RevenueView:
        """The figures of a period."""
        with self.db.reading(call.actor) as tx:
            return reports.get_revenue(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_revenue_entries(self, call: Call, command: ListRevenueEntries) -> RevenueEntriesPage:
        """A part of a figure's transactions."""
        with self.db.reading(call.actor) as tx:
            return reports.list_revenue_entries(tx, command, actor=call.actor)
