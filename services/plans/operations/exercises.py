"""Exercises that a client tried outside: the log."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import Busy, DifferentContent, NotFound
from services.contracts.plans.commands import LogExercise
from services.contracts.plans.content import Exercise, Party, PlanState, VersionState
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.views import PlanView
from services.plans.domain.lifecycle import may_log
from services.plans.models import Entry, Version
from services.plans.operations.access import Seen, chart_for, check_of_plan, lock_visible
from services.plans.operations.charts import OpenChart
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import (
    ENTRY,
    SEALED_ONCE,
    Tried,
    content_of,
    plan_view,
    tried,
)
from services.plans.queries import plans


def log_exercise(
    tx: Session, ring: KeyRing, command: LogExercise, *, actor: Actor, now: datetime
) -> PlanView:
    """Write down what happened; the same again changes nothing.

    Raises NotFound, also for the practitioner and for an exercise that is not agreed,
    MoveRefused before a plan is agreed and after its end, DifferentContent.
    """
    seen = lock_visible(tx, command.plan_id, actor)
    if seen.party is not Party.CLIENT:
        raise NotFound("There is no such plan.")
    chart = chart_for(tx, ring, seen, now=now)
    versions = plans.versions(tx, seen.plan)
    earlier = plans.entry(tx, seen.plan.practice_id, command.id)
    if earlier is not None:
        check_of_plan(seen.plan, earlier)
        _check_same(tried(chart, earlier), command)
    else:
        if not may_log(PlanState(seen.plan.state), seen.party):
            raise MoveRefused("Exercises are logged from agreeing to a plan until its end.")
        exercise = _agreed(chart, versions, command)
        _add(chart, seen, command, exercise)
    return plan_view(chart, seen, versions)


def _agreed(chart: OpenChart, versions: Sequence[Version], command: LogExercise) -> Exercise:
    """The exercise as the plan that holds has it."""
    agreed = [one for one in versions if one.state == VersionState.AGREED]
    known = content_of(chart, agreed[-1]).exercises if agreed else []
    found = next((one for one in known if one.id == command.exercise_id), None)
    if found is None:
        raise NotFound("There is no such exercise.")
    return found


def _check_same(told: Tried, command: LogExercise) -> None:
    said = (told.exercise.id, told.happened, told.went)
    if said != (command.exercise_id, command.happened, command.went):
        raise DifferentContent("This id was used for another entry.")


def _add(chart: OpenChart, seen: Seen, command: LogExercise, exercise: Exercise) -> None:
    said = Tried(exercise=exercise, happened=command.happened, went=command.went)
    entry = Entry(
        practice_id=seen.plan.practice_id,
        id=command.id,
        plan_id=seen.plan.id,
        chart_id=seen.plan.chart_id,
        account_id=seen.plan.account_id,
        sealed=chart.seal(said, ENTRY, command.id, SEALED_ONCE),
        logged_at=chart.now,
    )
    chart.tx.add(entry)
    try:
        chart.tx.flush()
    except IntegrityError:
        raise Busy("Please try again in a moment.") from None
