"""Refunds and disputes as files: all of them, however many."""

from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from services.common.clock import utc_now
from services.contracts.billing.disputes import DisputesPage, DisputeView, ListDisputes
from services.contracts.billing.refunds import ListRefunds, PracticeRefund, RefundsPage
from services.gateway.web import money_back_words as words
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_refunds import State
from services.gateway.web.treating import client_names

router = APIRouter(prefix="/practices/{practice_id}/money")
AT_ONCE = 100
OF_REFUNDS = (
    *("Promised", "Client", "Currency", "Amount", "Percent", "Why", "In your words", "State"),
    *("Back on", "Failed on", "Payment", "Booking", "Refund"),
)
OF_DISPUTES = (
    *("Opened", "Client", "Currency", "Amount", "What they say", "State", "Answer by", "Closed"),
    *("Payment", "Booking", "Dispute"),
)


@router.get("/refunds.csv")
async def refunds_file(desk: AtMoney, state: State = None) -> Response:
    """Every refund, or those of one state."""
    zone = await _zone(desk)
    return await csv_answer(f"refunds-{_today(zone)}.csv", _refunds(desk, state, zone))


@router.get("/disputes.csv")
async def disputes_file(desk: AtMoney) -> Response:
    """Every dispute."""
    zone = await _zone(desk)
    return await csv_answer(f"disputes-{_today(zone)}.csv", _disputes(desk, zone))


async def _refunds(desk: MoneyDesk, state: State, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head, cursor = [OF_REFUNDS], None
    while True:
        asked = ListRefunds(state=state, cursor=cursor, limit=AT_ONCE)
        found = await desk.backend.ask(desk.actor, asked, RefundsPage)
        ids = (one.client_id for one in found.refunds)
        names = await client_names(desk.backend, desk.actor, ids)
        yield head + [_refund(one, names.get(one.client_id, ""), zone) for one in found.refunds]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


async def _disputes(desk: MoneyDesk, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head, cursor = [OF_DISPUTES], None
    while True:
        asked = ListDisputes(cursor=cursor, limit=AT_ONCE)
        found = await desk.backend.ask(desk.actor, asked, DisputesPage)
        ids = (one.client_id for one in found.disputes)
        names = await client_names(desk.backend, desk.actor, ids)
        yield head + [_dispute(one, names.get(one.client_id, ""), zone) for one in found.disputes]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


def _refund(refund: PracticeRefund, name: str, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        _day(refund.created_at, zone),
        name,
        refund.money.currency,
        str(refund.money.major()),
        "" if refund.percent is None else str(refund.percent),
        words.REASONS[refund.reason],
        refund.words,
        words.REFUND_STATES[refund.state]["label"],
        _day(refund.made_at, zone),
        _day(refund.failed_at, zone),
        str(refund.payment_id),
        str(refund.booking_id),
        str(refund.id),
    )


def _dispute(dispute: DisputeView, name: str, zone: ZoneInfo) -> tuple[str, ...]:
    return (
        _day(dispute.opened_at, zone),
        name,
        dispute.money.currency,
        str(dispute.money.major()),
        words.said(dispute),
        words.DISPUTE_STATES[dispute.state]["label"],
        _day(dispute.due_at, zone),
        _day(dispute.closed_at, zone),
        str(dispute.payment_id),
        str(dispute.booking_id),
        str(dispute.id),
    )


async def _zone(desk: MoneyDesk) -> ZoneInfo:
    return ZoneInfo((await desk.practice()).time_zone)


def _today(zone: ZoneInfo) -> str:
    return _day(utc_now(), zone)


def _day(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat() if at else ""
