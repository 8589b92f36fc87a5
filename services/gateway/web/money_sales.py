"""Packages that a practice sold: what is used, left and owed of them, one by one and as a file."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from services.common.clock import utc_now
from services.contracts.billing.packages import (
    GetSale,
    ListSales,
    SalesPage,
    SalesSum,
    SaleState,
    SaleView,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.web import labels, links
from services.gateway.web import package_words as words
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_packages import SECTION, tabs
from services.gateway.web.page import page
from services.gateway.web.treating import MOST_NAMES

router = APIRouter(prefix="/practices/{practice_id}/money/packages")
Context = dict[str, Any]
SALES = f"{SECTION}/sales"
Turned = Annotated[str, Query(alias="page", max_length=200)]
CHOICES = {
    SaleState.ACTIVE: "In use",
    SaleState.ENDED: "Ended",
    SaleState.LAPSED: "Lapsed",
    SaleState.PENDING: "Not paid",
}
HEAD = (
    *("Begun", "Bought", "Client", "With", "Package", "State", "Currency", "Price", "Sessions"),
    *("Used", "Left", "Owed", "Went back", "Valid until", "Sale", "Payment"),
)


@router.get("/sales")
async def sales_page(
    desk: AtMoney, state: SaleState | None = None, turned: Turned = ""
) -> Response:
    """What was sold, the latest first, and what is owed of all of it."""
    asked = ListSales(state=state, cursor=turned or None)
    told = await desk.backend.ask(desk.actor, asked, SalesPage)
    practice, people = await asyncio.gather(desk.practice(), _people(desk, told.sales))
    zone, here = ZoneInfo(practice.time_zone), {"state": state.value} if state else {}
    context = {
        "desk": desk.frame(SECTION),
        "tabs": tabs(desk, "/sales"),
        "filters": _filters(desk, state),
        "is_filtered": state is not None,
        "all_url": desk.url(SALES),
        "csv_url": desk.url(f"{SALES}.csv", **here),
        "sums": [_sum(one) for one in told.sums],
        "sales": [_line(desk, one, _names(people), zone) for one in told.sales],
        "pages": desk.pages(SALES, told.previous_cursor, told.next_cursor, **here),
    }
    return await page(desk.request, "money_package_sales.html", context, active="money")


@router.get("/sales.csv")
async def sales_file(desk: AtMoney, state: SaleState | None = None) -> Response:
    """All of them, however many."""
    zone = ZoneInfo((await desk.practice()).time_zone)
    name = f"packages-{utc_now().astimezone(zone).date()}.csv"
    return await csv_answer(name, _parts(desk, state, zone))


@router.get("/sales/{sale_id}")
async def sale_page(desk: AtMoney, sale_id: UUID) -> Response:
    """One of them: who bought it, what is used, and its payment."""
    sale = await desk.backend.ask(desk.actor, GetSale(sale_id=sale_id), SaleView)
    practice, people = await asyncio.gather(desk.practice(), _people(desk, [sale]))
    zone = ZoneInfo(practice.time_zone)
    context = {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SALES),
        "sale": _line(desk, sale, _names(people), zone),
        "rule": words.RULES[sale.refund_rule],
        "rows": _rows(sale),
        "moments": _moments(sale, zone),
        "payment_url": desk.url(f"payments/{sale.payment_id}"),
        "end_url": desk.url(f"{SALES}/{sale.id}/end") if sale.state is SaleState.ACTIVE else None,
        "record_url": _record_url(desk, sale),
    }
    return await page(desk.request, "money_package_sale.html", context, active="money")


async def _people(desk: MoneyDesk, sales: Iterable[SaleView]) -> ClientsView:
    ids = list(dict.fromkeys(one.client_id for one in sales))[:MOST_NAMES]
    asked = ListClients(client_ids=ids, is_with_practitioners=True)
    return await desk.backend.ask(desk.actor, asked, ClientsView)


def _names(people: ClientsView) -> dict[UUID, str]:
    """Clients and practitioners by id."""
    treating = {one.id: one.name for one in people.practitioners}
    return {one.id: one.name for one in people.clients} | treating


def _filters(desk: MoneyDesk, state: SaleState | None) -> list[Context]:
    every = {"label": "All", "url": desk.url(SALES), "is_selected": state is None}
    return [every] + [
        {"label": label, "url": desk.url(SALES, state=one.value), "is_selected": one is state}
        for one, label in CHOICES.items()
    ]


def _sum(one: SalesSum) -> Context:
    return {
        "count_label": "1 package" if one.count == 1 else f"{one.count:,} packages",
        "sold": labels.money_label(one.sold),
        "owed": labels.money_label(one.owed),
    }


def _line(desk: MoneyDesk, sale: SaleView, names: Mapping[UUID, str], zone: ZoneInfo) -> Context:
    at = sale.bought_at or sale.created_at
    return {
        "url": desk.url(f"{SALES}/{sale.id}"),
        "name": sale.name,
        "client_name": names.get(sale.client_id, "Client"),
        "whom": names.get(sale.practitioner_id, ""),
        "at": labels.instant(at),
        "at_label": labels.full_date_label(at.astimezone(zone).date()),
        "price": labels.money_label(sale.price),
        "used_label": f"{sale.used} of {sale.sessions}",
        "owed": labels.money_label(sale.owed),
        "till_label": words.till_label(sale.expires_at, zone),
        "status": words.status(sale),
    }


def _rows(sale: SaleView) -> list[Context]:
    """From what was paid to what is owed."""
    used = sale.price - sale.owed - sale.refunded
    rows = [("Price", sale.price), ("Went back", sale.refunded)]
    told = [{"label": label, "text": labels.money_label(money)} for label, money in rows]
    if sale.bought_at:
        told.append({"label": "Earned or kept", "text": labels.money_label(used)})
    owed = {"label": "Owed in sessions", "text": labels.money_label(sale.owed), "is_total": True}
    return [*told, owed]


def _moments(sale: SaleView, zone: ZoneInfo) -> list[Context]:
    named = {
        "Begun": sale.created_at,
        "Bought": sale.bought_at,
        "Valid until": sale.expires_at,
        "Over since": sale.ended_at,
    }
    return [
        {"label": label, "at": labels.instant(at), "at_label": words.till_label(at, zone)}
        for label, at in named.items()
        if at is not None
    ]


def _record_url(desk: MoneyDesk, sale: SaleView) -> str | None:
    return links.client_url(desk.practice_id, sale.client_id) if desk.sees_records else None


async def _parts(desk: MoneyDesk, state: SaleState | None, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head: list[tuple[str, ...]] = [HEAD]
    cursor: str | None = None
    while True:
        asked = ListSales(state=state, cursor=cursor, limit=MOST_NAMES)
        found = await desk.backend.ask(desk.actor, asked, SalesPage)
        names = _names(await _people(desk, found.sales))
        yield head + [_row(one, names, zone) for one in found.sales]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


def _row(sale: SaleView, names: Mapping[UUID, str], zone: ZoneInfo) -> tuple[str, ...]:
    def day(at: Any) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d}" if at else ""

    return (
        day(sale.created_at),
        day(sale.bought_at),
        names.get(sale.client_id, ""),
        names.get(sale.practitioner_id, ""),
        sale.name,
        words.status(sale)["label"],
        sale.price.currency,
        str(sale.price.major()),
        *(str(count) for count in (sale.sessions, sale.used, sale.left)),
        str(sale.owed.major()),
        str(sale.refunded.major()),
        day(sale.expires_at),
        str(sale.id),
        str(sale.payment_id),
    )
