"""Samples of the money desk: payments, and what came of one."""

from typing import Any

from services.contracts.billing import PaymentState
from services.gateway.web.money_desk import SECTIONS
from services.gateway.web.money_words import STATE_CHOICES, STATES
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]

BASE = "/practices/p/money"
DESK: Context = {
    "practice_name": "Praxis am Landwehrkanal",
    "others_url": None,
    "open_label": "Payments",
    "sections": [
        {"label": one.label, "url": f"{BASE}/{one.key}", "is_open": one.key == "payments"}
        for one in SECTIONS
    ],
}
AT = {"at": "2026-11-24T13:00:00Z", "at_label": "Tue 24 Nov, 14:00"}
STAMP = AT | {"at_label": "24 November 2026, 14:00"}
NOTHING: Context = {"payments": [], "pages": {"label": "", "prev_url": None, "next_url": None}}


def _payment(name: str, amount: str, state: PaymentState, **changes: Any) -> Context:
    return {
        "url": f"{BASE}/payments/x",
        **AT,
        "client_name": name,
        "client_url": f"{BASE}/payments?client=c",
        "whom": "Miriam Adler",
        "is_package": False,
        "session_url": "/practices/p/bookings/b",
        "amount": amount,
        "back": "",
        "status": STATES[state],
    } | changes


def _sum() -> Context:
    told = {"Asked for": "€380", "Paid": "€285", "Went back": "€47.50", "Left": "€237.50"}
    rows = [{"label": label, "text": text} for label, text in told.items()]
    return {"count_label": "4 payments", "rows": rows}


def _list(**changes: Any) -> Context:
    options = [{"value": value, "label": label} for value, label in STATE_CHOICES.items()]
    return {
        "active": "money",
        "viewer": life.ADMIN,
        "desk": DESK,
        "zone_label": "Berlin time",
        "currency": "EUR",
        "action": f"{BASE}/payments",
        "values": {},
        "errors": {},
        "states": [{"value": "", "label": "Any state"}, *options],
        "practitioners": [{"value": "", "label": "Everybody"}],
        "set_count": 0,
        "clear_url": f"{BASE}/payments",
        "csv_url": f"{BASE}/payments.csv",
        "client": None,
        "sums": [],
        "is_too_much": False,
        "payments": [
            _payment("Jana Ohlendorf", "€95", PaymentState.SUCCEEDED),
            _payment("Karim Benali", "€95", PaymentState.PARTLY_REFUNDED, back="€47.50"),
            _payment("Lena Sommer", "€95", PaymentState.REFUNDED, back="€95"),
            _payment("Jana Ohlendorf", "€425", PaymentState.SUCCEEDED, is_package=True),
            _payment("Mo Okafor", "€120.50", PaymentState.EXPIRED, session_url=None),
        ],
        "pages": {"label": "", "prev_url": None, "next_url": f"{BASE}/payments?page=x"},
    } | changes


def _entry(account: str, debit: str = "", credit: str = "") -> Context:
    url = f"{BASE}/ledger/accounts/stripe_balance/EUR"
    return {"account_label": account, "account_url": url, "debit": debit, "credit": credit}


def _transaction(label: str, *entries: Context) -> Context:
    id_ = label.lower().replace(" ", "-")
    url = f"{BASE}/ledger/transactions/t"
    return {"id": id_, "url": url, "kind_label": label, **STAMP, "entries": list(entries)}


TRANSACTIONS = [
    _transaction(
        "The client paid",
        _entry("Cash at Stripe", debit="€95"),
        _entry("Paid for sessions", credit="€95"),
    ),
    _transaction(
        "Stripe kept its fee",
        _entry("Commission", debit="€4.75"),
        _entry("Stripe's fees", debit="€1.68"),
        _entry("Cash at Stripe", credit="€6.43"),
    ),
]
REFUND = {
    "amount": "€47.50",
    "percent_label": "50 %",
    "reason": "cancelled",
    "status": {"kind": "good", "label": "Made", "icon": "check"},
    **STAMP,
    "stripe_id": "re_3PqXyzExample",
}


def _one(**changes: Any) -> Context:
    return {
        "active": "money",
        "viewer": life.ADMIN,
        "desk": DESK,
        "back_url": f"{BASE}/payments",
        "zone_label": "Berlin time",
        "amount": "€95",
        "status": STATES[PaymentState.PARTLY_REFUNDED],
        "client_name": "Karim Benali",
        "record_url": "/clients/c",
        "payments_url": f"{BASE}/payments?client=c",
        "session_url": "/practices/p/bookings/b",
        "package_url": None,
        "whom": "Miriam Adler",
        "is_history": False,
        "rows": [
            {"label": "Captured", "text": "€95"},
            {"label": "Went back", "text": "-€47.50"},
            {"label": "Stripe's fee", "text": "-€1.68"},
            {"label": "Commission", "text": "-€2.37"},
            {"label": "Left at Stripe", "text": "€43.45", "is_total": True},
        ],
        "moments": [{"label": "Begun", **STAMP}, {"label": "Paid", **STAMP}],
        "refund_url": f"{BASE}/payments/x/refund",
        "refunds": [REFUND],
        "ids": [
            {"label": "Payment", "id": "pi_3PqXyzExample0123456789"},
            {"label": "Account", "id": "acct_1PqXyzExample"},
        ],
        "transactions": TRANSACTIONS,
    } | changes


BEGUN = {
    "status": STATES[PaymentState.OPEN],
    "rows": [{"label": "Captured", "text": "€0"}],
    "record_url": None,
    "session_url": None,
    "is_history": True,
}
WRONG = {
    "values": {"since": "2026-11-30", "until": "2026-11-01", "least": "1.234"},
    "errors": {
        "until": "The last day lies before the first one.",
        "least": "An amount in EUR has at most 2 digits after the point.",
    },
    "set_count": 3,
}
OF_ONE = {"id": "c", "name": "Karim Benali", "let_go_url": f"{BASE}/payments"}
PRACTICES = [{"name": name, "url": BASE} for name in ("Praxis am Landwehrkanal", "Praxis Sommer")]
MONTH = {"values": {"since": "2026-11-01"}, "set_count": 2}


STATES_OF_PAGES: dict[str, State] = {
    "money-choice": (
        "money_choice.html",
        {"active": "money", "viewer": life.ADMIN, "practices": PRACTICES},
    ),
    "money-payments": ("money_payments.html", _list()),
    "money-payments-of-one": (
        "money_payments.html",
        _list(**MONTH, client=OF_ONE, sums=[_sum()]),
    ),
    "money-payments-too-many": ("money_payments.html", _list(**MONTH, is_too_much=True)),
    "money-payments-none": ("money_payments.html", _list(**NOTHING)),
    "money-payments-not-found": (
        "money_payments.html",
        _list(values={"who": "Zoe"}, set_count=1, **NOTHING),
    ),
    "money-payments-errors": ("money_payments.html", _list(**WRONG, **NOTHING)),
    "money-payment": ("money_payment.html", _one()),
    "money-payment-begun": (
        "money_payment.html",
        _one(**BEGUN, refund_url=None, refunds=[], ids=[], transactions=[]),
    ),
}
