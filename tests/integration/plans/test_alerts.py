"""An answer that asks for help: the practitioner is alerted with it, once, and never without."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from uuid_utils.compat import uuid7

from services.common.errors import NotFound
from services.contracts.plans.content import Move
from services.contracts.plans.measures import FillMeasure, MeasureNotDue
from services.plans.operations import measures, reading
from services.plans.queries.plans import MOST
from tests.integration.plans.desk import Desk
from tests.integration.plans.measuring import CALM, HARD, Measuring

EVENTS = (
    "SELECT body::text FROM plans.outbox WHERE type = 'alert_raised' AND body->>'plan_id' = :id"
)

MANY_MORE = """
WITH more AS (
  INSERT INTO plans.plans (practice_id, id, chart_id, client_id, account_id, practitioner_id,
    practitioner_account_id, state, revision, first_proposed_at, started_at, changed_at)
  SELECT practice_id, gen_random_uuid(), chart_id, client_id, account_id, practitioner_id,
    practitioner_account_id, 'draft', 1, NULL, started_at, changed_at + :since * interval '1 day'
  FROM plans.plans, generate_series(1, :many) WHERE id = :id
  RETURNING practice_id, id, chart_id, account_id
)
INSERT INTO plans.versions (practice_id, id, plan_id, chart_id, account_id, number, state, sealed,
  sealed_revision)
SELECT more.practice_id, gen_random_uuid(), more.id, more.chart_id, more.account_id, 1, 'draft',
  sealed, 1
FROM more, plans.versions WHERE plan_id = :id
"""


@pytest.fixture
def both(desk: Desk) -> Iterator[Measuring]:
    """A plan with PHQ-9 that both signed. Nobody listens here, so what left goes in the end:
    a service whose events wait for long is not ready."""
    made = Measuring(desk)
    made.agree()
    yield made
    with desk.database.plumbing() as tx:
        tx.execute(text("DELETE FROM plans.outbox"))


def events(both: Measuring) -> list[str]:
    """What left for notify."""
    with both.desk.database.plumbing() as tx:
        return list(tx.scalars(text(EVENTS), {"id": str(both.plan_id)}))


def test_item_nine_above_nought_alerts_the_practitioner(both: Measuring) -> None:
    """Crisis help is to be shown to the client, whatever the score is; in the practitioner's
    list and on the plan stands an alert, and an event leaves that says ids only."""
    told = both.fill(HARD)
    assert told.measures[0].fillings[0].asks_for_help
    assert told.alerts == []
    assert both.line(both.desk.practitioner).alerts == 1
    assert both.line(both.desk.client).alerts == 0
    [alert] = both.read(both.desk.practitioner).alerts
    assert alert.filling_id == told.measures[0].fillings[0].id
    [event] = events(both)
    assert str(both.desk.practitioner_account) in event
    assert not any(word in event for word in ("phq", "client", "score", "answers"))


def test_item_nine_at_nought_alerts_nobody(both: Measuring) -> None:
    """Also with the highest score that is possible then."""
    told = both.fill([3] * 8 + [0])
    assert not told.measures[0].fillings[0].asks_for_help
    assert both.line(both.desk.practitioner).alerts == 0
    assert events(both) == []


def test_answers_that_ask_for_help_are_kept_before_they_are_due(both: Measuring) -> None:
    """A rhythm is no reason to miss them: the next day, beside answers that are refused then."""
    both.fill(CALM)
    both.now += timedelta(days=2)
    with pytest.raises(MeasureNotDue):
        both.fill(CALM)
    both.fill(HARD)
    assert both.line(both.desk.practitioner).alerts == 1
    assert both.measure(both.desk.practitioner).fillings[0].answers == HARD


def test_answers_sent_twice_alert_once(both: Measuring) -> None:
    """The same id: one alert, one event."""
    once = uuid7()
    both.fill(HARD, id=once)
    both.fill(HARD, id=once)
    assert both.line(both.desk.practitioner).alerts == 1
    assert len(events(both)) == 1


def test_a_correction_takes_no_alert_back_and_makes_no_second_one(both: Measuring) -> None:
    """Made milder or harder; one that comes to ask for help only now alerts."""
    both.fill(CALM)
    both.fill(HARD, corrects=both.measure().correctable)
    assert len(events(both)) == 1
    both.fill([0] * 8 + [3], corrects=both.measure().correctable)
    both.fill(CALM, corrects=both.measure().correctable)
    assert len(events(both)) == 1
    assert both.line(both.desk.practitioner).alerts == 1


def test_a_correction_that_is_worse_than_what_was_seen_alerts_anew(both: Measuring) -> None:
    """The first look was at a milder answer; no worse than that, and nobody is called twice."""
    both.fill(HARD)
    [first] = both.read(both.desk.practitioner).alerts
    both.look(first.id)
    both.now += timedelta(hours=1)
    both.fill([1] * 8 + [1], corrects=both.measure().correctable)
    assert both.line(both.desk.practitioner).alerts == 0
    worse = both.fill([0] * 8 + [3], corrects=both.measure().correctable)
    [second] = both.read(both.desk.practitioner).alerts
    assert second.filling_id == worse.measures[0].fillings[0].id
    assert len(events(both)) == 2


def test_an_alert_stands_until_the_practitioner_says_that_they_looked(both: Measuring) -> None:
    """Through days, and through the plan's end; then the next one is another."""
    both.fill(HARD)
    both.now += timedelta(days=30)
    [alert] = both.read(both.desk.practitioner).alerts
    with pytest.raises(NotFound):
        both.look(alert.id, both.desk.client)
    with pytest.raises(NotFound):
        both.look(uuid7())
    both.fill(HARD)
    assert both.line(both.desk.practitioner).alerts == 2
    both.desk.move(both.read(both.desk.practitioner), Move.END)
    for _ in range(2):
        assert len(both.look(alert.id).alerts) == 1
    assert both.line(both.desk.practitioner).alerts == 1


@pytest.mark.parametrize("since", [-1, 1])
def test_an_alert_is_listed_however_many_plans_there_are(both: Measuring, since: int) -> None:
    """Whatever changed since, and after the plan's end; once looked at, the ended one is last."""
    both.fill(HARD)
    plan = both.desk.move(both.read(both.desk.practitioner), Move.END)
    with both.desk.database.transaction(both.desk.practitioner) as tx:
        tx.execute(text(MANY_MORE), {"id": plan.id, "many": MOST, "since": since})
    assert both.line(both.desk.practitioner).alerts == 1
    both.look(both.read(both.desk.practitioner).alerts[0].id)
    with both.desk.database.transaction(both.desk.practitioner) as tx:
        told = reading.list_plans(tx, actor=both.desk.practitioner, now=both.now).plans
    assert (len(told), plan.id in {one.id for one in told}) == (MOST, False)


def test_answers_alert_and_event_are_written_together_or_not_at_all(both: Measuring) -> None:
    """Stopped before its commit, when all three were written: nothing of them is there."""
    with pytest.raises(Stopped):
        fill_and_stop(both)
    assert both.measure().fillings == []
    assert both.line(both.desk.practitioner).alerts == 0
    assert events(both) == []
    both.fill(HARD)
    assert len(events(both)) == 1


class Stopped(Exception):
    """The end of a process, as far as its transaction can tell."""


def fill_and_stop(both: Measuring) -> None:
    """Fill in as the service does, up to the commit."""
    command = FillMeasure(id=uuid7(), plan_id=both.plan_id, instrument="phq-9", answers=HARD)
    who, ring = both.desk.client, both.desk.ring
    with both.desk.database.transaction(who) as tx:
        told = measures.fill_measure(tx, ring, command, actor=who, now=both.now)
        assert told.measures[0].fillings
        assert tx.scalar(text("SELECT count(*) FROM plans.alerts")) == 1
        raise Stopped
