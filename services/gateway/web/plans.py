"""Plans: the list, one plan for each of its two people, who looked."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound
from services.common.messages import Instant
from services.contracts.plans.commands import (
    GetPlan,
    GetVersion,
    ListAccesses,
    ListOwnPlans,
)
from services.contracts.plans.content import Move, Party
from services.contracts.plans.views import (
    AccessesView,
    PlanLine,
    PlansView,
    PlanView,
    VersionView,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import (
    intake_marks,
    links,
    looks,
    note_list,
    plan_context,
    plan_course,
    plan_endings,
    plan_pauses,
    plan_progress,
    plan_to_dos,
    roster,
)
from services.gateway.web.labels import moment_label
from services.gateway.web.measure_context import measures_and_reviews
from services.gateway.web.page import page
from services.gateway.web.treating import (
    NAME_OF_NONE,
    ask_plans,
    client_names,
    names_of,
    treating,
)
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter()
Context = dict[str, Any]
BY_BUTTON = (Move.BEGIN, Move.REVIEW)
MOVE_LABELS = {
    Move.BEGIN: "Begin: sessions are booked one by one",
    Move.REVIEW: "Begin the review",
}
WAITS: dict[tuple[Party | None, Party], str] = {
    (Party.CLIENT, Party.CLIENT): "waits for you",
    (Party.CLIENT, Party.PRACTITIONER): "waits for the client",
    (Party.PRACTITIONER, Party.PRACTITIONER): "waits for you",
    (Party.PRACTITIONER, Party.CLIENT): "waits for your practitioner",
}


def plan_id_of(text: str) -> UUID:
    """The id of a plan's address; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such plan.") from None


@router.get("/plans")
async def plans_page(request: Request, backend: Asked, visitor: WebVisitor) -> Response:
    """The plans that somebody keeps, and those that are their own."""
    actors, now, shown = treating(visitor), utc_now(), shown_zone(request, visitor)
    told, kept = await asyncio.gather(
        backend.ask(visitor.actor(), ListOwnPlans(), PlansView),
        plan_to_dos.kept_plans(backend, actors),
    )
    own = told.plans
    names, cards = await asyncio.gather(
        names_of(backend, actors, (one.client_id for one in kept)),
        roster.of_ids(backend, (one.practitioner_id for one in own)),
    )
    context = {
        "treats": bool(actors),
        "kept": [
            _line(one, names.get(one.client_id, NAME_OF_NONE), Party.PRACTITIONER, shown, now)
            for one in kept
        ],
        "own": [
            _line(one, _name(cards, one.practitioner_id), Party.CLIENT, shown, now) for one in own
        ],
    }
    return await page(request, "plans.html", context, active="plans")


@router.get("/plans/{plan_id}")
async def plan_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """One plan, as its client or its practitioner sees it."""
    return await show_plan(request, backend, visitor, plan_id_of(plan_id), {}, {})


@router.get("/plans/{plan_id}/versions/{number}")
async def version_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str, number: str
) -> Response:
    """One version of a plan as it was signed."""
    id_ = plan_id_of(plan_id)
    if not number.isdecimal() or len(number) > 4:
        raise NotFound("There is no such version.")
    asked = GetVersion(plan_id=id_, number=int(number))
    told = await ask_plans(backend, visitor, asked, VersionView)
    version = plan_context.version(
        told, "The practitioner", shown_zone(request, visitor), utc_now()
    )
    context = {
        "back_url": f"/plans/{id_}",
        "version": version,
        "state_label": plan_context.VERSION_STATES[told.state],
    }
    return await page(request, "plan_version.html", context, active="plans")


@router.get("/plans/{plan_id}/looks")
async def looks_page(
    request: Request,
    backend: Asked,
    visitor: WebVisitor,
    plan_id: str,
    before: Instant | None = None,
) -> Response:
    """Who looked at the client's record, and when."""
    id_ = plan_id_of(plan_id)
    asked = ListAccesses(plan_id=id_, before=before)
    found = await ask_plans(backend, visitor, asked, AccessesView)
    now, shown = utc_now(), shown_zone(request, visitor)
    told = await looks.context(
        backend, visitor, found, f"/plans/{id_}/looks", shown, now, is_later=bool(before)
    )
    context = {"back_url": f"/plans/{id_}", "back_label": "Your plan"} | told
    return await page(request, "plan_looks.html", context, active="plans")


async def show_plan(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan_id: UUID,
    values: Context,
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    """The plan's page, with what was typed and what was wrong with it."""
    actors = treating(visitor)
    plan, notes = await asyncio.gather(
        ask_plans(backend, visitor, GetPlan(plan_id=plan_id), PlanView),
        note_list.of_plan(backend, actors, plan_id),
    )
    actor = visitor.actor(plan.practice_id)
    who, course = await asyncio.gather(
        other_name(backend, visitor, plan), plan_course.shown_course(backend, actor, plan)
    )
    shown, now = shown_zone(request, visitor), utc_now()
    context = _plan_context(plan, who, shown, now) | {
        "values": values,
        "errors": errors,
        "dates": plan_course.course_context(plan, course, shown, now),
    }
    is_client = plan.party is Party.CLIENT
    if is_client:
        found = await plan_endings.costs(backend, actor, plan, course.course, now)
        context["ending_costs"] = plan_endings.context(found, shown, now)
    else:
        context["client_url"] = links.client_url(plan.practice_id, plan.client_id)
        context["intake_url"] = intake_marks.client_intake_url(plan.practice_id, plan.client_id)
        context["template_url"] = f"/plans/templates/new?plan={plan.id}"
        context["notes_url"] = f"/notes?client={plan.client_id}"
        context["notes"] = note_list.lines(notes, {plan.client_id: who}, shown, now)
    template = "plan_of_client.html" if is_client else "plan_of_practitioner.html"
    return await page(request, template, context, active="plans", status=status)


async def other_name(backend: Backend, visitor: Visitor, plan: PlanView) -> str:
    """Whom the plan is with, as its reader calls them."""
    if plan.party is Party.PRACTITIONER:
        actor = visitor.actor(plan.practice_id)
        names = await client_names(backend, actor, [plan.client_id])
        return names.get(plan.client_id, NAME_OF_NONE)
    return _name(await roster.of_ids(backend, [plan.practitioner_id]), plan.practitioner_id)


def _plan_context(plan: PlanView, who: str, shown: ShownZone, now: datetime) -> Context:
    signer = who if plan.party is Party.CLIENT else plan_context.YOU
    told = signer, shown, now, _log_urls(plan), plan.rehearsals
    return {
        "who": who,
        "base": f"/plans/{plan.id}",
        "revision": plan.revision,
        "status": plan_pauses.status(plan.state, plan.dates.paused_from, shown, now),
        "is_over": plan.state.value == "ended",
        "agreed": plan.agreed and plan_context.version(plan.agreed, *told),
        "open": plan.open and plan_context.version(plan.open, *told),
        "open_state": plan.open.state.value if plan.open else "",
        "history": plan_context.history(plan, shown, now),
        "has_account": plan.has_account,
        "entries": [plan_context.entry(one, shown, now) for one in plan.entries],
        "may": {move.value: move in plan.may for move in Move},
        "buttons": [
            {"url": f"/plans/{plan.id}/{move.value.replace('_', '-')}", "label": MOVE_LABELS[move]}
            for move in BY_BUTTON
            if move in plan.may
        ],
    } | measures_and_reviews(plan, shown, now)


def _log_urls(plan: PlanView) -> dict[UUID, str]:
    """Where each agreed exercise is logged, by its id; empty for who does not log."""
    known = plan.agreed.content.exercises if plan.agreed and plan.may_log else []
    return {one.id: f"/plans/{plan.id}/exercises/{one.id}" for one in known}


def _line(plan: PlanLine, who: str, party: Party, shown: ShownZone, now: datetime) -> Context:
    return {
        "who": who,
        "url": f"/plans/{plan.id}",
        "status": plan_pauses.status(plan.state, plan_pauses.of_line(plan), shown, now),
        "waits_label": WAITS.get((plan.waits_for, party), ""),
        "asks_label": plan_to_dos.in_list(plan, party),
        "progress": plan_progress.progress(plan),
        "changed_label": moment_label(plan.changed_at, shown.info, now),
    }


def _name(cards: roster.Roster, practitioner_id: UUID | None) -> str:
    card = cards.get(practitioner_id) if practitioner_id else None
    return card.name if card else "Your practitioner"
