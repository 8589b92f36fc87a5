"""The report of sessions and time: whose hours were taken, as a page and as a file."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.contracts.booking.usage import (
    MOST_DAYS,
    GetUsage,
    PractitionerUsage,
    UsageFigures,
    UsageView,
)
from services.contracts.profiles.accounts import Role
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import HERE, NELL, desk
from tests.unit.gateway.test_money_reports import asked

BASE = f"/practices/{HERE}/money/reports/sessions"
OCTOBER = "since=2026-10-01&until=2026-10-31"
FIGURES = UsageFigures(open_minutes=1_210, used_minutes=605, attended=10, no_show=2, to_come=1)


def visited(figures: UsageFigures = FIGURES) -> FastAPI:
    people = [
        PractitionerUsage(practitioner_id=NELL, figures=figures),
        PractitionerUsage(practitioner_id=uuid4(), figures=UsageFigures()),
    ]
    answers: dict[Any, Any] = {GetUsage: lambda _: UsageView(totals=figures, practitioners=people)}
    return desk(Role.BILLING, told=answers)


def test_it_says_how_much_was_taken_and_who_missed() -> None:
    """Half of the hours, two of twelve missed; what never happened has no column."""
    shown = fetch(visited(), f"{BASE}?{OCTOBER}").text
    for words in (
        "20 h 10 min",
        "10 h 5 min",
        "50\N{NO-BREAK SPACE}%",
        "17\N{NO-BREAK SPACE}%",
        "Somebody who left",
    ):
        assert words in shown
    assert "Cancelled late" not in shown
    assert f'href="/practices/{HERE}/money/reports?since=2026-10-01&amp;until=2026-10-31"' in shown


def test_it_asks_for_the_days_of_the_practices_zone() -> None:
    """From midnight to midnight in Berlin, which is an hour behind when clocks have gone back."""
    app = visited()
    fetch(app, f"{BASE}?{OCTOBER}")
    told = asked(app, GetUsage)
    assert told.from_at.isoformat() == "2026-09-30T22:00:00+00:00"
    assert told.until_at.isoformat() == "2026-10-31T23:00:00+00:00"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-10-02&until=2026-10-01", "before"),
        ("since=2025-01-01&until=2026-10-01", "Choose at most a year."),
        ("since=2026-10-01", "Enter the last day as a date."),
    ],
)
def test_days_that_do_not_fit_are_said_at_their_field(query: str, words: str) -> None:
    """Nothing is asked for, and the file leads back to the page."""
    app = visited()
    answer = fetch(app, f"{BASE}?{query}")
    assert answer.status_code == 422
    assert words in answer.text
    assert fetch(app, f"{BASE}.csv?{query}").headers["location"].endswith(query)
    assert not [one for one in app.state.backend.asked if isinstance(one, GetUsage)]


def test_a_whole_leap_year_fits() -> None:
    """The most days that a year has."""
    assert MOST_DAYS == 366
    assert fetch(visited(), f"{BASE}?since=2028-01-01&until=2028-12-31").status_code == 200


def test_where_nothing_was_it_says_so() -> None:
    """No table of dashes."""
    shown = fetch(visited(UsageFigures()), f"{BASE}?{OCTOBER}").text
    assert "Nothing in this time" in shown
    assert "<table" not in shown


def test_the_file_has_every_figure_in_whole_minutes() -> None:
    """All together comes last."""
    text = fetch(visited(), f"{BASE}.csv?{OCTOBER}").text
    head, *lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert head[:2] == ["Practitioner", "Open (minutes)"]
    assert lines[-1] == ["All together", "1210", "605", "0", "10", "2", "0", "0", "0", "1"]
