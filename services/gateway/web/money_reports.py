"""Reports: what a period brought, by whom, by what and by when; and the entries of each figure."""

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.billing.packages import ListPackages, PackagesView
from services.contracts.billing.reports import (
    GetRevenue,
    ListRevenueEntries,
    RevenueEntriesPage,
    RevenueEntry,
    RevenueView,
)
from services.contracts.booking.billed import ListPracticeOfferings, PracticeOfferingsView
from services.contracts.profiles.clients import ClientsView, ListClients
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.forms.reports import PERIODS, Days, EntriesForm, ReportForm, named
from services.gateway.web import labels, money_words, report_context
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page
from services.gateway.web.report_context import period_label
from services.gateway.web.report_tables import FIGURES, Report

router = APIRouter(prefix="/practices/{practice_id}/money/reports")
Context = dict[str, Any]
Names = dict[UUID, str]
SECTION, OF_TIME = "reports", "reports/sessions"
KINDS = {SECTION: "Money", OF_TIME: "Sessions and time"}
NAMES = ("period", "since", "until")
OF_ENTRIES = ("figure", "currency", "since", "until", "practitioner", "offering", "whose")
Turned = Annotated[str, Query(alias="page", max_length=200)]


@router.get("")
async def reports_page(desk: AtMoney, request: Request) -> Response:
    """The figures of a period, in sum, by practitioner, by offering and over time."""
    sent, (practice, people) = sent_of(request, NAMES), await practice_and_people(desk)
    report, errors = None, {}
    try:
        report = await report_of(desk, practice, people, days_of(practice, sent))
    except Flawed as flawed:
        errors = flawed.errors
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(ZoneInfo(practice.time_zone)),
        "action": desk.url(SECTION),
        "values": (report.days.query() if report else {}) | sent,
        "errors": errors,
        "periods": periods(desk, SECTION, practice, report.days if report else None),
        "kinds": kinds(desk, SECTION, **(report.days.query() if report else {})),
        "report": report_context.figures(desk, report) if report else None,
    }
    status = 422 if errors else 200
    return await page(request, "money_reports.html", context, status=status, active="money")


@router.get("/entries")
async def entries_page(desk: AtMoney, request: Request, turned: Turned = "") -> Response:
    """The transactions of which a figure is made, the latest first."""
    sent, practice = sent_of(request, OF_ENTRIES), await desk.practice()
    asked, days = entries_asked(practice, sent)
    part = asked.model_copy(update={"cursor": turned or None})
    told = await desk.backend.ask(desk.actor, part, RevenueEntriesPage)
    zone, here = ZoneInfo(practice.time_zone), f"{SECTION}/entries"
    context = {
        "desk": desk.frame(SECTION),
        "back_url": desk.url(SECTION, **days.query()),
        "figure_label": FIGURES[asked.figure],
        "total": labels.money_label(told.total),
        "period_label": period_label(days),
        "zone_label": labels.zone_name(zone),
        "csv_url": desk.url(f"{here}.csv", **sent),
        "entries": [_entry(desk, one, zone) for one in told.entries],
        "pages": desk.pages(here, told.previous_cursor, told.next_cursor, **sent),
    }
    return await page(request, "money_report_entries.html", context, active="money")


def sent_of(request: Request, names: tuple[str, ...]) -> dict[str, str]:
    """What the address says of these."""
    query = request.query_params
    return {name: query[name].strip() for name in names if query.get(name, "").strip()}


def days_of(practice: PracticeView, sent: dict[str, str]) -> Days:
    """The period that is meant, by the practice's calendar; raises Flawed."""
    return parsed(ReportForm, sent).days(today_of(practice))


async def practice_and_people(desk: MoneyDesk) -> tuple[PracticeView, Names]:
    """The practice, and who treats there by their ids: one service is asked for both at once."""
    named_ones = ListClients(client_ids=[], is_with_practitioners=True)
    practice, people = await asyncio.gather(
        desk.practice(), desk.backend.ask(desk.actor, named_ones, ClientsView)
    )
    return practice, {one.id: one.name for one in people.practitioners}


async def report_of(desk: MoneyDesk, practice: PracticeView, people: Names, days: Days) -> Report:
    """The figures, with names for all that they are of."""
    asked = GetRevenue(
        **days.bounds(ZoneInfo(practice.time_zone)), time_zone=practice.time_zone, step=days.step
    )
    told, offered, packages = await asyncio.gather(
        desk.backend.ask(desk.actor, asked, RevenueView),
        desk.backend.ask(desk.actor, ListPracticeOfferings(), PracticeOfferingsView),
        desk.backend.ask(desk.actor, ListPackages(), PackagesView),
    )
    offerings = {one.id: f"{one.name} (package)" for one in packages.packages} | {
        one.id: ", ".join(filter(None, (one.name, people.get(one.practitioner_id))))
        for one in offered.offerings
    }
    return Report(days, told, people, offerings)


def entries_asked(practice: PracticeView, sent: dict[str, str]) -> tuple[ListRevenueEntries, Days]:
    """The question, and its period; raises NotFound for an address that no figure leads to."""
    try:
        form = parsed(EntriesForm, sent)
        days = form.days()
    except Flawed:
        raise NotFound("There is no such figure.") from None
    asked = ListRevenueEntries(
        figure=form.figure,
        currency=form.currency,
        **days.bounds(ZoneInfo(practice.time_zone)),
        practitioner_id=form.practitioner,
        offering_id=form.offering,
        is_of_no_session=form.whose is not None,
    )
    return asked, days


def today_of(practice: PracticeView) -> date:
    """The day on the practice's calendar."""
    return utc_now().astimezone(ZoneInfo(practice.time_zone)).date()


def periods(
    desk: MoneyDesk, section: str, practice: PracticeView, shown: Days | None
) -> list[Context]:
    """The ways to a report's usual periods."""
    today = today_of(practice)
    return [
        {
            "label": label,
            "url": desk.url(section, period=key),
            "is_selected": shown == named(key, today),
        }
        for key, label in PERIODS.items()
    ]


def kinds(desk: MoneyDesk, shown: str, **kept: str) -> list[Context]:
    """The ways to each kind of report, for the period that is kept."""
    return [
        {"label": label, "url": desk.url(key, **kept), "is_selected": key == shown}
        for key, label in KINDS.items()
    ]


def _entry(desk: MoneyDesk, entry: RevenueEntry, zone: ZoneInfo) -> Context:
    return {
        "url": desk.url(f"ledger/transactions/{entry.transaction_id}"),
        "at": labels.instant(entry.occurred_at),
        "at_label": money_words.stamp(entry.occurred_at, zone),
        "kind_label": money_words.kind_label(entry.kind),
        "payment_url": desk.url(f"payments/{entry.payment_id}") if entry.payment_id else None,
        "amount": labels.money_label(entry.money),
    }
