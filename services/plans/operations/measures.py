"""Measures that a client fills in; an answer that asks for help alerts the practitioner.

The answers, the alert and the event that tells of it commit together, or nothing does.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common import outbox
from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, InvalidInput, NotFound
from services.contracts.plans.content import Party, PlanState, VersionState
from services.contracts.plans.measures import (
    AcknowledgeAlert,
    AlertRaised,
    FillMeasure,
    InstrumentsView,
    MeasureNotDue,
)
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rhythm import PlannedMeasure
from services.contracts.plans.views import PlanView
from services.plans.catalogue.instruments import Instrument, load_instruments
from services.plans.domain import scoring
from services.plans.domain.alerts import Corrected, is_news
from services.plans.domain.lifecycle import may_acknowledge_alert, may_log
from services.plans.domain.rhythm import is_due, may_correct
from services.plans.domain.scoring import Scale, help_asked
from services.plans.models import Alert, DueKind, Filling, Plan, Version, plumbing
from services.plans.operations.access import Seen, chart_for, check_of_plan, lock_visible
from services.plans.operations.charts import OpenChart
from services.plans.operations.measure_views import (
    FILLING,
    SEALED_ONCE,
    Filled,
    Kept,
    filled,
    kept_fillings,
)
from services.plans.operations.rounds import restate
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import content_of, plan_view
from services.plans.queries import measures, plans


def list_instruments() -> InstrumentsView:
    """The questionnaires of the catalogue."""
    return InstrumentsView(instruments=[one.view() for one in load_instruments().values()])


def fill_measure(
    tx: Session, ring: KeyRing, command: FillMeasure, *, actor: Actor, now: datetime
) -> PlanView:
    """Keep the answers; the same again changes nothing.

    Answers that ask for help are kept whenever they come: a rhythm is no reason to miss them.
    Raises NotFound, also for the practitioner and for a measure that is not agreed, MoveRefused
    before a plan is agreed and after its end, MeasureNotDue, InvalidInput, DifferentContent.
    """
    seen = lock_visible(tx, command.plan_id, actor)
    if seen.party is not Party.CLIENT:
        raise NotFound("There is no such plan.")
    chart = chart_for(tx, ring, seen, now=now)
    versions = plans.versions(tx, seen.plan)
    earlier = measures.filling(tx, seen.plan.practice_id, command.id)
    if earlier is not None:
        check_of_plan(seen.plan, earlier)
        _check_same(chart, earlier, command)
    else:
        _fill(chart, seen, versions, command)
    return plan_view(chart, seen, versions)


def acknowledge_alert(
    tx: Session, ring: KeyRing, command: AcknowledgeAlert, *, actor: Actor, now: datetime
) -> PlanView:
    """The practitioner has looked; repeated, the first time stays. Raises NotFound."""
    seen = lock_visible(tx, command.plan_id, actor)
    found = measures.alert(tx, seen.plan, command.alert_id)
    if found is None or not may_acknowledge_alert(seen.party):
        raise NotFound("There is no such alert.")
    found.seen_at = found.seen_at or now
    tx.flush()
    chart = chart_for(tx, ring, seen, now=now)
    return plan_view(chart, seen, plans.versions(tx, seen.plan))


def _fill(
    chart: OpenChart,
    seen: Seen,
    versions: Sequence[Version],
    command: FillMeasure,
) -> None:
    if not may_log(PlanState(seen.plan.state), seen.party):
        raise MoveRefused("Measures are filled in from agreeing to a plan until its end.")
    planned, kept = _planned(chart, versions), kept_fillings(chart, seen.plan)
    instrument = _instrument(planned, command)
    _check_answers(instrument, command)
    if command.corrects is not None or not scoring.asks_for_help(instrument.scale, command.answers):
        _check_time(chart, seen.plan, planned, kept, command)
    _add(chart, seen.plan, command)
    if _is_news(chart, seen.plan, instrument.scale, kept, command):
        _alert(chart, seen.plan, command)
    restate(chart, seen.plan, versions)


def _planned(chart: OpenChart, versions: Sequence[Version]) -> list[PlannedMeasure]:
    agreed = [one for one in versions if one.state == VersionState.AGREED]
    return content_of(chart, agreed[-1]).measures if agreed else []


def _instrument(planned: Sequence[PlannedMeasure], command: FillMeasure) -> Instrument:
    """The instrument, where the plan that holds names it."""
    if command.instrument not in {one.instrument for one in planned}:
        raise NotFound("There is no such measure.")
    return load_instruments()[command.instrument]


def _check_answers(instrument: Instrument, command: FillMeasure) -> None:
    """Every item has one of its answers; raises InvalidInput that names the field."""
    try:
        scoring.score(instrument.scale, command.answers)
    except scoring.Misfit:
        detail = {"answers": "needs one of its answers for every item"}
        raise InvalidInput("The answers do not fit.", detail) from None
    most = len(instrument.beside.answers) if instrument.beside else 0
    if command.difficulty is not None and command.difficulty >= most:
        raise InvalidInput("The answers do not fit.", {"difficulty": "is not one of its answers"})


def _check_time(
    chart: OpenChart,
    plan: Plan,
    planned: Sequence[PlannedMeasure],
    kept: Sequence[Kept],
    command: FillMeasure,
) -> None:
    """It is due, or corrects what was answered last within a day; raises MeasureNotDue."""
    if command.corrects is not None:
        own = (one for one in kept if one.said.instrument == command.instrument)
        last = next((one.row for one in own if not one.is_replaced), None)
        if (
            last is None
            or last.id != command.corrects
            or not may_correct(last.filled_at, chart.now)
        ):
            raise MeasureNotDue("These answers cannot be corrected any more.")
        return
    number = [one.instrument for one in planned].index(command.instrument)
    dues = measures.dues(chart.tx, plan)
    at = [one.due_at for one in dues if (one.kind, one.number) == (DueKind.MEASURE, number)]
    if not any(is_due(one, chart.now) for one in at):
        raise MeasureNotDue("This is not due yet.")


def _check_same(chart: OpenChart, earlier: Filling, command: FillMeasure) -> None:
    if (filled(chart, earlier), earlier.corrects_id) != (_said(command), command.corrects):
        raise DifferentContent("This id was used for other answers.")


def _said(command: FillMeasure) -> Filled:
    return Filled(
        instrument=command.instrument, answers=command.answers, difficulty=command.difficulty
    )


def _add(chart: OpenChart, plan: Plan, command: FillMeasure) -> None:
    chart.tx.add(
        Filling(
            practice_id=plan.practice_id,
            id=command.id,
            plan_id=plan.id,
            chart_id=plan.chart_id,
            account_id=plan.account_id,
            corrects_id=command.corrects,
            sealed=chart.seal(_said(command), FILLING, command.id, SEALED_ONCE),
            filled_at=chart.now,
        )
    )
    try:
        chart.tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None


def _is_news(
    chart: OpenChart, plan: Plan, scale: Scale, kept: Sequence[Kept], command: FillMeasure
) -> bool:
    """Whether the answers ask for help that the practitioner does not know of yet."""
    if not scoring.asks_for_help(scale, command.answers):
        return False
    before = list(_corrected(kept, command.corrects))
    looks = measures.alert_looks(chart.tx, plan, [one.row.id for one in before])
    told = [Corrected(one.row.filled_at, help_asked(scale, one.said.answers)) for one in before]
    return is_news(help_asked(scale, command.answers), told, looks)


def _alert(chart: OpenChart, plan: Plan, command: FillMeasure) -> None:
    """Alert the practitioner, under an id that follows from the answers'."""
    alert_id = uuid5(command.id, "alert")
    chart.tx.add(
        Alert(
            practice_id=plan.practice_id,
            id=alert_id,
            plan_id=plan.id,
            chart_id=plan.chart_id,
            filling_id=command.id,
            raised_at=chart.now,
        )
    )
    event = AlertRaised(
        occurred_at=chart.now,
        practice_id=plan.practice_id,
        alert_id=alert_id,
        plan_id=plan.id,
        practitioner_account_id=plan.practitioner_account_id,
    )
    outbox.emit(chart.tx, plumbing.outbox, event)


def _corrected(kept: Sequence[Kept], filling_id: UUID | None) -> Iterator[Kept]:
    """All answers that these correct, the last ones first."""
    before = {one.row.id: one for one in kept}
    while filling_id is not None:
        yield before[filling_id]
        filling_id = before[filling_id].row.corrects_id
