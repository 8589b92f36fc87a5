"""Samples of the money desk: what needs action, and what is owed."""

from typing import Any

from services.gateway.web import money_words
from services.gateway.web.samples.money import AT, BASE, STAMP
from services.gateway.web.samples.money_back import FAILED, WAITING
from services.gateway.web.samples.money_ledger import COMMON, at_section
from services.gateway.web.samples.reconciliation import MATCHED, UNMATCHED

Context = dict[str, Any]
State = tuple[str, Context]

OF_ONE = {"amount": "€95", "client_name": "Karim Benali", "url": f"{BASE}/payments/x", **STAMP}
STUCK = [
    OF_ONE | {"label": "A refund was not made", "reason": money_words.stuck_reason(error)}
    for error in ("UnknownForGood", "StripeRefused: charge_disputed")
]
LOOKS = [
    {
        "label": money_words.STUCK[kind],
        "reason": money_words.look_reason("StripeRefused: account_invalid"),
        "subject": subject,
        "url": f"{BASE}/{section}",
        **STAMP,
    }
    for kind, subject, section in (
        ("reconcile", "Reconciliation", "reconciliation"),
        ("settle_payout", "The payout of €300", "payouts/x"),
    )
]
LATE = [OF_ONE | {"status": money_words.REFUND_STATES[state]} for state in ("promised", "made")]
OWED = [
    {"label": label, "count_label": "2 sessions", "amount": "€190", "url": f"{BASE}/owed"}
    for label in money_words.AGES.values()
]
LINE = {
    **AT,
    "session_url": "/practices/p/bookings/b",
    "client_name": "Karim Benali",
    "client_url": "/clients/c",
    "whom": "Miriam Adler",
    "amount": "€95",
}


def _overview(**changes: Any) -> Context:
    return {
        **COMMON,
        "desk": at_section("Needs action"),
        "stuck": STUCK,
        "looks": LOOKS,
        "more_stuck": 3,
        "late": LATE,
        "more_late": 1,
        "owed": OWED,
        "owed_url": f"{BASE}/owed",
        "disputes": [WAITING],
        "failed": [FAILED],
        "unmatched": UNMATCHED,
    } | changes


def _owed(**changes: Any) -> Context:
    return {
        **COMMON,
        "desk": at_section("Owed"),
        "ages": [
            {"label": label, "url": f"{BASE}/owed", "is_selected": label == "All"}
            for label in ("All", *money_words.AGES.values())
        ],
        "csv_url": f"{BASE}/owed.csv",
        "lines": [LINE, LINE | {"session_url": None, "client_url": None}],
        "pages": {"label": "", "prev_url": None, "next_url": f"{BASE}/owed?page=x"},
    } | changes


CALM = {"stuck": [], "looks": [], "more_stuck": 0, "late": [], "more_late": 0, "owed": []}
CALM |= {"disputes": [], "failed": [], "unmatched": MATCHED}
NO_LINES = {"lines": [], "pages": {"label": "", "prev_url": None, "next_url": None}}
STATES: dict[str, State] = {
    "money-overview": ("money_overview.html", _overview()),
    "money-overview-calm": ("money_overview.html", _overview(**CALM)),
    "money-owed": ("money_owed.html", _owed()),
    "money-owed-nothing": ("money_owed.html", _owed(**NO_LINES)),
}
