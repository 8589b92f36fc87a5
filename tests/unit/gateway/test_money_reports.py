"""Reports at the money desk: periods by the practice's calendar, figures that lead to entries."""

import csv
import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.common.money import Money
from services.contracts.billing.attention import ListOwed, OwedLine, OwedPage
from services.contracts.billing.packages import ListPackages, PackagesView
from services.contracts.billing.reports import (
    Figure,
    GetRevenue,
    ListRevenueEntries,
    OfferingRevenue,
    PractitionerRevenue,
    RevenueEntriesPage,
    RevenueEntry,
    RevenueFigures,
    RevenueView,
    Step,
    StepRevenue,
)
from services.contracts.booking.billed import (
    ListPracticeOfferings,
    PracticeOffering,
    PracticeOfferingsView,
)
from services.contracts.profiles.accounts import Role
from services.gateway.forms.reports import Days, named, usual
from services.gateway.web import labels
from services.gateway.web.money_chart import BOTTOM, TOP, Bar, chart
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import CLIENT, HERE, NELL, desk
from tests.unit.gateway.test_today import START

BASE = f"/practices/{HERE}/money"
OFFERING = uuid4()
PERIOD = "since=2026-10-01&until=2026-10-31"


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def figures(**changes: int) -> RevenueFigures:
    amounts = dict.fromkeys(Figure, 0) | {"paid": 9500, "net": 8750} | changes
    return RevenueFigures(**{name: euros(amount) for name, amount in amounts.items()})


TOLD = RevenueView(
    totals=[figures(commission=-750)],
    practitioners=[
        PractitionerRevenue(practitioner_id=NELL, figures=figures()),
        PractitionerRevenue(practitioner_id=uuid4(), figures=figures()),
        PractitionerRevenue(practitioner_id=None, figures=figures()),
    ],
    offerings=[OfferingRevenue(offering_id=OFFERING, figures=figures(commission=-750))],
    steps=[StepRevenue(on=date(2026, 10, 5), figures=figures())],
    owed=[],
)
ENTRY = RevenueEntry(
    transaction_id=uuid4(),
    kind="charged",
    occurred_at=START,
    payment_id=uuid4(),
    money=euros(9500),
)


def visited(told: RevenueView = TOLD) -> FastAPI:
    offered = PracticeOffering(id=OFFERING, practitioner_id=NELL, name="=Hour", minutes=50)
    page = RevenueEntriesPage(total=euros(9500), entries=[ENTRY], next_cursor=None)
    answers: dict[Any, Any] = {
        GetRevenue: lambda _: told,
        ListPackages: lambda _: PackagesView(packages=[]),
        ListPracticeOfferings: lambda _: PracticeOfferingsView(offerings=[offered]),
        ListRevenueEntries: lambda _: page,
        ListOwed: lambda _: OwedPage(
            lines=[
                OwedLine(
                    booking_id=uuid4(),
                    client_id=CLIENT,
                    practitioner_id=NELL,
                    owed=euros(9500),
                    since=START,
                )
            ]
        ),
    }
    return desk(Role.BILLING, told=answers)


def asked(app: FastAPI, kind: type[Any]) -> Any:
    return [one for one in app.state.backend.asked if isinstance(one, kind)][-1]


def rows(app: FastAPI, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(fetch(app, f"{BASE}/{path}").text.removeprefix("\ufeff"))))


def test_every_figure_leads_to_its_entries() -> None:
    """Of its practitioner, offering or step; of no session where it is of none; names are told."""
    shown = fetch(visited(), f"{BASE}/reports?{PERIOD}").text
    query = f"figure=paid&currency=EUR&{PERIOD}".replace("&", "&amp;")
    link = f"{BASE}/reports/entries?{query}"
    for more in ("", f"&amp;practitioner={NELL}", f"&amp;offering={OFFERING}", "&amp;whose=none"):
        assert f'href="{link}{more}"' in shown
    assert f'href="{BASE}/reports?since=2026-10-05&amp;until=2026-10-05"' in shown
    for words in ("Nell", "=Hour, Nell", "Somebody who left", "Of no session", "-€7.50", "By day"):
        assert words in shown
    assert "Lost in disputes" not in shown


def test_a_period_is_asked_as_the_practice_counts_days() -> None:
    """From its midnight to its midnight, over the change of clocks; long ones by months."""
    app = visited()
    fetch(app, f"{BASE}/reports?{PERIOD}")
    told = asked(app, GetRevenue)
    assert [labels.instant(at) for at in (told.from_at, told.until_at)] == [
        "2026-09-30T22:00:00Z",
        "2026-10-31T23:00:00Z",
    ]
    assert (told.time_zone, told.step) == ("Europe/Berlin", Step.DAY)
    fetch(app, f"{BASE}/reports?period=this_year")
    assert asked(app, GetRevenue).step is Step.MONTH


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-10-02&until=2026-10-01", "lies before the first one"),
        ("since=2026-10-02", "Enter the last day as a date."),
        ("since=soon&until=2026-10-01", "Enter the first day as a date."),
        ("since=2016-01-01&until=2026-10-01", "Choose at most 5 years."),
    ],
)
def test_days_that_do_not_fit_are_named_and_kept(query: str, words: str) -> None:
    """Nothing is asked of billing, and the file leads back to them."""
    app = visited()
    answer = fetch(app, f"{BASE}/reports?{query}")
    assert (answer.status_code, words in answer.text) == (422, True)
    assert f'value="{query.partition("since=")[2].partition("&")[0]}"' in answer.text
    assert fetch(app, f"{BASE}/reports.csv?{query}").headers["location"].endswith(query)
    assert not [one for one in app.state.backend.asked if isinstance(one, GetRevenue)]


def test_a_period_without_entries_says_so() -> None:
    """With what is owed beside it all the same."""
    nothing = RevenueView(totals=[], practitioners=[], offerings=[], steps=[], owed=[])
    shown = fetch(visited(nothing), f"{BASE}/reports").text
    assert "Nothing in this time" in shown
    assert "Nobody owes anything." in shown


def test_entries_lead_to_their_transaction_and_payment() -> None:
    """An address that no figure leads to is not found."""
    app = visited()
    query = f"figure=net&currency=EUR&{PERIOD}"
    shown = fetch(app, f"{BASE}/reports/entries?{query}&whose=none").text
    assert f'href="{BASE}/ledger/transactions/{ENTRY.transaction_id}"' in shown
    assert f'href="{BASE}/payments/{ENTRY.payment_id}"' in shown
    assert asked(app, ListRevenueEntries).is_of_no_session
    for bad in ("", query.replace("net", "tips"), f"{query}&practitioner=nobody"):
        assert fetch(app, f"{BASE}/reports/entries?{bad}").status_code == 404


def test_each_table_is_a_file() -> None:
    """Plain decimals, and no cell that a spreadsheet runs."""
    head, line = rows(visited(), f"reports.csv?by=offerings&{PERIOD}")
    assert head[:3] == ["Offering", "Currency", "Paid"]
    assert line == ["'=Hour, Nell", "EUR", "95.00", *["0.00"] * 5, "-7.50", "87.50"]
    assert rows(visited(), f"reports.csv?by=steps&{PERIOD}")[0][0] == "Day"
    _, entry = rows(visited(), f"reports/entries.csv?figure=paid&currency=EUR&{PERIOD}")
    assert entry[2:5] == ["The client paid", "EUR", "95.00"]
    _, owed = rows(visited(), "owed.csv?age=31-60")
    assert owed[2:6] == ["'=Jana", "Nell", "EUR", "95.00"]


def test_named_periods_are_whole() -> None:
    """Also over the turn of a year; a month within a longer period is cut to it."""
    january = date(2026, 1, 15)
    assert named("last_month", january) == Days(date(2025, 12, 1), date(2025, 12, 31))
    assert named("this_month", date(2028, 2, 9)).last == date(2028, 2, 29)
    assert usual(date(2028, 2, 8)) == "this_month"
    assert {usual(date(2028, 2, day)) for day in (1, 7)} == {"last_month"}
    assert named("this_year", january) == Days(date(2026, 1, 1), date(2026, 12, 31))
    days = Days(date(2026, 1, 15), date(2026, 4, 2))
    assert [one.month for one in days.steps()] == [1, 2, 3, 4]
    assert days.within(date(2026, 1, 1)) == Days(date(2026, 1, 15), date(2026, 1, 31))
    assert days.within(date(2026, 4, 1)).last == date(2026, 4, 2)


def test_a_chart_draws_gains_up_and_losses_down_from_one_line() -> None:
    """Within its bounds; of nothing, or of one step alone, there is none."""
    drawn = chart([Bar("a", euros(3000)), Bar("b", euros(0)), Bar("c", euros(-1000))])
    assert drawn is not None
    gain, none, loss = drawn["bars"]
    assert (gain["y"], gain["y"] + gain["height"]) == (TOP, drawn["zero"])
    assert (loss["y"], loss["y"] + loss["height"]) == (drawn["zero"], BOTTOM)
    assert (none["height"], loss["is_loss"]) == (0, True)
    assert chart([Bar("a", euros(3000))]) is None
    assert chart([Bar("a", euros(0)), Bar("b", euros(0))]) is None
