"""A measure of a plan: filled in by its client, its answers read by both, alerts looked at."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.common.errors import DifferentContent, NotFound
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Party
from services.contracts.plans.measures import (
    AcknowledgeAlert,
    FillingView,
    FillMeasure,
    MeasureNotDue,
    MeasureView,
)
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.measures import (
    BESIDE,
    FillingForm,
    answers_of,
    asked_for_help,
    asks_for_help,
    chosen,
    item_name,
)
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import labels, measure_context
from services.gateway.web.crisis import countries_for
from services.gateway.web.ids import corrected_id, kept_form_id, new_form_id
from services.gateway.web.measure_unkept import SentAnswers, show_unkept
from services.gateway.web.page import page, redirect
from services.gateway.web.plans import other_name, plan_id_of
from services.gateway.web.treating import ask_plans
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/plans/{plan_id}")
Context = dict[str, Any]
NOT_DUE = "This is not to be filled in now. It comes round again on its rhythm."
OVER = "This plan is over, so nothing is filled in any more."
LOOKED = "Written down that you have looked."
MOST_IN_A_LIST = 4
"""More answers than these are shown as a scale."""


@router.get("/measures/{instrument}")
async def measure_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str, instrument: str
) -> Response:
    """The questions, with what was answered where it is still to be corrected."""
    plan = await _plan(backend, visitor, plan_id)
    told = _open_measure(plan, instrument)
    if not told.is_due and told.correctable is None:
        return redirect(request, f"/plans/{plan.id}#measures", notice=NOT_DUE, kind="info")
    return await _form_page(request, backend, visitor, plan, told, _values(told), {})


@router.post("/measures/{instrument}")
async def fill_measure(
    request: Request,
    sent: SentAnswers,
    backend: Asked,
    visitor: WebVisitor,
    plan_id: str,
    instrument: str,
) -> Response:
    """Keep the answers, once for each form, and lead to what they come to.

    Whatever refuses them, whoever answered that they need help reads first whom to call: here, or
    on the page of the error.
    """
    if visitor.login is None:
        return await show_unkept(request, visitor, sent, 401)
    plan = await _plan(backend, visitor, plan_id)
    told = _open_measure(plan, instrument)
    try:
        command = _command(plan, told, sent)
    except Flawed as flawed:
        return await _form_page(request, backend, visitor, plan, told, sent, flawed.errors, 422)
    try:
        kept = await _keep(backend, visitor, command)
    except MoveRefused:
        if asked_for_help(sent):
            raise
        return redirect(request, f"/plans/{plan.id}", notice=OVER, kind="warn")
    if kept is None and asked_for_help(sent):
        return await show_unkept(request, visitor, sent, 409)
    if kept is None:
        return redirect(request, f"/plans/{plan.id}#measures", notice=NOT_DUE, kind="info")
    return redirect(request, f"/plans/{plan.id}/answers/{kept}")


@router.get("/answers/{filling_id}")
async def answers_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str, filling_id: str
) -> Response:
    """What was answered: to its client the score and, where it is needed, whom to call at once;
    to the practitioner every answer."""
    plan = await _plan(backend, visitor, plan_id)
    told, filling = _filling(plan, plan_id_of(filling_id))
    shown = shown_zone(request, visitor)
    context = _answers(plan, told, filling, shown) | {
        "who": await other_name(backend, visitor, plan)
    }
    is_client = plan.party is Party.CLIENT
    template = "plan_answered.html" if is_client else "plan_answers.html"
    return await page(request, template, context, active="plans")


@router.post("/alerts/{alert_id}/seen")
async def acknowledge_alert(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str, alert_id: str
) -> Response:
    """The practitioner has looked."""
    id_ = plan_id_of(plan_id)
    command = AcknowledgeAlert(plan_id=id_, alert_id=plan_id_of(alert_id))
    await ask_plans(backend, visitor, command, PlanView)
    return redirect(request, f"/plans/{id_}", notice=LOOKED)


async def _keep(backend: Backend, visitor: Visitor, command: FillMeasure) -> UUID | None:
    """The id under which the answers are kept; None where it is not the time for them.

    Where others were sent already, from a second window or before going back, these correct them:
    nobody who changed an answer meets a refusal that loses it. Raises MoveRefused.
    """
    try:
        await ask_plans(backend, visitor, command, PlanView)
    except (DifferentContent, MeasureNotDue):
        plan = await ask_plans(backend, visitor, GetPlan(plan_id=command.plan_id), PlanView)
        return await _correct(backend, visitor, _open_measure(plan, command.instrument), command)
    return command.id


async def _correct(
    backend: Backend, visitor: Visitor, told: MeasureView, command: FillMeasure
) -> UUID | None:
    last = next((one for one in told.fillings if one.id == told.correctable), None)
    said = command.answers, command.difficulty
    if last is not None and (last.answers, last.difficulty) == said:
        return last.id
    new_id = corrected_id(command.id, repr(said), str(told.correctable))
    again = command.model_copy(update={"id": new_id, "corrects": told.correctable})
    try:
        await ask_plans(backend, visitor, again, PlanView)
    except MeasureNotDue:
        return None
    return new_id


async def _plan(backend: Backend, visitor: Visitor, plan_id: str) -> PlanView:
    asked = GetPlan(plan_id=plan_id_of(plan_id))
    return await ask_plans(backend, visitor, asked, PlanView)


def _open_measure(plan: PlanView, slug: str) -> MeasureView:
    """A measure that the agreed plan names, for its client; NotFound for everything else."""
    known = plan.measures if plan.may_log else []
    found = next((one for one in known if one.instrument.slug == slug and one.every), None)
    if found is None:
        raise NotFound("There is no such measure.")
    return found


def _filling(plan: PlanView, filling_id: UUID) -> tuple[MeasureView, FillingView]:
    every = ((measure, one) for measure in plan.measures for one in measure.fillings)
    found = next((pair for pair in every if pair[1].id == filling_id), None)
    if found is None:
        raise NotFound("There are no such answers.")
    return found


def _command(plan: PlanView, told: MeasureView, sent: dict[str, str]) -> FillMeasure:
    """Raises Flawed, naming each question without an answer."""
    form = parsed(FillingForm, sent)
    beside = told.instrument.beside
    return FillMeasure(
        id=form.form_id,
        plan_id=plan.id,
        instrument=told.instrument.slug,
        answers=answers_of(sent, told.instrument),
        difficulty=chosen(sent, BESIDE, len(beside.answers)) if beside else None,
        corrects=form.corrects,
    )


def _values(told: MeasureView) -> dict[str, str]:
    """What the form holds when it is opened: the last answers where they are to be corrected."""
    values = {"form_id": new_form_id()}
    if told.is_due or told.correctable is None:
        return values
    last = next(one for one in told.fillings if one.id == told.correctable)
    values |= {item_name(number): str(answer) for number, answer in enumerate(last.answers, 1)}
    beside = {} if last.difficulty is None else {BESIDE: str(last.difficulty)}
    return values | beside | {"corrects": str(last.id)}


async def _form_page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan: PlanView,
    told: MeasureView,
    values: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    instrument, shown = told.instrument, shown_zone(request, visitor)
    context = {
        "back_url": f"/plans/{plan.id}#measures",
        "asks_for_help": asks_for_help(values, instrument),
        "help_item": item_name(instrument.help_item) if instrument.help_item else None,
        "countries": countries_for(shown),
        "action": f"/plans/{plan.id}/measures/{instrument.slug}",
        "who": await other_name(backend, visitor, plan),
        "name": instrument.name,
        "lead": instrument.lead,
        "hint": instrument.hint,
        "items": [
            {"name": item_name(number), "text": text}
            for number, text in enumerate(instrument.items, 1)
        ],
        "answers": instrument.answers,
        "is_scale": len(instrument.answers) > MOST_IN_A_LIST,
        "beside": instrument.beside,
        "source": instrument.source,
        "permission": instrument.permission,
        "form_id": kept_form_id(values.get("form_id", "")),
        "values": values,
        "errors": errors,
    }
    return await page(request, "plan_measure.html", context, active="plans", status=status)


def _answers(plan: PlanView, told: MeasureView, filling: FillingView, shown: ShownZone) -> Context:
    instrument, now = told.instrument, utc_now()
    beside = instrument.beside
    has_beside = beside is not None and filling.difficulty is not None
    alert = next((one for one in plan.alerts if one.filling_id == filling.id), None)
    return {
        "back_url": f"/plans/{plan.id}#measures",
        "name": instrument.name,
        "at": labels.instant(filling.filled_at),
        "at_label": labels.moment_label(filling.filled_at, shown.info, now),
        "score_label": measure_context.score_label(instrument, filling),
        "band": filling.band,
        "source": instrument.source,
        "asks_for_help": filling.asks_for_help,
        "countries": countries_for(shown),
        "is_replaced": filling.is_replaced,
        "lead": instrument.lead,
        "rows": [
            {"text": text, "answer": instrument.answers[answer], "points": answer}
            for text, answer in zip(instrument.items, filling.answers, strict=True)
        ],
        "beside": (
            {"text": beside.text, "answer": beside.answers[filling.difficulty]}
            if has_beside and beside and filling.difficulty is not None
            else None
        ),
        "correct_url": (
            f"/plans/{plan.id}/measures/{instrument.slug}"
            if told.correctable == filling.id and not told.is_due
            else ""
        ),
        "seen_url": f"/plans/{plan.id}/alerts/{alert.id}/seen" if alert else "",
    }
