"""The tables of billing; every constraint has a name."""

from services.billing.models.base import Base
from services.billing.models.disputes import Dispute, DisputeAnswer
from services.billing.models.due import DueWork, StripeEvent
from services.billing.models.invoice_runs import InvoiceRun, InvoiceRunDraft, InvoiceRunLine
from services.billing.models.invoices import (
    Invoice,
    InvoiceCounter,
    InvoicedSession,
    InvoiceFile,
    InvoiceLineRow,
    InvoiceLogo,
    InvoiceSettings,
)
from services.billing.models.ledger import LedgerPosting, LedgerTransaction, Receivable
from services.billing.models.months import ClosedBalance, ClosedMonth
from services.billing.models.packages import CreditUse, Package, PackageVersion, Sale
from services.billing.models.payments import Payment, Price, Refund, StripeAccount
from services.billing.models.payouts import BalanceTransaction, Payout
from services.billing.models.reconciliation import (
    ReconciliationBalance,
    ReconciliationDecision,
    ReconciliationDifference,
    ReconciliationRun,
)
from services.common.plumbing import Plumbing

__all__ = [
    "BalanceTransaction",
    "Base",
    "ClosedBalance",
    "ClosedMonth",
    "CreditUse",
    "Dispute",
    "DisputeAnswer",
    "DueWork",
    "Invoice",
    "InvoiceCounter",
    "InvoiceFile",
    "InvoiceLineRow",
    "InvoiceLogo",
    "InvoiceRun",
    "InvoiceRunDraft",
    "InvoiceRunLine",
    "InvoiceSettings",
    "InvoicedSession",
    "LedgerPosting",
    "LedgerTransaction",
    "Package",
    "PackageVersion",
    "Payment",
    "Payout",
    "Price",
    "Receivable",
    "ReconciliationBalance",
    "ReconciliationDecision",
    "ReconciliationDifference",
    "ReconciliationRun",
    "Refund",
    "Sale",
    "StripeAccount",
    "StripeEvent",
    "metadata",
    "plumbing",
]

metadata = Base.metadata
plumbing = Plumbing.of(metadata)
