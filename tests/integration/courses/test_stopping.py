"""Plans that are paused, gone on with, and ended before their last session."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import InvalidInput
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Move, PlanState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.reviews import Decision
from services.contracts.plans.views import PlanView
from services.plans.domain.course import count
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair

TUESDAYS = [at(9, days=7 + 14 * number) for number in range(6)]


def active(pair: Pair, starts: Sequence[datetime] = TUESDAYS) -> PlanView:
    """A plan whose six sessions are booked."""
    plan = pair.proposed(starts)
    pair.agree(plan)
    pair.deliver()
    return plan


def test_a_pause_gives_sessions_back_and_going_on_places_the_rest_anew(pair: Pair) -> None:
    """Two took place; the client hears of it once, and agrees to the dates of the other four."""
    plan = active(pair)
    paused = pair.pause(plan, TUESDAYS[2])
    assert paused.dates.current is not None
    assert (paused.state, paused.dates.current.state) == (PlanState.ACTIVE, CourseState.STOPPED)
    assert (paused.dates.may_choose, count(paused.dates.to_place)) == (True, 4)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:2]
    told = pair.practice.events("booking_cancelled")
    assert [one["is_first"] for one in told] == [True, False, False, False]
    assert {one["refund_percent"] for one in told} == {100}
    later = [at(9, days=91 + 14 * number) for number in range(4)]
    chosen = pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), later)
    assert chosen.dates.placed_before == 2
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:2] + later
    assert pair.desk.read(plan.id, pair.desk.practitioner).dates.to_place == []


def test_a_pause_again_and_of_nothing(pair: Pair) -> None:
    """Repeated it changes nothing; without booked sessions there is nothing to pause."""
    plan = active(pair)
    assert pair.pause(plan, TUESDAYS[2]) == pair.pause(plan, TUESDAYS[2])
    other = pair.another_client(at(11))
    with pytest.raises(MoveRefused):
        other.pause(other.proposed([at(12, days=7 + 14 * week) for week in range(6)]), NOW)


def test_a_pause_does_not_begin_on_a_day_that_is_over(pair: Pair) -> None:
    """A wrong year would give everything back; today's midnight is still today."""
    plan = active(pair)
    with pytest.raises(InvalidInput) as refused:
        pair.pause(plan, NOW - timedelta(days=2))
    assert refused.value.detail == {"from_at": "lies in the past"}
    assert pair.firm(plan) == TUESDAYS
    pair.pause(plan, NOW - timedelta(hours=8))
    pair.deliver()
    assert pair.firm(plan) == []


def test_a_pause_may_begin_earlier_than_was_said(pair: Pair) -> None:
    """The sessions between are given back too; a later day changes nothing."""
    plan = active(pair)
    pair.pause(plan, TUESDAYS[4])
    pair.deliver()
    paused = pair.pause(plan, TUESDAYS[2])
    assert pair.current(plan).stopped_from == TUESDAYS[2]
    assert (paused.dates.may_pause, count(paused.dates.to_place)) == (True, 4)
    assert pair.pause(plan, TUESDAYS[5]) == paused
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:2]


def test_what_is_booked_can_be_paused_while_other_dates_wait(pair: Pair) -> None:
    """The dates that nobody agreed to are taken back, for now more have to be placed; while dates
    are being booked there is no pause."""
    plan = active(pair)
    pair.pause(plan, TUESDAYS[4])
    later = [at(9, days=91 + 14 * number) for number in range(2)]
    chosen = pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), later)
    assert chosen.dates.may_pause
    paused = pair.pause(plan, TUESDAYS[2])
    assert (pair.current(plan).state, paused.dates.may_agree) == (CourseState.STOPPED, False)
    assert count(paused.dates.to_place) == 4
    pair.choose(paused, [*later, *(at(9, days=119 + 14 * number) for number in range(2))])
    pair.agree_to_dates(plan, 3)
    with pytest.raises(MoveRefused):
        pair.pause(plan, TUESDAYS[2])


def test_further_dates_come_after_the_sessions_that_stay(pair: Pair) -> None:
    """Never before the last of them, nor in the days after it; booking counts local dates."""
    plan = active(pair)
    paused = pair.pause(plan, TUESDAYS[2])
    pair.deliver()
    later = [at(9, days=91 + 14 * number) for number in range(3)]
    for first in (at(11, days=8), at(10, days=23)):
        with pytest.raises(InvalidInput) as refused:
            pair.choose(paused, [first, *later])
        assert set(refused.value.detail) == {"starts", "after"}
    third_day = at(10, days=24)
    pair.choose(paused, [third_day, *later])
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    assert (pair.current(plan).flaw, pair.current(plan).gone) == (
        WhyRefused.DATES_GONE,
        [third_day],
    )
    again = pair.desk.read(plan.id, pair.desk.practitioner)
    pair.choose(again, [at(10, days=27), *later])
    pair.agree_to_dates(plan, 3)
    pair.deliver()
    assert pair.firm(plan) == [*TUESDAYS[:2], at(10, days=27), *later]


def test_an_end_by_the_practitioner_costs_the_client_nothing(pair: Pair) -> None:
    """All is cancelled whole, tomorrow's session too, for which the policy would keep half."""
    plan = active(pair, [at(11, days=14 * number) for number in range(6)])
    pair.desk.move(plan, Move.END)
    pair.deliver()
    assert pair.firm(plan) == []
    told = pair.practice.events("booking_cancelled")
    assert {(one["refund_percent"], one["is_late"]) for one in told} == {(100, False)}
    assert {one["is_by_practitioner"] for one in told} == {True}


def test_an_end_by_a_review_gives_back_what_is_to_come(pair: Pair) -> None:
    """As when the plan is ended by hand: nothing stays booked or owed; said twice it is one."""
    plan = active(pair)
    pair.desk.move(plan, Move.REVIEW)
    once = uuid7()
    for _ in range(2):
        assert pair.review(plan, Decision.END, once).state is PlanState.ENDED
    pair.deliver()
    assert pair.firm(plan) == []
    told = pair.practice.events("booking_cancelled")
    assert [one["refund_percent"] for one in told] == [100] * 6


def test_an_end_by_the_client_is_on_the_terms_of_each_session(pair: Pair) -> None:
    """Half for the one that begins in a little more than a day, free for the others."""
    plan = active(pair, [at(11, days=14 * number) for number in range(6)])
    pair.desk.move(plan, Move.END, pair.desk.client)
    pair.deliver()
    told = pair.practice.events("booking_cancelled")
    assert [(one["refund_percent"], one["is_late"]) for one in told] == [
        (50, True),
        *[(100, False)] * 5,
    ]
    assert pair.firm(plan) == []


def test_an_end_that_booking_hears_of_late_costs_what_it_cost_when_it_was_said(pair: Pair) -> None:
    """Said nine days ahead, heard after the first session's hour: that one is given back too, and
    nothing is owed for it or for the next."""
    plan = active(pair)
    pair.desk.move(plan, Move.END, pair.desk.client)
    pair.deliver_to_booking(TUESDAYS[0] + timedelta(hours=1))
    told = pair.practice.events("booking_cancelled")
    assert [(one["refund_percent"], one["is_late"]) for one in told] == [(100, False)] * 6
    assert pair.firm(plan) == []


def test_an_end_during_a_pause_ends_what_was_left_of_it(pair: Pair) -> None:
    """The sessions before the pause's beginning are given back too."""
    plan = active(pair)
    pair.pause(plan, TUESDAYS[4])
    pair.deliver()
    assert pair.firm(plan) == TUESDAYS[:4]
    pair.desk.move(plan, Move.END)
    pair.deliver()
    assert pair.firm(plan) == []


def test_one_mail_tells_of_all_courses_that_an_end_gives_back(pair: Pair) -> None:
    """The first session's event names all others, of whichever course."""
    plan = active(pair)
    pair.pause(plan, TUESDAYS[4])
    pair.deliver()
    later = [at(9, days=91 + 14 * number) for number in range(2)]
    pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), later)
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    pair.desk.move(plan, Move.END)
    pair.deliver()
    [*_, first, second, third, fourth, fifth, sixth] = pair.practice.events("booking_cancelled")
    others = [second, third, fourth, fifth, sixth]
    assert [one["is_first"] for one in (first, *others)] == [True] + [False] * 5
    assert first["also"] == [one["booking_id"] for one in others]
    assert len({one["course_id"] for one in (first, *others)}) == 2
    assert all(one["also"] == [] for one in others)
