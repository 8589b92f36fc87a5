"""Calls of the practice's money desk about its payments."""

from services.billing.operations import practice_payments
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.practice_payments import (
    GetPracticePayment,
    ListPracticePayments,
    PracticePaymentsPage,
    PracticePaymentView,
)


class PracticePaymentCalls(Desk):
    """The practice's payments, listed and one by one."""

    @rpc(by=BY_GATEWAY)
    def list_practice_payments(
        self, call: Call, command: ListPracticePayments
    ) -> PracticePaymentsPage:
        """A part of the practice's payments."""
        with self.db.reading(call.actor) as tx:
            return practice_payments.list_practice_payments(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_practice_payment(self, call: Call, command: GetPracticePayment) -> PracticePaymentView:
        """One payment with its history."""
        with self.db.reading(call.actor) as tx:
            return practice_payments.get_practice_payment(tx, command, actor=call.actor)
