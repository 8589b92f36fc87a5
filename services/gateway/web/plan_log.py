"""An exercise of a plan, and what happened when its client tried it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, NotFound
from services.contracts.plans.commands import GetPlan, LogExercise
from services.contracts.plans.content import Exercise
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.plans import TriedForm
from services.gateway.forms.reading import SENT_BEFORE, Flawed, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import plan_context
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.plans import plan_id_of
from services.gateway.web.treating import ask_plans
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/plans/{plan_id}/exercises")
LOGGED = "Written down. Your practitioner sees it beside your plan."
OVER = "This plan is over, so nothing is added to its log any more."


@router.get("/{exercise_id}")
async def exercise_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str, exercise_id: str
) -> Response:
    """What to try, the form for what happened, and what was written before."""
    id_ = plan_id_of(plan_id)
    return await _page(request, backend, visitor, id_, plan_id_of(exercise_id), {}, {})


@router.post("/{exercise_id}")
async def log_exercise(
    request: Request,
    sent: SentLong,
    backend: Asked,
    visitor: WebVisitor,
    plan_id: str,
    exercise_id: str,
) -> Response:
    """Write it down, once for each form."""
    id_, exercise = plan_id_of(plan_id), plan_id_of(exercise_id)
    try:
        form = parsed(TriedForm, sent)
    except Flawed as flawed:
        return await _page(request, backend, visitor, id_, exercise, sent, flawed.errors, 422)
    command = LogExercise(
        id=form.form_id,
        plan_id=id_,
        exercise_id=exercise,
        happened=form.happened,
        went=form.went,
    )
    try:
        await ask_plans(backend, visitor, command, PlanView)
    except DifferentContent:
        values, errors = sent | {"form_id": ""}, {"form": SENT_BEFORE}
        return await _page(request, backend, visitor, id_, exercise, values, errors, 409)
    except MoveRefused:
        return redirect(request, f"/plans/{id_}", notice=OVER, kind="warn")
    return redirect(request, f"/plans/{id_}/exercises/{exercise}", notice=LOGGED)


async def _page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan_id: UUID,
    exercise_id: UUID,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    plan = await ask_plans(backend, visitor, GetPlan(plan_id=plan_id), PlanView)
    exercise = _exercise(plan, exercise_id)
    now, shown = utc_now(), shown_zone(request, visitor)
    told = [one for one in plan.entries if one.exercise.id == exercise_id]
    context = {
        "back_url": f"/plans/{plan_id}",
        "action": f"/plans/{plan_id}/exercises/{exercise_id}",
        "situation": exercise.situation,
        "new_way": exercise.new_way,
        "rehearsed": plan_context.rehearsed(plan.rehearsals, exercise_id, shown, now),
        "form_id": kept_form_id(values.get("form_id", "")),
        "values": values,
        "errors": errors,
        "entries": [plan_context.entry(one, shown, now) for one in told],
    }
    return await page(request, "plan_exercise.html", context, active="plans", status=status)


def _exercise(plan: PlanView, exercise_id: UUID) -> Exercise:
    """The agreed exercise; raises NotFound for others, and for who does not log here."""
    known = plan.agreed.content.exercises if plan.agreed and plan.may_log else []
    found = next((one for one in known if one.id == exercise_id), None)
    if found is None:
        raise NotFound("There is no such exercise.")
    return found
