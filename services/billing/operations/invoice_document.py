"""What the PDF of an invoice says, ready to be set: dates and money in the language's own way."""

from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from services.billing.domain.invoice_words import tax_id_label
from services.common.money import Money, exponent
from services.contracts.billing.invoice_settings import Country, Language
from services.contracts.billing.invoices import InvoiceKind, InvoiceLine, InvoiceView

LOCALES: dict[tuple[Country, Language], str] = {
    (Country.DE, "de"): "de_DE",
    (Country.GB, "de"): "de_DE",
    (Country.AU, "de"): "de_DE",
    (Country.DE, "en"): "en_GB",
    (Country.GB, "en"): "en_GB",
    (Country.AU, "en"): "en_AU",
}
TITLES: dict[Language, dict[InvoiceKind, str]] = {
    "de": {
        InvoiceKind.INVOICE: "Rechnung",
        InvoiceKind.RECEIPT: "Rechnung und Quittung",
        InvoiceKind.CREDIT_NOTE: "Stornorechnung",
    },
    "en": {
        InvoiceKind.INVOICE: "Invoice",
        InvoiceKind.RECEIPT: "Receipt",
        InvoiceKind.CREDIT_NOTE: "Credit note",
    },
}
GST_TITLES = TITLES["en"] | {
    InvoiceKind.INVOICE: "Tax invoice",
    InvoiceKind.RECEIPT: "Tax invoice and receipt",
    InvoiceKind.CREDIT_NOTE: "Adjustment note",
}
"""What Australian law wants them called once they bear GST (GST Act 1999, 29-70 and 29-75)."""
WORDS: dict[Language, dict[str, str]] = {
    "de": {
        "number": "Nummer",
        "issued_on": "Datum",
        "due_on": "Zahlbar bis",
        "paid_on": "Bezahlt am",
        "credits": "Zu Rechnung",
        "reason": "Grund",
        "recipient": "An",
        "day": "Leistungsdatum",
        "what": "Leistung",
        "quantity": "Menge",
        "price": "Einzelpreis",
        "tax": "Steuer",
        "amount": "Betrag",
        "net": "Netto",
        "total": "Gesamtbetrag",
        "paid": "Bezahlt",
        "open": "Noch offen",
        "taxed": "{percent} % {name} auf {net}",
        "included": "Die Einzelpreise enthalten die Steuer.",
        "on_top": "Die Einzelpreise verstehen sich ohne Steuer.",
        "page": "Seite",
        "of": "von",
        "statement": "Abrechnungsübersicht",
        "period": "Zeitraum",
        "charged": "Berechnet",
    },
    "en": {
        "number": "Number",
        "issued_on": "Date",
        "due_on": "Please pay by",
        "paid_on": "Paid on",
        "credits": "For invoice",
        "reason": "Reason",
        "recipient": "To",
        "day": "Session on",
        "what": "For",
        "quantity": "Quantity",
        "price": "Unit price",
        "tax": "Tax",
        "amount": "Amount",
        "net": "Net",
        "total": "Total",
        "paid": "Paid",
        "open": "Left to pay",
        "taxed": "{percent}% {name} on {net}",
        "included": "Unit prices include tax.",
        "on_top": "Unit prices are without tax.",
        "page": "Page",
        "of": "of",
        "statement": "Statement",
        "period": "Period",
        "charged": "Charged",
    },
}
DAYS = {"de": "dd.MM.y", "en": "d MMM y"}
COLUMNS = ("day", "what", "quantity", "price", "tax", "amount")


def document_of(seen: InvoiceView, logo: bytes | None) -> dict[str, Any]:
    """Everything that the template sets, in plain JSON; `logo` is a PNG."""
    words = WORDS[seen.language]
    return head_of(seen, f"{_title(seen)} {seen.number}", logo) | {
        "facts": _facts(seen),
        "columns": [words[name] for name in COLUMNS],
        "rows": [_row(seen, one) for one in seen.lines],
        "sums": _sums(seen),
        "total": [words["total"], money_words(seen, seen.total)],
        "settled": _settled(seen),
        "notes": _notes(seen),
    }


def head_of(seen: InvoiceView, title: str, logo: bytes | None) -> dict[str, Any]:
    """What every sheet of the practice bears: its head and foot, whom it is for, a title."""
    words = WORDS[seen.language]
    return {
        "language": seen.language,
        "title": title,
        "logo": list(logo) if logo else None,
        "issuer": {"name": seen.issuer_name, "lines": _lines(seen.issuer_address)},
        "tax_id": _tax_id(seen),
        "recipient_label": words["recipient"],
        "recipient": [seen.recipient_name, *_lines(seen.recipient_address)],
        "legal": _lines(seen.legal_lines),
        "page_words": [words["page"], words["of"]],
    }


def money_words(seen: InvoiceView, money: Money) -> str:
    """ "1.234,50 €", "£1,234.50": always with the currency's decimals."""
    locale = LOCALES[seen.country, seen.language]
    return format_currency(money.major(), money.currency, locale=locale)


def day_words(seen: InvoiceView, day: date) -> str:
    """ "05.10.2026", "5 Oct 2026"."""
    return format_date(day, DAYS[seen.language], locale=LOCALES[seen.country, seen.language])


def _title(seen: InvoiceView) -> str:
    bears_gst = seen.country is Country.AU and seen.tax.amount != 0
    titles = GST_TITLES if bears_gst and seen.language == "en" else TITLES[seen.language]
    return titles[seen.kind]


def _facts(seen: InvoiceView) -> list[list[str]]:
    told = {
        "number": seen.number,
        "issued_on": day_words(seen, seen.issued_on),
        "due_on": seen.due_on and day_words(seen, seen.due_on),
        "paid_on": seen.paid_on and day_words(seen, seen.paid_on),
        "credits": seen.credits and seen.credits.number,
        "reason": seen.reason,
    }
    words = WORDS[seen.language]
    return [[words[name], value] for name, value in told.items() if value]


def _row(seen: InvoiceView, line: InvoiceLine) -> list[str]:
    amount = line.gross if seen.are_prices_with_tax else line.net
    return [
        day_words(seen, line.session_on),
        line.words,
        str(line.quantity),
        _bare(seen, line.unit_price),
        f"{_percent(seen, line.tax_percent)} %"
        if seen.language == "de"
        else f"{line.tax_percent}%",
        _bare(seen, amount),
    ]


def _bare(seen: InvoiceView, money: Money) -> str:
    """An amount in a column: the sums below it say the currency."""
    digits = exponent(money.currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(money.major(), pattern, locale=LOCALES[seen.country, seen.language])


def _percent(seen: InvoiceView, percent: str) -> str:
    return percent.replace(".", ",") if seen.language == "de" else percent


def _sums(seen: InvoiceView) -> list[list[str]]:
    """Net, and each tax that is charged with what it is charged on."""
    words = WORDS[seen.language]
    charged = [
        [
            words["taxed"].format(
                percent=_percent(seen, one.percent), name=one.name, net=money_words(seen, one.net)
            ),
            money_words(seen, one.tax),
        ]
        for one in seen.taxes
        if one.tax.amount
    ]
    return [[words["net"], money_words(seen, seen.net)], *charged] if charged else []


def _settled(seen: InvoiceView) -> list[list[str]]:
    """What a receipt adds: paid, and nothing left."""
    if seen.kind is not InvoiceKind.RECEIPT:
        return []
    words, nothing = WORDS[seen.language], Money(0, seen.total.currency)
    return [
        [words["paid"], money_words(seen, seen.total)],
        [words["open"], money_words(seen, nothing)],
    ]


def _notes(seen: InvoiceView) -> list[str]:
    """The sentences of law, and what the prices are with; none twice."""
    words = WORDS[seen.language]
    notes = [one.note for one in seen.taxes if one.note]
    if any(one.tax.amount for one in seen.taxes):
        notes.append(words["included"] if seen.are_prices_with_tax else words["on_top"])
    return list(dict.fromkeys(notes))


def _tax_id(seen: InvoiceView) -> str:
    if not seen.issuer_tax_id:
        return ""
    return f"{tax_id_label(seen.country, seen.language, seen.issuer_tax_id)}: {seen.issuer_tax_id}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
