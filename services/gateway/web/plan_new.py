"""A new plan, begun from a template."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.errors import DifferentContent, NotFound
from services.contracts.plans.commands import StartPlan
from services.contracts.plans.templates import TemplateArchived, TemplateIncomplete
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.plans import StartForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import plan_context
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.plan_templates import GONE, offered
from services.gateway.web.treating import ask_each, names_of, treated_with, treating_actors

BEGUN = "A plan was begun from this page already. Send again to begin another one."
router = APIRouter()


@router.get("/plans/new")
async def new_plan_page(
    request: Request, backend: Asked, visitor: WebVisitor, client: str = "", template: str = ""
) -> Response:
    """Whom it is for, and the templates to begin from."""
    return await _new_page(request, backend, visitor, {"client": client, "template": template}, {})


@router.post("/plans/new")
async def start_plan(request: Request, sent: Sent, backend: Asked, visitor: WebVisitor) -> Response:
    """Begin a plan and go on to writing it."""
    actors = treating_actors(visitor)
    try:
        form = parsed(StartForm, sent)
    except Flawed as flawed:
        return await _new_page(request, backend, visitor, sent, flawed.errors, 422)
    command = StartPlan(id=form.form_id, client_id=form.client, template=form.template)
    try:
        plan = await ask_each(backend, actors, command, PlanView)
    except DifferentContent:
        fresh = sent | {"form_id": ""}
        return await _new_page(request, backend, visitor, fresh, {"form": BEGUN}, 409)
    except (NotFound, TemplateArchived, TemplateIncomplete) as refused:
        if isinstance(refused, NotFound) and "template" not in refused.detail:
            raise
        return await _new_page(request, backend, visitor, sent, {"template": GONE}, 422)
    notice = "This is your draft. Your client sees it when you propose it."
    return redirect(request, f"/plans/{plan.id}", notice=notice)


async def _new_page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    actors = treating_actors(visitor)
    named = _id_of(values.get("client", ""))
    ids, told = await asyncio.gather(treated_with(backend, actors, named), offered(backend, actors))
    names = await names_of(backend, actors, ids)
    known = ((str(one), names[one]) for one in ids if one in names)
    context = {
        "form_id": kept_form_id(values.get("form_id", "")),
        "values": values,
        "errors": errors,
        "clients": [{"value": id_, "label": name} for id_, name in known],
        "templates": [
            {
                "slug": one.slug,
                "name": one.name,
                "length_label": plan_context.LENGTHS[one.length],
                "summary": one.summary,
                "source": one.source,
            }
            for one in told
        ],
    }
    return await page(request, "plan_new.html", context, active="plans", status=status)


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
