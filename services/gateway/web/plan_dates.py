"""Choosing the dates of a plan, for its practitioner; agreeing to new ones, for its client."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.common.errors import InvalidInput, NotFound
from services.contracts.booking.offerings import OfferingView
from services.contracts.booking.planned import PlannedPreview
from services.contracts.booking.refusals import NotBookable
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Party
from services.contracts.plans.courses import AgreeToDates, CourseState, DropDates
from services.contracts.plans.refusals import MoveRefused, PlanChanged
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.plan_dates import (
    NAMES,
    ChoiceForm,
    ChosenForm,
    DatesForm,
    agreed_terms,
    values,
)
from services.gateway.forms.plans import RevisionForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import course_words, labels, plan_booking, plan_course, sessions
from services.gateway.web.page import page, redirect
from services.gateway.web.plan_moves import act, parsed_or_gone
from services.gateway.web.plan_sessions import session_name
from services.gateway.web.plans import plan_id_of
from services.gateway.web.treating import ask_plans, client_names

router = APIRouter(prefix="/plans/{plan_id}/dates")
Context = dict[str, Any]
NOT_NOW = "Dates cannot be chosen as the plan stands now."
CHANGED = "The plan was changed in the meantime. Please look at the dates once more."
TOO_NEAR = "Begin at least 4 days after the last session of this plan that is booked."
NOT_OFFERED = "You do not offer this as a course. Choose something else below."


@router.get("")
async def dates_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The dates as they are asked for in the address; without, as they were chosen or as usual."""
    plan = await _plan(backend, visitor, plan_id)
    if not plan.dates.may_choose:
        return redirect(request, f"/plans/{plan.id}", notice=NOT_NOW, kind="warn")
    sent = {name: text for name, text in request.query_params.items() if name in NAMES}
    return await _dates_page(request, backend, visitor, plan, sent or _as_chosen(plan))


@router.post("")
async def choose(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """Keep the dates that were shown."""
    plan = await _plan(backend, visitor, plan_id)
    try:
        command = parsed(ChosenForm, sent).command(plan.id)
        told = await ask_plans(backend, visitor, command, PlanView)
    except Flawed as flawed:
        return await _dates_page(request, backend, visitor, plan, sent, flawed.errors)
    except (InvalidInput, PlanChanged) as refused:
        is_near = isinstance(refused, InvalidInput) and "after" in refused.detail
        errors, status = ({"first": TOO_NEAR}, 422) if is_near else ({"form": CHANGED}, 409)
        return await _dates_page(request, backend, visitor, plan, sent, errors, status=status)
    except MoveRefused:
        return redirect(request, f"/plans/{plan.id}", notice=NOT_NOW, kind="warn")
    return redirect(request, f"/plans/{plan.id}", notice=_done(told))


@router.post("/drop")
async def drop(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """Take the chosen dates back."""
    form, id_ = parsed_or_gone(RevisionForm, sent), plan_id_of(plan_id)
    command = DropDates(plan_id=id_, revision=form.revision)
    return await act(request, backend, visitor, id_, command, "The plan has no dates now.")


@router.post("/agree")
async def agree(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The client agrees to new dates; the page waits for what becomes of them."""
    form, id_ = parsed_or_gone(ChoiceForm, sent), plan_id_of(plan_id)
    command = AgreeToDates(plan_id=id_, choice=form.dates)
    return await plan_booking.agree(request, backend, visitor, id_, command)


async def _plan(backend: Backend, visitor: Visitor, plan_id: str) -> PlanView:
    """The plan, for its practitioner; to its client this page does not exist."""
    asked = GetPlan(plan_id=plan_id_of(plan_id))
    plan = await ask_plans(backend, visitor, asked, PlanView)
    if plan.party is not Party.PRACTITIONER:
        raise NotFound("There is no such page.")
    return plan


def _as_chosen(plan: PlanView) -> dict[str, str]:
    """The wish of the last choice, where there was one."""
    if plan.dates.current is None:
        return {}
    terms = plan.dates.current.terms
    told = values(terms.offering_id, terms.format, terms.first_on, terms.starts_at)
    if agreed_terms(plan):
        # They go on from the sessions that stand, where these are by now.
        del told["first"], told["at"]
    return told | {
        "days": str(terms.tolerance_days),
        "hours": str(terms.tolerance_minutes // 60),
        "skip": str(terms.skip_weeks),
    }


async def _dates_page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan: PlanView,
    sent: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
    status: int = 422,
) -> Response:
    """The dates for a wish; where it does not fit, those as usual, with what was typed."""
    typed = {name: text for name, text in sent.items() if name in NAMES}
    flaws, actor = dict(errors or {}), visitor.actor(plan.practice_id)
    try:
        form = parsed(DatesForm, typed)
        found = await backend.ask(actor, form.asked(plan), PlannedPreview)
        typed = form.filled(found)
    except (Flawed, InvalidInput, NotBookable) as refused:
        flaws |= _flaws(refused)
        usual = DatesForm().asked(plan)
        found = await backend.ask(actor, usual, PlannedPreview)
        typed = DatesForm().filled(found) | typed
        found = found.model_copy(update={"dates": []})
    context = await _context(backend, visitor, plan, found) | {
        "values": typed,
        "errors": flaws,
        "agreed": _agreed(typed, found, plan),
    }
    return await page(
        request, "plan_dates.html", context, active="plans", status=status if flaws else 200
    )


def _flaws(refused: Flawed | InvalidInput | NotBookable) -> dict[str, str]:
    if isinstance(refused, Flawed):
        return refused.errors
    if isinstance(refused, NotBookable):
        return {"what": NOT_OFFERED}
    return course_words.at_fields(refused)


async def _context(
    backend: Backend, visitor: Visitor, plan: PlanView, found: PlannedPreview
) -> Context:
    """Whom it is for, the dates with their reasons, and what can be chosen from."""
    names = await client_names(backend, visitor.actor(plan.practice_id), [plan.client_id])
    zone, now = ZoneInfo(found.offering.time_zone), utc_now()
    version, first = plan.open or plan.agreed, plan.dates.placed + 1
    return {
        "who": names.get(plan.client_id, "Client"),
        "action": f"/plans/{plan.id}/dates",
        "back_url": f"/plans/{plan.id}",
        "zone_label": labels.zone_name(zone),
        "price_label": await plan_course.price_label(backend, found.offering.price_id),
        "dates": [
            course_words.date_line(one, zone, now) | {"name": session_name(version, number)}
            for number, one in enumerate(found.dates, first)
        ],
        "count_label": course_words.sessions_label(len(found.dates)),
        "open_count": sum(one.starts_at is None for one in found.dates),
        "moved_count": sum(bool(one.starts_at and one.reason) for one in found.dates),
        "is_alone": plan.open is None,
        "whats": [option for one in found.offerings for option in _options(one)],
    } | course_words.choices()


def _options(offering: OfferingView) -> list[dict[str, str]]:
    label = sessions.offering_label(offering.name, offering.minutes)
    return [
        {"value": f"{offering.id}.{one}", "label": f"{label}, {labels.format_words(one)}"}
        for one in offering.formats
    ]


def _agreed(typed: Mapping[str, str], found: PlannedPreview, plan: PlanView) -> dict[str, str]:
    """What the button sends: the wish, and what was shown."""
    starts = [labels.instant(one.starts_at) for one in found.dates if one.starts_at]
    return {name: text for name, text in typed.items() if name in NAMES} | {
        "starts": ",".join(starts),
        "price_id": str(found.offering.price_id),
        "revision": str(plan.revision),
    }


def _done(plan: PlanView) -> str:
    current = plan.dates.current
    if plan.open is None and current and current.state is CourseState.CHOSEN:
        return "Your client finds the new dates on their page of the plan and can agree to them."
    return "The dates go with this version. Your client agrees to both at once."
