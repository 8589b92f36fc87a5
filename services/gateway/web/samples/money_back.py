"""Samples of refunds and disputes: lists, forms, what happens, what waits."""

from typing import Any

from services.contracts.billing.disputes import DisputeState
from services.contracts.billing.refunds import RefundReason, RefundState, RefundWay
from services.gateway.web import money_back_words as words
from services.gateway.web.money_desk import SECTIONS
from services.gateway.web.money_refunding import REASON_CHOICES
from services.gateway.web.samples import people as life
from services.gateway.web.samples.money import AT, BASE

Context = dict[str, Any]
State = tuple[str, Context]
NO_PAGES: Context = {"label": "", "prev_url": None, "next_url": None}
FORM_ID = "01936c00-0000-7000-8000-000000000001"
CHANGED = "Something about this payment has changed since you looked. These are the new figures."


def _frame(key: str, **context: Any) -> Context:
    sections = [
        {"label": one.label, "url": f"{BASE}/{one.key}", "is_open": one.key == key}
        for one in SECTIONS
    ]
    desk = {
        "practice_name": "Praxis am Landwehrkanal",
        "others_url": None,
        "open_label": next(one.label for one in SECTIONS if one.key == key),
        "sections": sections,
    }
    return {"active": "money", "viewer": life.ADMIN, "desk": desk, **context}


def _chips(*labels: str) -> list[Context]:
    return [
        {"label": label, "url": BASE, "is_selected": number == 0}
        for number, label in enumerate(labels)
    ]


def _refund(name: str, amount: str, state: RefundState, **changes: Any) -> Context:
    is_failed = state is RefundState.FAILED
    return {
        "id": name.lower().replace(" ", "-"),
        **AT,
        "client_name": name,
        "payment_url": f"{BASE}/payments/x",
        "amount": amount,
        "percent_label": "",
        "reason_label": words.REASONS[RefundReason.GOODWILL],
        "words": "",
        "status": words.REFUND_STATES[state],
        "failure": words.FAILURES["expired_or_canceled_card"] if is_failed else "",
        "elsewhere_words": "",
        "attempt": 1,
        "retry_url": f"{BASE}/refunds/x/retry" if is_failed else None,
        "elsewhere_url": f"{BASE}/refunds/x/elsewhere" if is_failed else None,
    } | changes


FAILED = _refund("Karim Benali", "€95", RefundState.FAILED)
CANCELLED = {"reason_label": words.REASONS[RefundReason.CANCELLED], "percent_label": "50 %"}
REFUNDS = [
    _refund("Jana Ohlendorf", "€30", RefundState.PROMISED, words="The heating was out."),
    FAILED,
    _refund("Lena Sommer", "€47.50", RefundState.MADE, **CANCELLED),
    _refund("Mo Okafor", "€95", RefundState.ELSEWHERE, elsewhere_words="Bank transfer, 24 Nov."),
]


def _refunds(**changes: Any) -> Context:
    return (
        _frame(
            "refunds",
            zone_label="Berlin time",
            filters=_chips("All", "On their way", "Made", "Failed", "Paid back elsewhere"),
            is_filtered=False,
            all_url=f"{BASE}/refunds",
            csv_url=f"{BASE}/refunds.csv",
            payments_url=f"{BASE}/payments",
            refunds=REFUNDS,
            pages=NO_PAGES,
        )
        | changes
    )


def _form(**changes: Any) -> Context:
    return (
        _frame(
            "refunds",
            client_name="Jana Ohlendorf",
            back_url=f"{BASE}/payments/x",
            action=f"{BASE}/payments/x/refund/preview",
            form_id=FORM_ID,
            rows=[
                {"label": "Paid", "text": "€95"},
                {"label": "Went back or is promised", "text": "€0"},
                {"label": "Left to give back", "text": "€95"},
            ],
            currency="EUR",
            ways=[{"value": one.value, "label": words.WAYS[one]} for one in RefundWay],
            reasons=REASON_CHOICES,
            values={"way": "full"},
            errors={},
        )
        | changes
    )


def _preview(**changes: Any) -> Context:
    told = {
        "The client": "Gets €30 on the card that paid, in 5 to 10 days, and a mail about it.",
        "The booking": "Stands, and €65 stay paid for it. It is not cancelled by this.",
        "Stripe": "Keeps its fee of €1.68; Stripe does not give it back.",
        "The commission": "€1.50 of it come back to you, in proportion.",
        "Your balance at Stripe": "Falls by €28.50 in all.",
    }
    return (
        _frame(
            "refunds",
            warning="",
            client_name="Jana Ohlendorf",
            amount="€30",
            percent_label="",
            effects=[{"label": label, "text": text} for label, text in told.items()],
            reason_label="Goodwill",
            words="The heating was out.",
            action=f"{BASE}/payments/x/refund",
            back_url=f"{BASE}/payments/x/refund",
            form_id=FORM_ID,
            kept={"way": "part", "amount": "30"},
        )
        | changes
    )


def _dispute(name: str, state: DisputeState, **changes: Any) -> Context:
    return {
        "url": f"{BASE}/disputes/x",
        **AT,
        "client_name": name,
        "payment_url": f"{BASE}/payments/x",
        "amount": "€95",
        "said": words.SAID["fraudulent"],
        "status": words.DISPUTE_STATES[state],
        "deadline": "",
        "due_at": "",
    } | changes


WAITING = _dispute(
    "Mo Okafor",
    DisputeState.NEEDS_ANSWER,
    deadline="Answer by Thu 3 Dec, 23:59 (9 days left)",
    due_at="2026-12-03T22:59:00Z",
)
REVIEWED = _dispute("Lena Sommer", DisputeState.UNDER_REVIEW, said=words.SAID["unrecognized"])
LOST = _dispute("Karim Benali", DisputeState.LOST)
BEGINNING = {
    "service_date": "24 November 2026, 14:00 (Berlin time)",
    "what_happened": "An appointment of 50 minutes was booked for 24 November 2026, 14:00.\n"
    "The client attended the appointment.",
    "policy": "Before paying, the client was shown this cancellation policy:\n"
    "Cancelled at least 24 hours ahead: 100 % come back.",
    "why_not_back": "By this policy 0 % of the price are due back.",
}


def _disputes(**changes: Any) -> Context:
    return (
        _frame(
            "disputes",
            zone_label="Berlin time",
            filters=_chips("Open", "All"),
            is_open=True,
            csv_url=f"{BASE}/disputes.csv",
            disputes=[WAITING, REVIEWED, LOST],
            pages=NO_PAGES,
        )
        | changes
    )


def _one(dispute: Context, **changes: Any) -> Context:
    return (
        _frame(
            "disputes",
            dispute=dispute,
            back_url=f"{BASE}/disputes",
            zone_label="Berlin time",
            has_money=True,
            is_inquiry=False,
            answer=None,
            can_answer=False,
            action=f"{BASE}/disputes/x/evidence",
            accept_url=f"{BASE}/disputes/x/accept",
            form_id=FORM_ID,
            values={},
            errors={},
        )
        | changes
    )


ANSWER = {
    "kind": "evidence",
    **AT,
    "is_sent": False,
    "texts": [{"label": "What took place", "text": BEGINNING["what_happened"]}],
}
GIVEN_UP = {"kind": "acceptance", **AT, "is_sent": True, "texts": []}
BACK = {"refund": FAILED, "back_url": f"{BASE}/refunds"}
STATES_OF_PAGES: dict[str, State] = {
    "money-refunds": ("money_refunds.html", _refunds()),
    "money-refunds-none": ("money_refunds.html", _refunds(refunds=[])),
    "money-refunds-not-found": ("money_refunds.html", _refunds(refunds=[], is_filtered=True)),
    "money-refund": ("money_refund.html", _form()),
    "money-refund-errors": (
        "money_refund.html",
        _form(
            values={"way": "part", "amount": "1,234"},
            errors={
                "way": "By this booking's policy nothing more goes back.",
                "amount": "An amount in EUR has at most 2 digits after the point.",
            },
        ),
    ),
    "money-refund-preview": ("money_refund_preview.html", _preview()),
    "money-refund-changed": (
        "money_refund_preview.html",
        _preview(warning=CHANGED, percent_label="50 %", words=""),
    ),
    "money-refund-elsewhere": (
        "money_refund_elsewhere.html",
        _frame("refunds", **BACK, values={}, errors={}),
    ),
    "money-refund-elsewhere-errors": (
        "money_refund_elsewhere.html",
        _frame("refunds", **BACK, values={}, errors={"how": "Say in a few words how."}),
    ),
    "money-disputes": ("money_disputes.html", _disputes()),
    "money-disputes-none": ("money_disputes.html", _disputes(disputes=[])),
    "money-dispute": ("money_dispute.html", _one(WAITING, can_answer=True, values=BEGINNING)),
    "money-dispute-errors": (
        "money_dispute.html",
        _one(WAITING, can_answer=True, errors={"what_happened": "Say what took place."}),
    ),
    "money-dispute-answered": ("money_dispute.html", _one(REVIEWED, answer=ANSWER)),
    "money-dispute-lost": ("money_dispute.html", _one(LOST, answer=GIVEN_UP)),
    "money-dispute-inquiry": (
        "money_dispute.html",
        _one(WAITING, is_inquiry=True, has_money=False, can_answer=True),
    ),
    "money-dispute-accept": (
        "money_dispute_accept.html",
        _frame(
            "disputes",
            dispute=WAITING,
            action=f"{BASE}/disputes/x/accept",
            back_url=f"{BASE}/disputes/x",
            form_id=FORM_ID,
        ),
    ),
}
