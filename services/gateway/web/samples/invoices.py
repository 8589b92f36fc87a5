"""Samples of a practice's invoices, their settings, and a client's own billing."""

from typing import Any

from services.gateway.web.samples.packages import OWN
from services.gateway.web.samples.people import ADMIN, CLIENT

Context = dict[str, Any]
State = tuple[str, Context]
BASE = "/practices/1/money"
FORM_ID = "01939f00-0000-7000-8000-000000000061"
NO_PAGES: Context = {"label": "", "prev_url": None, "next_url": None}


def desk(open_key: str) -> Context:
    labels = {"invoices": "Invoices", "invoice-settings": "Invoice settings"}
    return {
        "practice_name": "Practice at the Canal",
        "others_url": None,
        "open_label": labels[open_key],
        "sections": [
            {"label": label, "url": f"{BASE}/{key}", "is_open": key == open_key}
            for key, label in labels.items()
        ],
    }


def _line(number: int, kind: str, status: Context) -> Context:
    return {
        "title": f"{kind} 2026-{number:04}",
        "url": f"{BASE}/invoices/{number}",
        "file_url": f"{BASE}/invoices/{number}/file",
        "issued_label": "30 November 2026",
        "practice_name": "Practice at the Canal",
        "recipient_name": "Jonas Wernicke",
        "total_label": "€190",
        "status": status,
    }


LINES = [
    _line(3, "Credit note", {"kind": "", "label": "Credit note"}),
    _line(2, "Invoice", {"kind": "warn", "label": "Credited by 2026-0003"}),
    _line(1, "Receipt", {"kind": "good", "label": "Paid"}),
]
INVOICE: Context = {
    "title": "Invoice 2026-0002",
    "status": {"kind": "accent", "label": "Issued"},
    "issuer": ["Practice at the Canal", "Kanalweg 1", "10999 Berlin"],
    "tax_id": "DE136695976",
    "recipient": ["Jonas Wernicke", "Am Ufer 3", "10961 Berlin"],
    "facts": [
        {"label": "Issued on", "text": "30 November 2026"},
        {"label": "To be paid by", "text": "14 December 2026"},
    ],
    "lines": [
        {
            "on_label": "16 November 2026",
            "words": "Sitzung (50 Minuten)",
            "tax_label": "0%",
            "amount_label": "€95",
        },
        {
            "on_label": "23 November 2026",
            "words": "Ausfallhonorar für einen nicht wahrgenommenen Termin",
            "tax_label": "0%",
            "amount_label": "€95",
        },
    ],
    "sums": [],
    "total_label": "€190",
    "notes": ["Umsatzsteuerfreie Heilbehandlung gemäß § 4 Nr. 14 UStG."],
    "language": "de",
}
TAXED = INVOICE | {
    "sums": [{"label": "Net", "text": "€159.66"}, {"label": "19% VAT", "text": "€30.34"}],
    "notes": [],
}


def _list(**changes: Any) -> State:
    told = {
        "viewer": ADMIN,
        "desk": desk("invoices"),
        "kinds": [
            {"label": label, "url": f"{BASE}/invoices?kind={key}", "is_selected": not key}
            for key, label in (("", "All"), ("invoice", "Invoices"), ("receipt", "Receipts"))
        ],
        "chosen": {"kind": "", "client": "", "from": "", "until": ""},
        "action": f"{BASE}/invoices",
        "clear_url": None,
        "new_url": f"{BASE}/invoices/new",
        "run_url": f"{BASE}/invoices/run",
        "statement_url": None,
        "invoices": LINES,
        "pages": {"label": "Page 1", "prev_url": None, "next_url": "?page=x"},
    }
    return "invoices.html", told | changes


def _one(**changes: Any) -> State:
    told = {
        "viewer": ADMIN,
        "desk": desk("invoices"),
        "invoice": INVOICE,
        "others": [],
        "back_url": f"{BASE}/invoices",
        "file_url": f"{BASE}/invoices/2/file",
        "client_url": f"{BASE}/invoices?client=1",
        "credit_url": f"{BASE}/invoices/2/credit",
        "again_url": f"{BASE}/invoices/new?client=1",
        "form_id": FORM_ID,
        "values": {},
        "errors": {},
    }
    return "invoice.html", told | changes


def _who(clients: list[Context]) -> State:
    return (
        "invoice_who.html",
        {
            "viewer": ADMIN,
            "desk": desk("invoices"),
            "back_url": f"{BASE}/invoices",
            "clients": clients,
            "pages": NO_PAGES,
        },
    )


def _new(**changes: Any) -> State:
    told = {
        "viewer": ADMIN,
        "desk": desk("invoices"),
        "back_url": f"{BASE}/invoices/new",
        "client_name": "Jonas Wernicke",
        "client": "1",
        "kind": "invoice",
        "kinds": [
            {"label": "Owed (2)", "url": "?kind=invoice", "is_selected": True},
            {"label": "Paid (5)", "url": "?kind=receipt", "is_selected": False},
        ],
        "sessions": [
            {
                "name": f"session-{day}",
                "on_label": f"{day} November 2026",
                "words": "Sitzung (50 Minuten)",
                "money_label": "€95",
                "is_chosen": True,
            }
            for day in (16, 23)
        ],
        "action": f"{BASE}/invoices/new",
        "form_id": FORM_ID,
        "values": {"recipient_name": "Jonas Wernicke", "recipient_address": "Am Ufer 3"},
        "errors": {},
    }
    return "invoice_new.html", told | changes


def _settings(**changes: Any) -> State:
    told = {
        "viewer": ADMIN,
        "desk": desk("invoice-settings"),
        "action": f"{BASE}/invoice-settings",
        "logo_action": f"{BASE}/invoice-settings/logo",
        "logo_url": None,
        "preview_url": f"{BASE}/invoice-settings/preview",
        "is_kept": True,
        "countries": [{"value": "DE", "label": "Germany"}],
        "languages": [{"value": "de", "label": "German"}],
        "zones": [{"value": "Europe/Berlin", "label": "Berlin (14:00)"}],
        "kinds": [
            {"value": "therapy", "label": "Therapy, which is exempt from tax"},
            {"value": "coaching", "label": "Coaching, which is taxed"},
        ],
        "prices": [{"value": "with", "label": "With tax in them"}],
        "offerings": [
            {"name": "kind-1", "label": "Coaching hour, 50 minutes", "value": "coaching"}
        ],
        "values": {
            "legal_name": "Practice at the Canal",
            "address": "Kanalweg 1\n10999 Berlin",
            "tax_id": "DE136695976",
            "payment_days": "14",
        },
        "errors": {},
    }
    return "invoice_settings.html", told | changes


def _own(tab: str, **changes: Any) -> State:
    told = {
        "viewer": CLIENT,
        "tab": tab,
        "invoices_url": "/billing",
        "payments_url": "/billing?tab=payments",
        "packages_url": "/billing?tab=packages",
        "packages": [],
        "invoices": [],
        "payments": [],
        "pages": NO_PAGES,
    }
    return "billing.html", told | changes


PAYMENTS = [
    {
        "paid_at": "2026-11-20T09:00:00Z",
        "paid_label": "Fri 20 Nov, 10:00",
        "booking_url": "/bookings/1",
        "of_label": "Appointment",
        "amount_label": "€95",
        "back_label": back,
    }
    for back in ("", "€47.50")
]
STATES: dict[str, State] = {
    "invoices": _list(),
    "invoices-of-client": _list(
        chosen={"kind": "", "client": "1", "from": "", "until": ""},
        clear_url=f"{BASE}/invoices",
        statement_url=f"{BASE}/invoices/statement?client=1",
    ),
    "invoices-none-fit": _list(invoices=[], clear_url=f"{BASE}/invoices", pages=NO_PAGES),
    "invoices-empty": _list(invoices=[], pages=NO_PAGES),
    "invoice": _one(),
    "invoice-errors": _one(errors={"reason": "Say in a few words why."}, invoice=TAXED),
    "invoice-credited": _one(
        credit_url=None,
        others=[{"label": "Taken back by", "number": "2026-0003", "url": f"{BASE}/invoices/3"}],
    ),
    "invoice-who": _who(
        [{"name": "Jonas Wernicke", "url": "?client=1", "owed_count": 2, "paid_count": 0}]
    ),
    "invoice-who-empty": _who([]),
    "invoice-new": _new(),
    "invoice-new-errors": _new(
        errors={
            "sessions": "Choose one session or more.",
            "recipient_name": "Enter who the invoice is for, on one line.",
        },
        values={},
    ),
    "invoice-new-empty": _new(sessions=[], kind="receipt"),
    "invoice-settings": _settings(),
    "invoice-settings-first": _settings(is_kept=False, preview_url=None, offerings=[]),
    "invoice-settings-errors": _settings(
        errors={
            "tax_id": "This number cannot be right: please check each digit.",
            "png": "This picture is not a PNG.",
        },
        logo_url="/static/img/favicon.svg",
    ),
    "billing": _own("invoices", invoices=LINES),
    "billing-empty": _own("invoices"),
    "billing-payments": _own("payments", payments=PAYMENTS),
    "billing-payments-empty": _own("payments"),
    "billing-packages": _own("packages", packages=[OWN]),
    "billing-packages-empty": _own("packages"),
    "own-invoice": (
        "own_invoice.html",
        {
            "viewer": CLIENT,
            "invoice": TAXED,
            "others": [],
            "back_url": "/billing",
            "file_url": "/billing/2/file",
        },
    ),
}
