"""Writing a plan, one part a page: what it is about, goals, exercises, sessions."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.errors import NotFound
from services.contracts.plans.commands import GetPlan, RevisePlan
from services.contracts.plans.content import Move, Party, PlanContent
from services.contracts.plans.refusals import MoveRefused, PhasesDoNotFit, PlanChanged
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.measures import measures_of
from services.gateway.forms.plans import (
    RevisionForm,
    exercises_of,
    focus_of,
    goals_of,
    shape_of,
)
from services.gateway.forms.reading import Flawed, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import plan_parts
from services.gateway.web.page import page, redirect
from services.gateway.web.plan_parts import TITLES, known
from services.gateway.web.plans import plan_id_of
from services.gateway.web.treating import ask_plans

router = APIRouter(prefix="/plans/{plan_id}/edit")
Values = dict[str, Any]
READERS: dict[str, Callable[[dict[str, str]], Any]] = {
    "focus": focus_of,
    "goals": goals_of,
    "exercises": exercises_of,
    "shape": shape_of,
    "measures": measures_of,
}
FIRST = "This plan cannot be changed as it stands. Take the proposal back first."
CHANGED = (
    "The plan was changed in another window since you opened this page. Your words are below; "
    "saving again puts them in the place of what stands there now."
)


@router.get("/{part}")
async def edit_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str, part: str
) -> Response:
    """The form of one part, filled with what it says now."""
    plan, choices = await asyncio.gather(
        _editable(backend, visitor, plan_id_of(plan_id)), plan_parts.choices(backend, visitor, part)
    )
    if Move.REVISE not in plan.may:
        return redirect(request, f"/plans/{plan.id}", notice=FIRST, kind="warn")
    content = _newest(plan)
    values = _values(content, plan.revision)
    return await _edit_page(request, plan, known(part), values, {}, choices)


@router.post("/{part}")
async def save_part(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, plan_id: str, part: str
) -> Response:
    """Save the part; what does not fit is shown again with what was typed."""
    id_, part = plan_id_of(plan_id), known(part)
    try:
        revision = parsed(RevisionForm, sent).revision
        told = {part: READERS[part](sent)}
        command = RevisePlan(plan_id=id_, revision=revision, **told)
        await ask_plans(backend, visitor, command, PlanView)
    except Flawed as flawed:
        return await _again(request, backend, visitor, id_, part, sent, flawed.errors, 422)
    except MoveRefused:
        await _editable(backend, visitor, id_)
        return redirect(request, f"/plans/{id_}", notice=FIRST, kind="warn")
    except PhasesDoNotFit as misfit:
        errors = plan_parts.placed(misfit.detail)
        return await _again(request, backend, visitor, id_, part, sent, errors, 422)
    except PlanChanged:
        errors = {"form": CHANGED}
        return await _again(request, backend, visitor, id_, part, sent, errors, 409)
    return redirect(request, f"/plans/{id_}", notice=f"Saved: {TITLES[part].lower()}.")


async def _editable(backend: Backend, visitor: Visitor, plan_id: UUID) -> PlanView:
    """The plan, for its practitioner; to its client this page does not exist."""
    plan = await ask_plans(backend, visitor, GetPlan(plan_id=plan_id), PlanView)
    if plan.party is not Party.PRACTITIONER:
        raise NotFound("There is no such page.")
    return plan


def _newest(plan: PlanView) -> PlanContent:
    newest = plan.open or plan.agreed
    if newest is None:
        raise NotFound("There is no such plan.")
    return newest.content


async def _again(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan_id: UUID,
    part: str,
    sent: dict[str, str],
    errors: dict[str, str],
    status: int,
) -> Response:
    plan, choices = await asyncio.gather(
        _editable(backend, visitor, plan_id), plan_parts.choices(backend, visitor, part)
    )
    values = plan_parts.again(sent, "revision", plan.revision, status)
    return await _edit_page(request, plan, part, values, errors, choices, status)


async def _edit_page(
    request: Request,
    plan: PlanView,
    part: str,
    values: Values,
    errors: dict[str, str],
    choices: list[Values],
    status: int = 200,
) -> Response:
    context = plan_parts.form(part, values, errors, choices) | {
        "action": f"/plans/{plan.id}/edit/{part}",
        "back_url": f"/plans/{plan.id}",
        "is_new_version": plan.open is None,
    }
    return await page(request, "plan_edit.html", context, active="plans", status=status)


def _values(content: PlanContent, revision: int) -> Values:
    """What the form's fields hold: one name for each cell of its lists."""
    focus = content.focus
    told: Values = {
        "revision": revision,
        "title": focus.title,
        "problem_area": focus.problem_area,
        "reason": focus.reason,
        "patterns": "\n".join(focus.patterns),
    }
    ids = {f"exercise-{at}-id": str(one.id) for at, one in enumerate(content.exercises)}
    parts = plan_parts.values_of(content.goals, content.exercises, content.shape, content.measures)
    return told | parts | ids
