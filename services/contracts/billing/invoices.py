"""Invoices, receipts and credit notes of a practice: issued once, never changed."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.common.errors import Refusal
from services.common.messages import Command, View
from services.common.money import Money
from services.contracts.base import Day, Line, Page
from services.contracts.billing.invoice_settings import Address, Country, Language

MOST_LINES = 100
LONGEST_STATEMENT = timedelta(days=400)
MOST_ON_STATEMENT = 500
BookingIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_LINES)]
Cursor = Annotated[str, StringConstraints(max_length=200)]


class InvoiceKind(StrEnum):
    """What was issued; all kinds of a practice are numbered in one series."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"


class IssueInvoice(Command):
    """Write an invoice for a client's sessions: those owed for, or a receipt for those paid.

    `id` is minted by the caller and names it. Its amounts, dates and words are the practice's and
    the ledger's; who sends it says whom it is for. Raises NoInvoiceSettings, NotBillable,
    AlreadyInvoiced, DifferentContent, InvalidInput.
    """

    id: UUID
    kind: Literal[InvoiceKind.INVOICE, InvoiceKind.RECEIPT]
    client_id: UUID
    booking_ids: BookingIds
    recipient_name: Line
    recipient_address: Address | None = None


class CreditInvoice(Command):
    """Take an invoice back whole by a credit note; its sessions may be invoiced anew.

    `id` names the credit note. Raises NotFound, AlreadyCredited, NotCreditable.
    """

    id: UUID
    invoice_id: UUID
    reason: Line


class GetInvoice(Command):
    """One invoice, for its practice's money desk and for its client's account."""

    invoice_id: UUID


class GetInvoiceFile(Command):
    """The same as a PDF (PDF/A), each time byte for byte the one that was made first."""

    invoice_id: UUID


class PreviewInvoice(Command):
    """How the practice's invoices look by its present settings, with a session made up."""


class InvoiceFileView(View):
    """A PDF in base64, at most 1 MB of it; `digest` is the PDF's SHA-256, hex."""

    name: str
    digest: str
    pdf: str


class GetStatement(Command):
    """What was issued to a client from one date to another, both included, as a PDF.

    Without a last date until today, by the practice's clock; without a first one of the year
    before the last. It is told anew each time and kept nowhere: at most 400 days and 500 invoices.
    """

    client_id: UUID
    from_on: Day | None = None
    until_on: Day | None = None


class ListInvoices(Command):
    """Invoices of the actor's practice, the latest first; `from_on` to `until_on` both included."""

    kind: InvoiceKind | None = None
    client_id: UUID | None = None
    from_on: Day | None = None
    until_on: Day | None = None
    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class ListOwnInvoices(Command):
    """The invoices of the actor's account in all practices, the latest first."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 25


class InvoiceLine(View):
    """One session of an invoice. `unit_price` as it was agreed: with tax if the invoice says so."""

    booking_id: UUID
    words: str
    session_on: date
    quantity: int
    unit_price: Money
    tax_percent: str
    net: Money
    tax: Money
    gross: Money


class TaxLine(View):
    """What bears one tax, and the sentence of law that is printed with it."""

    name: str
    percent: str
    net: Money
    tax: Money
    note: str


class Reference(View):
    """Another invoice of the practice."""

    id: UUID
    number: str


class InvoiceSummary(View):
    """An invoice in a list; `credited_by`: the credit note that took it back."""

    id: UUID
    practice_id: UUID
    practice_name: str
    kind: InvoiceKind
    number: str
    issued_on: date
    client_id: UUID
    recipient_name: str
    total: Money
    credited_by: Reference | None


class InvoicesPage(Page):
    """A part of a list of invoices."""

    invoices: list[InvoiceSummary]


class InvoiceView(InvoiceSummary):
    """An invoice as it was issued; a credit note's amounts are below zero.

    `due_on` of an invoice, `paid_on` of a receipt, `credits` and `reason` of a credit note.
    """

    country: Country
    language: Language
    issuer_name: str
    issuer_address: str
    issuer_tax_id: str
    legal_lines: str
    recipient_address: str
    are_prices_with_tax: bool
    lines: list[InvoiceLine]
    taxes: list[TaxLine]
    net: Money
    tax: Money
    due_on: date | None
    paid_on: date | None
    credits: Reference | None
    reason: str


class ListBillableClients(Command):
    """Clients with sessions that are paid or owed and on no invoice, the latest first."""

    cursor: Cursor | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class BillableClient(View):
    """How many sessions of a client are paid and how many owed, on no invoice yet."""

    client_id: UUID
    paid_count: int
    owed_count: int


class BillableClientsPage(Page):
    """A part of the clients."""

    clients: list[BillableClient]


class ListBillable(Command):
    """A client's sessions that are paid or owed and on no invoice: the latest 100, by date."""

    client_id: UUID


class BillableSession(View):
    """A session to put on an invoice, and on which kind: paid, or owed."""

    booking_id: UUID
    kind: InvoiceKind
    words: str
    session_on: date
    money: Money


class BillableView(View):
    """Sessions of one client, and to whom the last invoice of theirs was addressed."""

    sessions: list[BillableSession]
    last_name: str = ""
    last_address: str = ""


class AlreadyInvoiced(Refusal):
    """One of the sessions is on an invoice that stands."""


class NotBillable(Refusal):
    """One of the sessions is not the client's, or nothing was paid or is owed for it."""


class AlreadyCredited(Refusal):
    """The invoice was taken back by another credit note."""


class NotCreditable(Refusal):
    """A credit note cannot be taken back: issue a new invoice."""
