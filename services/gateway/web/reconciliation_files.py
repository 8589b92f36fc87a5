"""Payouts, what each is made of, and differences from Stripe as files: all of them."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.clock import utc_now
from services.common.money import Money
from services.contracts.billing.payouts import (
    GetPayout,
    ListPayouts,
    MovementView,
    PayoutDetails,
    PayoutsPage,
    PayoutView,
)
from services.contracts.billing.reconciliation import (
    DifferenceState,
    DifferenceView,
    GetReconciliation,
    ReconciliationView,
)
from services.gateway.web import reconciliation_words as words
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk

router = APIRouter(prefix="/practices/{practice_id}/money")
AT_ONCE = 100
OF_PAYOUTS = ("Sent", "Currency", "Amount", "State", "Expected at the bank", "Failure", "Payout")
OF_MOVEMENTS = (
    *("When", "What", "Currency", "Gross", "Stripe's fee", "Commission", "Net"),
    *("Payment", "Refund", "Balance transaction"),
)
OF_DIFFERENCES = (
    *("Happened", "First seen", "What differs", "Currency at Stripe", "At Stripe"),
    *("Currency in the books", "In the books", "State", "Settled", "Why", "At Stripe as"),
)


@router.get("/payouts.csv")
async def payouts_file(desk: AtMoney) -> Response:
    """Every payout."""
    zone = await _zone(desk)
    return await csv_answer(f"payouts-{_day(utc_now(), zone)}.csv", _payouts(desk, zone))


@router.get("/payouts/{payout_id}/movements.csv")
async def movements_file(desk: AtMoney, payout_id: UUID) -> Response:
    """All that a payout is made of."""
    zone = await _zone(desk)
    return await csv_answer(f"payout-{payout_id}.csv", _movements(desk, payout_id, zone))


@router.get("/reconciliation.csv")
async def differences_file(
    desk: AtMoney, state: DifferenceState = DifferenceState.OPEN
) -> Response:
    """Every difference in a state."""
    zone = await _zone(desk)
    name = f"differences-{state.value}-{_day(utc_now(), zone)}.csv"
    return await csv_answer(name, _differences(desk, state, zone))


async def _payouts(desk: MoneyDesk, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head, cursor = [OF_PAYOUTS], None
    while True:
        asked = ListPayouts(cursor=cursor, limit=AT_ONCE)
        found = await desk.backend.ask(desk.actor, asked, PayoutsPage)
        yield [*head, *(_payout(one, zone) for one in found.payouts)]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


async def _movements(desk: MoneyDesk, payout_id: UUID, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head, cursor = [OF_MOVEMENTS], None
    while True:
        asked = GetPayout(payout_id=payout_id, cursor=cursor, limit=AT_ONCE)
        found = await desk.backend.ask(desk.actor, asked, PayoutDetails)
        yield [*head, *(_movement(one, zone) for one in found.movements)]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


async def _differences(
    desk: MoneyDesk, state: DifferenceState, zone: ZoneInfo
) -> AsyncIterator[Rows]:
    head, cursor = [OF_DIFFERENCES], None
    while True:
        asked = GetReconciliation(state=state, cursor=cursor, limit=AT_ONCE)
        found = await desk.backend.ask(desk.actor, asked, ReconciliationView)
        yield [*head, *(_difference(one, zone) for one in found.differences)]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


def _payout(payout: PayoutView, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        _day(payout.created_at, zone),
        *_told(payout.money),
        words.STATUSES[payout.status]["label"],
        _day(payout.arrives_at, zone),
        payout.failure or "",
        payout.stripe_payout_id,
    )


def _movement(one: MovementView, zone: ZoneInfo) -> tuple[str, ...]:
    figures = (one.gross, -one.stripe_fee, -one.commission, one.net)
    return (
        _day(one.created_at, zone),
        words.type_label(one.type),
        one.gross.currency,
        *(str(money.major()) for money in figures),
        str(one.payment_id or ""),
        str(one.refund_id or ""),
        one.stripe_id,
    )


def _difference(one: DifferenceView, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        _day(one.happened_at, zone),
        _day(one.first_seen_at, zone),
        words.KINDS[one.kind].label,
        *_told(one.at_stripe),
        *_told(one.in_ledger),
        (words.OUTCOMES[one.outcome] if one.outcome else words.OPEN)["label"],
        _day(one.settled_at, zone),
        " / ".join(decision.words for decision in one.decisions),
        one.subject,
    )


def _told(money: Money | None) -> tuple[str, str]:
    return ("", "") if money is None else (money.currency, str(money.major()))


async def _zone(desk: MoneyDesk) -> ZoneInfo:
    return ZoneInfo((await desk.practice()).time_zone)


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).date().isoformat()
