"""Packages in words: their sessions, what they cost singly, how the rest goes back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.contracts.billing import PaymentState
from services.contracts.billing.packages import PackageView, RefundRule, SaleState, SaleView
from services.gateway.web import labels

Context = dict[str, Any]
RULES = {
    RefundRule.PACKAGE_PRICE: "Each used session counts at the package's price",
    RefundRule.SINGLE_PRICE: "Each used session counts at its single price",
}
RULES_TO_BUYERS = {
    RefundRule.PACKAGE_PRICE: "If you stop before the end, each session you used counts at the "
    "package's price, and the rest comes back to you.",
    RefundRule.SINGLE_PRICE: "If you stop before the end, each session you used counts at its "
    "single price, and what is left of your payment comes back to you.",
}
STATES: dict[SaleState, Context] = {
    SaleState.PENDING: {"kind": "warn", "label": "Not paid yet", "icon": "clock"},
    SaleState.ACTIVE: {"kind": "good", "label": "In use", "icon": "check"},
    SaleState.ENDED: {"kind": "", "label": "Ended", "icon": "back"},
    SaleState.LAPSED: {"kind": "", "label": "Lapsed", "icon": "clock"},
}
NEVER_PAID: Context = {"kind": "", "label": "Not paid", "icon": "close"}
USED_UP: Context = {"kind": "accent", "label": "Used up", "icon": "check"}


def status(sale: SaleView) -> Context:
    """How a sale stands, for a badge."""
    if sale.state is SaleState.ACTIVE and not sale.left:
        return USED_UP
    if sale.state is SaleState.PENDING and sale.payment_state is PaymentState.EXPIRED:
        return NEVER_PAID
    return STATES[sale.state]


def months_label(months: int) -> str:
    """ "1 month", "12 months"."""
    return "1 month" if months == 1 else f"{months} months"


def sessions_label(count: int) -> str:
    """ "1 session", "5 sessions"."""
    return "1 session" if count == 1 else f"{count} sessions"


def singly_label(package: PackageView) -> str:
    """What as many sessions cost singly: "€475", "€475 to €600"; "" where nobody knows."""
    if not package.singles_from.amount:
        return ""
    least, most = (labels.money_label(one) for one in (package.singles_from, package.singles_to))
    return least if least == most else f"{least} to {most}"


def offerings_label(ids: list[UUID], names: Mapping[UUID, str]) -> str:
    """The names of a package's offerings; one that is not offered any more has none."""
    return ", ".join(sorted(names[id_] for id_ in ids if id_ in names)) or "No longer offered"


def till_label(at: datetime | None, zone: ZoneInfo) -> str:
    """ "1 June 2027": the last day; "" where none is known yet."""
    return labels.full_date_label(at.astimezone(zone).date()) if at else ""
