"""One payment, as the money desk shows it: what came of it, at Stripe and in the books."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.billing.practice_payments import PracticePaymentView, RefundView
from services.contracts.profiles.clients import ClientsView
from services.gateway.web import labels, links, money_words
from services.gateway.web.money_desk import MoneyDesk

Context = dict[str, Any]
AT_STRIPE = {
    "payment_intent_id": "Payment",
    "charge_id": "Charge",
    "checkout_session_id": "Payment page",
    "stripe_account_id": "Account",
}


def context(
    desk: MoneyDesk,
    found: PracticePaymentView,
    people: ClientsView,
    zone: ZoneInfo,
    now: datetime,
) -> Context:
    """What `money_payment.html` shows."""
    name = next((one.name for one in people.clients), "Client")
    treating = {one.id: one.name for one in people.practitioners}
    session = links.staff_booking_url(desk.practice_id, found.payment.booking_id)
    credit = found.payment.credit
    sale_id = found.payment.sale_id or (credit.sale_id if credit else None)
    record = links.client_url(desk.practice_id, found.payment.client_id)
    return {
        "desk": desk.frame("payments"),
        "back_url": desk.url("payments"),
        "zone_label": labels.zone_name(zone),
        "amount": labels.money_label(found.payment.price),
        "status": money_words.payment_status(found.payment),
        "client_name": name,
        "record_url": record if desk.sees_records else None,
        "payments_url": desk.url("payments", client=str(found.payment.client_id)),
        "session_url": session if desk.sees_sessions and found.payment.sale_id is None else None,
        "package_url": desk.url(f"packages/sales/{sale_id}") if sale_id else None,
        "whom": treating.get(found.payment.practitioner_id, ""),
        "is_history": found.is_history,
        "rows": _rows(found),
        "moments": list(_moments(found, zone)),
        "refund_url": _refund_url(desk, found),
        "refunds": [_refund(one, zone) for one in found.refunds],
        "ids": _ids(found),
        "transactions": [desk.transaction(one, zone) for one in found.transactions],
    }


def _rows(found: PracticePaymentView) -> list[Context]:
    """From what was captured to what is left; the sums are those of the entries below."""
    fees, commission = _on(found, "stripe_fees"), _on(found, "platform_commission")
    rows = [
        ("Captured", labels.money_label(found.payment.captured), False),
        (
            "Went back",
            labels.money_label(-found.payment.refunded),
            not found.payment.refunded.amount,
        ),
        ("Stripe's fee", money_words.money_of(-one for one in fees), not fees),
        ("Commission", money_words.money_of(-one for one in commission), not commission),
    ]
    shown = [{"label": label, "text": text} for label, text, is_none in rows if not is_none]
    net = money_words.money_of(_on(found, "stripe_balance"))
    return [*shown, {"label": "Left at Stripe", "text": net, "is_total": True}]


def _on(found: PracticePaymentView, account: str) -> list[Money]:
    """The entries that the payment made on an account."""
    return [
        entry.money
        for one in found.transactions
        for entry in one.entries
        if entry.account == account
    ]


def _moments(found: PracticePaymentView, zone: ZoneInfo) -> Iterable[Context]:
    """When what happened, oldest first."""
    named = {
        "Begun": found.created_at,
        "Paid": found.captured_at,
        "Settled at Stripe": found.processed_at,
        "The booking ended": found.ended_at,
    }
    for label, at in named.items():
        if at is not None:
            yield {
                "label": label,
                "at": labels.instant(at),
                "at_label": money_words.stamp(at, zone),
            }


def _refund_url(desk: MoneyDesk, found: PracticePaymentView) -> str | None:
    """Where money of it is given back; None where nothing came, or all of it went, and of what
    paid for a package: there it goes back where the package is ended."""
    is_left = found.payment.captured.amount > found.payment.refunded.amount
    if not is_left or found.payment.sale_id is not None:
        return None
    return desk.url(f"payments/{found.payment.id}/refund")


def _refund(refund: RefundView, zone: ZoneInfo) -> Context:
    at = refund.made_at or refund.created_at
    return {
        "amount": labels.money_label(refund.money),
        "percent_label": f"{refund.percent} %" if refund.is_by_policy else "",
        "reason": money_words.REASONS.get(refund.reason, refund.reason),
        "status": money_words.REFUND_STATES.get(
            refund.state, {"kind": "", "label": refund.state.capitalize(), "icon": "info"}
        ),
        "at": labels.instant(at),
        "at_label": money_words.stamp(at, zone),
        "stripe_id": refund.stripe_refund_id or "",
    }


def _ids(found: PracticePaymentView) -> list[Context]:
    told = {label: getattr(found, name) for name, label in AT_STRIPE.items()}
    return [{"label": label, "id": id_} for label, id_ in told.items() if id_]
