"""Writing a plan: begun from a template, revised part by part."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from services.common.auth import Actor
from services.common.database import constraint_of
from services.common.errors import DifferentContent, Forbidden, InvalidInput, NotFound
from services.contracts.plans.commands import RevisePlan, StartPlan
from services.contracts.plans.content import Move, Party, PlanContent, PlanState, VersionState
from services.contracts.plans.refusals import MoveRefused, PhasesDoNotFit, PlanChanged
from services.contracts.plans.rhythm import Measures
from services.contracts.plans.views import PlanView
from services.plans.adapters.people import Treated
from services.plans.catalogue.instruments import load_instruments
from services.plans.domain.lifecycle import is_allowed
from services.plans.domain.shape import misfits
from services.plans.models import Plan, Version
from services.plans.operations.access import (
    Seen,
    chart_for,
    check_treats,
    lock_visible,
    visible_plan,
)
from services.plans.operations.charts import Looker, OpenChart, chart_of, open_chart
from services.plans.operations.origins import first_draft
from services.plans.operations.sealing import KeyRing
from services.plans.operations.views import (
    VERSION,
    content_of,
    plan_view,
    standing,
)
from services.plans.queries import plans


def start_plan(
    tx: Session,
    ring: KeyRing,
    command: StartPlan,
    treated: Treated,
    *,
    actor: Actor,
    now: datetime,
) -> PlanView:
    """A draft from a template; the same again changes nothing.

    Raises Forbidden, NotFound, DifferentContent, TemplateArchived, TemplateIncomplete.
    """
    practice_id, account_id = check_treats(actor)
    if treated.account_id == account_id:
        raise Forbidden("Nobody keeps a plan with themselves.")
    if plans.plan(tx, command.id) is not None:
        return _started(tx, ring, command, actor=actor, now=now)
    content = first_draft(tx, practice_id, command.template, command.id)
    looker = Looker(Party.PRACTITIONER, account_id, treated.practitioner_id)
    found = chart_of(tx, ring, practice_id, treated.client_id, treated.account_id, now=now)
    chart = open_chart(tx, ring, found, looker, now=now)
    plan = _new_plan(command.id, chart, now)
    if not _is_added(tx, plan):
        return _started(tx, ring, command, actor=actor, now=now)
    version = new_version(chart, plan, 1, content)
    tx.add(version)
    tx.flush()
    return plan_view(chart, Seen(plan, looker), [version])


def revise_plan(
    tx: Session, ring: KeyRing, command: RevisePlan, *, actor: Actor, now: datetime
) -> PlanView:
    """Write parts anew: in the draft, or in a new version of what was agreed or returned.

    Raises NotFound, MoveRefused, PlanChanged, PhasesDoNotFit, InvalidInput.
    """
    seen = lock_visible(tx, command.plan_id, actor)
    found = list(plans.versions(tx, seen.plan))
    if not is_allowed(standing(seen.plan, found), Move.REVISE, seen.party):
        raise MoveRefused("This plan cannot be changed now. Take the proposal back first.")
    if command.shape is not None and (flaws := misfits(command.shape)):
        raise PhasesDoNotFit("The sessions do not add up.", flaws)
    check_instruments(command.measures)
    chart = chart_for(tx, ring, seen, now=now)
    before = content_of(chart, found[-1])
    after = _revised(before, command)
    if after != before:
        _check_fresh(seen.plan, command.revision)
        _write(chart, seen.plan, found, after, now)
    return plan_view(chart, seen, found)


def open_draft(chart: OpenChart, plan: Plan, found: list[Version]) -> None:
    """A new version to write, which says what the last one says; not where one is open."""
    if found[-1].state in (VersionState.AGREED, VersionState.RETURNED):
        last = found[-1]
        found.append(new_version(chart, plan, last.number + 1, content_of(chart, last)))
        chart.tx.add(found[-1])


def touch(plan: Plan, now: datetime) -> None:
    """The plan has changed."""
    plan.revision += 1
    plan.changed_at = now


def check_instruments(measures: Measures | None) -> None:
    """Raises InvalidInput for an instrument that the catalogue does not have."""
    wanted = {one.instrument for one in measures or []}
    if wanted - load_instruments().keys():
        raise InvalidInput("There is no such instrument.", {"measures": "names an unknown one"})


def _check_fresh(plan: Plan, revision: int) -> None:
    if plan.revision != revision:
        raise PlanChanged("This plan was changed in the meantime.")


def _write(
    chart: OpenChart, plan: Plan, found: list[Version], content: PlanContent, now: datetime
) -> None:
    last = found[-1]
    if last.state == VersionState.DRAFT:
        last.sealed_revision += 1
        last.sealed = chart.seal(content, VERSION, last.id, last.sealed_revision)
    else:
        found.append(new_version(chart, plan, last.number + 1, content))
        chart.tx.add(found[-1])
    touch(plan, now)
    chart.tx.flush()


def _revised(content: PlanContent, command: RevisePlan) -> PlanContent:
    parts = {
        "focus": command.focus,
        "goals": command.goals,
        "exercises": command.exercises,
        "shape": command.shape,
        "measures": command.measures,
    }
    return content.model_copy(update={k: part for k, part in parts.items() if part is not None})


def _started(
    tx: Session, ring: KeyRing, command: StartPlan, *, actor: Actor, now: datetime
) -> PlanView:
    """The plan that was begun under this id before."""
    seen = visible_plan(tx, command.id, actor)
    found = plans.versions(tx, seen.plan)
    chart = chart_for(tx, ring, seen, now=now)
    begun = (seen.plan.client_id, content_of(chart, found[0]).template)
    if seen.party is not Party.PRACTITIONER or begun != (command.client_id, command.template):
        raise DifferentContent("This id was used for another plan.")
    return plan_view(chart, seen, found)


def _is_added(tx: Session, plan: Plan) -> bool:
    """False where another copy of the command was faster; NotFound for somebody else's id."""
    try:
        with tx.begin_nested():
            tx.add(plan)
            tx.flush()
    except IntegrityError as error:
        if constraint_of(error) == "plans_id_unique":
            raise NotFound("There is no such plan.") from None
        if constraint_of(error) == "plans_pkey":
            return False
        raise
    return True


def _new_plan(plan_id: UUID, chart: OpenChart, now: datetime) -> Plan:
    return Plan(
        practice_id=chart.chart.practice_id,
        id=plan_id,
        chart_id=chart.chart.id,
        client_id=chart.chart.client_id,
        account_id=chart.chart.account_id,
        practitioner_id=chart.looker.practitioner_id,
        practitioner_account_id=chart.looker.account_id,
        state=PlanState.DRAFT.value,
        revision=1,
        first_proposed_at=None,
        started_at=now,
        changed_at=now,
    )


def new_version(chart: OpenChart, plan: Plan, number: int, content: PlanContent) -> Version:
    """A draft with that content, still to be written."""
    version_id = uuid7()
    return Version(
        practice_id=plan.practice_id,
        id=version_id,
        plan_id=plan.id,
        chart_id=plan.chart_id,
        account_id=plan.account_id,
        number=number,
        state=VersionState.DRAFT.value,
        sealed=chart.seal(content, VERSION, version_id, 1),
        sealed_revision=1,
    )
