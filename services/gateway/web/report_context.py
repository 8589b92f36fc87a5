"""A report as its page shows it: sums with a drawing, tables, and what is owed."""

from collections.abc import Sequence
from typing import Any

from services.common.money import Money
from services.contracts.billing.reports import Figure
from services.gateway.forms.reports import Days
from services.gateway.web import labels, money_chart, report_tables
from services.gateway.web.money_desk import MoneyDesk
from services.gateway.web.money_owed import sum_line
from services.gateway.web.report_tables import FIGURES, TABLES, Report, Row

Context = dict[str, Any]


def figures(desk: MoneyDesk, report: Report) -> Context:
    """All that was found of the period."""
    steps = (one.figures for one in report.told.steps)
    columns = report_tables.shown([*report.told.totals, *steps])
    tables = [_table(desk, report, key, columns) for key in TABLES]
    return {
        "period_label": period_label(report.days),
        "sums": [_sum(desk, report, row, columns) for row in report.totals()],
        "columns": [FIGURES[one] for one in columns],
        "tables": [one for one in tables if one["rows"]],
        "owed": [sum_line(desk, one) for one in report.told.owed],
        "owed_url": desk.url("owed"),
    }


def period_label(days: Days) -> str:
    """ "1 October 2026 to 31 October 2026", or the one day."""
    first, last = labels.full_date_label(days.first), labels.full_date_label(days.last)
    return first if days.first == days.last else f"{first} to {last}"


def _sum(desk: MoneyDesk, report: Report, row: Row, columns: Sequence[Figure]) -> Context:
    currency = row.figures.net.currency
    return {
        "currency": currency,
        "rows": _cells(desk, row, columns),
        "chart": money_chart.chart(_bars(report, currency)),
    }


def _bars(report: Report, currency: str) -> list[money_chart.Bar]:
    """The net result of every step, also of those in which nothing was."""
    every = ((one.on, one.figures.net) for one in report.told.steps)
    nets = {on: net for on, net in every if net.currency == currency}
    return [
        money_chart.Bar(report.step_label(on), nets.get(on, Money(0, currency)))
        for on in report.days.steps()
    ]


def _table(desk: MoneyDesk, report: Report, key: str, columns: Sequence[Figure]) -> Context:
    return {
        "key": key,
        "heading": report.heading(key),
        "rows": [
            {
                "label": row.label,
                "url": desk.url("reports", **row.days.query()) if row.days else None,
                "cells": _cells(desk, row, columns),
            }
            for row in report.rows(key)
        ],
        "csv_url": desk.url("reports.csv", by=key, **report.days.query()),
    }


def _cells(desk: MoneyDesk, row: Row, columns: Sequence[Figure]) -> list[Context]:
    """The row's figures, each with the way to its entries; nothing leads nowhere."""
    return [_cell(desk, row, one) for one in columns]


def _cell(desk: MoneyDesk, row: Row, figure: Figure) -> Context:
    money = row.money(figure)
    query = {"figure": figure.value, "currency": money.currency, **row.query}
    return {
        "label": FIGURES[figure],
        "text": labels.money_label(money) if money.amount else "–",
        "url": desk.url("reports/entries", **query) if money.amount else None,
    }
