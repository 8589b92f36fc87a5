"""Plans without an end: dates are added in time, told once, stopped by a pause or end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from uuid_utils.compat import uuid7

from deploy.local.stack import Stack
from services.booking.models import Booking, Offering, TimeOff
from services.booking.operations import reschedule, setup
from services.common.auth import service_actor
from services.contracts.booking.bookings import RescheduleBooking
from services.contracts.booking.planned import WhyRefused
from services.contracts.plans.content import Move, Stretch
from services.contracts.plans.courses import CourseState
from services.contracts.plans.views import PlanView
from services.plans.operations import reading, rolling
from tests.integration.booking.owner import slow_to_write, without_locks
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair

WEEKS = [at(9, days=7 * (week + 1)) for week in range(16)]
DUE = WEEKS[0]
"""Eleven weeks before the twelfth session: from then on less than twelve weeks are booked."""


def rolling_plan(pair: Pair) -> PlanView:
    """Twelve weekly sessions of a plan without an end, booked."""
    plan = pair.proposed(WEEKS[:12], "open-ended")
    pair.agree(plan)
    pair.deliver()
    return plan


def away(pair: Pair, first: datetime, last: datetime) -> None:
    """Leave over both dates and all between."""
    off = setup.NewTimeOff(
        pair.practice.id,
        pair.desk.client_id,
        pair.practice.practitioner_id,
        first.date(),
        last.date(),
    )
    with pair.practice.transaction() as tx:
        setup.add_time_off(tx, off, now=NOW)


def back(pair: Pair) -> None:
    with pair.practice.transaction() as tx:
        tx.execute(delete(TimeOff).where(TimeOff.practice_id == pair.practice.id))


def asks(pair: Pair) -> list[bool]:
    """What the practitioner's list says of their plans."""
    who = pair.desk.practitioner
    with pair.desk.database.transaction(who) as tx:
        return [one.runs_short for one in reading.list_plans(tx, actor=who, now=NOW).plans]


def test_dates_are_added_before_they_run_out_and_told_once(pair: Pair) -> None:
    """Four weeks at a time, not a moment too early, once however often it is asked."""
    plan = rolling_plan(pair)
    assert pair.current(plan).added_at is None
    pair.roll(DUE - timedelta(seconds=1))
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:12]
    for _ in range(2):
        pair.roll(DUE)
        pair.roll(DUE + timedelta(days=2))
        pair.deliver()
    assert pair.firm(plan) == WEEKS
    added = pair.current(plan)
    assert (added.starts, added.rolls_every, added.added_at) == (WEEKS[12:], 1, NOW)
    told = [
        one["is_first"]
        for one in pair.practice.events("booking_confirmed")
        if one["course_id"] == str(added.course_id)
    ]
    assert told == [True, False, False, False]


def test_who_looks_at_once_asks_once(pair: Pair) -> None:
    """Several copies of the service find the plan due at the same moment; one has it asked."""
    plan, together = rolling_plan(pair), Barrier(4)

    def look(_: int) -> bool:
        with pair.desk.database.transaction(service_actor("plans", pair.practice.id, "roll")) as tx:
            together.wait(10)
            return rolling.roll(tx, pair.practice.id, plan.id, DUE)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(look, range(4))) == [False, False, False, True]
    assert len(pair.short_events()) == 1


def heard_at_once(pair: Pair) -> None:
    """Two messages ask for the same dates; both are heard at the same moment."""
    [event] = pair.short_events()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(pair.rolled_again, [event, event]))


def test_two_messages_at_once_add_the_dates_once(pair: Pair, servers: Stack) -> None:
    """Whoever comes second finds the course, and answers nothing."""
    plan = rolling_plan(pair)
    pair.roll(DUE)
    with slow_to_write(servers):
        heard_at_once(pair)
    pair.deliver()
    assert pair.firm(plan) == WEEKS
    assert len(pair.practice.events("course_booked")) == 2
    assert pair.practice.events("course_refused") == []


def test_without_locks_the_second_message_finds_nothing_and_writes_too(
    pair: Pair, servers: Stack
) -> None:
    """The twin: only the table's key is left to end it."""
    rolling_plan(pair)
    pair.roll(DUE)
    with (
        without_locks(servers),
        slow_to_write(servers),
        pytest.raises(IntegrityError, match="courses_pkey"),
    ):
        heard_at_once(pair)


def test_a_date_without_a_place_is_told_to_the_practitioner(pair: Pair) -> None:
    """Leave over all that the wish allows: nothing is added, plan and list say that it runs short;
    once there is time again the next try adds them."""
    plan = rolling_plan(pair)
    away(pair, WEEKS[12], WEEKS[15])
    pair.roll(DUE)
    pair.deliver()
    short = pair.current(plan)
    assert (short.state, short.runs_short) == (CourseState.BOOKED, WhyRefused.DATES_GONE)
    assert short.gone == WEEKS[12:13]
    assert asks(pair) == [True]
    assert pair.firm(plan) == WEEKS[:12]
    back(pair)
    pair.roll(DUE + timedelta(days=2))
    pair.deliver()
    assert pair.firm(plan) == WEEKS
    assert pair.current(plan).runs_short is None
    assert asks(pair) == [False]


def test_as_many_as_have_a_place_are_added(pair: Pair) -> None:
    """Two weeks, then leave: the two are booked, and the next try says where it ends."""
    plan = rolling_plan(pair)
    away(pair, WEEKS[14], WEEKS[15])
    pair.roll(DUE)
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:14]
    assert pair.current(plan).runs_short is None
    pair.roll(DUE + timedelta(weeks=2))
    pair.deliver()
    assert pair.current(plan).gone == WEEKS[14:15]


def test_where_it_runs_short_dates_are_chosen_by_hand(pair: Pair) -> None:
    """Another price is never asked by itself: the client agrees to it with new dates; until then
    and after they are taken back it is tried again, and afterwards it rolls on from them."""
    plan = rolling_plan(pair)
    with pair.practice.transaction() as tx:
        is_its = Offering.id == pair.practice.offering_id
        offering = tx.scalars(select(Offering).where(is_its)).one()
        offering.price_id = price_id = uuid7()
    pair.roll(DUE)
    pair.deliver()
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    assert pair.current(plan).runs_short is WhyRefused.PRICE_CHANGED
    assert (read.dates.may_choose, read.dates.placed_before) == (True, 0)
    later = [at(10, days=7 * (week + 13)) for week in range(12)]
    pair.drop(pair.choose(read, later, price_id=price_id))
    assert pair.current(plan).state is CourseState.BOOKED
    pair.roll(DUE + timedelta(days=2))
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:12]
    read = pair.desk.read(plan.id, pair.desk.practitioner)
    pair.choose(read, later, price_id=price_id, starts_at=later[0].time())
    pair.agree_to_dates(plan, 3)
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:12] + later
    assert asks(pair) == [False]
    pair.roll(later[0])
    pair.deliver()
    assert len(pair.firm(plan)) == 28


def test_they_go_on_from_where_the_last_session_was_moved_to(pair: Pair) -> None:
    """Moved by a week, the next one comes a week after that; the place that is free stays free."""
    plan = rolling_plan(pair)
    practice = pair.practice
    with practice.transaction(practice.admin) as tx:
        last = tx.scalars(select(Booking).where(Booking.starts_at == WEEKS[11])).one()
        command = RescheduleBooking(
            id=uuid7(), booking_id=last.id, starts_at=WEEKS[12], accepts_breaks=True
        )
        reschedule.reschedule_booking(tx, command, actor=practice.admin, now=NOW)
    pair.roll(DUE)
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:11] + [WEEKS[11] + n * timedelta(weeks=1) for n in range(1, 6)]


def test_another_rhythm_that_both_agree_to_holds_for_what_is_added(pair: Pair) -> None:
    """What is booked stays; from then on it comes every second week, and with an end no more."""
    plan = rolling_plan(pair)
    for sessions, rhythm in ((None, 2), (20, 1)):
        read = pair.desk.read(plan.id, pair.desk.practitioner)
        assert read.agreed is not None
        told = read.agreed.content.shape
        shape = told.model_copy(
            update={"sessions": sessions, "rhythm": [Stretch(weeks_apart=rhythm)]}
        )
        pair.desk.propose(pair.desk.revise(read, shape=shape))
        pair.agree(pair.desk.read(plan.id, pair.desk.client), None)
        pair.roll(DUE + timedelta(weeks=1))
        pair.deliver()
    fortnightly = [WEEKS[13], WEEKS[15]]
    assert pair.firm(plan) == WEEKS[:12] + fortnightly
    assert pair.current(plan).rolls_every is None
    pair.roll(DUE + timedelta(weeks=20))
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:12] + fortnightly


def test_a_pause_stops_it_also_in_the_middle(pair: Pair) -> None:
    """Dates that are booked only after the pause are given back, and no more are asked for."""
    plan = rolling_plan(pair)
    pair.roll(DUE)
    pair.pause(plan, WEEKS[2])
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:2]
    pair.roll(DUE + timedelta(days=30))
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:2]


def test_an_end_stops_it(pair: Pair) -> None:
    """All that was to come is given back, whatever was added meanwhile."""
    plan = rolling_plan(pair)
    pair.roll(DUE)
    pair.desk.move(plan, Move.END)
    pair.deliver()
    assert pair.firm(plan) == []
    pair.roll(DUE + timedelta(days=30))
    pair.deliver()
    assert pair.firm(plan) == []


def test_dates_that_were_chosen_after_a_pause_are_not_mixed_with_added_ones(pair: Pair) -> None:
    """The answer for the added ones comes last: they belong nowhere and are given back."""
    plan = rolling_plan(pair)
    pair.roll(DUE)
    pair.pause(plan, WEEKS[2])
    later = [at(9, days=7 * (week + 20)) for week in range(12)]
    pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), later)
    pair.agree_to_dates(plan, 2)
    pair.deliver()
    assert pair.firm(plan) == WEEKS[:2] + later
    live = [start for start in pair.live_sessions() if start >= WEEKS[2]]
    assert live == later
