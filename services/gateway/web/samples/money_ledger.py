"""Samples of the money desk: the ledger, an account, a transaction, exports."""

from typing import Any

from services.gateway.web.money_exports import FORMATS
from services.gateway.web.samples import people as life
from services.gateway.web.samples.money import AT, BASE, DESK, TRANSACTIONS

Context = dict[str, Any]
State = tuple[str, Context]

COMMON: Context = {"active": "money", "viewer": life.ADMIN, "zone_label": "Berlin time"}
URL = f"{BASE}/ledger/accounts/stripe_balance/EUR"


def at_section(label: str) -> Context:
    """The desk with that section open."""
    sections = [{**one, "is_open": one["label"] == label} for one in DESK["sections"]]
    return DESK | {"open_label": label, "sections": sections}


def _account(label: str, nature: str, debit: str, credit: str, balance: str) -> Context:
    told = {"label": label, "nature_label": nature, "url": URL}
    return told | {"debit": debit, "credit": credit, "balance": balance}


def _ledger(**changes: Any) -> Context:
    return {
        **COMMON,
        "desk": at_section("Ledger"),
        "action": f"{BASE}/ledger",
        "export_url": f"{BASE}/exports",
        "values": {},
        "errors": {},
        "accounts": [
            _account("Cash at Stripe", "Asset", "€285", "€19.29", "€265.71 debit"),
            _account("Paid for sessions", "Liability", "€95", "€285", "€190 credit"),
            _account("Currency exchange", "Clearing", "€0", "€0", "€0"),
        ],
        "totals": [
            {"currency": "EUR", "debit": "€399.29", "credit": "€399.29", "is_even": True},
            {"currency": "GBP", "debit": "£10", "credit": "£9", "is_even": False},
        ],
    } | changes


def _entries(**changes: Any) -> Context:
    entry = {"url": f"{BASE}/ledger/transactions/t", **AT, "kind_label": "The client paid"}
    return {
        **COMMON,
        "desk": at_section("Ledger"),
        "back_url": f"{BASE}/ledger",
        "account_label": "Cash at Stripe",
        "nature_label": "Asset",
        "currency": "EUR",
        "until_label": "",
        "entries": [
            entry | {"debit": "", "credit": "€6.43", "balance": "€183.57 debit"},
            entry | {"debit": "€95", "credit": "", "balance": "€190 debit"},
        ],
        "pages": {"label": "", "prev_url": None, "next_url": f"{URL}?page=x"},
    } | changes


def _transaction(**changes: Any) -> Context:
    return {
        **COMMON,
        "desk": at_section("Ledger"),
        "back_url": f"{BASE}/ledger",
        "transaction": TRANSACTIONS[1] | {"url": None},
        "payment_url": f"{BASE}/payments/x",
        "is_of_receivable": False,
    } | changes


def _exports(**changes: Any) -> Context:
    formats = [
        {"value": one.value, "label": told.label, "hint": told.hint}
        for one, told in FORMATS.items()
    ]
    return {
        **COMMON,
        "desk": at_section("Exports"),
        "action": f"{BASE}/exports/journal",
        "values": {"since": "2026-10-01", "until": "2026-10-31", "format": "csv"},
        "errors": {},
        "formats": formats,
    } | changes


WRONG = {"on": "Enter the day as a date."}
TWO_YEARS = {"until": "A file for DATEV is of one calendar year. Take two files."}
NO_ENTRIES = {"entries": [], "pages": {"label": "", "prev_url": None, "next_url": None}}
STATES: dict[str, State] = {
    "money-ledger": ("money_ledger.html", _ledger()),
    "money-ledger-errors": (
        "money_ledger.html",
        _ledger(values={"on": "soon"}, errors=WRONG, accounts=[], totals=[]),
    ),
    "money-ledger-new": ("money_ledger.html", _ledger(totals=[])),
    "money-account": ("money_account.html", _entries()),
    "money-account-none": (
        "money_account.html",
        _entries(**NO_ENTRIES, until_label="2026-10-31"),
    ),
    "money-transaction": ("money_transaction.html", _transaction()),
    "money-transaction-on-account": (
        "money_transaction.html",
        _transaction(payment_url=None, is_of_receivable=True),
    ),
    "money-exports": ("money_exports.html", _exports()),
    "money-exports-errors": ("money_exports.html", _exports(errors=TWO_YEARS)),
}
