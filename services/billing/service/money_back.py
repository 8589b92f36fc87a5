"""Calls about money that goes back: refunds by the practice's will, and disputes."""

from services.billing.operations import dispute_desk, giving_back, refund_failures, refund_list
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.disputes import (
    AcceptLoss,
    DisputesPage,
    DisputeView,
    GetDispute,
    ListDisputes,
    SubmitEvidence,
)
from services.contracts.billing.refunds import (
    GetRefund,
    ListRefunds,
    NotePaidElsewhere,
    PracticeRefund,
    ProposeRefund,
    RefundPayment,
    RefundProposal,
    RefundsPage,
    RetryRefund,
)


class MoneyBackCalls(Desk):
    """Refunds and disputes, for who answers for the practice's money."""

    @rpc(by=BY_GATEWAY)
    def propose_refund(self, call: Call, command: ProposeRefund) -> RefundProposal:
        """What a refund would do."""
        return giving_back.propose_refund(self.around, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def refund_payment(self, call: Call, command: RefundPayment) -> PracticeRefund:
        """Promise the refund that was shown."""
        return giving_back.refund_payment(self.around, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_refunds(self, call: Call, command: ListRefunds) -> RefundsPage:
        """The practice's refunds."""
        with self.db.reading(call.actor) as tx:
            return refund_list.list_refunds(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_refund(self, call: Call, command: GetRefund) -> PracticeRefund:
        """One refund."""
        with self.db.reading(call.actor) as tx:
            return refund_list.get_refund(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def retry_refund(self, call: Call, command: RetryRefund) -> PracticeRefund:
        """Send a failed refund once more."""
        with self.db.transaction(call.actor) as tx:
            return refund_failures.retry_refund(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def note_paid_elsewhere(self, call: Call, command: NotePaidElsewhere) -> PracticeRefund:
        """Keep that a failed refund was paid back outside Stripe."""
        with self.db.transaction(call.actor) as tx:
            return refund_failures.note_paid_elsewhere(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def list_disputes(self, call: Call, command: ListDisputes) -> DisputesPage:
        """The practice's disputes."""
        with self.db.reading(call.actor) as tx:
            return dispute_desk.list_disputes(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_dispute(self, call: Call, command: GetDispute) -> DisputeView:
        """One dispute."""
        with self.db.reading(call.actor) as tx:
            return dispute_desk.get_dispute(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def submit_evidence(self, call: Call, command: SubmitEvidence) -> DisputeView:
        """Tell the bank the practice's side."""
        with self.db.transaction(call.actor) as tx:
            return dispute_desk.submit_evidence(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def accept_loss(self, call: Call, command: AcceptLoss) -> DisputeView:
        """Let the client have the money."""
        with self.db.transaction(call.actor) as tx:
            return dispute_desk.accept_loss(tx, command, actor=call.actor, now=utc_now())
