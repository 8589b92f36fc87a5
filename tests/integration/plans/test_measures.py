"""Measures on a rhythm: filled in by the client, scored here, sealed, corrected within a day."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import ProgrammingError
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, InvalidInput, NotFound
from services.contracts.booking.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingRescheduled,
)
from services.contracts.plans.content import Move, PlanContent
from services.contracts.plans.measures import Course, MeasureNotDue
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rhythm import PlannedMeasure, Unit
from services.plans.operations.sealing import Unreadable
from tests.integration.plans.desk import NOW, Desk
from tests.integration.plans.measuring import CALM, GAD_7, WEEK, Measuring

SOME = [2, 2, 1, 1, 1, 1, 1, 0, 0]


@pytest.fixture
def both(desk: Desk) -> Measuring:
    """The two people of the desk."""
    return Measuring(desk)


def test_a_measure_waits_is_filled_in_and_comes_round(both: Measuring) -> None:
    """Due from agreeing, then two weeks after; both read the score with its band."""
    both.agree()
    assert both.line(both.desk.client).measures_due == 1
    both.fill(SOME, difficulty=2)
    for actor in (both.desk.client, both.desk.practitioner):
        [told] = both.measure(actor).fillings
        assert (told.score, told.band, told.answers, told.difficulty) == (9, "mild", SOME, 2)
    assert not both.measure().is_due
    assert both.line(both.desk.client).measures_due == 0
    both.now += 2 * WEEK
    assert both.measure().is_due


def test_the_same_answers_sent_twice_are_one(both: Measuring) -> None:
    """The id is the caller's; under it other answers are refused, and nothing is written."""
    both.agree()
    once = uuid7()
    first = both.fill(SOME, id=once)
    assert both.fill(SOME, id=once).measures == first.measures
    with pytest.raises(DifferentContent):
        both.fill(CALM, id=once)
    assert len(both.measure().fillings) == 1


def test_what_is_not_due_is_refused(both: Measuring) -> None:
    """A second time on the next day."""
    both.agree()
    both.fill(SOME)
    both.now += timedelta(days=1)
    with pytest.raises(MeasureNotDue):
        both.fill(CALM)


def test_answers_may_be_corrected_for_a_day_and_what_was_there_stays(both: Measuring) -> None:
    """The correction counts, its first answers are kept and said to be replaced."""
    both.agree()
    both.fill(SOME)
    both.now += timedelta(hours=23)
    wrong = both.measure().correctable
    both.fill(CALM, corrects=wrong)
    latest, first = both.measure(both.desk.practitioner).fillings
    assert (latest.score, latest.is_replaced) == (0, False)
    assert (first.score, first.is_replaced) == (9, True)
    with pytest.raises(MeasureNotDue):
        both.fill(SOME, corrects=wrong)
    both.now += timedelta(hours=25)
    assert both.measure().correctable is None
    with pytest.raises(MeasureNotDue):
        both.fill(SOME, corrects=latest.id)


def test_a_correction_moves_no_date(both: Measuring) -> None:
    """The rhythm runs from when it was filled in."""
    both.agree()
    both.fill(SOME)
    due_at = both.measure().due_at
    both.now += timedelta(hours=5)
    both.fill(CALM, corrects=both.measure().correctable)
    assert both.measure().due_at == due_at


@pytest.mark.parametrize("answers", [[0] * 8, [0] * 10, [0] * 8 + [4]])
def test_answers_that_do_not_fit_are_refused_by_their_name(
    answers: list[int], both: Measuring
) -> None:
    """One missing, one too many, one that is none of the four: nothing is written."""
    both.agree()
    with pytest.raises(InvalidInput) as refused:
        both.fill(answers)
    assert "answers" in refused.value.detail
    with pytest.raises(InvalidInput) as refused:
        both.fill(CALM, difficulty=4)
    assert "difficulty" in refused.value.detail
    assert both.measure().fillings == []


def test_only_the_client_fills_in_what_was_agreed_while_the_plan_holds(both: Measuring) -> None:
    """Nobody for them, nothing that the plan does not name, nothing before or after it."""
    plan = both.agree()
    for actor in (both.desk.practitioner, both.desk.another_client().client):
        with pytest.raises(NotFound):
            both.fill(actor=actor)
    with pytest.raises(NotFound):
        both.fill([0] * 7, instrument="gad-7")
    both.desk.move(plan, Move.END)
    with pytest.raises(MoveRefused):
        both.fill()
    assert not both.measure().is_due
    assert both.line(both.desk.client).measures_due == 0


def test_a_measure_goes_by_the_sessions_that_are_known(both: Measuring) -> None:
    """Two sessions after it was filled in; one that was moved counts where it is now, one that
    was given back not at all, and an older word about a session changes nothing."""
    both.agree(GAD_7)
    both.fill([1] * 7, instrument="gad-7")
    first, second = uuid7(), uuid7()
    both.hear(BookingConfirmed, NOW + WEEK, booking_id=first)
    assert both.measure(slug="gad-7").due_at is None
    both.hear(BookingConfirmed, NOW + 2 * WEEK, booking_id=second)
    assert both.measure(slug="gad-7").due_at == NOW + 2 * WEEK
    later = {"booking_id": second, "occurred_at": NOW + timedelta(hours=1)}
    both.hear(BookingRescheduled, NOW + 3 * WEEK, **later)
    both.hear(BookingConfirmed, NOW + 2 * WEEK, booking_id=second)
    assert both.measure(slug="gad-7").due_at == NOW + 3 * WEEK
    both.hear(BookingCancelled, NOW + WEEK, booking_id=first, occurred_at=NOW + WEEK)
    assert both.measure(slug="gad-7").due_at is None


def test_without_known_sessions_the_weeks_of_the_plan_count(both: Measuring) -> None:
    """Coaching is fortnightly: two sessions are four weeks. A session of others counts nothing."""
    both.agree(GAD_7)
    both.fill([1] * 7, instrument="gad-7")
    both.hear(BookingConfirmed, NOW + WEEK, client_id=uuid7())
    assert both.measure(slug="gad-7").due_at == NOW + 4 * WEEK


def test_not_on_track_is_told_to_the_practitioner_alone(both: Measuring) -> None:
    """By the published rule: 16, and 14 six weeks later."""
    both.agree()
    both.fill([2] * 8 + [0])
    both.now += 6 * WEEK
    both.fill([2] * 7 + [0, 0])
    assert both.measure(both.desk.practitioner).course is Course.LITTLE_CHANGE
    assert both.measure(both.desk.client).course is None


def test_measures_are_a_part_of_the_version_that_both_signed(both: Measuring) -> None:
    """A change waits for its signature; what was filled in before stays to be read."""
    plan = both.agree()
    both.fill(SOME)
    changed = both.desk.revise(both.read(both.desk.practitioner), measures=[GAD_7])
    assert changed.open is not None
    assert plan.history[-1].number < changed.open.number
    assert [one.every for one in both.read().measures] == [2]
    both.desk.agree(both.desk.propose(changed))
    told = {one.instrument.slug: (one.every, len(one.fillings)) for one in both.read().measures}
    assert told == {"phq-9": (None, 1), "gad-7": (2, 0)}


def test_an_unknown_instrument_or_one_named_twice_is_refused(both: Measuring) -> None:
    """By its field; the draft stays as it was."""
    plan = both.desk.ready()
    unknown = PlannedMeasure(instrument="rorschach", every=1, unit=Unit.WEEKS)
    with pytest.raises(InvalidInput) as refused:
        both.desk.revise(plan, measures=[unknown])
    assert "measures" in refused.value.detail
    with pytest.raises(ValueError, match="each instrument once"):
        both.desk.revise(plan, measures=[GAD_7, GAD_7])


def test_a_version_that_was_sealed_before_there_were_measures_reads(both: Measuring) -> None:
    """It names none, and its reviews count sessions."""
    plan = both.desk.ready()
    assert plan.open is not None
    old = plan.open.content.model_dump(mode="json")
    del old["measures"], old["shape"]["review_unit"]
    read = PlanContent.model_validate(old)
    assert (read.measures, read.shape.review_unit) == ([], Unit.SESSIONS)


def test_answers_of_another_chart_do_not_open(both: Measuring) -> None:
    """Nor does the row of an earlier day in the place of a later one. Put there from above: the
    role that serves requests may not change what was answered at all."""
    both.agree()
    both.fill(SOME)
    with pytest.raises(ProgrammingError, match="permission denied"):
        both.desk.rows("UPDATE plans.fillings SET filled_at = filled_at")
    other = Measuring(both.desk.another_client())
    other.agree()
    [(sealed,)] = both.desk.rows(
        "SELECT sealed FROM plans.fillings WHERE plan_id = :id", id=both.plan_id
    )
    other.desk.rows(
        "INSERT INTO plans.fillings SELECT practice_id, :new, id, chart_id, account_id, NULL,"
        " :sealed, now() FROM plans.plans WHERE id = :plan RETURNING 1",
        new=uuid7(),
        sealed=sealed,
        plan=other.plan_id,
    )
    with pytest.raises(Unreadable):
        other.read()


def test_every_look_at_answers_is_written_down(both: Measuring) -> None:
    """Written by the client, read by the practitioner."""
    both.agree()
    both.fill(SOME)
    both.read(both.desk.practitioner)
    query = "SELECT DISTINCT party, is_write FROM plans.accesses WHERE kind = 'filling'"
    found = {tuple(row) for row in both.desk.rows(query)}
    assert {("client", True), ("practitioner", False)} <= found
