"""Reviews: written down by the practitioner with their decision, seen by the client."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, NotFound
from services.contracts.plans.content import Move, Party, PlanState
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.reviews import AcknowledgeReview, Decision, RecordReview
from services.contracts.plans.views import PlanView
from services.plans.domain.lifecycle import may_acknowledge_review, may_record_review
from services.plans.models import Plan, Review
from services.plans.operations.access import chart_for, check_of_plan, lock_visible
from services.plans.operations.charts import OpenChart
from services.plans.operations.measure_views import REVIEW, SEALED_ONCE, Reviewed, reviewed
from services.plans.operations.moves import Table, sit_down
from services.plans.operations.rounds import restate
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import plan_view
from services.plans.operations.writing import open_draft, touch
from services.plans.queries import measures, plans


def record_review(
    tx: Session, ring: KeyRing, command: RecordReview, *, actor: Actor, now: datetime
) -> PlanView:
    """Write down what was found and do what was decided; the same again changes nothing.

    Raises NotFound, MoveRefused for the client and while no review is under way,
    DifferentContent.
    """
    table = sit_down(tx, ring, command.plan_id, Party.PRACTITIONER, actor, now)
    plan = table.seen.plan
    earlier = measures.review(tx, plan.practice_id, command.id)
    if earlier is not None:
        check_of_plan(plan, earlier)
        if reviewed(table.chart, earlier) != _said(command):
            raise DifferentContent("This id was used for another review.")
    elif not may_record_review(PlanState(plan.state), table.seen.party):
        raise MoveRefused("A review is written down while it is under way.")
    else:
        _add(table.chart, plan, command)
        _decide(table, command.decision)
    return table.view()


def acknowledge_review(
    tx: Session, ring: KeyRing, command: AcknowledgeReview, *, actor: Actor, now: datetime
) -> PlanView:
    """The client has seen it; repeated, the first time stays. Raises NotFound."""
    seen = lock_visible(tx, command.plan_id, actor)
    found = measures.review(tx, seen.plan.practice_id, command.review_id)
    is_of_plan = found is not None and found.plan_id == seen.plan.id
    if found is None or not is_of_plan or not may_acknowledge_review(seen.party):
        raise NotFound("There is no such review.")
    found.acknowledged_at = found.acknowledged_at or now
    tx.flush()
    chart = chart_for(tx, ring, seen, now=now)
    return plan_view(chart, seen, plans.versions(tx, seen.plan))


def _said(command: RecordReview) -> Reviewed:
    return Reviewed(
        went_well=command.went_well, to_change=command.to_change, decision=command.decision
    )


def _add(chart: OpenChart, plan: Plan, command: RecordReview) -> None:
    chart.tx.add(
        Review(
            practice_id=plan.practice_id,
            id=command.id,
            plan_id=plan.id,
            chart_id=plan.chart_id,
            account_id=plan.account_id,
            sealed=chart.seal(_said(command), REVIEW, command.id, SEALED_ONCE),
            recorded_at=chart.now,
        )
    )
    try:
        chart.tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None


def _decide(table: Table, decision: Decision) -> None:
    """The plan goes on, or ends with the sessions to come; for a change a draft is opened, and
    the review lasts until it is agreed to."""
    match decision:
        case Decision.GO_ON:
            table.move(Move.GO_ON)
        case Decision.END:
            table.end()
        case Decision.CHANGE:
            plan = table.seen.plan
            open_draft(table.chart, plan, table.versions)
            touch(plan, table.chart.now)
            table.chart.tx.flush()
            restate(table.chart, plan, table.versions)
