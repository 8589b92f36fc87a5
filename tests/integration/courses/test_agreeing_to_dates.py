"""A plan with its dates: chosen, agreed, booked or gone, over the databases of both services."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from services.booking.models import Course
from services.booking.operations import planned
from services.booking.queries import offerings
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.courses import CoursePhase, CourseReason
from services.contracts.booking.planned import ShowPlannedCourse, WhyRefused
from services.contracts.plans.content import Focus, Move, PlanState, VersionState
from services.contracts.plans.courses import CourseState
from services.contracts.plans.refusals import MoveRefused, PlanChanged, PlanIncomplete
from tests.integration.booking.practice import NOW, at
from tests.integration.courses.pair import Pair
from tests.integration.plans.desk import REASON

FORTNIGHTLY = [CoursePhase(sessions=6, every_weeks=2, least_days=12, most_days=28)]


def every_second_tuesday(count: int = 6, hour: int = 9) -> list[datetime]:
    """From a week after the client's first session on."""
    return [at(hour, days=7 + 14 * number) for number in range(count)]


def test_both_agree_and_the_plan_is_active_with_all_its_sessions(pair: Pair) -> None:
    """Booked to the client's account, named by the plan's course, told once."""
    plan = pair.proposed(every_second_tuesday())
    seen = pair.desk.read(plan.id, pair.desk.client).dates
    assert seen.current is not None
    assert (seen.current.state, seen.may_choose, seen.may_agree) == ("chosen", False, False)
    agreed = pair.agree(plan)
    assert (agreed.state, agreed.dates.current and agreed.dates.current.state) == (
        PlanState.AGREED,
        CourseState.AGREED,
    )
    pair.deliver()
    active = pair.desk.read(plan.id, pair.desk.client)
    assert active.state is PlanState.ACTIVE
    assert active.dates.course_ids == [pair.current(plan).course_id]
    assert pair.sessions(plan) == every_second_tuesday()
    told = [one for one in pair.practice.events("booking_confirmed") if one["course_id"]]
    assert [one["is_first"] for one in told] == [True] + [False] * 5
    with pair.practice.transaction() as tx:
        course = tx.get(Course, (pair.practice.id, pair.current(plan).course_id))
        assert course is not None
        assert course.plan_id == plan.id


def test_a_date_that_went_leads_back_to_choosing_dates(pair: Pair) -> None:
    """Nothing is booked; what both signed holds, and new dates are agreed to alone."""
    starts = every_second_tuesday()
    plan = pair.proposed(starts)
    pair.practice.book_and_pay(starts[2])
    pair.agree(plan)
    pair.deliver()
    assert pair.sessions(plan) == []
    back = pair.desk.read(plan.id, pair.desk.practitioner)
    gone = pair.current(plan)
    assert (back.state, back.open, back.dates.may_choose) == (PlanState.AGREED, None, True)
    assert (gone.state, gone.flaw, gone.gone) == (
        CourseState.REFUSED,
        WhyRefused.DATES_GONE,
        [starts[2]],
    )
    later = every_second_tuesday(hour=11)
    assert pair.choose(back, later).open is None
    seen = pair.desk.read(plan.id, pair.desk.client)
    assert (seen.dates.may_agree, seen.may) == (True, [Move.END])
    with pytest.raises(PlanChanged):
        pair.agree_to_dates(plan, 1)
    pair.agree_to_dates(plan, 2)
    assert pair.agree_to_dates(plan, 2).dates.current is not None
    pair.deliver()
    assert pair.desk.read(plan.id, pair.desk.client).state is PlanState.ACTIVE
    assert pair.sessions(plan) == later


def test_what_comes_twice_is_done_once(pair: Pair) -> None:
    """Each message again, under the same id and under another; booked once, told once."""
    plan = pair.proposed(every_second_tuesday())
    first, again = pair.agree(plan), pair.agree(plan)
    assert first == again
    for _ in range(2):
        pair.deliver()
    (event,) = pair.agreed_events()
    pair.again(event)
    pair.deliver()
    assert pair.sessions(plan) == every_second_tuesday()
    assert len(pair.practice.events("course_booked")) == 1
    assert pair.desk.read(plan.id, pair.desk.client).revision == first.revision + 1


def test_an_answer_to_an_older_choice_changes_nothing(pair: Pair) -> None:
    """A refusal that comes a second time, after new dates were agreed to."""
    plan = pair.proposed(every_second_tuesday())
    taken = pair.practice.book_and_pay(every_second_tuesday()[0])
    pair.agree(plan)
    pair.deliver()
    assert taken.starts_at in pair.current(plan).gone
    pair.choose(pair.desk.read(plan.id, pair.desk.practitioner), every_second_tuesday(hour=11))
    pair.agree_to_dates(plan, 2)
    pair.deliver_to_plans()
    assert pair.current(plan).state is CourseState.AGREED


@pytest.mark.parametrize("flaw", ["price", "offering", "stranger", "format"])
def test_other_terms_refuse_the_whole(pair: Pair, flaw: str) -> None:
    """Another price, what is not theirs, a client whom they never saw: nothing is booked."""
    if flaw == "stranger":
        pair.desk = replace(pair.desk, client_id=uuid4(), client_account=uuid4())
    changed = {"price": {"price_id": uuid4()}, "offering": {"offering_id": uuid4()}}
    starts = every_second_tuesday()
    plan = pair.desk.ready()
    if flaw == "format":
        with pair.practice.transaction() as tx:
            offered = offerings.lock_offering(tx, pair.practice.id, pair.practice.offering_id)
            assert offered is not None
            offered.formats = ["in_person"]
    pair.agree(pair.desk.propose(pair.choose(plan, starts, **changed.get(flaw, {}))))
    pair.deliver()
    expected = WhyRefused.PRICE_CHANGED if flaw == "price" else WhyRefused.NOT_OFFERED
    assert (pair.current(plan).flaw, pair.sessions(plan)) == (expected, [])


def test_dates_that_have_passed_are_gone(pair: Pair) -> None:
    """A proposal that was left lying."""
    starts = [at(8, days=-14), *every_second_tuesday(5)]
    plan = pair.proposed(starts)
    pair.agree(plan)
    pair.deliver()
    assert pair.current(plan).gone == starts[:1]


def test_a_plan_without_dates_is_agreed_and_begun_by_hand(pair: Pair) -> None:
    """Nothing leaves for booking; while a course is being booked the hand is refused."""
    plan = pair.drop(pair.choose(pair.desk.ready(), every_second_tuesday()))
    pair.agree(pair.desk.propose(plan), dates=None)
    assert pair.agreed_events() == []
    assert pair.desk.move(plan, Move.BEGIN).state is PlanState.ACTIVE
    other = pair.another_client(at(11))
    waiting = other.proposed(every_second_tuesday(hour=12))
    other.agree(waiting)
    with pytest.raises(MoveRefused):
        other.desk.move(waiting, Move.BEGIN)


def test_a_plan_that_ended_meanwhile_stays_ended(pair: Pair) -> None:
    """What was booked for it all the same is given back, whatever comes first."""
    plan = pair.proposed(every_second_tuesday())
    pair.agree(plan)
    pair.desk.move(plan, Move.END, pair.desk.client)
    pair.deliver()
    ended = pair.desk.read(plan.id, pair.desk.client)
    assert (ended.state, len(ended.dates.course_ids)) == (PlanState.ENDED, 1)
    assert len(pair.sessions(plan)) == 6
    assert pair.firm(plan) == []


def test_dates_that_do_not_fit_the_plan_are_refused(pair: Pair) -> None:
    """Too few, out of order, of an older revision, before the client already."""
    plan = pair.desk.ready()
    with pytest.raises(InvalidInput):
        pair.choose(plan, every_second_tuesday(5))
    with pytest.raises(InvalidInput):
        pair.choose(plan, every_second_tuesday()[::-1])
    chosen = pair.choose(plan, every_second_tuesday())
    assert pair.choose(plan, every_second_tuesday()) == chosen
    with pytest.raises(PlanChanged):
        pair.choose(plan, every_second_tuesday(hour=10))
    proposed = pair.desk.propose(chosen)
    with pytest.raises(MoveRefused):
        pair.choose(proposed, every_second_tuesday(hour=10))
    with pytest.raises(PlanChanged):
        pair.agree(proposed, dates=None)
    with pytest.raises(PlanChanged):
        pair.agree(proposed, dates=2)


def test_a_shape_that_changes_asks_for_other_dates(pair: Pair) -> None:
    """The dates of six sessions are not proposed with a plan of eight."""
    chosen = pair.choose(pair.desk.ready(), every_second_tuesday())
    assert chosen.open is not None
    shape = chosen.open.content.shape
    longer = shape.model_copy(
        update={
            "sessions": 8,
            "phases": [shape.phases[0].model_copy(update={"sessions": None})],
            "rhythm": [shape.rhythm[0].model_copy(update={"sessions": None})],
            "review_every": None,
        }
    )
    changed = pair.desk.revise(chosen, shape=longer)
    with pytest.raises(PlanIncomplete) as refused:
        pair.desk.propose(changed)
    assert list(refused.value.detail) == ["dates"]


def test_a_wish_for_other_dates_is_answered_by_a_new_version(pair: Pair) -> None:
    """The text stays as it was; what is chosen goes with the new draft, unseen by the client."""
    returned = pair.desk.ask_for_changes(pair.proposed(every_second_tuesday()), "Another hour")
    seen = pair.desk.read(returned.id, pair.desk.practitioner)
    again = pair.choose(seen, every_second_tuesday(hour=11))
    assert again.open is not None
    assert (again.open.number, again.open.state) == (2, VersionState.DRAFT)
    assert again.open.content.focus == Focus(title="Coaching", reason=REASON)
    assert pair.desk.read(returned.id, pair.desk.client).dates.current is None
    pair.agree(pair.desk.propose(again), dates=2)
    pair.deliver()
    assert pair.sessions(returned) == every_second_tuesday(hour=11)


def test_a_preview_begins_a_week_after_the_latest_session(pair: Pair) -> None:
    """With what that was a session of; leave and clashes are gone around with their reasons."""
    pair.practice.book_and_pay(at(9, days=21))
    found = pair.preview(FORTNIGHTLY, tolerance_minutes=120)
    assert (found.first_on, found.starts_at) == (at(9, days=7).date(), at(9).time().replace(hour=9))
    assert [one.id for one in found.offerings] == [found.offering.id]
    assert [one.reason for one in found.dates[:3]] == [None, CourseReason.TAKEN, None]
    assert found.dates[1].starts_at == at(10, days=21)


def test_sessions_are_shown_to_the_two_people_alone(pair: Pair) -> None:
    """To others of the practice the course holds nothing, in another practice not even that."""
    plan = pair.proposed(every_second_tuesday())
    pair.agree(plan)
    pair.deliver()
    asked = ShowPlannedCourse(
        practitioner_id=pair.practice.practitioner_id,
        offering_id=pair.practice.offering_id,
        course_ids=[pair.current(plan).course_id],
    )

    def seen(account: object, *roles: str) -> int:
        actor = pair.practice.person(account, *roles)  # type: ignore[arg-type]
        with pair.practice.transaction(actor) as tx:
            return len(planned.show_planned_course(tx, asked, actor=actor, now=NOW)[1])

    assert seen(pair.desk.client_account) == 6
    assert seen(pair.practice.practitioner_account, "practitioner") == 6
    assert seen(uuid4()) == 0
    assert seen(uuid4(), "practitioner") == 0
    elsewhere = pair.desk.practitioner.within(uuid4(), frozenset({"practitioner"}))
    with pytest.raises(NotFound), pair.practice.transaction(elsewhere) as tx:
        planned.show_planned_course(tx, asked, actor=elsewhere, now=NOW)
