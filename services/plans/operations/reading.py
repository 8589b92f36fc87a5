"""Plans, one or many, for whom they concern."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.common.auth import Actor
from services.common.errors import NotFound
from services.contracts.plans.commands import GetPlan, GetVersion, ListAccesses
from services.contracts.plans.content import Party
from services.contracts.plans.views import (
    AccessesView,
    PlansView,
    PlanView,
    VersionView,
)
from services.plans.domain.lifecycle import UNDER_WAY
from services.plans.operations.access import chart_for, check_person, check_treats, visible_plan
from services.plans.operations.looking import accesses_view
from services.plans.operations.progress import progress_everywhere, progress_of
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import is_shown, plan_line, plan_view, version_view
from services.plans.queries import courses, measures, plans
from services.plans.queries.measures import NOTHING


def list_own_plans(tx: Session, *, actor: Actor, now: datetime) -> PlansView:
    """The plans that were put before the actor as a client, with what waits in them."""
    found = plans.of_account(tx, check_person(actor))
    waiting = measures.waiting(tx, [plan.id for plan, _ in found], now)
    dates = courses.last_states(tx, [plan.id for plan, _ in found])
    told = progress_everywhere(tx, [plan for plan, _ in found], now)
    lines = [
        plan_line(
            plan,
            last,
            waiting.get(plan.id, NOTHING),
            progress=told.get(plan.id),
            dates=dates.get(plan.id),
        )
        for plan, last in found
    ]
    return PlansView(plans=lines)


def list_plans(tx: Session, *, actor: Actor, now: datetime) -> PlansView:
    """The plans that the actor keeps in the practice, with what waits; raises Forbidden."""
    practice_id, account_id = check_treats(actor)
    found = plans.of_practitioner(tx, practice_id, account_id)
    ids = [plan.id for plan, _ in found]
    waiting = measures.waiting(tx, ids, now)
    alerts = measures.alert_counts(tx, practice_id, ids)
    short = courses.running_short(tx, practice_id, ids)
    dates, told = courses.last_states(tx, ids), progress_of(tx, practice_id, ids, now)
    lines = [
        plan_line(
            plan,
            last,
            waiting.get(plan.id, NOTHING),
            alerts.get(plan.id, 0),
            runs_short=plan.id in short and plan.state in UNDER_WAY,
            progress=told.get(plan.id),
            dates=dates.get(plan.id),
            party=Party.PRACTITIONER,
        )
        for plan, last in found
    ]
    return PlansView(plans=lines)


def get_plan(
    tx: Session, ring: KeyRing, command: GetPlan, *, actor: Actor, now: datetime
) -> PlanView:
    """One plan; raises NotFound."""
    seen = visible_plan(tx, command.plan_id, actor)
    chart = chart_for(tx, ring, seen, now=now)
    return plan_view(chart, seen, plans.versions(tx, seen.plan))


def get_version(
    tx: Session, ring: KeyRing, command: GetVersion, *, actor: Actor, now: datetime
) -> VersionView:
    """One version of a plan; raises NotFound, also for a draft that the client cannot see."""
    seen = visible_plan(tx, command.plan_id, actor)
    numbered = (one for one in plans.versions(tx, seen.plan) if one.number == command.number)
    found = next(numbered, None)
    if found is None or not is_shown(found, seen.party):
        raise NotFound("There is no such version.")
    return version_view(chart_for(tx, ring, seen, now=now), found)


def list_accesses(tx: Session, command: ListAccesses, *, actor: Actor) -> AccessesView:
    """Who looked at the chart of a plan; raises NotFound for everybody but its client."""
    seen = visible_plan(tx, command.plan_id, actor)
    if seen.party is not Party.CLIENT:
        raise NotFound("There is no such plan.")
    return accesses_view(tx, seen.plan.practice_id, seen.plan.chart_id, command.before)
