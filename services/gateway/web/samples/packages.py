"""Samples of packages: as a practice offers and sells them, and as clients buy them."""

from typing import Any

from services.contracts.billing.packages import RefundRule, SaleState
from services.gateway.web import package_words as words
from services.gateway.web.money_desk import SECTIONS
from services.gateway.web.money_packages import RULES
from services.gateway.web.samples import booking
from services.gateway.web.samples import people as life

Context = dict[str, Any]
State = tuple[str, Context]
BASE = "/practices/p/money"
FORM_ID = "01939f00-0000-7000-8000-000000000071"
NO_PAGES: Context = {"label": "", "prev_url": None, "next_url": None}
DESK: Context = {
    "practice_name": "Praxis am Landwehrkanal",
    "others_url": None,
    "open_label": "Packages",
    "sections": [
        {"label": one.label, "url": f"{BASE}/{one.key}", "is_open": one.key == "packages"}
        for one in SECTIONS
    ],
}


def _desk(template: str, **context: Any) -> State:
    return template, {"active": "money", "viewer": life.ADMIN, "desk": DESK, **context}


def _tabs(chosen: str) -> list[Context]:
    return [
        {"label": label, "url": f"{BASE}/packages", "is_selected": label == chosen}
        for label in ("Offered", "Sold")
    ]


def _package(name: str, **changes: Any) -> Context:
    return {
        "name": name,
        "url": f"{BASE}/packages/x",
        "whom": "Miriam Adler",
        "offerings_label": "Individual session",
        "sessions_label": "5 sessions",
        "price": "€425",
        "singly": "€475",
        "valid_label": "12 months",
        "rule": words.RULES[RefundRule.PACKAGE_PRICE],
        "is_active": True,
    } | changes


def _offered(*packages: Context) -> State:
    return _desk(
        "money_packages.html",
        tabs=_tabs("Offered"),
        new_url=f"{BASE}/packages/new",
        packages=list(packages),
    )


OFFERINGS = [
    {"name": "offering-1", "label": "Miriam Adler: Individual, 50 minutes", "is_chosen": True},
    {"name": "offering-2", "label": "Miriam Adler: Long, 90 minutes", "is_chosen": False},
]
VALUES = {
    "name": "Five sessions",
    "sessions": "5",
    "price": "425",
    "valid_months": "12",
    "refund_rule": "package_price",
}
KEPT = {
    "name": "Five sessions",
    "is_active": True,
    "price": "€425",
    "singly": "€475",
    "state_action": f"{BASE}/packages/x/state",
}


def _form(**changes: Any) -> State:
    told = {
        "back_url": f"{BASE}/packages",
        "action": f"{BASE}/packages",
        "form_id": FORM_ID,
        "package_id": FORM_ID,
        "after_version": "0",
        "kept": None,
        "currency": "EUR",
        "offerings": OFFERINGS,
        "rules": RULES,
        "values": VALUES,
        "errors": {},
    }
    return _desk("money_package.html", **(told | changes))


def _sale(name: str, state: SaleState, **changes: Any) -> Context:
    return {
        "url": f"{BASE}/packages/sales/x",
        "name": "Five sessions",
        "client_name": name,
        "whom": "Miriam Adler",
        "at": "2026-11-24T13:00:00Z",
        "at_label": "24 November 2026",
        "price": "€425",
        "used_label": "2 of 5",
        "owed": "€255",
        "till_label": "24 November 2027",
        "status": words.STATES[state],
    } | changes


SALES = [
    _sale("Jana Ohlendorf", SaleState.ACTIVE),
    _sale("Karim Benali", SaleState.ENDED, owed="€0", status=words.STATES[SaleState.ENDED]),
    _sale("Mo Okafor", SaleState.PENDING, used_label="0 of 5", owed="€0", till_label=""),
]


def _sold(**changes: Any) -> State:
    labels = ("All", "In use", "Ended", "Lapsed", "Not paid")
    told: Context = {
        "tabs": _tabs("Sold"),
        "filters": [
            {"label": one, "url": f"{BASE}/packages/sales", "is_selected": one == "All"}
            for one in labels
        ],
        "is_filtered": False,
        "all_url": f"{BASE}/packages/sales",
        "csv_url": f"{BASE}/packages/sales.csv",
        "sums": [{"count_label": "2 packages", "sold": "€850", "owed": "€255"}],
        "sales": SALES,
        "pages": NO_PAGES | {"next_url": f"{BASE}/packages/sales?page=x"},
    }
    return _desk("money_package_sales.html", **(told | changes))


ONE = {
    "back_url": f"{BASE}/packages/sales",
    "sale": SALES[0],
    "rule": words.RULES[RefundRule.PACKAGE_PRICE],
    "rows": [
        {"label": "Price", "text": "€425"},
        {"label": "Went back", "text": "€0"},
        {"label": "Earned or kept", "text": "€170"},
        {"label": "Owed in sessions", "text": "€255", "is_total": True},
    ],
    "moments": [
        {"label": "Bought", "at": "2026-11-24T13:00:00Z", "at_label": "24 November 2026"},
        {"label": "Valid until", "at": "2027-11-24T13:00:00Z", "at_label": "24 November 2027"},
    ],
    "payment_url": f"{BASE}/payments/x",
    "end_url": f"{BASE}/packages/sales/x/end",
    "record_url": "/clients/c",
}


def _used(day: str, why: str, counts: str) -> Context:
    at = "2026-11-24T13:00:00Z"
    return {"at": at, "day": day, "url": "/practices/p/bookings/b", "why": why, "counts": counts}


def _end(**changes: Any) -> State:
    told: Context = {
        "warning": "",
        "back_url": f"{BASE}/packages/sales/x",
        "action": f"{BASE}/packages/sales/x/end",
        "form_id": FORM_ID,
        "agreed": "a" * 64,
        "name": "Five sessions",
        "client_name": "Jana Ohlendorf",
        "price": "€425",
        "rule": words.RULES[RefundRule.SINGLE_PRICE],
        "lines": [
            _used("24 November 2026", "Took place, or was missed; its single price", "€95"),
            _used("8 December 2026", "Is booked and still to come; its single price", "€95"),
        ],
        "counted": "€190",
        "refund": "€235",
        "has_refund": True,
        "left_label": "3 sessions",
        "to_come": 1,
        "effects": [
            {"label": "The client", "text": "Gets €235 on the card that paid, in 5 to 10 days."},
            {"label": "Stripe", "text": "Keeps its fee of €6.63; Stripe does not give it back."},
            {"label": "The commission", "text": "€11.75 of it come back to you, in proportion."},
        ],
    }
    return _desk("money_package_end.html", **(told | changes))


def _buyable(name: str, price: str, **changes: Any) -> Context:
    return {
        "name": name,
        "version_id": FORM_ID,
        "form_id": FORM_ID,
        "sessions_label": "5 sessions",
        "offerings": ["Individual, 50 minutes"],
        "price": price,
        "singly": "€475",
        "valid_label": "12 months",
        "rule": words.RULES_TO_BUYERS[RefundRule.PACKAGE_PRICE],
    } | changes


def _offers(**changes: Any) -> State:
    told: Context = {
        "viewer": life.CLIENT,
        "active": "directory",
        "person": life.MIRIAM,
        "back_url": life.MIRIAM["url"],
        "packages": [
            _buyable("Five sessions", "€425"),
            _buyable("Ten sessions", "€800", rule=words.RULES_TO_BUYERS[RefundRule.SINGLE_PRICE]),
        ],
        "is_guest": False,
        "sign_in_url": "/sign-in?next=x",
        "action": f"{life.MIRIAM['url']}/packages",
        "errors": {},
    }
    return "packages.html", told | changes


OWN = {
    "url": "/billing/packages/x",
    "name": "Five sessions",
    "person": life.MIRIAM,
    "price": "€425",
    "refunded": "",
    "used_label": "1 of 5",
    "left_label": "4 sessions",
    "is_usable": True,
    "till_label": "24 November 2027",
    "status": words.STATES[SaleState.ACTIVE],
}
UNPAID = OWN | {"status": words.STATES[SaleState.PENDING], "till_label": "", "is_usable": False}


def _own(sale: Context, **changes: Any) -> State:
    told: Context = {
        "viewer": life.CLIENT,
        "active": "account",
        "sale": sale,
        "rule": words.RULES_TO_BUYERS[RefundRule.PACKAGE_PRICE],
        "is_waiting": False,
        "is_pending": False,
        "refresh_url": "/billing/packages/x?paid=yes",
        "pay_url": None,
        "back_url": "/billing?tab=packages",
    }
    return "own_package.html", told | changes


CREDITS = [
    {"id": "1", "name": "Five sessions", "label": "Use 1 of your 4 sessions (till 1 June 2027)"}
]
_TEMPLATE, RETURNING = booking.STATES["checkout-returning"]
STATES_OF_PAGES: dict[str, State] = {
    "checkout-credits": (_TEMPLATE, RETURNING | {"credits": CREDITS}),
    "money-packages": _offered(_package("Five sessions"), _package("Ten", is_active=False)),
    "money-packages-none": _offered(),
    "money-package-new": _form(values={}),
    "money-package": _form(kept=KEPT, after_version="1"),
    "money-package-retired": _form(kept=KEPT | {"is_active": False}, after_version="1"),
    "money-package-errors": _form(
        errors={
            "name": "Enter a name of at most 80 letters.",
            "offerings": "Choose one offering or more.",
            "price": "Enter a price like 360 or 360.50.",
            "refund_rule": "Choose what a used session counts.",
        },
        values={"price": "1.234,5"},
        offerings=[one | {"is_chosen": False} for one in OFFERINGS],
    ),
    "money-package-sales": _sold(),
    "money-package-sales-none": _sold(sales=[], sums=[]),
    "money-package-sales-not-found": _sold(sales=[], sums=[], is_filtered=True),
    "money-package-sale": _desk("money_package_sale.html", **ONE),
    "money-package-end": _end(),
    "money-package-end-changed": _end(warning="These are the new figures."),
    "money-package-end-nothing": _end(
        lines=[], has_refund=False, refund="€0", to_come=0, effects=[]
    ),
    "packages": _offers(),
    "packages-guest": _offers(is_guest=True, viewer=None),
    "packages-none": _offers(packages=[]),
    "packages-errors": _offers(errors={"form": "This package is not on offer any more."}),
    "own-package": _own(OWN),
    "own-package-waiting": _own(UNPAID, is_pending=True, is_waiting=True),
    "own-package-unpaid": _own(UNPAID, is_pending=True, pay_url="https://checkout.stripe.com/x"),
    "own-package-lapsed-page": _own(UNPAID, is_pending=True),
}
