"""Calls of the practice's money desk about the months of its books."""

from services.billing.operations import months
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.months import (
    CloseMonth,
    GetMonth,
    ListMonths,
    MonthDetails,
    MonthsView,
)


class MonthCalls(Desk):
    """The months, and closing one."""

    @rpc(by=BY_GATEWAY)
    def list_months(self, call: Call, command: ListMonths) -> MonthsView:
        """All of them."""
        with self.db.reading(call.actor) as tx:
            return months.list_months(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_month(self, call: Call, command: GetMonth) -> MonthDetails:
        """One with its balances."""
        with self.db.reading(call.actor) as tx:
            return months.get_month(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def close_month(self, call: Call, command: CloseMonth) -> MonthDetails:
        """Close one for good."""
        with self.db.transaction(call.actor) as tx:
            return months.close_month(tx, command, actor=call.actor, now=utc_now())
