"""Writing a template of a practice, one part a page; each saving is its next version."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.contracts.plans.refusals import PhasesDoNotFit
from services.contracts.plans.templates import (
    PracticeTemplateView,
    ReviseTemplate,
    TemplateArchived,
    TemplateChanged,
    TemplateIncomplete,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.measures import measures_of
from services.gateway.forms.plans import goals_of, shape_of
from services.gateway.forms.reading import Flawed, SentLong, parsed
from services.gateway.forms.templates import (
    TemplateVersionForm,
    suggested_exercises_of,
    template_focus_of,
)
from services.gateway.visitors import Visitor
from services.gateway.web import plan_context, plan_parts, template_context
from services.gateway.web.page import page, redirect
from services.gateway.web.plan_parts import TITLES, known
from services.gateway.web.plan_templates import template_id_of, template_of
from services.gateway.web.treating import ask_each, treating_actors

router = APIRouter(prefix="/plans/templates/{template_id}/edit")
Values = dict[str, Any]
READERS: dict[str, Callable[[dict[str, str]], Any]] = {
    "focus": template_focus_of,
    "goals": goals_of,
    "exercises": suggested_exercises_of,
    "shape": shape_of,
    "measures": measures_of,
}
ARCHIVED = "This template is archived. Restore it before you change it."
CHANGED = (
    "A colleague changed this template, or you did in another window, since you opened this page. "
    "Your words are below; saving again puts them in the place of what stands there now."
)
LENGTHS = [{"value": key.value, "label": one} for key, one in plan_context.LENGTHS.items()]


@router.get("/{part}")
async def edit_template_page(
    request: Request, backend: Asked, visitor: WebVisitor, template_id: str, part: str
) -> Response:
    """The form of one part, filled with what it suggests now."""
    told, choices = await asyncio.gather(
        template_of(backend, visitor, template_id_of(template_id)),
        plan_parts.choices(backend, visitor, part),
    )
    if told.is_archived:
        return _archived(request, told.id)
    values = template_context.values_of(told)
    return await _edit_page(request, told, known(part), values, {}, choices)


@router.post("/{part}")
async def save_template_part(
    request: Request,
    sent: SentLong,
    backend: Asked,
    visitor: WebVisitor,
    template_id: str,
    part: str,
) -> Response:
    """Save the part; what does not fit is shown again with what was typed."""
    id_, part = template_id_of(template_id), known(part)
    try:
        number = parsed(TemplateVersionForm, sent).number
        told = {part: READERS[part](sent)}
        command = ReviseTemplate(template_id=id_, number=number, **told)
        await ask_each(backend, treating_actors(visitor), command, PracticeTemplateView)
    except Flawed as flawed:
        return await _again(request, backend, visitor, id_, part, sent, flawed.errors, 422)
    except (PhasesDoNotFit, TemplateIncomplete) as refused:
        errors = plan_parts.placed(refused.detail)
        return await _again(request, backend, visitor, id_, part, sent, errors, 422)
    except TemplateArchived:
        return _archived(request, id_)
    except TemplateChanged:
        errors = {"form": CHANGED}
        return await _again(request, backend, visitor, id_, part, sent, errors, 409)
    notice = f"Saved: {TITLES[part].lower()}."
    return redirect(request, template_context.base_of(id_), notice=notice)


def _archived(request: Request, template_id: UUID) -> Response:
    url = template_context.base_of(template_id)
    return redirect(request, url, notice=ARCHIVED, kind="warn")


async def _again(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    template_id: UUID,
    part: str,
    sent: dict[str, str],
    errors: dict[str, str],
    status: int,
) -> Response:
    told, choices = await asyncio.gather(
        template_of(backend, visitor, template_id), plan_parts.choices(backend, visitor, part)
    )
    values = plan_parts.again(sent, "number", told.newest, status)
    return await _edit_page(request, told, part, values, errors, choices, status)


async def _edit_page(
    request: Request,
    told: PracticeTemplateView,
    part: str,
    values: Values,
    errors: dict[str, str],
    choices: list[Values],
    status: int = 200,
) -> Response:
    base = template_context.base_of(told.id)
    context = plan_parts.form(part, values, errors, choices) | {
        "action": f"{base}/edit/{part}",
        "back_url": base,
        "back_label": told.name,
        "lengths": LENGTHS,
    }
    return await page(request, "plan_template_edit.html", context, active="plans", status=status)
