"""The month end as pages: what stands, what is in the way, and closing it."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from uuid_utils.compat import uuid7

from services.common.money import Money
from services.contracts.billing.months import (
    CloseMonth,
    GetMonth,
    ListMonths,
    MonthBalance,
    MonthDetails,
    MonthNotClosable,
    MonthState,
    MonthsView,
    MonthView,
    Obstacle,
)
from services.contracts.profiles.accounts import Role
from services.contracts.profiles.members import ListMembers, MemberName, MembersView
from services.gateway.web.money_months import CLOSED
from services.gateway.web.month_context import OBSTACLES
from tests.unit.gateway.posting import post_form
from tests.unit.gateway.stand_ins import fetch
from tests.unit.gateway.test_money_desk import HERE, desk
from tests.unit.gateway.test_money_reports import asked

BASE = f"/practices/{HERE}/money/month-end"
OCTOBER = f"{BASE}/2026-10"
EUR = "EUR"
CASH = MonthBalance(
    account="stripe_balance",
    nature="asset",
    opening=Money(9000, EUR),
    debit=Money(4500, EUR),
    credit=Money(610, EUR),
)
EVEN = CASH.model_copy(update={"account": "suspense", "opening": Money(-3890, EUR)})


def month(state: MonthState, closed_by: UUID | None = None) -> MonthView:
    """October in Berlin."""
    return MonthView(
        month=date(2026, 10, 1),
        state=state,
        from_at=datetime(2026, 9, 30, 22, tzinfo=UTC),
        until_at=datetime(2026, 10, 31, 23, tzinfo=UTC),
        closed_by=closed_by,
        closed_at=datetime(2026, 11, 2, 8, 12, tzinfo=UTC) if closed_by else None,
    )


def visited(
    state: MonthState = MonthState.OPEN,
    obstacles: dict[Obstacle, int] | None = None,
    **told: Any,
) -> FastAPI:
    """The desk of a practice whose October stands so."""
    closed_by = uuid4() if state is MonthState.CLOSED else None
    found = MonthDetails(
        month=month(state, closed_by),
        balances=[CASH, EVEN],
        obstacles=obstacles or {},
        open_disputes=told.get("disputes", 0),
    )
    names = told.get("names", {})
    answers: dict[Any, Any] = {
        ListMembers: lambda asked: MembersView(
            members=[
                MemberName(account_id=one, name=names["closed_by"])
                for one in asked.account_ids
                if names
            ]
        ),
        ListMonths: lambda _: MonthsView(months=[found.month]),
        GetMonth: lambda _: found,
        CloseMonth: lambda _: found,
    }
    return desk(Role.BILLING, told=answers | {CloseMonth: told.get("closing", answers[CloseMonth])})


def test_each_month_leads_to_its_balances_and_they_to_their_entries() -> None:
    """Of the days until its last one, in the zone of the practice."""
    app = visited(MonthState.CLOSED)
    shown = fetch(app, BASE).text
    assert f'href="{OCTOBER}"' in shown
    assert "Closed by somebody else of the practice on 2 November 2026, 09:12" in shown
    assert asked(app, ListMonths).time_zone == "Europe/Berlin"
    page = fetch(app, OCTOBER).text
    ledger = f"/practices/{HERE}/money/ledger/accounts/stripe_balance/EUR?on=2026-10-31"
    export = f"/practices/{HERE}/money/exports?since=2026-10-01&amp;until=2026-10-31"
    for words in (ledger, export, "€90 debit", "€45", "€6.10", "€128.90 debit"):
        assert words in page
    assert f'href="{OCTOBER}/close"' not in page


def test_who_closed_a_month_is_named() -> None:
    """On the list and on its page, where they still work in the practice."""
    app = visited(MonthState.CLOSED, names={"closed_by": "Nell Adler"})
    for url in (BASE, OCTOBER):
        assert "Closed by Nell Adler on 2 November 2026, 09:12" in fetch(app, url).text
    assert len(asked(app, ListMembers).account_ids) == 1
    open_one = visited()
    fetch(open_one, BASE)
    assert not [one for one in open_one.state.backend.asked if isinstance(one, ListMembers)]


@pytest.mark.parametrize("state", [MonthState.OPEN, MonthState.CLOSED])
@pytest.mark.parametrize(("count", "words"), [(1, "1 dispute is"), (3, "3 disputes are")])
def test_open_disputes_stand_beside_the_figures(state: MonthState, count: int, words: str) -> None:
    """With the way to them; they keep no month open. Without any there is no word of them."""
    page = fetch(visited(state, disputes=count), OCTOBER).text
    assert f'<a href="/practices/{HERE}/money/disputes">{words} open</a>' in page
    assert (f'href="{OCTOBER}/close"' in page) == (state is MonthState.OPEN)
    assert "open</a>" not in fetch(visited(state), OCTOBER).text


def test_before_a_month_is_closed_it_is_asked() -> None:
    """Which days, how each account ended that is not even, and that no entry is added any more."""
    app = visited(disputes=1)
    assert f'href="{OCTOBER}/close"' in fetch(app, OCTOBER).text
    page = fetch(app, f"{OCTOBER}/close").text.split("<main")[1]
    for words in (
        *("Nothing has happened yet", "1 October 2026", "31 October 2026", "Berlin"),
        *("€128.90 debit", "no entry can be added", "1 dispute is open", "Close October 2026 for"),
    ):
        assert words in page
    assert "Not yet explained" not in page
    assert f'action="{OCTOBER}/close"' in page
    assert not [one for one in app.state.backend.asked if isinstance(one, CloseMonth)]


@pytest.mark.parametrize(
    ("state", "obstacles"),
    [
        (MonthState.CLOSED, {}),
        (MonthState.RUNNING, {Obstacle.NOT_OVER: 1}),
        (MonthState.OPEN, {Obstacle.NOT_COMPARED: 1}),
    ],
)
def test_what_cannot_be_closed_is_not_asked(
    state: MonthState, obstacles: dict[Obstacle, int]
) -> None:
    """Its own page tells why."""
    answer = fetch(visited(state, obstacles), f"{OCTOBER}/close")
    assert (answer.status_code, answer.headers["location"]) == (303, OCTOBER)


def test_a_month_that_nothing_keeps_open_is_closed_once() -> None:
    """Under the id of its form; the page of the month says that it is done. Without an id it is
    asked again."""
    app, act = visited(), str(uuid7())
    unasked = post_form(app, f"{OCTOBER}/close", {"form_id": "1"})
    assert (unasked.status_code, unasked.headers["location"]) == (303, f"{OCTOBER}/close")
    answer = post_form(app, f"{OCTOBER}/close", {"form_id": act})
    assert (answer.status_code, answer.headers["location"]) == (303, OCTOBER)
    told = asked(app, CloseMonth)
    assert (str(told.id), told.month) == (act, date(2026, 10, 1))
    assert "closed" in CLOSED


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("obstacle", Obstacle)
def test_what_is_in_the_way_is_said_and_leads_where_it_ends(obstacle: Obstacle, count: int) -> None:
    """And there is no button."""
    page = fetch(visited(obstacles={obstacle: count}), OCTOBER).text
    way = OBSTACLES[obstacle]
    assert (way.one if count == 1 else way.many.format(count=count)) in page
    assert f'href="{OCTOBER}/close"' not in page


@pytest.mark.parametrize(
    ("obstacle", "below"),
    [
        (Obstacle.NOT_COMPARED, "reconciliation"),
        (Obstacle.REFUNDS_FAILED, "refunds?state=failed"),
        (Obstacle.GIVEN_UP, ""),
    ],
)
def test_each_obstacle_leads_where_somebody_does_something(obstacle: Obstacle, below: str) -> None:
    """To the button, the list, or all that waits."""
    page = fetch(visited(obstacles={obstacle: 2}), OCTOBER).text
    url = f"/practices/{HERE}/money/{below}".rstrip("/")
    told = OBSTACLES[obstacle].many.format(count=2)
    assert f'<a href="{url}">{told}</a>' in page


def test_what_came_in_the_way_meanwhile_is_told_and_nothing_is_done() -> None:
    """409 with the page as it is by now."""

    def refuse(_: CloseMonth) -> MonthDetails:
        raise MonthNotClosable("A month before this one is open.", {"why": "earlier_open"})

    app = visited(obstacles={Obstacle.EARLIER_OPEN: 1}, closing=refuse)
    answer = post_form(app, f"{OCTOBER}/close", {"form_id": str(uuid7())})
    assert answer.status_code == 409
    assert "A month before this one is open." in answer.text


@pytest.mark.parametrize("name", ["2026-13", "soon", "2026-10-01", "26-1"])
def test_what_names_no_month_is_no_page(name: str) -> None:
    """404, and nothing is asked for."""
    app = visited()
    assert fetch(app, f"{BASE}/{name}").status_code == 404
    assert not [one for one in app.state.backend.asked if isinstance(one, GetMonth)]
