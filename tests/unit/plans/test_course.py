"""Which sessions of a plan are placed, who may choose their dates, and who agrees to them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.plans.content import (
    Move,
    Party,
    Phase,
    PlanState,
    Shape,
    Stretch,
    VersionState,
)
from services.contracts.plans.courses import CourseState
from services.plans.catalogue import load_templates
from services.plans.domain.course import (
    Booked,
    added_at_once,
    are_in_order,
    count,
    follows_on,
    is_paused,
    is_shown,
    last_kept,
    last_pause,
    may_agree,
    may_choose,
    may_pause,
    rest_of,
    rhythm_after,
    rolls_at,
    surplus,
    to_place,
)
from services.plans.domain.lifecycle import Standing, course_booked, is_allowed

FIRST = datetime(2093, 11, 24, 8, 0, tzinfo=UTC)
ROLLS = [(1, 11, 4), (2, 10, 2), (6, 6, 1), (12, 0, 1)]
WEEKLY = [Stretch(weeks_apart=1, sessions=2)]


def weekly(number: int) -> list[datetime]:
    return [FIRST + timedelta(weeks=week) for week in range(number)]


def shape(sessions: int | None, *rhythm: tuple[int, int | None]) -> Shape:
    stretches = [Stretch(weeks_apart=weeks, sessions=number) for weeks, number in rhythm]
    return Shape(sessions=sessions, rhythm=stretches, phases=[Phase(name="All")])


def pairs(stretches: list[Stretch]) -> list[tuple[int, int | None]]:
    return [(one.weeks_apart, one.sessions) for one in stretches]


PAUSE = FIRST + timedelta(weeks=2)
FOR_EVER, STOPPED = Booked(weekly(4), None), Booked(weekly(4), PAUSE)


@pytest.mark.parametrize(
    ("template", "placed"),
    [
        ("interpersonal-therapy-short", [(1, 14)]),
        ("medium-term", [(1, 12), (2, 12)]),
        ("open-ended", [(1, 12)]),
        ("coaching", [(2, 6)]),
    ],
)
def test_a_template_is_placed_in_its_rhythm(
    template: str, placed: list[tuple[int, int | None]]
) -> None:
    """All sessions; of a plan without an end those of twelve weeks."""
    assert pairs(to_place(load_templates()[template].shape, [])) == placed


@pytest.mark.parametrize(
    ("sessions", "now", "given_back"),
    [
        (4, FIRST, weekly(6)[4:]),
        (6, FIRST, []),
        (4, weekly(6)[4], weekly(6)[5:]),
        (None, FIRST, []),
    ],
)
def test_a_shorter_plan_has_no_place_for_the_last_sessions(
    sessions: int | None, now: datetime, given_back: list[datetime]
) -> None:
    """Those that are to come; what was held stays, and a plan without an end has place for all."""
    found = [Booked(weekly(2), None), Booked(weekly(6)[2:], None)]
    assert surplus(shape(sessions, (1, None)), found, now) == given_back
    assert surplus(shape(sessions, (1, None)), [Booked(weekly(6), weekly(6)[4])], FIRST) == []


def test_what_was_booked_is_not_placed_again() -> None:
    """The rest follows in the rhythm that it falls into; what was given back is placed anew."""
    two_parts = shape(24, (1, 12), (2, None))
    assert to_place(two_parts, [Booked(weekly(24), None)]) == []
    stopped = Booked(weekly(12), FIRST + timedelta(weeks=10))
    assert pairs(to_place(two_parts, [stopped])) == [(1, 2), (2, 12)]


def test_a_plan_without_an_end_is_placed_again_only_after_a_stop() -> None:
    """While its course goes on, that rolls by itself."""
    open_ended = shape(None, (2, None))
    assert pairs(to_place(open_ended, [])) == [(2, 6)]
    assert to_place(open_ended, [Booked(weekly(6), None)]) == []
    assert pairs(to_place(open_ended, [Booked(weekly(6), FIRST)])) == [(2, 6)]


@given(
    sessions=st.integers(1, 200),
    done=st.integers(0, 60),
    parts=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 40)), max_size=2),
    last=st.integers(1, 12),
)
def test_never_more_is_placed_than_is_left_or_a_course_holds(
    sessions: int, done: int, parts: list[tuple[int, int]], last: int
) -> None:
    """And never less, while there are sessions left."""
    left = to_place(shape(sessions, *parts, (last, None)), [Booked(weekly(done), None)])
    assert count(left) == min(60, max(0, sessions - done))
    assert all(one.sessions for one in left)


@pytest.mark.parametrize(
    ("done", "left"),
    [
        (0, [(1, 20), (2, None)]),
        (12, [(1, 8), (2, None)]),
        (20, [(2, None)]),
        (26, [(2, None)]),
    ],
)
def test_only_a_plan_without_an_end_rolls(done: int, left: list[tuple[int, int | None]]) -> None:
    """In the rhythm that its own parts have after what is booked."""
    found = rhythm_after(shape(None, (1, 20), (2, None)), done)
    assert [(one.weeks_apart, one.sessions) for one in found] == left
    assert rhythm_after(shape(12, (1, None)), done) == []


@given(st.lists(st.integers(1, 9), max_size=3), st.integers(0, 30), st.integers(0, 30))
def test_a_rhythm_is_used_up_in_any_portions(parts: list[int], one: int, more: int) -> None:
    """Some sessions and then some more leave what both together leave, never less than nothing."""
    rhythm = [Stretch(weeks_apart=1 + n, sessions=count) for n, count in enumerate(parts)]
    rhythm.append(Stretch(weeks_apart=2))
    assert rest_of(rest_of(rhythm, one), more) == rest_of(rhythm, one + more)
    left = rest_of(rhythm, one)[:-1]
    assert sum(it.sessions or 0 for it in left) == max(sum(parts) - one, 0)


def test_what_is_added_keeps_to_one_rhythm() -> None:
    """Not more than the part has left, so that its last session is not followed too soon."""
    assert added_at_once(Stretch(weeks_apart=1, sessions=2)) == 2
    assert added_at_once(Stretch(weeks_apart=1, sessions=8)) == 4


@pytest.mark.parametrize(("apart", "ahead", "added"), ROLLS)
def test_it_rolls_once_less_than_twelve_weeks_are_booked(
    apart: int, ahead: int, added: int
) -> None:
    """Then the next session would be within them; four weeks are added, or one session."""
    assert rolls_at(FIRST, apart) == FIRST - timedelta(weeks=ahead)
    assert added_at_once(Stretch(weeks_apart=apart)) == added


def test_dates_come_in_order_and_apart() -> None:
    """Never two in one gap; booking counts local dates."""
    assert are_in_order(weekly(3))
    assert not are_in_order([FIRST, FIRST])
    assert not are_in_order([FIRST, FIRST + timedelta(days=2)])
    assert not are_in_order(weekly(2)[::-1])


@pytest.mark.parametrize(
    ("days", "follows"), [(-3, False), (0, False), (2, False), (3, False), (4, True), (30, True)]
)
def test_further_dates_come_after_what_stands(days: int, follows: bool) -> None:
    """Of all courses the last session that was not given back counts; without any, all follow."""
    given_back = Booked(weekly(9), FIRST)
    stands = last_kept([FOR_EVER, STOPPED, given_back])
    assert stands == FOR_EVER.starts[-1]
    starts = [stands + timedelta(days=days), stands + timedelta(days=60)]
    assert follows_on(stands, starts) == follows
    assert last_kept([given_back]) is None
    assert follows_on(None, starts)


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("open_", [None, *VersionState])
@pytest.mark.parametrize("current", [None, *CourseState])
def test_who_may_choose_and_agree(
    state: PlanState, open_: VersionState | None, current: CourseState | None
) -> None:
    """Each from each state: only the practitioner chooses, only the client agrees."""
    standing = Standing(state, open_)
    is_free = open_ is not VersionState.PROPOSED and current is not CourseState.AGREED
    chooses = state is not PlanState.ENDED and is_free
    assert may_choose(standing, current, WEEKLY, Party.PRACTITIONER) == chooses
    assert not may_choose(standing, current, [], Party.PRACTITIONER)
    assert not may_choose(standing, current, WEEKLY, Party.CLIENT)
    is_signed = state in (PlanState.AGREED, PlanState.ACTIVE, PlanState.IN_REVIEW)
    agrees = is_signed and open_ is None and current is CourseState.CHOSEN
    assert may_agree(standing, current, Party.CLIENT) == agrees
    assert not may_agree(standing, current, Party.PRACTITIONER)


@pytest.mark.parametrize("state", PlanState)
@pytest.mark.parametrize("is_being_booked", [False, True])
@pytest.mark.parametrize("booked", [[], [FOR_EVER], [STOPPED], [FOR_EVER, STOPPED]])
def test_who_may_pause(state: PlanState, is_being_booked: bool, booked: list[Booked]) -> None:
    """The practitioner, what goes on, while the plan is under way and no other dates are booked."""
    standing = Standing(state, None, is_being_booked)
    is_under_way = state not in (PlanState.DRAFT, PlanState.ENDED)
    pauses = FOR_EVER in booked and is_under_way and not is_being_booked
    assert may_pause(standing, booked, PAUSE, Party.PRACTITIONER) == pauses
    assert not may_pause(standing, booked, PAUSE, Party.CLIENT)


def test_a_pause_may_begin_earlier() -> None:
    """What goes on until a later day is paused from this one; from a later day it is already,
    unless other dates are being booked."""
    standing = Standing(PlanState.ACTIVE, None)
    for earlier, pauses in [(timedelta(days=1), True), (timedelta(), False)]:
        at = PAUSE - earlier
        assert may_pause(standing, [STOPPED], at, Party.PRACTITIONER) == pauses
        assert is_paused(standing, [STOPPED], at) != pauses
    assert not is_paused(standing, [FOR_EVER, STOPPED], PAUSE)
    assert not is_paused(standing, [], PAUSE)
    being_booked = Standing(PlanState.ACTIVE, None, is_being_booked=True)
    assert not is_paused(being_booked, [STOPPED], PAUSE)


@pytest.mark.parametrize(("weeks", "until"), [(0, 3), (2, 5)])
def test_a_pause_begins_in_what_is_booked(weeks: int, until: int) -> None:
    """With the last session, or where the next one would be added; and always at once."""
    assert last_pause([FOR_EVER], weeks, FIRST) == FIRST + timedelta(weeks=until)
    for nothing_to_come in ([], [FOR_EVER]):
        later = FIRST + timedelta(weeks=20)
        assert last_pause(nothing_to_come, weeks, later) == later


def test_dates_on_the_desk_are_the_practitioners() -> None:
    """A client sees them with the version that they go with."""
    desk = Standing(PlanState.AGREED, VersionState.DRAFT)
    assert is_shown(desk, CourseState.CHOSEN, Party.PRACTITIONER)
    assert not is_shown(desk, CourseState.CHOSEN, Party.CLIENT)
    assert is_shown(desk, CourseState.REFUSED, Party.CLIENT)
    proposed = Standing(PlanState.DRAFT, VersionState.PROPOSED)
    assert is_shown(proposed, CourseState.CHOSEN, Party.CLIENT)


def test_a_booked_course_begins_what_is_agreed_and_nothing_else() -> None:
    """What was ended meanwhile stays so."""
    led = {state: course_booked(state) for state in PlanState}
    assert led.pop(PlanState.AGREED) is PlanState.ACTIVE
    assert all(before is after for before, after in led.items())


def test_nothing_is_begun_by_hand_while_it_is_being_booked() -> None:
    """The twin beside it: without the course the same plan is."""
    being_booked = Standing(PlanState.AGREED, None, is_being_booked=True)
    assert not is_allowed(being_booked, Move.BEGIN, Party.PRACTITIONER)
    assert is_allowed(Standing(PlanState.AGREED, None), Move.BEGIN, Party.PRACTITIONER)
