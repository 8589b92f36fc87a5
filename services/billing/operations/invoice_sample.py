"""An invoice that was never issued, to show how a practice's will look."""

from datetime import datetime, timedelta
from uuid import UUID

from services.billing.domain.invoice_words import line_words, percent_label, tax_name, tax_note
from services.billing.domain.invoicing import number_label
from services.billing.domain.taxes import taxed, treatment
from services.billing.operations.invoicing import today_in
from services.common.money import Money
from services.contracts.billing.invoice_settings import Country, InvoiceSettingsView
from services.contracts.billing.invoices import InvoiceKind, InvoiceLine, InvoiceView, TaxLine

NOBODY = UUID(int=0)
CURRENCIES = {Country.AU: "AUD", Country.DE: "EUR", Country.GB: "GBP"}
RECIPIENTS = {
    "de": ("Erika Mustermann", "Musterstraße 1\n12345 Musterstadt"),
    "en": ("Alex Sample", "1 Sample Street\nSampleton"),
}


def sample_of(practice_id: UUID, settings: InvoiceSettingsView, now: datetime) -> InvoiceView:
    """One session of fifty minutes, at 100 of the country's currency."""
    today = today_in(settings, now)
    price = Money(10_000, CURRENCIES[settings.country])
    rule = treatment(
        settings.country,
        settings.usual_kind,
        is_small_business=settings.is_small_business,
        took_place=True,
    )
    amounts = taxed(price, rule.basis_points, is_included=settings.prices_include_tax)
    percent = percent_label(rule.basis_points)
    name, address = RECIPIENTS[settings.language]
    line = InvoiceLine(
        booking_id=NOBODY,
        words=line_words(settings.language, 50, took_place=True),
        session_on=today - timedelta(days=7),
        quantity=1,
        unit_price=price,
        tax_percent=percent,
        net=amounts.net,
        tax=amounts.tax,
        gross=amounts.gross,
    )
    tax = TaxLine(
        name=tax_name(settings.country, settings.language),
        percent=percent,
        net=amounts.net,
        tax=amounts.tax,
        note=tax_note(rule.rule, settings.country, settings.language),
    )
    made_up = {
        "recipient_name": name,
        "recipient_address": address,
        "lines": [line],
        "taxes": [tax],
        "net": amounts.net,
        "tax": amounts.tax,
        "total": amounts.gross,
        "due_on": today + timedelta(days=settings.payment_days),
    }
    return blank(practice_id, settings, now).model_copy(update=made_up)


def blank(practice_id: UUID, settings: InvoiceSettingsView, now: datetime) -> InvoiceView:
    """A sheet with the practice's head and foot, and nothing on it."""
    today, nothing = today_in(settings, now), Money(0, CURRENCIES[settings.country])
    return InvoiceView(
        id=NOBODY,
        practice_id=practice_id,
        practice_name=settings.legal_name,
        kind=InvoiceKind.INVOICE,
        number=number_label(today.year, 1),
        issued_on=today,
        client_id=NOBODY,
        recipient_name="",
        total=nothing,
        credited_by=None,
        country=settings.country,
        language=settings.language,
        issuer_name=settings.legal_name,
        issuer_address=settings.address,
        issuer_tax_id=settings.tax_id,
        legal_lines=settings.legal_lines,
        recipient_address="",
        are_prices_with_tax=settings.prices_include_tax,
        lines=[],
        taxes=[],
        net=nothing,
        tax=nothing,
        due_on=None,
        paid_on=None,
        credits=None,
        reason="",
    )
