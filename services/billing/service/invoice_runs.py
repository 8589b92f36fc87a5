"""Calls of the practice's money desk about runs of invoices."""

from services.billing.operations import invoice_runs
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.invoice_runs import (
    GetInvoiceRun,
    InvoiceRunPage,
    IssueInvoiceRun,
    StartInvoiceRun,
    StopInvoiceRun,
)


class InvoiceRunCalls(Desk):
    """A run begun, looked over, issued or let go; each answers with the latest one."""

    @rpc(by=BY_GATEWAY)
    def start_invoice_run(self, call: Call, command: StartInvoiceRun) -> InvoiceRunPage:
        """Look up what is owed."""
        with self.db.transaction(call.actor) as tx:
            invoice_runs.start_invoice_run(tx, command, actor=call.actor, now=utc_now())
            return invoice_runs.get_invoice_run(tx, GetInvoiceRun(), actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_invoice_run(self, call: Call, command: GetInvoiceRun) -> InvoiceRunPage:
        """How far the latest one is."""
        with self.db.reading(call.actor) as tx:
            return invoice_runs.get_invoice_run(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def issue_invoice_run(self, call: Call, command: IssueInvoiceRun) -> InvoiceRunPage:
        """Issue what was looked over."""
        with self.db.transaction(call.actor) as tx:
            invoice_runs.issue_invoice_run(tx, command, actor=call.actor, now=utc_now())
            return invoice_runs.get_invoice_run(tx, GetInvoiceRun(), actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def stop_invoice_run(self, call: Call, command: StopInvoiceRun) -> InvoiceRunPage:
        """Let one go that has issued nothing."""
        with self.db.transaction(call.actor) as tx:
            invoice_runs.stop_invoice_run(tx, command, actor=call.actor, now=utc_now())
            return invoice_runs.get_invoice_run(tx, GetInvoiceRun(), actor=call.actor)
