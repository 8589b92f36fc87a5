"""Calls of the money desk about payouts, and about what Stripe says beside the ledger."""

from services.billing.operations import payout_desk, reconciliation_desk
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.payouts import (
    GetPayout,
    ListPayouts,
    PayoutDetails,
    PayoutsPage,
)
from services.contracts.billing.reconciliation import (
    DifferenceDetails,
    DifferenceView,
    GetDifference,
    GetReconciliation,
    ReconciliationStarted,
    ReconciliationView,
    SettleDifference,
    StartReconciliation,
)


class ReconciliationCalls(Desk):
    """Payouts, and the differences from Stripe."""

    @rpc(by=BY_GATEWAY)
    def list_payouts(self, call: Call, command: ListPayouts) -> PayoutsPage:
        """A part of the practice's payouts."""
        with self.db.reading(call.actor) as tx:
            return payout_desk.list_payouts(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_payout(self, call: Call, command: GetPayout) -> PayoutDetails:
        """One payout with what it is made of."""
        with self.db.reading(call.actor) as tx:
            return payout_desk.get_payout(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_reconciliation(self, call: Call, command: GetReconciliation) -> ReconciliationView:
        """The looks, both balances, and the differences."""
        with self.db.reading(call.actor) as tx:
            return reconciliation_desk.get_reconciliation(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_difference(self, call: Call, command: GetDifference) -> DifferenceDetails:
        """One difference with its own entries."""
        with self.db.reading(call.actor) as tx:
            return reconciliation_desk.get_difference(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def start_reconciliation(
        self, call: Call, command: StartReconciliation
    ) -> ReconciliationStarted:
        """Look at Stripe now."""
        with self.db.transaction(call.actor) as tx:
            return reconciliation_desk.start_reconciliation(
                tx, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def settle_difference(self, call: Call, command: SettleDifference) -> DifferenceView:
        """Settle a difference as it was seen."""
        with self.db.transaction(call.actor) as tx:
            return reconciliation_desk.settle_difference(
                tx, command, actor=call.actor, now=utc_now()
            )
