"""Reconciliation as its pages show it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.common.money import Money
from services.contracts.billing.reconciliation import (
    BalanceView,
    DecisionView,
    DifferenceDetails,
    DifferenceState,
    DifferenceView,
    ReconciliationView,
    RunView,
)
from services.gateway.web import labels, money_words
from services.gateway.web.money_desk import MoneyDesk
from services.gateway.web.reconciliation_words import KINDS, OPEN, OUTCOMES, WAYS, way_words

Context = dict[str, Any]
SECTION = "reconciliation"
NOTHING = "–"


def standing(
    desk: MoneyDesk,
    told: ReconciliationView,
    state: DifferenceState,
    zone: ZoneInfo,
    now: datetime,
) -> Context:
    """What `money_reconciliation.html` shows."""
    next_url = None
    if told.next_cursor:
        next_url = desk.url(SECTION, state=state.value, page=told.next_cursor)
    return {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(zone),
        "is_connected": told.is_connected,
        "refresh_url": desk.url(SECTION),
        "look_url": desk.url(f"{SECTION}/look"),
        "last": _run(told.last_run, zone, now) if told.last_run else None,
        "running": _run(told.running, zone, now) if told.running else None,
        "is_due": told.due_at is not None and told.due_at <= now,
        "balances": [_balance(one) for one in told.balances if _is_anything(one)],
        "open_count": told.open_count,
        "is_open": state is DifferenceState.OPEN,
        "open_url": desk.url(SECTION),
        "csv_url": desk.url("reconciliation.csv", state=state.value),
        "settled_url": desk.url(SECTION, state=DifferenceState.SETTLED.value),
        "differences": [_line(desk, one, zone, now) for one in told.differences],
        "pages": {"label": "", "prev_url": None, "next_url": next_url},
    }


def unmatched(desk: MoneyDesk, told: ReconciliationView, zone: ZoneInfo, now: datetime) -> Context:
    """The latest open differences, and how many there are, for who looks at all that waits."""
    return {
        "count": told.open_count,
        "url": desk.url(SECTION),
        "differences": [_line(desk, one, zone, now) for one in told.differences],
    }


def one(desk: MoneyDesk, told: DifferenceDetails, zone: ZoneInfo, now: datetime) -> Context:
    """What `money_difference.html` shows, its form aside."""
    found = told.difference
    own = desk.visitor.require_login().account.id
    return {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION),
        "action": desk.url(f"{SECTION}/{found.id}"),
        **_line(desk, found, zone, now),
        "meaning": KINDS[found.kind].meaning,
        "revision": found.revision,
        "ways": [way_words(found.kind, way) for way in found.ways],
        "moments": _moments(found, zone),
        "decisions": [_decision(one, zone, one.decided_by == own) for one in found.decisions],
        "payment_url": desk.url(f"payments/{found.payment_id}") if found.payment_id else None,
        "payout_url": desk.url(f"payouts/{found.payout_id}") if found.payout_id else None,
        "transactions": [
            money_words.transaction(
                one, zone, desk.account_url, desk.url(f"ledger/transactions/{one.id}")
            )
            for one in told.transactions
        ],
    }


def _run(run: RunView, zone: ZoneInfo, now: datetime) -> Context:
    at = run.finished_at or run.started_at
    return {
        "at": labels.instant(at),
        "at_label": labels.moment_label(at, zone, now),
        "seen_label": _counted(run.seen, "movement"),
        "found": run.found,
        "settled": run.settled,
    }


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def _is_anything(balance: BalanceView) -> bool:
    return any(one.amount for one in (balance.at_stripe, balance.in_ledger, balance.brought_in))


def _balance(balance: BalanceView) -> Context:
    gap = balance.at_stripe - balance.in_ledger
    return {
        "currency": gap.currency,
        "at_stripe": labels.money_label(balance.at_stripe),
        "in_ledger": labels.money_label(balance.in_ledger),
        "gap": labels.money_label(gap) if gap.amount else "",
        "brought_in": labels.money_label(balance.brought_in) if balance.brought_in.amount else "",
    }


def _line(desk: MoneyDesk, found: DifferenceView, zone: ZoneInfo, now: datetime) -> Context:
    return {
        "url": desk.url(f"{SECTION}/{found.id}"),
        "label": KINDS[found.kind].label,
        "at_stripe": _told(found.at_stripe),
        "in_ledger": _told(found.in_ledger),
        "subject": found.subject,
        "at": labels.instant(found.happened_at),
        "at_label": labels.moment_label(found.happened_at, zone, now),
        "status": OUTCOMES[found.outcome] if found.outcome else OPEN,
    }


def _told(money: Money | None) -> str:
    return NOTHING if money is None else labels.money_label(money)


def _moments(found: DifferenceView, zone: ZoneInfo) -> list[Context]:
    told = [
        ("Happened", found.happened_at),
        ("First seen", found.first_seen_at),
        ("Last seen", found.last_seen_at),
        ("Settled", found.settled_at),
    ]
    return [
        {"label": label, "at": labels.instant(at), "at_label": money_words.stamp(at, zone)}
        for label, at in told
        if at is not None
    ]


def _decision(told: DecisionView, zone: ZoneInfo, is_own: bool) -> Context:
    return {
        "label": WAYS[told.way],
        "words": told.words,
        "whom": "you" if is_own else "somebody else who answers for the money",
        "at": labels.instant(told.decided_at),
        "at_label": money_words.stamp(told.decided_at, zone),
    }
