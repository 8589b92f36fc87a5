"""Samples of reconciliation and of payouts."""

from typing import Any

from services.contracts.billing.payouts import PayoutStatus
from services.contracts.billing.reconciliation import DifferenceKind, Outcome, Way
from services.gateway.web.reconciliation_words import (
    KINDS,
    OPEN,
    OUTCOMES,
    STATUSES,
    WAYS,
    way_words,
)
from services.gateway.web.samples import people as life
from services.gateway.web.samples.money import BASE, DESK, STAMP, TRANSACTIONS

Context = dict[str, Any]
State = tuple[str, Context]
AT = {"at": "2026-11-24T13:00:00Z", "at_label": "Tue 24 Nov, 14:00"}
NO_PAGES: Context = {"label": "", "prev_url": None, "next_url": None}
COMMON: Context = {
    "active": "money",
    "viewer": life.ADMIN,
    "desk": DESK,
    "zone_label": "Berlin time",
}
RUN = AT | {"seen_label": "1,204 movements", "found": 2, "settled": 1}
BALANCES: list[Context] = [
    {
        "currency": "EUR",
        "at_stripe": "€4,140.20",
        "in_ledger": "€4,170.20",
        "gap": "-€30",
        "brought_in": "€12,480",
    },
    {
        "currency": "GBP",
        "at_stripe": "£210",
        "in_ledger": "£210",
        "gap": "",
        "brought_in": "",
    },
]


def _line(kind: DifferenceKind, at_stripe: str, in_ledger: str, **changes: Any) -> Context:
    return {
        "url": f"{BASE}/reconciliation/d",
        "label": KINDS[kind].label,
        "at_stripe": at_stripe,
        "in_ledger": in_ledger,
        "subject": "re_3PqXyzExample0123456789",
        **AT,
        "status": OPEN,
    } | changes


REFUND = _line(DifferenceKind.REFUND_UNKNOWN_HERE, "-€30", "–")
FEE = _line(DifferenceKind.FEE_DIFFERS, "€1.70", "€1.60", subject="ch_3PqXyzExample0123456789")
GONE = _line(DifferenceKind.PAYOUT_UNKNOWN_HERE, "-€83.90", "–", status=OUTCOMES[Outcome.VANISHED])


MATCHED: Context = {"count": 0, "url": "", "differences": []}
UNMATCHED: Context = {"count": 1, "url": f"{BASE}/reconciliation", "differences": [REFUND]}


def _standing(**changes: Any) -> Context:
    return {
        **COMMON,
        "is_connected": True,
        "refresh_url": f"{BASE}/reconciliation",
        "look_url": f"{BASE}/reconciliation/look",
        "last": RUN,
        "running": None,
        "is_due": False,
        "balances": BALANCES,
        "open_count": 2,
        "is_open": True,
        "open_url": f"{BASE}/reconciliation",
        "csv_url": f"{BASE}/reconciliation.csv",
        "settled_url": f"{BASE}/reconciliation?state=settled",
        "differences": [REFUND, FEE],
        "pages": NO_PAGES,
    } | changes


def _difference(**changes: Any) -> Context:
    kind = DifferenceKind.REFUND_UNKNOWN_HERE
    return {
        **COMMON,
        "back_url": f"{BASE}/reconciliation",
        "action": f"{BASE}/reconciliation/d",
        **REFUND,
        "meaning": KINDS[kind].meaning,
        "revision": 0,
        "ways": [way_words(kind, way) for way in (Way.IMPORT, Way.EXPLAIN)],
        "form_id": "sample",
        "values": {},
        "errors": {},
        "moments": [{"label": "Happened", **STAMP}, {"label": "First seen", **STAMP}],
        "decisions": [],
        "payment_url": f"{BASE}/payments/x",
        "payout_url": None,
        "transactions": [],
    } | changes


DECISION = {
    "label": WAYS[Way.IMPORT],
    "words": "Refunded by hand after a phone call.",
    "whom": "you",
    **STAMP,
}
SETTLED = {
    "status": OUTCOMES[Outcome.IMPORTED],
    "ways": [],
    "decisions": [DECISION],
    "transactions": TRANSACTIONS[:1],
}
WRONG = {
    "values": {"why": "x"},
    "errors": {
        "way": "Choose how to settle it.",
        "why": "Say in a few words why, for whoever reads the books later.",
    },
}
FIGURES = {"gross": "€95", "stripe_fee": "-€1.68", "commission": "-€4.75", "net": "€88.57"}
PAYOUT = {
    "url": f"{BASE}/payouts/o",
    "amount": "€88.57",
    **AT,
    "status": STATUSES[PayoutStatus.PAID],
}


def _payout(**changes: Any) -> Context:
    movement = {"label": "Charge", "stripe_id": "txn_1PqXyzExample", **AT, **FIGURES}
    return {
        **COMMON,
        **PAYOUT,
        "back_url": f"{BASE}/payouts",
        "stripe_id": "po_1PqXyzExample",
        "is_automatic": True,
        "arrives_label": "25 November 2026, 14:00",
        "failure": "",
        "csv_url": f"{BASE}/payouts/o/movements.csv",
        "is_complete": True,
        "makes_up": True,
        "sums": [{"label": "Charge", "count": 1, **FIGURES}],
        "movements": [movement | {"payment_url": f"{BASE}/payments/x"}],
        "transactions": TRANSACTIONS[:1],
        "pages": NO_PAGES,
    } | changes


ANNOUNCED = {
    "amount": "–",
    "status": STATUSES[PayoutStatus.ANNOUNCED],
    "arrives_label": "",
    "is_complete": False,
    "makes_up": False,
    "sums": [],
    "movements": [],
    "transactions": [],
}
NEVER: Context = {"last": None, "is_due": True, "balances": [], "open_count": 0, "differences": []}
AGREED = {"balances": BALANCES[1:], "open_count": 0, "differences": []}

STATES_OF_PAGES: dict[str, State] = {
    "money-reconciliation": ("money_reconciliation.html", _standing()),
    "money-reconciliation-running": ("money_reconciliation.html", _standing(running=RUN)),
    "money-reconciliation-never": ("money_reconciliation.html", _standing(**NEVER)),
    "money-reconciliation-agreed": ("money_reconciliation.html", _standing(**AGREED)),
    "money-reconciliation-settled": (
        "money_reconciliation.html",
        _standing(is_open=False, differences=[GONE]),
    ),
    "money-reconciliation-unconnected": (
        "money_reconciliation.html",
        _standing(is_connected=False, **NEVER),
    ),
    "money-difference": ("money_difference.html", _difference()),
    "money-difference-errors": ("money_difference.html", _difference(**WRONG)),
    "money-difference-settled": ("money_difference.html", _difference(**SETTLED)),
    "money-payouts": (
        "money_payouts.html",
        COMMON
        | {
            "payouts": [PAYOUT],
            "reconciliation_url": f"{BASE}/reconciliation",
            "csv_url": f"{BASE}/payouts.csv",
            "pages": NO_PAGES,
        },
    ),
    "money-payouts-none": (
        "money_payouts.html",
        COMMON | {"payouts": [], "reconciliation_url": "", "csv_url": "", "pages": NO_PAGES},
    ),
    "money-payout": ("money_payout.html", _payout()),
    "money-payout-failed": (
        "money_payout.html",
        _payout(status=STATUSES[PayoutStatus.FAILED], failure="account closed", makes_up=False),
    ),
    "money-payout-announced": ("money_payout.html", _payout(**ANNOUNCED)),
}
