"""Plans without an end whose sessions were moved together: what is added comes where they are."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from services.booking.operations import series, series_moves
from services.booking.operations.course import instant
from services.contracts.booking.series import (
    MoveScope,
    MoveSeries,
    PreviewSeriesMove,
    SessionMove,
)
from services.contracts.plans.views import PlanView
from tests.integration.booking.practice import NOW
from tests.integration.courses.pair import Pair
from tests.integration.courses.single import at_, move
from tests.integration.courses.test_rolling import DUE, WEEKS, rolling_plan

DAY = timedelta(days=1)
WEDNESDAYS = [start + DAY + timedelta(hours=2) for start in WEEKS]


def weeks_after(start: datetime, first: int, last: int) -> list[datetime]:
    """At the same hour of the clock in Berlin, which goes forward meanwhile."""
    there = start.astimezone(ZoneInfo("Europe/Berlin"))
    weeks = range(first, last + 1)
    return [(there + timedelta(weeks=number)).astimezone(UTC) for number in weeks]


def move_together(
    pair: Pair, from_at: datetime, to_at: datetime, scope: MoveScope, now: datetime = NOW
) -> None:
    """By the practice, as it was proposed."""
    who, booking_id = pair.practice.admin, at_(pair, from_at)
    wish = PreviewSeriesMove(
        booking_id=booking_id, scope=scope, on=to_at.date(), at=time(to_at.hour + 1)
    )
    with pair.practice.transaction(who) as tx:
        seen = series.preview_series_move(tx, wish, actor=who, now=now)
        moves = [
            SessionMove(booking_id=one.id, from_at=one.starts_at, starts_at=instant(to.starts_at))
            for one, to in zip(seen.moving, seen.dates, strict=True)
            if to.starts_at is not None
        ]
        command = MoveSeries(
            id=uuid7(), booking_id=booking_id, scope=scope, moves=moves, accepts_breaks=True
        )
        series_moves.move_series(tx, command, actor=who, now=now)


def added(pair: Pair, plan: PlanView, days: int = 3) -> Sequence[datetime]:
    """What is there once the plan was looked at so many days after it ran short."""
    pair.roll(DUE + timedelta(days=days))
    pair.deliver()
    return pair.firm(plan)


@pytest.mark.parametrize("strays", [{}, {"tolerance_days": 1, "tolerance_minutes": 120}])
def test_they_go_on_where_all_were_moved_to(pair: Pair, strays: dict[str, int]) -> None:
    """On Wednesdays at eleven, also the time after, however far the dates that were signed may
    stray: those no longer say where the sessions are."""
    plan = pair.desk.propose(pair.choose(pair.desk.ready("open-ended"), WEEKS[:12], **strays))
    pair.agree(plan)
    pair.deliver()
    move_together(pair, WEEKS[0], WEDNESDAYS[0], MoveScope.ALL)
    assert added(pair, plan) == WEDNESDAYS
    assert added(pair, plan, days=40) == WEDNESDAYS + weeks_after(WEDNESDAYS[15], 1, 4)


def test_they_go_on_where_those_that_follow_were_moved_to(pair: Pair) -> None:
    """The last three; one of them was moved once more, alone, and the others say where it is."""
    plan = rolling_plan(pair)
    move_together(pair, WEEKS[9], WEDNESDAYS[9], MoveScope.FOLLOWING)
    move(pair, WEDNESDAYS[10], WEDNESDAYS[10] + 2 * DAY)
    assert added(pair, plan)[-4:] == WEDNESDAYS[12:]


def test_a_session_that_moves_alone_takes_none_along(pair: Pair) -> None:
    """What is added stays on Tuesdays at nine."""
    plan = rolling_plan(pair)
    for number in (9, 10):
        move(pair, WEEKS[number], WEDNESDAYS[number])
    assert added(pair, plan) == [*WEEKS[:9], *WEDNESDAYS[9:11], *WEEKS[11:]]


@pytest.mark.parametrize(
    ("days", "skipped"),
    [(3, 0), (-1, 0), (6, 1), (9, 1)],
)
def test_the_last_session_that_moves_alone_does_not_take_the_rhythm_along(
    pair: Pair, days: int, skipped: int
) -> None:
    """To a later or an earlier weekday, where no date may stray at all: what is added comes on
    Tuesdays as before, four days after that session at least; a week that it went into, is its."""
    plan = rolling_plan(pair)
    there = WEEKS[11] + days * DAY
    move(pair, WEEKS[11], there)
    found = added(pair, plan)
    assert found == [*WEEKS[:11], there, *weeks_after(WEEKS[12], skipped, skipped + 3)]
    assert pair.current(plan).runs_short is None


def test_dates_that_are_agreed_on_later_hold_again(pair: Pair) -> None:
    """Moved to Wednesdays, then paused; both agree to Tuesdays, and it rolls on from these."""
    plan = rolling_plan(pair)
    move_together(pair, WEEKS[0], WEDNESDAYS[0], MoveScope.ALL, NOW - timedelta(seconds=1))
    pair.pause(plan, WEDNESDAYS[2])
    pair.deliver()
    later = weeks_after(WEEKS[0], 20, 31)
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    pair.choose(read, later, first_on=later[0].date())
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    pair.roll(later[0])
    pair.deliver()
    assert pair.firm(plan) == [*WEDNESDAYS[:2], *later, *weeks_after(later[11], 1, 4)]
