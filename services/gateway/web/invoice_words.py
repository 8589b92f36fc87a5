"""What pages say of invoices: their kind, their state, their lines."""

from typing import Any

from services.contracts.billing.invoices import InvoiceKind, InvoiceSummary, InvoiceView
from services.gateway.web import labels

Context = dict[str, Any]
KINDS = {
    InvoiceKind.INVOICE: "Invoice",
    InvoiceKind.RECEIPT: "Receipt",
    InvoiceKind.CREDIT_NOTE: "Credit note",
}


def title_of(seen: InvoiceSummary) -> str:
    """ "Invoice 2026-0042"."""
    return f"{KINDS[seen.kind]} {seen.number}"


def status_of(seen: InvoiceSummary) -> Context:
    """Whether it stands."""
    if seen.credited_by is not None:
        return {"kind": "warn", "label": f"Credited by {seen.credited_by.number}"}
    if seen.kind is InvoiceKind.CREDIT_NOTE:
        return {"kind": "", "label": "Credit note"}
    if seen.kind is InvoiceKind.RECEIPT:
        return {"kind": "good", "label": "Paid"}
    return {"kind": "accent", "label": "Issued"}


def line_of(seen: InvoiceSummary, url: str, file_url: str) -> Context:
    """An invoice in a list."""
    return {
        "title": title_of(seen),
        "url": url,
        "file_url": file_url,
        "issued_label": labels.full_date_label(seen.issued_on),
        "practice_name": seen.practice_name,
        "recipient_name": seen.recipient_name,
        "total_label": labels.money_label(seen.total),
        "status": status_of(seen),
    }


def page_of(seen: InvoiceView) -> Context:
    """Everything that an invoice's page tells of it."""
    return {
        "title": title_of(seen),
        "status": status_of(seen),
        "issuer": [seen.issuer_name, *seen.issuer_address.splitlines()],
        "tax_id": seen.issuer_tax_id,
        "recipient": [seen.recipient_name, *seen.recipient_address.splitlines()],
        "facts": _facts(seen),
        "lines": [
            {
                "on_label": labels.full_date_label(one.session_on),
                "words": one.words,
                "tax_label": f"{one.tax_percent}%",
                "amount_label": labels.money_label(
                    one.gross if seen.are_prices_with_tax else one.net
                ),
            }
            for one in seen.lines
        ],
        "sums": _sums(seen),
        "total_label": labels.money_label(seen.total),
        "notes": list(dict.fromkeys(one.note for one in seen.taxes if one.note)),
        "language": seen.language,
    }


def _facts(seen: InvoiceView) -> list[Context]:
    told = {
        "Issued on": labels.full_date_label(seen.issued_on),
        "To be paid by": labels.full_date_label(seen.due_on) if seen.due_on else "",
        "Paid on": labels.full_date_label(seen.paid_on) if seen.paid_on else "",
        "Reason": seen.reason,
    }
    return [{"label": label, "text": text} for label, text in told.items() if text]


def _sums(seen: InvoiceView) -> list[Context]:
    charged = [
        {"label": f"{one.percent}% {one.name}", "text": labels.money_label(one.tax)}
        for one in seen.taxes
        if one.tax.amount
    ]
    return [{"label": "Net", "text": labels.money_label(seen.net)}, *charged] if charged else []
