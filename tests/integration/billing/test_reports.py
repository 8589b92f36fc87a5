"""Reports: the sums of the trial balance, whatever happened, and each figure by its entries."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.billing.domain.revenue import COUNTED
from services.billing.operations.reports import get_revenue, list_revenue_entries
from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden, InvalidInput
from services.common.money import Money
from services.contracts.billing.reports import (
    Figure,
    GetRevenue,
    ListRevenueEntries,
    RevenueEntry,
    RevenueFigures,
    RevenueView,
    Step,
)
from tests.integration.billing.past import FIRST, bring_in, member, past
from tests.integration.billing.test_attention import attended
from tests.integration.billing.test_ledger_reading import balance, sums
from tests.integration.billing.world import World

DAY = timedelta(days=1)
ALL = {"from_at": FIRST, "until_at": utc_now() + DAY}
NET = Figure.NET


def revenue(world: World, actor: Actor | None = None, **asked: Any) -> RevenueView:
    who = actor or member(world)
    command = GetRevenue(**{"time_zone": "Europe/Berlin"} | ALL | asked)
    with world.database.reading(who) as tx:
        return get_revenue(tx, command, actor=who, now=utc_now())


def entries(world: World, actor: Actor | None = None, **asked: Any) -> Iterator[RevenueEntry]:
    """All of a figure's, in parts of three, which add up to the total that each part tells."""
    who = actor or member(world)
    command = ListRevenueEntries(**{"figure": NET, "currency": "EUR", "limit": 3} | ALL | asked)
    total, found = None, Money(0, command.currency)
    while total is None or command.cursor:
        with world.database.reading(who) as tx:
            part = list_revenue_entries(tx, command, actor=who)
        yield from part.entries
        found = sum((one.money for one in part.entries), found)
        total = part.total
        command = command.model_copy(update={"cursor": part.next_cursor})
    assert found == total


def added(lines: list[Any]) -> dict[str, int]:
    """Lines of figures together, by figure."""
    told: list[RevenueFigures] = [getattr(one, "figures", one) for one in lines]
    return {name: sum(getattr(one, name).amount for one in told) for name in Figure}


def lived(world: World, chance: Random) -> list[datetime]:
    """A random history over some weeks with an end of today; moments between its entries."""
    bring_in(world, (past(world, number) for number in range(chance.randint(4, 16))))
    for _ in range(chance.randint(1, 5)):
        attended(world, FIRST + chance.random() * 8 * DAY)
    world.start()
    world.pay()
    world.converge()
    world.cancel(chance.choice([0, 50, 100]))
    world.work_off()
    return [FIRST + chance.random() * 9 * DAY for _ in range(4)] + [ALL["until_at"]]


@pytest.mark.parametrize("seed", range(4))
def test_a_periods_figures_are_the_trial_balances(world: World, seed: int) -> None:
    """Of any period: what its accounts moved by, once by each way to add it up, and by entries."""
    moments = lived(world, Random(seed))
    for from_at, until_at in pairwise([FIRST, *sorted(moments)]):
        told = revenue(world, from_at=from_at, until_at=until_at, step=Step.DAY)
        before, after = (sums(balance(world, until_at=at)) for at in (from_at, until_at))
        moved = sum(after.get(one, 0) - before.get(one, 0) for one in COUNTED)
        assert added(told.totals)[NET] == -moved
        for lines in (told.practitioners, told.offerings, told.steps):
            assert added(lines) == added(told.totals)
        for figure, amount in added(told.totals).items():
            found = entries(world, figure=figure, from_at=from_at, until_at=until_at)
            assert sum(one.money.amount for one in found) == amount


def test_a_figure_leads_to_its_entries_there_and_back(world: World) -> None:
    """Of one practitioner or offering, or of no session; each names its payment."""
    made = bring_in(world, (past(world, number) for number in range(4)))
    paid = list(entries(world, figure=Figure.PAID, practitioner_id=world.practitioner_id))
    assert {one.payment_id for one in paid} == {one.id for one in made}
    assert {one.kind for one in paid} == {"charged"}
    assert len(list(entries(world, offering_id=world.price.offering_id))) >= 8
    assert list(entries(world, practitioner_id=uuid7())) == []
    assert list(entries(world, is_of_no_session=True)) == []
    [back] = entries(world, figure=Figure.REFUNDS)
    assert back.money == Money(-4500, "EUR")
    who = member(world)
    asked = ListRevenueEntries(figure=Figure.PAID, currency="EUR", limit=3, **ALL)
    with world.database.reading(who) as tx:
        first = list_revenue_entries(tx, asked, actor=who)
        on = asked.model_copy(update={"cursor": first.next_cursor})
        second = list_revenue_entries(tx, on, actor=who)
        again = asked.model_copy(update={"cursor": second.previous_cursor})
        assert list_revenue_entries(tx, again, actor=who).entries == first.entries


def test_a_day_begins_at_the_practices_midnight(world: World) -> None:
    """Half an hour before that of UTC, and a month with its first day there."""
    attended(world, datetime.fromisoformat("2026-03-31T22:30:00Z"))
    for zone, step, on in (
        ("Europe/Berlin", Step.DAY, date(2026, 4, 1)),
        ("Europe/Berlin", Step.MONTH, date(2026, 4, 1)),
        ("UTC", Step.DAY, date(2026, 3, 31)),
        ("UTC", Step.MONTH, date(2026, 3, 1)),
    ):
        [only] = revenue(world, time_zone=zone, step=step, until_at=FIRST + 60 * DAY).steps
        assert (only.on, only.figures.on_account) == (on, world.money)


def test_what_is_owed_stands_beside_it_whatever_the_period(world: World) -> None:
    """A period without entries has no figures, and the same debts."""
    attended(world, FIRST)
    told = revenue(world, from_at=FIRST - 2 * DAY, until_at=FIRST - DAY)
    assert (told.totals, told.practitioners, told.steps) == ([], [], [])
    assert [one.money for one in told.owed] == [world.money]


@pytest.mark.parametrize("ask", [revenue, lambda *of, **told: list(entries(*of, **told))])
def test_reports_are_for_keepers_of_their_own_practice(
    world: World, make_world: Callable[..., World], ask: Callable[..., Any]
) -> None:
    """Others are refused, a keeper elsewhere finds nothing, and a crossed period is none."""
    bring_in(world, [past(world, 0)])
    for role in ("owner", "admin", "billing"):
        assert ask(world, member(world, role))
    for role in ("front_desk", "practitioner", "supervisor"):
        with pytest.raises(Forbidden):
            ask(world, member(world, role))
    told = ask(make_world())
    assert not (told.totals if isinstance(told, RevenueView) else told)
    with pytest.raises(InvalidInput):
        ask(world, until_at=FIRST)
