"""Templates of plans that a practice keeps: listed, begun, read, archived and restored."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound
from services.contracts.plans.commands import ListTemplates
from services.contracts.plans.templates import (
    ArchiveTemplate,
    GetPracticeTemplate,
    ListPracticeTemplates,
    PracticeTemplatesView,
    PracticeTemplateView,
    RestoreTemplate,
    StartTemplate,
    TooManyTemplates,
)
from services.contracts.plans.views import TemplatesView, TemplateView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.forms.templates import NO_ORIGIN, StartTemplateForm
from services.gateway.visitors import Visitor
from services.gateway.web import plan_parts, template_context
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.treating import ask_each, treating_actors
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/plans/templates")
Context = dict[str, Any]
BEGUN = "This is your template. Change what you like; plans can begin from it."
GONE = "This template is not offered any more. Choose another one."
FULL = "Your practice keeps 100 templates, which is the most. Restore and change an old one."
NO_PRACTICE = "Choose which practice keeps it."


def template_id_of(text: str) -> UUID:
    """The id in an address; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such template.") from None


@router.get("")
async def templates_page(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """The templates of the practices where somebody treats."""
    actors, shown, now = treating_actors(visitor), shown_zone(request, visitor), utc_now()
    asked = ListPracticeTemplates()
    told = await asyncio.gather(*(backend.ask(one, asked, PracticeTemplatesView) for one in actors))
    names = _practice_names(visitor)
    lines = [
        (one, template_context.line(one, names.get(actor.practice_id, ""), shown, now))
        for actor, view in zip(actors, told, strict=True)
        for one in view.templates
    ]
    context = {
        "several": len(actors) > 1,
        "offered": [context for one, context in lines if not one.is_archived],
        "archived": [context for one, context in lines if one.is_archived],
    }
    return await page(request, "plan_templates.html", context, active="plans")


@router.get("/new")
async def new_template_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan: str = "", template: str = ""
) -> Response:
    """What a template begins from: another one, or the shape of a plan."""
    values = {"plan": plan, "template": template}
    return await _new_page(request, backend, visitor, values, {})


@router.post("/new")
async def start_template(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor
) -> Response:
    """Begin a template and go on to its page."""
    actors = treating_actors(visitor)
    try:
        form = parsed(StartTemplateForm, sent)
        told = await _started(backend, actors, form)
    except Flawed as flawed:
        return await _new_page(request, backend, visitor, sent, flawed.errors, 422)
    except TooManyTemplates:
        return await _new_page(request, backend, visitor, sent, {"form": FULL}, 409)
    except NotFound as unknown:
        if "template" not in unknown.detail:
            raise
        return await _new_page(request, backend, visitor, sent, {"template": GONE}, 422)
    return redirect(request, template_context.base_of(told.id), notice=BEGUN)


@router.get("/{template_id}")
async def template_page(
    request: Request, backend: Asked, visitor: WebVisitor, template_id: str
) -> Response:
    """One template as it stands."""
    return await _page(request, backend, visitor, template_id_of(template_id), None)


@router.get("/{template_id}/versions/{number}")
async def template_version_page(
    request: Request, backend: Asked, visitor: WebVisitor, template_id: str, number: str
) -> Response:
    """One version of a template."""
    if not number.isdecimal() or not 1 <= int(number[:6]) <= 99_999:
        raise NotFound("There is no such version.")
    id_ = template_id_of(template_id)
    return await _page(request, backend, visitor, id_, int(number[:6]))


@router.post("/{template_id}/archive")
async def archive_template(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, template_id: str
) -> Response:
    """Offer it no more."""
    command = ArchiveTemplate(template_id=template_id_of(template_id))
    await ask_each(backend, treating_actors(visitor), command, PracticeTemplateView)
    notice = "Archived. Plans that were begun from it stay as they are."
    return redirect(request, "/plans/templates", notice=notice)


@router.post("/{template_id}/restore")
async def restore_template(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, template_id: str
) -> Response:
    """Offer it again."""
    command = RestoreTemplate(template_id=template_id_of(template_id))
    told = await ask_each(backend, treating_actors(visitor), command, PracticeTemplateView)
    return redirect(request, template_context.base_of(told.id), notice="Restored.")


async def template_of(
    backend: Backend, visitor: Visitor, template_id: UUID, number: int | None = None
) -> PracticeTemplateView:
    """A template of a practice where somebody treats; raises Forbidden, NotFound."""
    asked = GetPracticeTemplate(template_id=template_id, number=number)
    return await ask_each(backend, treating_actors(visitor), asked, PracticeTemplateView)


async def offered(backend: Backend, actors: list[Actor]) -> list[TemplateView]:
    """The published templates, then those that the practices keep."""
    told = await asyncio.gather(
        *(backend.ask(one, ListTemplates(), TemplatesView) for one in actors)
    )
    found = {one.slug: one for view in told for one in view.templates}
    return sorted(found.values(), key=lambda one: one.is_own)


async def _started(
    backend: Backend, actors: list[Actor], form: StartTemplateForm
) -> PracticeTemplateView:
    """Raises Flawed where the form does not say from what it begins, or who keeps it."""
    if form.plan is None and form.template is None:
        raise Flawed({"template": NO_ORIGIN})
    keeping = actors if form.plan else _keeping(actors, form.practice)
    command = StartTemplate(
        id=form.form_id,
        name=form.name,
        summary=form.summary,
        template=None if form.plan else form.template,
        plan_id=form.plan,
    )
    return await ask_each(backend, keeping, command, PracticeTemplateView)


def _keeping(actors: list[Actor], practice: UUID | None) -> list[Actor]:
    if len(actors) == 1:
        return actors
    chosen = [one for one in actors if one.practice_id == practice]
    if not chosen:
        raise Flawed({"practice": NO_PRACTICE})
    return chosen


async def _page(
    request: Request, backend: Backend, visitor: Visitor, template_id: UUID, number: int | None
) -> Response:
    told, names = await asyncio.gather(
        template_of(backend, visitor, template_id, number), plan_parts.instruments(backend, visitor)
    )
    shown = shown_zone(request, visitor)
    context = template_context.page_of(told, names, shown, utc_now())
    return await page(request, "plan_template.html", context, active="plans")


async def _new_page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    actors, names = treating_actors(visitor), _practice_names(visitor)
    plan = values.get("plan", "")
    found = [] if plan else await offered(backend, actors)
    is_asked = len(actors) > 1 and not plan
    context = {
        "form_id": kept_form_id(values.get("form_id", "")),
        "plan": plan and str(template_id_of(plan)),
        "back_url": f"/plans/{template_id_of(plan)}" if plan else "/plans/templates",
        "back_label": "The plan" if plan else "Templates of your practice",
        "practices": [
            {"value": str(one.practice_id), "label": names.get(one.practice_id, "")}
            for one in actors
            if is_asked
        ],
        "templates": [
            {"value": one.slug, "label": one.name, "detail": one.source} for one in found
        ],
        "values": values,
        "errors": errors,
    }
    return await page(request, "plan_template_new.html", context, active="plans", status=status)


def _practice_names(visitor: Visitor) -> dict[UUID | None, str]:
    memberships = visitor.require_login().account.memberships
    return {one.practice_id: one.practice_name for one in memberships}
