"""The tables of billing; every constraint has a name."""

from services.billing.models.base import Base
from services.billing.models.disputes import Dispute, DisputeAnswer
from services.billing.models.due import DueWork, StripeEvent
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
from services.billing.models.payments import Payment, Price, Refund, StripeAccount
from services.common.plumbing import Plumbing

__all__ = [
    "Base",
    "Dispute",
    "DisputeAnswer",
    "DueWork",
    "Invoice",
    "InvoiceCounter",
    "InvoiceFile",
    "InvoiceLineRow",
    "InvoiceLogo",
    "InvoiceSettings",
    "InvoicedSession",
    "LedgerPosting",
    "LedgerTransaction",
    "Payment",
    "Price",
    "Receivable",
    "Refund",
    "StripeAccount",
    "StripeEvent",
    "metadata",
    "plumbing",
]

metadata = Base.metadata
plumbing = Plumbing.of(metadata)
