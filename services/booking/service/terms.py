"""Calls for who answers for the practice's money: a booking's terms, and what time went into."""

from services.booking.operations import money_terms, usage
from services.booking.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.terms import GetTerms, TermsView
from services.contracts.booking.usage import GetUsage, UsageView


class TermsCalls(Desk):
    """What a booking's terms say of its money."""

    @rpc(by={"gateway", "billing"})
    def get_terms(self, call: Call, command: GetTerms) -> TermsView:
        """When it takes place, how it stands, and what goes back."""
        with self.db.reading(call.actor) as tx:
            return money_terms.get_terms(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_usage(self, call: Call, command: GetUsage) -> UsageView:
        """Open hours, sessions, and how bookings ended in a period."""
        with self.db.reading(call.actor) as tx:
            return usage.get_usage(tx, command, actor=call.actor, now=utc_now())
