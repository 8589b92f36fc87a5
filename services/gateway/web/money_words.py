"""The words of the money desk: states, accounts and movements, in plain English."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.billing import CreditState, PaymentState
from services.contracts.billing.attention import OwedAge
from services.contracts.billing.ledger import EntryView, TransactionView
from services.contracts.billing.practice_payments import PracticePayment
from services.gateway.web import labels

Context = dict[str, Any]
STATES: dict[PaymentState, Context] = {
    PaymentState.PREPARED: {"kind": "", "label": "Not begun", "icon": "clock"},
    PaymentState.OPEN: {"kind": "warn", "label": "Being paid", "icon": "clock"},
    PaymentState.SUCCEEDED: {"kind": "good", "label": "Paid", "icon": "check"},
    PaymentState.PARTLY_REFUNDED: {"kind": "accent", "label": "Partly refunded", "icon": "back"},
    PaymentState.REFUNDED: {"kind": "", "label": "Refunded", "icon": "back"},
    PaymentState.EXPIRED: {"kind": "", "label": "Not paid", "icon": "close"},
}
FROM_PACKAGE: Context = {"kind": "accent", "label": "From a package", "icon": "check"}
BACK_IN_PACKAGE: Context = {"kind": "", "label": "Back in its package", "icon": "back"}
STATE_CHOICES = {
    "paid": "Paid",
    "partly_refunded": "Partly refunded",
    "refunded": "Refunded",
    "waiting": "Waiting to be paid",
    "unpaid": "Not paid",
}
ACCOUNTS = {
    "stripe_balance": "Cash at Stripe",
    "booking_funds": "Paid for sessions",
    "deferred_revenue": "Packages, not used yet",
    "lapsed_credits": "Packages that lapsed",
    "retained_fees": "Retained fees",
    "refunds_due": "Refunds on their way",
    "receivables": "Receivables",
    "session_fees": "Sessions on account",
    "stripe_fees": "Stripe's fees",
    "platform_commission": "Commission",
    "disputed": "In dispute",
    "held_by_banks": "Held by clients' banks",
    "dispute_losses": "Lost in disputes",
    "dispute_fees": "Fees of disputes",
    "bank": "Your own bank and till",
    "currency_exchange": "Currency exchange",
    "payouts_in_transit": "Payouts on their way",
    "suspense": "Not yet explained",
}
NATURES = {
    "asset": "Asset",
    "liability": "Liability",
    "income": "Income",
    "expense": "Expense",
    "clearing": "Clearing",
}
KINDS = {
    "charged": "The client paid",
    "processed": "Stripe kept its fee",
    "ended": "The booking ended",
    "refunded": "Money went back",
    "owed": "A session is owed",
    "reversed": "Owed no more",
    "paid_out": "Paid out by Stripe",
    "arrived": "Arrived at the bank",
    "returned": "Came back from the bank",
    "imported": "Taken over from Stripe",
    "adjusted": "Adjusted to Stripe",
    "granted": "You gave money back",
    "refund_failed": "A refund failed",
    "paid_elsewhere": "Paid back otherwise",
    "disputed": "The client's bank took it back",
    "reinstated": "A dispute was won",
    "dispute_lost": "A dispute was lost",
    "credit_used": "A package's session was used",
    "credit_returned": "A package's session came back",
    "credits_lapsed": "A package lapsed",
    "package_ended": "A package ended",
}
STUCK = {
    "make_refund": "A refund was not made",
    "settle_payment": "A payment is not settled",
    "check_refund": "A refund was not looked up",
    "settle_refunds": "Refunds at Stripe were not looked up",
    "settle_disputes": "A dispute was not looked up",
    "lapse_package": "A package did not lapse",
    "reconcile": "The books were not compared with Stripe",
    "settle_payout": "A payout was not looked up",
    "invoice_run": "Invoices were not issued",
}
RUN_REASON = "It failed by a fault of ours, and nothing was issued. Stop it there, and begin anew."
AGES = {
    OwedAge.TO_30: "Up to 30 days",
    OwedAge.TO_60: "31 to 60 days",
    OwedAge.TO_90: "61 to 90 days",
    OwedAge.OVER_90: "More than 90 days",
}
REASONS = {
    "cancelled": "cancelled",
    "refused": "the time was gone",
    "no_show": "missed, by the policy",
    "at_stripe": "made at Stripe itself",
    "goodwill": "goodwill",
    "not_held": "it did not take place",
    "wrong_amount": "the amount was wrong",
    "paid_twice": "paid twice",
    "other": "another reason",
}
REFUND_STATES: dict[str, Context] = {
    "promised": {"kind": "warn", "label": "On its way", "icon": "clock"},
    "made": {"kind": "good", "label": "Made", "icon": "check"},
    "failed": {"kind": "bad", "label": "Failed", "icon": "warn"},
    "elsewhere": {"kind": "accent", "label": "Paid back otherwise", "icon": "check"},
}


def payment_status(payment: PracticePayment) -> Context:
    """How a payment stands, for a badge; a session of a package is as good as paid."""
    if payment.credit is None:
        return STATES[payment.state]
    is_back = payment.credit.state is CreditState.RETURNED
    return BACK_IN_PACKAGE if is_back else FROM_PACKAGE


def account_label(account: str) -> str:
    """The account's name; one without words keeps its own."""
    return ACCOUNTS.get(account, account.replace("_", " ").capitalize())


def kind_label(kind: str) -> str:
    """What happened, in a few words."""
    return KINDS.get(kind, kind.replace("_", " ").capitalize())


def money_of(amounts: Iterable[Money]) -> str:
    """The sum of each currency, side by side: "€95 + £10"; "–" for none."""
    sums: dict[str, int] = defaultdict(int)
    for money in amounts:
        sums[money.currency] += money.amount
    told = [labels.money_label(Money(amount, currency)) for currency, amount in sums.items()]
    return " + ".join(told) or "–"


def balance_label(money: Money) -> str:
    """ "€95 debit", "€95 credit", "€0"."""
    if not money.amount:
        return labels.money_label(money)
    side = "debit" if money.amount > 0 else "credit"
    return f"{labels.money_label(money if money.amount > 0 else -money)} {side}"


def stuck_reason(error: str) -> str:
    """Why work was given up, in words that say what to do; `error` is as billing keeps it."""
    kind, _, code = error.partition(": ")
    if kind == "UnknownForGood":
        return "Nobody knows whether it was done. Look at Stripe before anything is sent again."
    return f"Stripe refused it{f' ({code})' if code else ''}. Look at the payment at Stripe."


def look_reason(error: str) -> str:
    """Why a look at Stripe was given up, and how it is begun again."""
    kind, _, code = error.partition(": ")
    failed = "Stripe refused it" if kind == "StripeRefused" else "It failed too often"
    return (
        f"{failed}{f' ({code})' if code else ''}. Look at your account at Stripe, then press"
        " “Compare now” under Reconciliation: it is asked for again."
    )


def payout_label(money: Money | None) -> str:
    """Which payout it is about; its amount is known once Stripe has told it."""
    return f"The payout of {labels.money_label(money)}" if money else "A payout that was announced"


AccountUrl = Callable[[str, str], str]


def transaction(
    told: TransactionView, zone: ZoneInfo, account_url: AccountUrl, url: str | None = None
) -> Context:
    """A transaction with its entries, for `transaction_table` of components/money.html; `url` of
    its own page."""
    return {
        "id": str(told.id),
        "url": url,
        "kind_label": kind_label(told.kind),
        "at": labels.instant(told.occurred_at),
        "at_label": stamp(told.occurred_at, zone),
        "entries": [_entry(one, account_url) for one in told.entries],
    }


def stamp(at: Any, zone: ZoneInfo) -> str:
    """ "5 October 2026, 14:02": books name the year."""
    return f"{labels.full_date_label(at.astimezone(zone).date())}, {labels.time_label(at, zone)}"


def _entry(entry: EntryView, account_url: AccountUrl) -> Context:
    is_debit = entry.money.amount > 0
    told = labels.money_label(entry.money if is_debit else -entry.money)
    return {
        "account_label": account_label(entry.account),
        "account_url": account_url(entry.account, entry.money.currency),
        "debit": told if is_debit else "",
        "credit": "" if is_debit else told,
    }
