"""Where the sessions of a course fall, and what each date says of itself."""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from services.booking.domain.calendar import Span
from services.booking.domain.course import SPACING, Placed, place
from services.booking.domain.course_days import are_apart, for_practice, refused, substitutes
from services.booking.domain.refusal import Refusal
from services.booking.domain.rhythm import Pattern, Phase, next_on
from services.booking.domain.schedule import DaysOff, Override, Schedule
from services.booking.domain.slot_rules import Limits, Occupied, SlotRules
from tests.unit.booking.cases import BERLIN, NOTHING, rules_of, second, session
from tests.unit.booking.courses import (
    FIRST_ON,
    NOW,
    Situation,
    hours,
    situations,
    starts_of,
    weekly,
)

MONDAYS = Pattern(FIRST_ON, 10 * 60, weekly(5))
OFFICE = hours(*(f"{day} 09:00-17:00" for day in range(1, 6)))


def rules(schedule: Schedule | None = None, **changed: object) -> SlotRules:
    return rules_of(
        schedule or Schedule(BERLIN, OFFICE),
        **{"minutes": 50, "after": 10, "window_days": 400, **changed},  # type: ignore[arg-type]
    )


def shown(placed: list[Placed]) -> list[str]:
    """The dates as Berlin's clock shows them."""
    return ["-" if one.starts_at is None else _in_berlin(one.starts_at) for one in placed]


def _in_berlin(start: int) -> str:
    return f"{datetime.fromtimestamp(start, ZoneInfo(BERLIN)):%Y-%m-%d %H:%M}"


@given(situations())
def test_what_is_placed_can_be_booked_all_together(situation: Situation) -> None:
    """Every start is a slot, also once all the others are booked; none comes twice."""
    placed = place(situation.rules, situation.occupied, situation.pattern, now=NOW)
    starts = starts_of(placed)
    assert set(starts) <= set(situation.slots)
    assert len(set(starts)) == len(starts)
    assert refused(situation.rules, situation.occupied, starts, now=NOW) == {}


@given(situations())
def test_order_spacing_and_tolerance_are_kept(situation: Situation) -> None:
    """Each session is near its hour and date; neighbours keep their distance in local dates."""
    placed = place(situation.rules, situation.occupied, situation.pattern, now=NOW)
    assert all(situation.strayed(start) is not None for start in starts_of(placed))
    numbered = zip(situation.pattern.rhythm, placed, strict=True)
    for (_, one), (phase, following) in pairwise(numbered):
        if one.starts_at is None or following.starts_at is None:
            continue
        apart = situation.day_of(following.starts_at) - situation.day_of(one.starts_at)
        assert phase.least_days <= apart <= phase.most_days


@given(situations())
def test_every_date_says_why_it_is_where_it_is(situation: Situation) -> None:
    """No reason exactly where it is as preferred; the nearest slot only where it is nowhere."""
    for one in place(situation.rules, situation.occupied, situation.pattern, now=NOW):
        assert (one.reason is None) == (one.starts_at == one.wanted)
        assert one.nearest is None or one.starts_at is None
        if isinstance(one.reason, Refusal):
            assert one.wanted not in situation.slots


@given(situations(most_sessions=3))
def test_all_are_placed_where_there_is_a_way_and_none_strays_less(situation: Situation) -> None:
    """A plain search over every slot finds a way exactly where ours does, and no nearer one."""
    placed = place(situation.rules, situation.occupied, situation.pattern, now=NOW)
    starts, cheapest = starts_of(placed), situation.cheapest()
    assert (len(starts) == len(placed)) == (cheapest is not None)
    if cheapest is not None:
        assert situation.cost(starts) == cheapest


def test_an_open_calendar_gives_the_rhythm_on_the_wall_clock() -> None:
    """Ten o'clock stays ten o'clock over the night on which clocks change."""
    placed = place(rules(), NOTHING, MONDAYS, now=NOW)
    days = ("10-05", "10-12", "10-19", "10-26", "11-02")
    assert shown(placed) == [f"2026-{day} 10:00" for day in days]
    assert {one.reason for one in placed} == {None}
    apart = {later - one for one, later in pairwise(starts_of(placed))}
    assert apart == {7 * 86_400, 7 * 86_400 + 3_600}


def test_a_clash_moves_one_session_within_its_tolerance() -> None:
    """The nearest hour of the same day, and the others stay."""
    taken = Occupied([session("2026-10-12 10:00", 60)], [])
    placed = place(rules(), taken, replace(MONDAYS, tolerance_minutes=60), now=NOW)
    assert shown(placed)[:3] == ["2026-10-05 10:00", "2026-10-12 09:00", "2026-10-19 10:00"]
    assert [one.reason for one in placed][:3] == [None, Refusal.TAKEN, None]


def test_other_days_are_taken_where_the_day_itself_is_off() -> None:
    """A holiday, an override that closes, a time from another calendar: each its own reason."""
    schedule = Schedule(
        BERLIN,
        OFFICE,
        overrides=(Override(date(2026, 10, 19)),),
        days_off=(DaysOff(date(2026, 10, 12), date(2026, 10, 12)),),
    )
    busy = Occupied(busy=[Span(second("2026-10-26 08:00", BERLIN), second("2026-10-26 18:00"))])
    placed = place(rules(schedule), busy, replace(MONDAYS, tolerance_days=1), now=NOW)
    assert shown(placed)[1:4] == ["2026-10-13 10:00", "2026-10-20 10:00", "2026-10-27 10:00"]
    assert [one.reason for one in placed][1:4] == [
        Refusal.TIME_OFF,
        Refusal.OUTSIDE_HOURS,
        Refusal.BUSY,
    ]


def test_weeks_of_leave_are_skipped_and_the_rhythm_goes_on_after_them() -> None:
    """The course ends so much later; only the date that moved on says why."""
    schedule = Schedule(BERLIN, OFFICE, days_off=(DaysOff(date(2026, 10, 12), date(2026, 10, 23)),))
    placed = place(rules(schedule), NOTHING, MONDAYS, now=NOW)
    days = ("10-05", "10-26", "11-02", "11-09", "11-16")
    assert shown(placed) == [f"2026-{day} 10:00" for day in days]
    assert [one.reason for one in placed] == [None, Refusal.TIME_OFF, None, None, None]


def test_leave_beyond_the_spacing_leaves_one_date_open_and_names_the_nearest() -> None:
    """The others are shown around it, so that people see what is at stake."""
    schedule = Schedule(BERLIN, OFFICE, days_off=(DaysOff(date(2026, 10, 12), date(2026, 10, 23)),))
    pattern = replace(MONDAYS, phases=weekly(4, most=14))
    placed = place(rules(schedule), NOTHING, pattern, now=NOW)
    assert shown(placed) == ["2026-10-05 10:00", "-", "2026-10-26 10:00", "2026-11-02 10:00"]
    gap = placed[1]
    assert gap.reason is Refusal.TIME_OFF
    assert gap.nearest == second("2026-10-09 16:00", BERLIN)


def test_phases_have_spacings_of_their_own() -> None:
    """Weekly, then fortnightly: as in a plan of a medium term."""
    pattern = replace(MONDAYS, phases=(*weekly(3), Phase(2, 2, 10, 21)))
    placed = place(rules(), NOTHING, pattern, now=NOW)
    days = ("10-05", "10-12", "10-19", "11-02", "11-16")
    assert shown(placed) == [f"2026-{day} 10:00" for day in days]


def test_a_week_that_the_course_itself_fills_is_not_used_twice() -> None:
    """At most one a week: the second may not move into the week of the first."""
    schedule = Schedule(
        BERLIN,
        hours("1 10:00-11:00", "7 10:00-11:00"),
        days_off=(DaysOff(date(2026, 10, 12), date(2026, 10, 12)),),
    )
    taken = Occupied([session("2026-10-04 10:00")], [])
    pattern = Pattern(FIRST_ON, 600, weekly(2, most=7), tolerance_days=1)
    free = place(rules(schedule), taken, pattern, now=NOW)
    limited = place(rules(schedule, limits=Limits(max_per_week=1)), taken, pattern, now=NOW)
    assert shown(free) == ["2026-10-05 10:00", "2026-10-11 10:00"]
    assert shown(limited) == ["2026-10-05 10:00", "-"]


def test_a_moved_session_can_push_its_neighbour() -> None:
    """The date that was free says that it keeps its distance."""
    taken = Occupied([session("2026-10-12 10:00", 60)], [])
    schedule = Schedule(BERLIN, hours("1 10:00-11:00", "2 10:00-11:00", "3 10:00-11:00"))
    pattern = Pattern(FIRST_ON, 600, weekly(3, least=7, most=8), tolerance_days=2)
    placed = place(rules(schedule), taken, pattern, now=NOW)
    assert shown(placed) == ["2026-10-05 10:00", "2026-10-13 10:00", "2026-10-20 10:00"]
    assert [one.reason for one in placed] == [None, Refusal.TAKEN, SPACING]


def test_a_practice_is_bound_neither_by_notice_nor_by_the_window() -> None:
    """They say how soon and how far ahead clients may book."""
    strict = rules(notice_minutes=60 * 24 * 30, window_days=14)
    assert "-" in shown(place(strict, NOTHING, MONDAYS, now=NOW))
    assert "-" not in shown(place(for_practice(strict), NOTHING, MONDAYS, now=NOW))


def test_starts_that_do_not_go_together_are_told() -> None:
    """Asked as if the others were booked: overlapping, taken, or one too many in a week."""
    taken = Occupied([session("2026-10-12 10:00", 60)], [])
    starts = [second(f"2026-10-{day} 10:00", BERLIN) for day in ("05", "12", "19")]
    assert refused(rules(), taken, starts, now=NOW) == {starts[1]: Refusal.TAKEN}
    near = [starts[0], starts[0] + 1_800]
    assert set(refused(rules(), NOTHING, near, now=NOW)) == set(near)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("opens", {"opens": 601}),
        ("opens", {"opens": 1_440}),
        ("tolerance_days", {"tolerance_days": 4}),
        ("tolerance_minutes", {"tolerance_minutes": 1_440}),
        ("phases", {"phases": ()}),
        ("phases", {"phases": weekly(40) + weekly(30)}),
    ],
)
def test_what_is_no_pattern_is_refused_by_field(name: str, changed: dict[str, object]) -> None:
    """The field's name begins the sentence."""
    with pytest.raises(ValueError, match=f"^{name}:"):
        replace(MONDAYS, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sessions", (0, 1, 4, 7)),
        ("sessions", (61, 1, 4, 7)),
        ("every_weeks", (1, 0, 4, 7)),
        ("every_weeks", (1, 105, 4, 735)),
        ("least_days", (1, 1, 3, 7)),
        ("least_days", (1, 1, 8, 7)),
        ("most_days", (1, 2, 4, 13)),
    ],
)
def test_a_spacing_that_its_rhythm_breaks_is_refused_by_field(
    name: str, told: tuple[int, int, int, int]
) -> None:
    """What cannot hold is not asked of a calendar."""
    with pytest.raises(ValueError, match=f"^{name}:"):
        Phase(*told)


def test_what_went_is_replaced_by_what_goes_with_the_rest() -> None:
    """Order and distance are kept, also among the times that are proposed."""
    starts = [second(f"2026-10-{day} 10:00", BERLIN) for day in ("05", "12", "19")]
    taken = Occupied([session(f"2026-10-{day} 10:00", 60) for day in ("12", "19")], [])
    found = substitutes(rules(), taken, starts, starts[1:], now=NOW)
    assert found == [start - 3_600 for start in starts[1:]]
    assert (
        refused(rules(), taken, [starts[0], *(one for one in found if one is not None)], now=NOW)
        == {}
    )


def test_nothing_is_proposed_where_nothing_goes() -> None:
    """A calendar on leave for a month has no other time."""
    leave = Schedule(BERLIN, OFFICE, days_off=(DaysOff(date(2026, 10, 6), date(2026, 11, 10)),))
    starts = [second(f"2026-10-{day} 10:00", BERLIN) for day in ("05", "19")]
    assert substitutes(rules(leave), NOTHING, starts, starts[1:], now=NOW) == [None]


@given(situations())
def test_what_is_placed_is_apart(situation: Situation) -> None:
    """What is proposed may be booked: the distance that booking asks for is kept."""
    placed = place(situation.rules, situation.occupied, situation.pattern, now=NOW)
    starts = starts_of(placed)
    assert not starts or are_apart(situation.rules, starts)


def test_starts_that_are_out_of_order_or_too_near_are_not_apart() -> None:
    """Three local dates are one too few; four are enough, whatever the hours."""
    first, near, far = (
        second(f"2026-10-{text}", BERLIN) for text in ("05 10:00", "08 16:00", "09 09:00")
    )
    assert are_apart(rules(), [first, far])
    assert not are_apart(rules(), [first, near])
    assert not are_apart(rules(), [far, first])


@pytest.mark.parametrize(
    ("last", "weeks", "following"),
    [
        ("2026-11-03", 1, "2026-11-10"),
        ("2026-11-05", 1, "2026-11-10"),
        ("2026-11-01", 2, "2026-11-17"),
        ("2026-10-31", 1, "2026-11-10"),
        ("2026-10-30", 1, "2026-11-03"),
    ],
)
def test_a_rhythm_goes_on_at_its_weekday(last: str, weeks: int, following: str) -> None:
    """Tuesdays, also from a last session that had to move: the nearest one."""
    first_on = date(2026, 10, 6)
    assert next_on(first_on, date.fromisoformat(last), weeks) == date.fromisoformat(following)
