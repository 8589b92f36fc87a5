"""Exercises beside a session: what was tried since the one before, what was rehearsed in it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.plans.beside import (
    GetSessionExercises,
    SessionExercise,
    SessionExercises,
)
from services.contracts.plans.content import Exercise, Party, PlanState, VersionState
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rehearsals import MarkRehearsed, RehearsalView
from services.plans.domain.rehearsals import may_rehearse
from services.plans.models import KnownSession, Version
from services.plans.operations.access import (
    Seen,
    chart_for,
    lock_visible,
    visible_plan,
)
from services.plans.operations.charts import OpenChart
from services.plans.operations.course_views import known_session
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import content_of, entry_view, rehearsal_views
from services.plans.queries import courses, plans, rehearsals, sessions

REHEARSAL = "rehearsal"
NO_PLAN = "There is no plan that holds for such a session."


@dataclass(frozen=True, slots=True)
class Beside:
    """A session, the plan of its client that both signed, and its chart."""

    session: KnownSession
    seen: Seen
    chart: OpenChart
    agreed: Version

    @property
    def exercises(self) -> list[Exercise]:
        return content_of(self.chart, self.agreed).exercises

    @property
    def may_mark(self) -> bool:
        state = PlanState(self.seen.plan.state)
        return may_rehearse(state, known_session(self.session), self.chart.now)


def session_exercises(
    tx: Session, ring: KeyRing, command: GetSessionExercises, *, actor: Actor, now: datetime
) -> SessionExercises:
    """For who keeps the plan; raises NotFound, also where both signed none."""
    return _view(_beside(tx, ring, command.booking_id, actor, now))


def mark_rehearsed(
    tx: Session, ring: KeyRing, command: MarkRehearsed, *, actor: Actor, now: datetime
) -> SessionExercises:
    """Say so, or take it back; the same again changes nothing.

    Raises NotFound, also for an exercise that is not agreed, MoveRefused before the
    session and after the plan.
    """
    beside = _beside(tx, ring, command.booking_id, actor, now)
    plan = lock_visible(tx, beside.seen.plan.id, actor).plan
    if command.exercise_id not in {one.id for one in beside.exercises}:
        raise NotFound("There is no such exercise.")
    if command.is_rehearsed:
        if not beside.may_mark:
            raise MoveRefused("Exercises are rehearsed in a session that has begun.")
        rehearsals.keep(tx, plan, command.exercise_id, command.booking_id, now)
    else:
        rehearsals.forget(tx, plan, command.exercise_id, command.booking_id)
    beside.chart.note(REHEARSAL, command.exercise_id, is_write=True)
    return _view(beside)


def _beside(tx: Session, ring: KeyRing, booking_id: UUID, actor: Actor, now: datetime) -> Beside:
    practice_id, account_id = actor.practice_id, actor.account_id
    if practice_id is None or account_id is None:
        raise NotFound(NO_PLAN)
    session = sessions.session(tx, practice_id, booking_id)
    plan_id = None if session is None else _plan_of(tx, session, account_id)
    if session is None or plan_id is None:
        raise NotFound(NO_PLAN)
    seen = visible_plan(tx, plan_id, actor)
    found = plans.versions(tx, seen.plan)
    agreed = [one for one in found if one.state == VersionState.AGREED]
    is_theirs = seen.plan.practitioner_id == session.practitioner_id
    if seen.party is not Party.PRACTITIONER or not is_theirs or not agreed:
        raise NotFound(NO_PLAN)
    return Beside(session, seen, chart_for(tx, ring, seen, now=now), agreed[-1])


def _plan_of(tx: Session, session: KnownSession, account_id: UUID) -> UUID | None:
    """The plan that the session was booked for, or else the one that is kept with its client."""
    practice_id, course_id = session.practice_id, session.course_id
    of_course = courses.plan_of(tx, practice_id, course_id) if course_id else None
    return of_course or plans.with_client(tx, practice_id, account_id, session.client_id)


def _view(beside: Beside) -> SessionExercises:
    chart, plan, session = beside.chart, beside.seen.plan, beside.session
    since = sessions.last_held(chart.tx, session, min(session.starts_at, chart.now))
    tried = plans.entries_between(chart.tx, plan, since, session.starts_at)
    told = rehearsal_views(chart.tx, plan)
    return SessionExercises(
        plan_id=plan.id,
        since=since,
        exercises=[_exercise(one, session, told) for one in beside.exercises],
        entries=[entry_view(chart, one) for one in tried],
        may_mark=beside.may_mark,
    )


def _exercise(
    exercise: Exercise, session: KnownSession, told: list[RehearsalView]
) -> SessionExercise:
    its = [one for one in told if one.exercise_id == exercise.id]
    return SessionExercise(
        exercise=exercise,
        is_rehearsed=any(one.booking_id == session.booking_id for one in its),
        rehearsed_at=its[0].rehearsed_at if its else None,
    )
