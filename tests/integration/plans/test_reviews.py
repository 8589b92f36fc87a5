"""Reviews: due on their rhythm, written down with a decision, seen by the client."""

from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from services.common.errors import DifferentContent, NotFound
from services.contracts.booking.events import BookingConfirmed
from services.contracts.plans.content import Phase, PlanState, Shape, Stretch, VersionState
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.reviews import Decision
from services.contracts.plans.rhythm import Unit
from services.plans.operations.sealing import Unreadable
from tests.integration.plans.desk import NOW, Desk
from tests.integration.plans.measuring import CHANGE, WEEK, WELL, Measuring

OPEN: dict[str, Any] = {
    "rhythm": [Stretch(weeks_apart=1)],
    "phases": [Phase(name="Working")],
}


@pytest.fixture
def both(desk: Desk) -> Measuring:
    """The two people of the desk."""
    return Measuring(desk)


@pytest.mark.parametrize(
    ("every", "unit", "after"),
    [(3, Unit.SESSIONS, 3 * WEEK), (4, Unit.WEEKS, 4 * WEEK - timedelta(hours=12))],
)
def test_a_review_is_due_to_both_until_it_is_written_down(
    every: int, unit: Unit, after: timedelta, both: Measuring
) -> None:
    """By the plan's rhythm while no session is known; then it comes round again."""
    both.agree(shape=Shape(review_every=every, review_unit=unit, **OPEN))
    people = (both.desk.client, both.desk.practitioner)
    both.now = NOW + after - timedelta(seconds=1)
    assert [both.line(who).is_review_due for who in people] == [False, False]
    both.now = NOW + after
    assert [both.line(who).is_review_due for who in people] == [True, True]
    assert [both.read(who).is_review_due for who in people] == [True, True]
    both.review_begins()
    both.record()
    assert [both.line(who).is_review_due for who in people] == [False, False]
    both.now = both.now + after
    assert both.line(both.desk.client).is_review_due


def test_known_sessions_make_a_review_due(both: Measuring) -> None:
    """The third that is known of, also where sessions are further apart than the plan says."""
    both.agree(shape=Shape(review_every=3, **OPEN))
    for number in (1, 4, 9):
        both.hear(BookingConfirmed, NOW + number * WEEK)
    both.now = NOW + 8 * WEEK
    assert not both.line(both.desk.practitioner).is_review_due
    both.now = NOW + 9 * WEEK
    assert both.line(both.desk.practitioner).is_review_due


@pytest.mark.parametrize(
    ("decision", "state", "open_"),
    [
        (Decision.GO_ON, PlanState.ACTIVE, None),
        (Decision.END, PlanState.ENDED, None),
        (Decision.CHANGE, PlanState.IN_REVIEW, VersionState.DRAFT),
    ],
)
def test_a_decision_leads_on(
    decision: Decision, state: PlanState, open_: VersionState | None, both: Measuring
) -> None:
    """Go on, end, or change: a draft that says what was agreed, to be agreed to anew. Both read
    what was written down; sent twice it is one."""
    both.agree()
    both.review_begins()
    once = uuid7()
    for _ in range(2):
        plan = both.record(decision, id=once)
        assert plan.state is state
        assert (plan.open.state if plan.open else None) is open_
    for actor in (both.desk.client, both.desk.practitioner):
        [told] = both.read(actor).reviews
        assert (told.went_well, told.to_change, told.decision) == (WELL, CHANGE, decision)
    if plan.open and plan.agreed:
        assert plan.open.content == plan.agreed.content
        both.desk.agree(both.desk.propose(plan))
        assert both.read().state is PlanState.ACTIVE
    with pytest.raises(DifferentContent):
        both.record(decision, id=once, went_well="Something else")


def test_the_client_says_that_they_have_seen_it(both: Measuring) -> None:
    """Once, also after the end; nobody says it for them."""
    both.agree()
    both.review_begins()
    [told] = both.record(Decision.END).reviews
    with pytest.raises(NotFound):
        both.acknowledge(told.id, both.desk.practitioner)
    with pytest.raises(NotFound):
        both.acknowledge(uuid7())
    both.now += timedelta(days=1)
    seen_at = both.now
    both.acknowledge(told.id)
    both.now += timedelta(days=1)
    both.acknowledge(told.id)
    assert both.read(both.desk.practitioner).reviews[0].acknowledged_at == seen_at


def test_a_review_is_written_down_at_the_desk_while_it_is_under_way(both: Measuring) -> None:
    """Not before it began, and not by the client."""
    both.agree()
    with pytest.raises(MoveRefused):
        both.record()
    both.review_begins()
    with pytest.raises(MoveRefused):
        both.record(actor=both.desk.client)
    assert both.read().reviews == []


def test_a_review_of_another_chart_does_not_open(both: Measuring) -> None:
    """Moved by somebody who may write the practice's rows; and no word of it is in the clear."""
    other = Measuring(both.desk.another_client())
    for pair in (both, other):
        pair.agree()
        pair.review_begins()
        pair.record()
    query = "SELECT sealed FROM plans.reviews WHERE plan_id = :id"
    [(sealed,)] = both.desk.rows(query, id=both.plan_id)
    assert not any(word.encode() in bytes(sealed) for word in (WELL, CHANGE))  # type: ignore[arg-type]
    both.desk.rows(
        "UPDATE plans.reviews SET sealed = :sealed WHERE plan_id = :id RETURNING 1",
        sealed=sealed,
        id=other.plan_id,
    )
    with pytest.raises(Unreadable):
        other.read()
