"""Samples of the money desk: reports, and the entries of a figure."""

from datetime import date
from typing import Any

from services.common.money import Money
from services.gateway.web import money_chart
from services.gateway.web.report_tables import FIGURES, TABLES
from services.gateway.web.samples.money import BASE, STAMP
from services.gateway.web.samples.money_ledger import COMMON, at_section
from services.gateway.web.samples.money_overview import OWED

Context = dict[str, Any]
State = tuple[str, Context]

ENTRIES = f"{BASE}/reports/entries"
AMOUNTS = ("€1,425", "€190", "-€95", "–", "–", "-€24.15", "-€66.50", "€1,429.35")
PERIODS = ("This month", "Last month", "This year")
KINDS = ("Money", "Sessions and time")
NETS = (9500, 0, 28500, -4750, 9500, 0, 0, 19000)
NO_PAGES: Context = {"label": "", "prev_url": None, "next_url": None}


def _cells() -> list[Context]:
    told = zip(FIGURES.values(), AMOUNTS, strict=True)
    return [
        {"label": label, "text": text, "url": ENTRIES if text != "–" else None}
        for label, text in told
    ]


def _chart() -> Context | None:
    days = [f"{date(2026, 11, day):%-d} November 2026" for day in range(1, 1 + len(NETS))]
    bars = zip(days, NETS, strict=True)
    return money_chart.chart([money_chart.Bar(day, Money(net, "EUR")) for day, net in bars])


def _table(key: str, *labels: str, url: str | None = None) -> Context:
    rows = [{"label": label, "url": url, "cells": _cells()} for label in labels]
    heading = "By day" if key == "steps" else TABLES[key]
    return {"key": key, "heading": heading, "rows": rows, "csv_url": f"{BASE}/reports.csv"}


def _report(**changes: Any) -> Context:
    return {
        "period_label": "1 November 2026 to 30 November 2026",
        "columns": list(FIGURES.values()),
        "sums": [{"currency": "EUR", "rows": _cells(), "chart": _chart()}],
        "tables": [
            _table("steps", "1 November 2026", "3 November 2026", url=f"{BASE}/reports"),
            _table("practitioners", "Miriam Adler", "Of no session"),
            _table("offerings", "Individual session, Miriam Adler", "An earlier offering"),
        ],
        "owed": OWED,
        "owed_url": f"{BASE}/owed",
    } | changes


def _of_period(kind: str) -> Context:
    """What both kinds of report begin with."""
    return {
        **COMMON,
        "desk": at_section("Reports"),
        "action": f"{BASE}/reports",
        "values": {"since": "2026-11-01", "until": "2026-11-30"},
        "errors": {},
        "kinds": _chips(KINDS, kind),
        "periods": _chips(PERIODS, "This month"),
    }


def _chips(labels: tuple[str, ...], selected: str) -> list[Context]:
    return [
        {"label": one, "url": f"{BASE}/reports", "is_selected": one == selected} for one in labels
    ]


def _reports(**changes: Any) -> Context:
    return _of_period("Money") | {"report": _report()} | changes


def _usage(**changes: Any) -> Context:
    return _of_period("Sessions and time") | {"report": _used()} | changes


def _used(**changes: Any) -> Context:
    rows = (
        ("Jonas Frey", None, "–", "4 h", "–", "3", "–"),
        ("Miriam Adler", "128 h", "81 h 30 min", "1 h 40 min", "92", "4", "4 %"),
        ("All together", "128 h", "81 h 30 min", "5 h 40 min", "95", "4", "4 %"),
    )
    columns = ("Open", "In sessions", "Beyond open hours", "Attended", "Nobody came", "Missed")
    return {
        "period_label": "1 November 2026 to 30 November 2026",
        "columns": ["Taken", *columns],
        "rows": [
            {
                "label": label,
                "taken": 64 if told[0] else None,
                "taken_label": "64 %" if told[0] else "–",
                "cells": [
                    {"label": column, "text": text or "–"}
                    for column, text in zip(columns, told, strict=True)
                ],
            }
            for label, *told in rows
        ],
        "is_empty": False,
        "csv_url": f"{BASE}/reports/sessions.csv",
    } | changes


def _entries(**changes: Any) -> Context:
    entry = {
        **STAMP,
        "url": f"{BASE}/ledger/transactions/t",
        "kind_label": "The client paid",
        "payment_url": f"{BASE}/payments/x",
        "amount": "€95",
    }
    return {
        **COMMON,
        "desk": at_section("Reports"),
        "back_url": f"{BASE}/reports",
        "figure_label": "Paid",
        "total": "€190",
        "period_label": "1 November 2026 to 30 November 2026",
        "csv_url": f"{ENTRIES}.csv",
        "entries": [entry, entry | {"payment_url": None, "kind_label": "A session is owed"}],
        "pages": NO_PAGES | {"next_url": f"{ENTRIES}?page=x"},
    } | changes


CROSSED = {"until": "The last day lies before the first one."}
STATES: dict[str, State] = {
    "money-reports": ("money_reports.html", _reports()),
    "money-reports-nothing": (
        "money_reports.html",
        _reports(report=_report(sums=[], tables=[], owed=[])),
    ),
    "money-reports-crossed": ("money_reports.html", _reports(report=None, errors=CROSSED)),
    "money-usage": ("money_usage.html", _usage()),
    "money-usage-nothing": ("money_usage.html", _usage(report=_used(rows=[], is_empty=True))),
    "money-usage-crossed": ("money_usage.html", _usage(report=None, errors=CROSSED)),
    "money-report-entries": ("money_report_entries.html", _entries()),
    "money-report-entries-none": (
        "money_report_entries.html",
        _entries(entries=[], pages=NO_PAGES),
    ),
}
