"""The words of refunds and disputes: reasons, states, deadlines, in plain English."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.contracts.billing.disputes import DisputeState, DisputeView
from services.contracts.billing.refunds import PracticeRefund, RefundReason, RefundState, RefundWay
from services.gateway.web import labels

Context = dict[str, Any]
REASONS = {
    RefundReason.CANCELLED: "The session was cancelled",
    RefundReason.REFUSED: "The time was gone",
    RefundReason.NO_SHOW: "The session was missed",
    RefundReason.AT_STRIPE: "Made at Stripe itself",
    RefundReason.GOODWILL: "Goodwill",
    RefundReason.NOT_HELD: "The session did not take place",
    RefundReason.WRONG_AMOUNT: "The amount was wrong",
    RefundReason.PAID_TWICE: "It was paid twice",
    RefundReason.OTHER: "Another reason",
}
WAYS = {
    RefundWay.FULL: "All that is left",
    RefundWay.PART: "A part of it",
    RefundWay.POLICY: "What the booking's policy gives back",
}
REFUND_STATES: dict[RefundState, Context] = {
    RefundState.PROMISED: {"kind": "warn", "label": "On its way", "icon": "clock"},
    RefundState.MADE: {"kind": "good", "label": "Made", "icon": "check"},
    RefundState.FAILED: {"kind": "bad", "label": "Failed", "icon": "warn"},
    RefundState.ELSEWHERE: {"kind": "accent", "label": "Paid back elsewhere", "icon": "check"},
}
FAILURES = {
    "expired_or_canceled_card": "The card is closed or has expired.",
    "lost_or_stolen_card": "The card was reported lost or stolen.",
    "declined": "The client's bank declined it.",
    "insufficient_funds": "Your balance at Stripe was too low.",
    "not_at_stripe": "Your Stripe account does not know this payment.",
    "charge_disputed": "The client disputes this payment with their bank.",
}
NO_KNOWN_FAILURE = "The client's bank sent it back."
DISPUTE_STATES: dict[DisputeState, Context] = {
    DisputeState.NEEDS_ANSWER: {"kind": "bad", "label": "Waits for your answer", "icon": "warn"},
    DisputeState.UNDER_REVIEW: {"kind": "warn", "label": "With the bank", "icon": "clock"},
    DisputeState.WON: {"kind": "good", "label": "Won", "icon": "check"},
    DisputeState.LOST: {"kind": "", "label": "Lost", "icon": "close"},
    DisputeState.CLOSED: {"kind": "", "label": "Closed", "icon": "check"},
}
SAID = {
    "fraudulent": "They did not make or allow this payment.",
    "product_not_received": "They did not receive what they paid for.",
    "product_unacceptable": "What they received was not as described.",
    "duplicate": "They were charged twice.",
    "credit_not_processed": "A refund that was promised to them did not come.",
    "subscription_canceled": "They had ended what they were charged for.",
    "unrecognized": "They do not recognise this payment.",
    "general": "They question this payment, without a closer reason.",
}
NO_KNOWN_REASON = "They question this payment."


def failure(refund: PracticeRefund) -> str:
    """Why it failed, in a sentence."""
    return FAILURES.get(refund.failure or "", NO_KNOWN_FAILURE)


def said(dispute: DisputeView) -> str:
    """What the client says, by the bank's reason."""
    return SAID.get(dispute.reason, NO_KNOWN_REASON)


def deadline(dispute: DisputeView, zone: ZoneInfo, now: datetime) -> str:
    """How long there is to answer: "Answer by Wed 9 Dec, 23:59 (9 days left)"; "" once it is."""
    if dispute.due_at is None or dispute.state is not DisputeState.NEEDS_ANSWER:
        return ""
    if dispute.due_at <= now:
        return "The time to answer is over."
    return f"Answer by {labels.moment_label(dispute.due_at, zone, now)} ({_left(dispute, now)})"


def _left(dispute: DisputeView, now: datetime) -> str:
    assert dispute.due_at is not None
    hours = int((dispute.due_at - now).total_seconds() // 3600)
    if hours < 48:
        return "1 hour left" if hours == 1 else f"{hours} hours left"
    return f"{hours // 24} days left"
