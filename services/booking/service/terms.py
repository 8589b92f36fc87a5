"""Calls about a booking's terms, for who answers for the practice's money."""

from services.booking.operations import money_terms
from services.booking.service.desk import Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.booking.terms import GetTerms, TermsView


class TermsCalls(Desk):
    """What a booking's terms say of its money."""

    @rpc(by={"gateway", "billing"})
    def get_terms(self, call: Call, command: GetTerms) -> TermsView:
        """When it takes place, how it stands, and what goes back."""
        with self.db.reading(call.actor) as tx:
            return money_terms.get_terms(tx, command, actor=call.actor, now=utc_now())
