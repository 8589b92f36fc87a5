"""Sessions of a course that move together keep their order and their distance."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.booking.domain.calendar import Span
from services.booking.domain.course import Placed, place
from services.booking.domain.course_days import for_practice
from services.booking.domain.rhythm import span_of, usual_of
from services.booking.domain.schedule import Schedule
from services.booking.domain.series import (
    Break,
    Own,
    Target,
    breaks,
    check_day,
    leaving_out,
    pattern_of,
)
from services.booking.domain.slot_rules import Occupied, SlotRules
from services.contracts.booking.series import BreakKind
from tests.unit.booking.cases import BERLIN, OWN, rules_of, second, session
from tests.unit.booking.courses import NOW, hours

ZONE = ZoneInfo(BERLIN)
ALL_WEEK = hours(*(f"{day} 08:00-20:00" for day in range(1, 8)))
FIRST = datetime(2026, 10, 6, 10, tzinfo=ZONE)
"""A Tuesday; the clock falls back nineteen days later."""


def rules() -> SlotRules:
    return for_practice(rules_of(Schedule(BERLIN, ALL_WEEK), increment=60, minutes=50))


def starts(weeks: Sequence[int], strays: Sequence[int] = ()) -> list[datetime]:
    """Local starts, so many weeks from one to the next; each may lie some days off its Tuesday."""
    on, found = FIRST.date(), []
    for number, apart in enumerate([0, *weeks]):
        on += timedelta(weeks=apart)
        stray = timedelta(days=strays[number] if number < len(strays) else 0)
        found.append(datetime.combine(on + stray, FIRST.time(), ZONE))
    return found


def moved_to(days: int, hour: int) -> datetime:
    return datetime.combine(FIRST.date() + timedelta(days=days), time(hour))


def placed(course: list[datetime], target: Target, occupied: Occupied) -> list[Placed]:
    return place(rules(), occupied, pattern_of(course, target), now=NOW)


def local(at: int) -> datetime:
    return datetime.fromtimestamp(at, ZONE)


def weeks_between(dates: Sequence[date]) -> list[int]:
    return [round((later - one).days / 7) for one, later in pairwise(dates)]


@given(
    st.lists(st.integers(1, 5), max_size=8),
    st.lists(st.integers(-1, 1), max_size=9),
    st.integers(0, 40),
    st.integers(8, 18),
)
def test_in_a_free_calendar_all_go_to_the_new_weekday_and_hour(
    weeks: list[int], strays: list[int], days: int, hour: int
) -> None:
    """As many weeks apart as before, across the change of clocks, also those that had strayed."""
    course = starts(weeks, strays)
    to = moved_to(days, hour)
    found = placed(course, Target(course[0].replace(tzinfo=None), to), Occupied())
    at = [local(one.starts_at) for one in found if one.starts_at is not None]
    assert len(at) == len(course)
    assert all(one.reason is None for one in found)
    assert {(one.weekday(), one.hour) for one in at} == {(to.weekday(), hour)}
    assert at[0].date() == course[0].date() + (to.date() - course[0].date())
    assert weeks_between([one.date() for one in at]) == weeks_between(
        [one.date() for one in course]
    )


@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 60), st.integers(8, 18)), max_size=40),
    st.integers(-1, 9),
    st.integers(0, 3),
    st.sampled_from((0, 60, 180)),
)
def test_around_others_they_stay_in_order_apart_and_within_the_tolerance(
    weeks: list[int],
    others: list[tuple[int, int]],
    days: int,
    tolerance: int,
    minutes: int,
) -> None:
    """Each is on a free slot near where it is wanted, or is told to have none."""
    course = starts(weeks)
    busy = [
        session(f"{FIRST.date() + timedelta(days=day)} {hour:02}:00", 60) for day, hour in others
    ]
    target = Target(course[0].replace(tzinfo=None), moved_to(days, 12), tolerance, minutes, 1)
    found = placed(course, target, Occupied(busy))
    at = [local(one.starts_at) for one in found if one.starts_at is not None]
    apart = [(later.date() - one.date()).days for one, later in pairwise(at)]
    assert all(days >= 4 for days in apart)
    assert not {one.starts_at for one in found} & {one.starts_at for one in busy}
    for one in found:
        if one.starts_at is None:
            assert one.reason is not None
            continue
        wanted, there = local(one.wanted), local(one.starts_at)
        assert -tolerance <= (there.date() - wanted.date()).days <= 7 + tolerance
        strayed = datetime.combine(wanted, there.time()) - wanted.replace(tzinfo=None)
        assert abs(strayed) <= timedelta(minutes=minutes)


def test_the_one_that_is_named_may_be_in_their_midst() -> None:
    """All move as it does; where an earlier one had strayed, the rhythm is that of the named."""
    course = starts([1, 1], [1, 0, 0])
    found = placed(course, Target(course[1].replace(tzinfo=None), moved_to(9, 12)), Occupied())
    days = [local(one.starts_at).date() for one in found if one.starts_at is not None]
    assert days == [date(2026, 10, 8), date(2026, 10, 15), date(2026, 10, 22)]


def test_their_own_old_times_are_not_in_the_way() -> None:
    """Of the practitioner, of the client, of the room; those of others are."""
    own = session("2026-10-06 10:00", 60, offering=OWN)
    other = session("2026-10-06 12:00", 60, offering=OWN)
    mine, theirs = (Span(one.starts_at, one.starts_at + 3_600) for one in (own, other))
    occupied = Occupied([own, other], [], [[mine, theirs], [mine]], [mine, theirs])
    left = leaving_out(occupied, [Own(*mine, 0)], OWN)
    assert left == Occupied([other], [], [[theirs], [mine]], [theirs])


def seams(*moved: tuple[int, str]) -> list[Break]:
    """What breaks in four Tuesdays when some go elsewhere."""
    before = [second(f"2026-10-{day} 10:00", BERLIN) for day in ("06", "13", "20", "27")]
    after = list(before)
    for number, text in moved:
        after[number] = second(text, BERLIN)
    return breaks(before, after, BERLIN)


@pytest.mark.parametrize(
    ("moved", "found"),
    [
        ([(1, "2026-10-14 16:00")], []),
        ([(1, "2026-10-10 10:00")], []),
        ([(1, "2026-10-09 10:00")], [(BreakKind.TOO_NEAR, 7, 3), (BreakKind.SPACING, 7, 11)]),
        ([(1, "2026-10-05 10:00")], [(BreakKind.ORDER, 7, -1), (BreakKind.SPACING, 7, 15)]),
        ([(1, "2026-10-20 12:00")], [(BreakKind.SPACING, 7, 14), (BreakKind.ORDER, 7, 0)]),
        ([(2, "2026-11-03 10:00"), (3, "2026-11-10 10:00")], [(BreakKind.SPACING, 7, 21)]),
        ([(0, "2026-10-07 10:00"), (1, "2026-10-14 10:00")], []),
        ([(2, "2026-10-22 10:00"), (3, "2026-11-12 10:00")], []),
        ([(2, "2026-10-23 10:00"), (3, "2026-10-26 10:00")], [(BreakKind.TOO_NEAR, 7, 3)]),
        (
            [(2, "2026-10-28 10:00"), (3, "2026-10-21 10:00")],
            [(BreakKind.SPACING, 7, 15), (BreakKind.ORDER, 7, -7)],
        ),
    ],
)
def test_what_a_move_breaks_is_told_where_it_meets_its_neighbour(
    moved: list[tuple[int, str]], found: list[tuple[BreakKind, int, int]]
) -> None:
    """Order, four dates between, and distances that change by more than three days; local dates.
    Between two that move a week may be left out."""
    told = [(one.kind, one.days_before, one.days_after) for one in seams(*moved)]
    assert told == found


def test_a_break_names_both_sessions() -> None:
    """The one that moves, where it would be, and the one that stays."""
    [first, _] = seams((1, "2026-10-05 10:00"))
    assert first.moved == second("2026-10-05 10:00", BERLIN)
    assert first.neighbour == second("2026-10-06 10:00", BERLIN)


def test_what_is_no_time_of_the_grid_is_refused_by_name() -> None:
    """Also without other sessions."""
    with pytest.raises(ValueError, match="opens"):
        pattern_of(starts([]), Target(FIRST, datetime(2026, 10, 6, 10, 2)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("days", "is_refused"), [(-1, True), (0, False), (730, False), (731, True)]
)
def test_a_day_that_has_passed_or_cannot_be_booked_is_refused_by_name(
    days: int, is_refused: bool
) -> None:
    """Today still counts; two years ahead the longest window ends."""
    today = FIRST.date()
    with pytest.raises(ValueError, match="on: ") if is_refused else nullcontext():
        check_day(today + timedelta(days=days), today)


def test_a_long_break_stays_as_long() -> None:
    """Half a year between two parts of a plan is no week."""
    course = starts([1, 26])
    found = placed(course, Target(FIRST.replace(tzinfo=None), moved_to(1, 10)), Occupied())
    days = [local(one.starts_at).date() for one in found if one.starts_at is not None]
    assert weeks_between(days) == [1, 26]
    assert span_of(pattern_of(course, Target(FIRST, moved_to(1, 10))))[1] > datetime(
        2027, 4, 1, tzinfo=UTC
    )


def test_where_most_were_moved_to_is_usual() -> None:
    """By weekday and hour of the clock, also over its change; of as many on two the later one."""
    tuesdays = starts([1, 1, 1], [0, 1, 0, 0])
    assert usual_of(tuesdays) == tuesdays[3]
    assert usual_of([*tuesdays, tuesdays[3] + timedelta(days=8)]) == tuesdays[3]
    assert usual_of(starts([1], [0, 1])) == FIRST + timedelta(days=8)
