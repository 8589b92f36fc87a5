"""The report of sessions and time: who came, and how much of the open hours was taken."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.contracts.booking.usage import GetUsage, UsageFigures, UsageView
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.forms.reports import Days, UsageForm
from services.gateway.web import labels
from services.gateway.web.csv_file import Rows, csv_answer
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.money_reports import (
    NAMES,
    OF_TIME,
    SECTION,
    Names,
    kinds,
    periods,
    practice_and_people,
    sent_of,
    today_of,
)
from services.gateway.web.page import page, redirect
from services.gateway.web.report_context import period_label
from services.gateway.web.report_tables import GONE

router = APIRouter(prefix="/practices/{practice_id}/money/reports")
Context = dict[str, Any]
MINUTES = {
    "open_minutes": "Open",
    "used_minutes": "In sessions",
    "beyond_minutes": "Beyond open hours",
}
COUNTS = {
    "attended": "Attended",
    "no_show": "Nobody came",
    "late_cancelled": "Cancelled late",
    "cancelled": "Cancelled in time",
    "unmarked": "Not marked yet",
    "to_come": "To come",
}
ALL = "All together"
UNBROKEN = "\N{NO-BREAK SPACE}"


class Row(NamedTuple):
    """The figures of one calendar, or of all."""

    label: str
    figures: UsageFigures

    @property
    def taken(self) -> int | None:
        """Percent of the open hours that sessions took, whole; None where nothing was open."""
        told = self.figures
        return _percent(told.used_minutes, told.open_minutes)

    @property
    def missed(self) -> int | None:
        """Percent of the sessions said to be attended or missed to which nobody came."""
        told = self.figures
        return _percent(told.no_show, told.no_show + told.attended)


@router.get("/sessions")
async def usage_page(desk: AtMoney, request: Request) -> Response:
    """Hours and sessions of a period, in sum and calendar by calendar."""
    sent, (practice, people) = sent_of(request, NAMES), await practice_and_people(desk)
    days, rows, errors = None, [], {}
    try:
        days = parsed(UsageForm, sent).days(today_of(practice))
        rows = await _rows(desk, practice, people, days)
    except Flawed as flawed:
        errors = flawed.errors
    query = days.query() if days else {}
    context = {
        "desk": desk.frame(SECTION),
        "zone_label": labels.zone_name(ZoneInfo(practice.time_zone)),
        "action": desk.url(OF_TIME),
        "values": query | sent,
        "errors": errors,
        "kinds": kinds(desk, OF_TIME, **query),
        "periods": periods(desk, OF_TIME, practice, days),
        "report": _report(desk, days, rows) if days else None,
    }
    status = 422 if errors else 200
    return await page(request, "money_usage.html", context, status=status, active="money")


@router.get("/sessions.csv")
async def usage_file(desk: AtMoney, request: Request) -> Response:
    """The table as a file; with days that do not fit, back to them."""
    sent, (practice, people) = sent_of(request, NAMES), await practice_and_people(desk)
    try:
        days = parsed(UsageForm, sent).days(today_of(practice))
    except Flawed:
        return redirect(request, desk.url(OF_TIME, **sent))
    rows = await _rows(desk, practice, people, days)
    return await csv_answer(f"sessions-{days.first}-{days.last}.csv", _file(rows))


async def _rows(desk: MoneyDesk, practice: PracticeView, people: Names, days: Days) -> list[Row]:
    """Each calendar by its name, and all together at the end."""
    asked = GetUsage(**days.bounds(ZoneInfo(practice.time_zone)))
    told = await desk.backend.ask(desk.actor, asked, UsageView)
    rows = [Row(people.get(one.practitioner_id, GONE), one.figures) for one in told.practitioners]
    return [*sorted(rows, key=lambda row: row.label), Row(ALL, told.totals)]


def _report(desk: MoneyDesk, days: Days, rows: list[Row]) -> Context:
    shown = [name for name in COUNTS if getattr(rows[-1].figures, name)]
    return {
        "period_label": period_label(days),
        "columns": ["Taken", *MINUTES.values(), *(COUNTS[one] for one in shown), "Missed"],
        "rows": [_line(row, shown) for row in rows],
        "is_empty": rows[-1].figures == UsageFigures(),
        "csv_url": desk.url(f"{OF_TIME}.csv", **days.query()),
    }


def _line(row: Row, shown: list[str]) -> Context:
    hours = [(label, _hours(getattr(row.figures, name))) for name, label in MINUTES.items()]
    counts = [(COUNTS[name], str(getattr(row.figures, name))) for name in shown]
    cells = [*hours, *counts, ("Missed", _share(row.missed))]
    return {
        "label": row.label,
        "taken": row.taken,
        "taken_label": _share(row.taken),
        "cells": [{"label": label, "text": text} for label, text in cells],
    }


def _hours(minutes: int) -> str:
    """ "7 h 30 min", "40 min"; nothing is a dash."""
    hours, left = divmod(minutes, 60)
    parts = [f"{hours:,} h" if hours else "", f"{left} min" if left else ""]
    return " ".join(filter(None, parts)) or "–"


def _share(percent: int | None) -> str:
    return "–" if percent is None else f"{percent}{UNBROKEN}%"


def _percent(part: int, whole: int) -> int | None:
    """Rounded half up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


async def _file(rows: list[Row]) -> AsyncIterator[Rows]:
    minutes = (f"{label} (minutes)" for label in MINUTES.values())
    head = ("Practitioner", *minutes, *COUNTS.values())
    names = (*MINUTES, *COUNTS)
    yield [head, *((row.label, *(str(getattr(row.figures, one)) for one in names)) for row in rows)]
