"""The journal of some days to take along: for a spreadsheet, for DATEV, for beancount."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.contracts.billing.exports import ExportJournal, JournalFormat, JournalPart
from services.contracts.profiles.practices import PracticeView
from services.gateway.forms.money import JournalForm
from services.gateway.forms.reading import Flawed, parsed
from services.gateway.web.csv_file import BYTE_ORDER_MARK, download
from services.gateway.web.money_desk import AtMoney, MoneyDesk
from services.gateway.web.page import page

router = APIRouter(prefix="/practices/{practice_id}/money/exports")
Context = dict[str, Any]
SECTION = "exports"
DAY = timedelta(days=1)
NAMES = ("since", "until", "format")


class Format(NamedTuple):
    """How a file is named and encoded, and what is said of it."""

    label: str
    hint: str
    name: str
    kind: str
    encoding: str


FORMATS = {
    JournalFormat.CSV: Format(
        "CSV",
        "A line for each entry, for a spreadsheet.",
        "journal-{}-{}.csv",
        "text/csv; charset=utf-8",
        "utf-8",
    ),
    JournalFormat.DATEV: Format(
        "DATEV",
        "For the accountant in Germany: EXTF, within one calendar year. They give the accounts "
        "their own numbers.",
        "EXTF_Buchungsstapel_{}_{}.csv",
        "text/csv; charset=windows-1252",
        "cp1252",
    ),
    JournalFormat.BEANCOUNT: Format(
        "Beancount",
        "Plain text that the program beancount checks by itself.",
        "journal-{}-{}.beancount",
        "text/plain; charset=utf-8",
        "utf-8",
    ),
}


@router.get("")
async def exports_page(desk: AtMoney, request: Request) -> Response:
    """The question of which days and in which form; the month before stands there already."""
    practice = await desk.practice()
    today = utc_now().astimezone(ZoneInfo(practice.time_zone)).date()
    return await _asking(desk, _month_before(today) | _sent(request), {})


@router.get("/journal")
async def journal_file(desk: AtMoney, request: Request) -> Response:
    """The file; days that do not fit are asked for anew."""
    sent = _sent(request)
    try:
        form = parsed(JournalForm, sent)
        form.check()
    except Flawed as flawed:
        return await _asking(desk, sent, flawed.errors)
    told, practice = FORMATS[form.format], await desk.practice()
    name = told.name.format(form.since, form.until)
    parts = _parts(desk, _asked(form, practice), told.encoding)
    return await download(name, told.kind, parts)


async def _asking(desk: MoneyDesk, values: dict[str, str], errors: dict[str, str]) -> Response:
    context = {
        "desk": desk.frame(SECTION),
        "action": desk.url(f"{SECTION}/journal"),
        "values": values,
        "errors": errors,
        "formats": [
            {"value": one.value, "label": told.label, "hint": told.hint}
            for one, told in FORMATS.items()
        ],
    }
    status = 422 if errors else 200
    return await page(desk.request, "money_exports.html", context, status=status, active="money")


def _asked(form: JournalForm, practice: PracticeView) -> ExportJournal:
    return ExportJournal(
        format=form.format,
        first=form.since,
        last=form.until,
        practice_name=practice.name,
        time_zone=practice.time_zone,
        currency=practice.currency,
        written_at=utc_now(),
    )


async def _parts(desk: MoneyDesk, asked: ExportJournal, encoding: str) -> AsyncIterator[bytes]:
    """The file part by part; what the encoding does not know becomes a question mark."""
    mark = BYTE_ORDER_MARK if asked.format is JournalFormat.CSV else ""
    cursor: str | None = None
    while True:
        part = asked.model_copy(update={"cursor": cursor})
        found = await desk.backend.ask(desk.actor, part, JournalPart)
        yield (mark + found.text).encode(encoding, errors="replace")
        mark, cursor = "", found.next_cursor
        if cursor is None:
            return


def _sent(request: Request) -> dict[str, str]:
    query = request.query_params
    return {name: query[name].strip() for name in NAMES if query.get(name, "").strip()}


def _month_before(today: date) -> dict[str, str]:
    last = today.replace(day=1) - DAY
    usual = {"since": last.replace(day=1), "until": last, "format": JournalFormat.CSV.value}
    return {name: str(value) for name, value in usual.items()}
