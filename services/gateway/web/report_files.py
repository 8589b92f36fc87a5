"""Reports as files: a table of a period, the entries of a figure, and all that is owed."""

from collections.abc import AsyncIterator
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.attention import ListOwed, OwedAge, OwedPage
from services.contracts.billing.reports import (
    ListRevenueEntries,
    RevenueEntriesPage,
    RevenueEntry,
)
from services.contracts.profiles.clients import ClientsView, ListClients
from services.gateway.forms.reading import Flawed
from services.gateway.web import money_words
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_reports import (
    NAMES,
    OF_ENTRIES,
    SECTION,
    days_of,
    entries_asked,
    practice_and_people,
    report_of,
    sent_of,
)
from services.gateway.web.page import redirect
from services.gateway.web.report_tables import FIGURES, Report
from services.gateway.web.treating import MOST_NAMES

router = APIRouter(prefix="/practices/{practice_id}/money")
AT_ONCE = 500
OF_OWED = ("Since", "Time", "Client", "Session with", "Currency", "Owed", "Booking")
OF_FIGURE = ("Date", "Time", "What", "Currency", "Amount", "Payment", "Transaction")
Row = tuple[str, ...]
Table = Literal["steps", "practitioners", "offerings"]


@router.get("/reports.csv")
async def report_file(desk: AtMoney, request: Request, by: Table = "practitioners") -> Response:
    """One table of the report, every figure in it; with days that do not fit, back to them."""
    sent, (practice, people) = sent_of(request, NAMES), await practice_and_people(desk)
    try:
        days = days_of(practice, sent)
    except Flawed:
        return redirect(request, desk.url(SECTION, **sent))
    report = await report_of(desk, practice, people, days)
    name = f"revenue-by-{by}-{days.first}-{days.last}.csv"
    return await csv_answer(name, _table(report, by))


@router.get("/reports/entries.csv")
async def entries_file(desk: AtMoney, request: Request) -> Response:
    """Every transaction of a figure."""
    practice = await desk.practice()
    asked, days = entries_asked(practice, sent_of(request, OF_ENTRIES))
    name = f"{asked.figure.value}-{days.first}-{days.last}.csv"
    return await csv_answer(name, _entries(desk, asked, ZoneInfo(practice.time_zone)))


@router.get("/owed.csv")
async def owed_file(desk: AtMoney, age: OwedAge | None = None) -> Response:
    """Every session for which something is owed, or those of one age."""
    zone = ZoneInfo((await desk.practice()).time_zone)
    name = f"owed-{utc_now().astimezone(zone).date()}.csv"
    return await csv_answer(name, _owed(desk, age, zone))


async def _table(report: Report, by: Table) -> AsyncIterator[Rows]:
    head = (report.heading(by).removeprefix("By ").capitalize(), "Currency", *FIGURES.values())
    rows = (
        (row.label, row.figures.net.currency, *(str(row.money(one).major()) for one in FIGURES))
        for row in report.rows(by)
    )
    yield [head, *rows]


async def _entries(
    desk: MoneyDesk, asked: ListRevenueEntries, zone: ZoneInfo
) -> AsyncIterator[Rows]:
    head: list[Row] = [OF_FIGURE]
    cursor = None
    while True:
        part = asked.model_copy(update={"cursor": cursor, "limit": AT_ONCE})
        found = await desk.backend.ask(desk.actor, part, RevenueEntriesPage)
        yield head + [_entry(one, zone) for one in found.entries]
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


def _entry(entry: RevenueEntry, zone: ZoneInfo) -> Row:
    local = entry.occurred_at.astimezone(zone)
    return (
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        money_words.kind_label(entry.kind),
        entry.money.currency,
        str(entry.money.major()),
        str(entry.payment_id or ""),
        str(entry.transaction_id),
    )


async def _owed(desk: MoneyDesk, age: OwedAge | None, zone: ZoneInfo) -> AsyncIterator[Rows]:
    head: list[Row] = [OF_OWED]
    cursor = None
    while True:
        asked = ListOwed(age=age, cursor=cursor, limit=MOST_NAMES)
        found = await desk.backend.ask(desk.actor, asked, OwedPage)
        yield head + await _owed_rows(desk, found, zone)
        head, cursor = [], found.next_cursor
        if cursor is None:
            return


async def _owed_rows(desk: MoneyDesk, found: OwedPage, zone: ZoneInfo) -> list[Row]:
    ids = list(dict.fromkeys(one.client_id for one in found.lines))
    asked = ListClients(client_ids=ids, is_with_practitioners=True)
    people = await desk.backend.ask(desk.actor, asked, ClientsView)
    clients = {one.id: one.name for one in people.clients}
    treating = {one.id: one.name for one in people.practitioners}
    return [
        (
            f"{one.since.astimezone(zone):%Y-%m-%d}",
            f"{one.since.astimezone(zone):%H:%M}",
            clients.get(one.client_id, ""),
            treating.get(one.practitioner_id, ""),
            one.owed.currency,
            str(one.owed.major()),
            str(one.booking_id),
        )
        for one in found.lines
    ]
