"""The payments that the filters let through, as a file: all of them, however many."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.practice_payments import (
    ListPracticePayments,
    PracticePayment,
    PracticePaymentsPage,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.reading import Flawed
from services.gateway.web import money_words
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_payments import SECTION, asked_of, filters_of
from services.gateway.web.page import redirect
from services.gateway.web.treating import MOST_NAMES

router = APIRouter(prefix="/practices/{practice_id}/money")
AT_ONCE = 500
HEAD = (
    *("Date", "Time", "Client", "Session with", "State", "Currency", "Asked for", "Paid"),
    *("Went back", "Payment", "Booking", "Package"),
)


@router.get("/payments.csv")
async def payments_file(desk: AtMoney, request: Request) -> Response:
    """Every payment that the filters let through; with filters that do not fit, back to them."""
    sent = filters_of(request)
    practice = await desk.practice()
    try:
        asked = await asked_of(desk, practice, sent)
    except Flawed:
        return redirect(request, desk.url(SECTION, **sent))
    day = utc_now().astimezone(ZoneInfo(practice.time_zone)).date()
    return await csv_answer(f"payments-{day}.csv", _parts(desk, practice, asked))


async def _parts(
    desk: MoneyDesk, practice: PracticeView, asked: ListPracticePayments
) -> AsyncIterator[Rows]:
    zone, cursor = ZoneInfo(practice.time_zone), None
    head: list[tuple[str, ...]] = [HEAD]
    while True:
        part = asked.model_copy(update={"cursor": cursor, "limit": AT_ONCE, "with_sums": False})
        found = await desk.backend.ask(desk.actor, part, PracticePaymentsPage)
        clients, treating = await _names(desk, found)
        yield head + [_row(one, clients, treating, zone) for one in found.payments]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


async def _names(
    desk: MoneyDesk, found: PracticePaymentsPage
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Clients and practitioners by id; as many clients a call as one takes."""
    ids = list(dict.fromkeys(one.client_id for one in found.payments))
    portions = [ids[at : at + MOST_NAMES] for at in range(0, len(ids), MOST_NAMES)]
    asked = [ListClients(client_ids=one, is_with_practitioners=True) for one in portions]
    told = await asyncio.gather(*(desk.backend.ask(desk.actor, one, ClientsView) for one in asked))
    clients = {one.id: one.name for view in told for one in view.clients}
    return clients, {one.id: one.name for view in told for one in view.practitioners}


def _row(
    payment: PracticePayment,
    clients: dict[UUID, str],
    treating: dict[UUID, str],
    zone: ZoneInfo,
) -> tuple[str, ...]:
    local = payment.dated_at.astimezone(zone)
    amounts = (payment.price, payment.captured, payment.refunded)
    return (
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        clients.get(payment.client_id, ""),
        treating.get(payment.practitioner_id, ""),
        money_words.payment_status(payment)["label"],
        payment.price.currency,
        *(str(money.major()) for money in amounts),
        str(payment.id),
        "" if payment.sale_id else str(payment.booking_id),
        str(payment.sale_id or ""),
    )
