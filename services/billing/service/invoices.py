"""Calls about invoices: how they are written, what there is to invoice, what was issued."""

from eventlet import tpool

from services.billing.operations import (
    billable,
    crediting,
    invoice_files,
    invoice_reading,
    invoice_settings,
    invoicing,
    own_payments,
    statements,
)
from services.billing.service.desk import BY_GATEWAY, Desk
from services.common.clock import utc_now
from services.common.rpc.server import rpc
from services.common.rpc.wire import Call
from services.contracts.billing.invoice_settings import (
    GetInvoiceLogo,
    GetInvoiceSettings,
    InvoiceLogoView,
    InvoiceSettingsView,
    SetInvoiceLogo,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import (
    BillableClientsPage,
    BillableView,
    CreditInvoice,
    GetInvoice,
    GetInvoiceFile,
    GetStatement,
    InvoiceFileView,
    InvoicesPage,
    InvoiceView,
    IssueInvoice,
    ListBillable,
    ListBillableClients,
    ListInvoices,
    ListOwnInvoices,
    PreviewInvoice,
)
from services.contracts.billing.own_payments import ListOwnPayments, OwnPaymentsPage


class InvoiceCalls(Desk):
    """How invoices are written, what there is to invoice, and what was issued."""

    @rpc(by=BY_GATEWAY)
    def get_invoice_settings(self, call: Call, command: GetInvoiceSettings) -> InvoiceSettingsView:
        """How the practice writes its invoices."""
        with self.db.reading(call.actor) as tx:
            return invoice_settings.get_invoice_settings(tx, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def set_invoice_settings(self, call: Call, command: SetInvoiceSettings) -> InvoiceSettingsView:
        """Write the invoices to come in another way."""
        with self.db.transaction(call.actor) as tx:
            return invoice_settings.set_invoice_settings(
                tx, command, actor=call.actor, now=utc_now()
            )

    @rpc(by=BY_GATEWAY)
    def set_invoice_logo(self, call: Call, command: SetInvoiceLogo) -> InvoiceSettingsView:
        """Put a picture at the head of the invoices to come."""
        with self.db.transaction(call.actor) as tx:
            return invoice_settings.set_invoice_logo(tx, command, actor=call.actor, now=utc_now())

    @rpc(by=BY_GATEWAY)
    def get_invoice_logo(self, call: Call, command: GetInvoiceLogo) -> InvoiceLogoView:
        """The picture at the head."""
        with self.db.reading(call.actor) as tx:
            return invoice_settings.get_invoice_logo(tx, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def preview_invoice(self, call: Call, command: PreviewInvoice) -> InvoiceFileView:
        """How an invoice looks now."""
        return invoice_files.preview_invoice(
            self.around, actor=call.actor, now=utc_now(), aside=tpool.execute
        )

    @rpc(by=BY_GATEWAY)
    def list_billable_clients(
        self, call: Call, command: ListBillableClients
    ) -> BillableClientsPage:
        """Clients with sessions to invoice."""
        return billable.list_billable_clients(self.around, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_billable(self, call: Call, command: ListBillable) -> BillableView:
        """A client's sessions to invoice."""
        return billable.list_billable(self.around, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def issue_invoice(self, call: Call, command: IssueInvoice) -> InvoiceView:
        """Issue an invoice or a receipt."""
        id_ = invoicing.issue_invoice(self.around, command, actor=call.actor, now=utc_now())
        return invoice_reading.get_invoice(self.around, id_, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def credit_invoice(self, call: Call, command: CreditInvoice) -> InvoiceView:
        """Take an invoice back."""
        with self.db.transaction(call.actor) as tx:
            id_ = crediting.credit_invoice(tx, command, actor=call.actor, now=utc_now())
        return invoice_reading.get_invoice(self.around, id_, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_invoice(self, call: Call, command: GetInvoice) -> InvoiceView:
        """One invoice."""
        return invoice_reading.get_invoice(self.around, command.invoice_id, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def get_invoice_file(self, call: Call, command: GetInvoiceFile) -> InvoiceFileView:
        """One invoice as a PDF."""
        return invoice_files.get_invoice_file(
            self.around, command, actor=call.actor, now=utc_now(), aside=tpool.execute
        )

    @rpc(by=BY_GATEWAY)
    def get_statement(self, call: Call, command: GetStatement) -> InvoiceFileView:
        """What was issued to a client in a period, as a PDF."""
        return statements.get_statement(
            self.around, command, actor=call.actor, now=utc_now(), aside=tpool.execute
        )

    @rpc(by=BY_GATEWAY)
    def list_invoices(self, call: Call, command: ListInvoices) -> InvoicesPage:
        """The practice's invoices."""
        with self.db.reading(call.actor) as tx:
            return invoice_reading.list_invoices(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_own_invoices(self, call: Call, command: ListOwnInvoices) -> InvoicesPage:
        """The invoices of who is signed in."""
        with self.db.reading(call.actor) as tx:
            return invoice_reading.list_own_invoices(tx, command, actor=call.actor)

    @rpc(by=BY_GATEWAY)
    def list_own_payments(self, call: Call, command: ListOwnPayments) -> OwnPaymentsPage:
        """What the one who is signed in paid."""
        with self.db.reading(call.actor) as tx:
            return own_payments.list_own_payments(tx, command, actor=call.actor)
