"""Samples of invoices, their settings, and the sessions they are written of."""

from datetime import date
from typing import Any

from pydantic import BaseModel

from services.common.money import Money
from services.contracts.billing.invoice_settings import (
    Country,
    GetInvoiceLogo,
    GetInvoiceSettings,
    InvoiceLogoView,
    InvoiceSettingsView,
    OfferingKind,
    ServiceKind,
    SetInvoiceLogo,
    SetInvoiceSettings,
)
from services.contracts.billing.invoices import (
    BillableClient,
    BillableClientsPage,
    BillableSession,
    BillableView,
    CreditInvoice,
    GetInvoice,
    GetInvoiceFile,
    GetStatement,
    InvoiceFileView,
    InvoiceKind,
    InvoiceLine,
    InvoicesPage,
    InvoiceSummary,
    InvoiceView,
    IssueInvoice,
    ListBillable,
    ListBillableClients,
    ListInvoices,
    ListOwnInvoices,
    PreviewInvoice,
    Reference,
    TaxLine,
)
from services.contracts.billing.own_payments import (
    ListOwnPayments,
    OwnPayment,
    OwnPaymentsPage,
)
from services.contracts.booking.billed import (
    BilledSession,
    BilledSessionsView,
    ListBilledSessions,
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.contracts.booking.bookings import BookingState
from tests.contracts.samples.values import (
    ACCOUNT,
    BOOKING,
    CLIENT,
    DEADLINE,
    OCCURRED,
    OFFERING,
    PAYMENT,
    PRACTICE,
    PRACTITIONER,
    REFUND,
)

INVOICE, NOTE = PAYMENT, REFUND
EUROS = Money(9500, "EUR")
KIND = OfferingKind(offering_id=OFFERING, kind=ServiceKind.COACHING)
SETTINGS: dict[str, Any] = {
    "country": Country.DE,
    "language": "de",
    "time_zone": "Europe/Berlin",
    "legal_name": "Praxis am Kanal",
    "address": "Kanalweg 1\n10999 Berlin",
    "tax_id": "DE136695976",
    "legal_lines": "Inhaberin: Ines Albrecht",
    "payment_days": 14,
    "usual_kind": ServiceKind.THERAPY,
    "other_kinds": [KIND],
    "prices_include_tax": True,
    "is_small_business": False,
}
LINE = InvoiceLine(
    booking_id=BOOKING,
    words="Sitzung (50 Minuten)",
    session_on=date(2026, 11, 23),
    quantity=1,
    unit_price=EUROS,
    tax_percent="0",
    net=EUROS,
    tax=Money(0, "EUR"),
    gross=EUROS,
)
TAX = TaxLine(
    name="USt.",
    percent="0",
    net=EUROS,
    tax=Money(0, "EUR"),
    note="Umsatzsteuerfreie Heilbehandlung gemäß § 4 Nr. 14 UStG.",
)
REFERENCE = Reference(id=NOTE, number="2026-0043")
SUMMARY = InvoiceSummary(
    id=INVOICE,
    practice_id=PRACTICE,
    practice_name="Praxis am Kanal",
    kind=InvoiceKind.INVOICE,
    number="2026-0042",
    issued_on=date(2026, 11, 30),
    client_id=CLIENT,
    recipient_name="Jonas Wernicke",
    total=EUROS,
    credited_by=REFERENCE,
)
VIEW = InvoiceView(
    **SUMMARY.model_dump(),
    country=Country.DE,
    language="de",
    issuer_name="Praxis am Kanal",
    issuer_address="Kanalweg 1\n10999 Berlin",
    issuer_tax_id="DE136695976",
    legal_lines="",
    recipient_address="Am Ufer 3",
    are_prices_with_tax=True,
    lines=[LINE],
    taxes=[TAX],
    net=EUROS,
    tax=Money(0, "EUR"),
    due_on=date(2026, 12, 14),
    paid_on=None,
    credits=None,
    reason="",
)
CLIENT_LINE = BillableClient(client_id=CLIENT, paid_count=2, owed_count=1)
SESSION = BillableSession(
    booking_id=BOOKING,
    kind=InvoiceKind.INVOICE,
    words="Sitzung (50 Minuten)",
    session_on=date(2026, 11, 23),
    money=EUROS,
)
PAID = OwnPayment(
    booking_id=BOOKING,
    practice_id=PRACTICE,
    paid=EUROS,
    refunded=Money(0, "EUR"),
    paid_at=OCCURRED,
)
BILLED = BilledSession(
    booking_id=BOOKING,
    client_id=CLIENT,
    account_id=ACCOUNT,
    offering_id=OFFERING,
    practitioner_id=PRACTITIONER,
    state=BookingState.ATTENDED,
    starts_at=OCCURRED,
    ends_at=DEADLINE,
    time_zone="Europe/Berlin",
)
OFFERED = PracticeOffering(id=OFFERING, practitioner_id=PRACTITIONER, name="First hour", minutes=50)

BILLING: list[BaseModel] = [
    SetInvoiceSettings(**SETTINGS),
    GetInvoiceSettings(),
    InvoiceSettingsView(**SETTINGS, logo_digest="0" * 64),
    KIND,
    SetInvoiceLogo(png="iVBORw0KGgo="),
    GetInvoiceLogo(),
    InvoiceLogoView(png="iVBORw0KGgo="),
    IssueInvoice(
        id=INVOICE,
        kind=InvoiceKind.INVOICE,
        client_id=CLIENT,
        booking_ids=[BOOKING],
        recipient_name="Jonas Wernicke",
        recipient_address="Am Ufer 3\n10961 Berlin",
    ),
    CreditInvoice(id=NOTE, invoice_id=INVOICE, reason="Falsche Anschrift"),
    GetInvoice(invoice_id=INVOICE),
    GetInvoiceFile(invoice_id=INVOICE),
    PreviewInvoice(),
    GetStatement(client_id=CLIENT, from_on=date(2026, 1, 1), until_on=date(2026, 12, 31)),
    InvoiceFileView(name="invoice-2026-0042.pdf", digest="0" * 64, pdf="JVBERi0xLjc="),
    ListInvoices(kind=InvoiceKind.INVOICE, client_id=CLIENT, from_on=date(2026, 11, 1)),
    ListOwnInvoices(),
    LINE,
    TAX,
    REFERENCE,
    SUMMARY,
    InvoicesPage(invoices=[SUMMARY], next_cursor="MjAyNiA0Mg=="),
    VIEW,
    ListBillableClients(),
    CLIENT_LINE,
    BillableClientsPage(clients=[CLIENT_LINE]),
    ListBillable(client_id=CLIENT),
    SESSION,
    BillableView(sessions=[SESSION], last_name="Jonas Wernicke", last_address="Am Ufer 3"),
    ListOwnPayments(),
    PAID,
    OwnPaymentsPage(payments=[PAID]),
]
BOOKING_SIDE: list[BaseModel] = [
    ListBilledSessions(booking_ids=[BOOKING]),
    BILLED,
    BilledSessionsView(sessions=[BILLED]),
    ListPracticeOfferings(),
    OFFERED,
    PracticeOfferingsView(offerings=[OFFERED]),
]
