"""When each measure and the review of a plan come round again, written down in the clear: ids
and times, so that lists tell what waits without opening anybody's chart."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.contracts.plans.content import PlanContent, PlanState, VersionState
from services.contracts.plans.rhythm import PlannedMeasure
from services.plans.catalogue.instruments import load_instruments
from services.plans.domain.rhythm import Round, at_once, due_at, next_round
from services.plans.models import Due, DueKind, Plan, Version
from services.plans.operations.charts import OpenChart
from services.plans.operations.measure_views import Kept, kept_fillings
from services.plans.operations.views import content_of
from services.plans.queries import measures, sessions

Numbered = tuple[DueKind, int, Round]


def restate(chart: OpenChart, plan: Plan, versions: Sequence[Version]) -> None:
    """Work out anew what comes round when; nothing does before agreeing and after the end."""
    measures.lock_client(chart.tx, plan.practice_id, plan.client_id)
    measures.forget_dues(chart.tx, plan)
    agreed = [one for one in versions if one.state == VersionState.AGREED]
    if plan.state == PlanState.ENDED or not agreed:
        return
    with_whom = (plan.practice_id, plan.client_id, plan.practitioner_id)
    starts = sessions.known_starts(chart.tx, plan.id, *with_whom)
    for kind, number, round_ in _rounds(chart, plan, agreed):
        chart.tx.add(_due(plan, kind, number, round_, starts))
    chart.tx.flush()


def recount(tx: Session, practice_id: UUID, client_id: UUID, practitioner_id: UUID) -> None:
    """Another session is known, or where one is: what is due by them changes with it."""
    with_whom = (practice_id, client_id, practitioner_id)
    dues = measures.dues_of_client(tx, *with_whom)
    starts = {id_: sessions.known_starts(tx, id_, *with_whom) for id_ in {d.plan_id for d in dues}}
    for due in dues:
        round_ = Round(due.from_at, due.sessions, due.expected_at)
        due.due_at = due_at(round_, starts[due.plan_id])


def _rounds(chart: OpenChart, plan: Plan, agreed: Sequence[Version]) -> Iterator[Numbered]:
    """What the version that holds asks for, counted from when the plan first held."""
    content = content_of(chart, agreed[-1])
    began_at = min(one.client_signed_at for one in agreed if one.client_signed_at)
    kept = kept_fillings(chart, plan)
    for number, planned in enumerate(content.measures):
        round_ = _round_of(planned, content, began_at, _last_filled(kept, planned))
        yield DueKind.MEASURE, number, round_
    shape = content.shape
    if shape.review_every is not None:
        last = next((one.recorded_at for one in measures.reviews(chart.tx, plan)), None)
        every, unit = shape.review_every, shape.review_unit
        yield (
            DueKind.REVIEW,
            0,
            next_round(every, unit, shape.rhythm, began_at=began_at, last_at=last),
        )


def _round_of(
    planned: PlannedMeasure, content: PlanContent, began_at: datetime, last_at: datetime | None
) -> Round:
    if last_at is None and load_instruments()[planned.instrument].starts_at_once:
        return at_once(began_at)
    return next_round(
        planned.every, planned.unit, content.shape.rhythm, began_at=began_at, last_at=last_at
    )


def _last_filled(kept: Iterable[Kept], planned: PlannedMeasure) -> datetime | None:
    """When it was filled in last; a correction moves nothing."""
    own = (one.row for one in kept if one.said.instrument == planned.instrument)
    return next((row.filled_at for row in own if row.corrects_id is None), None)


def _due(plan: Plan, kind: DueKind, number: int, round_: Round, starts: Sequence[datetime]) -> Due:
    return Due(
        practice_id=plan.practice_id,
        plan_id=plan.id,
        chart_id=plan.chart_id,
        account_id=plan.account_id,
        kind=kind.value,
        number=number,
        from_at=round_.from_at,
        sessions=round_.sessions,
        expected_at=round_.expected_at,
        due_at=due_at(round_, starts),
    )
