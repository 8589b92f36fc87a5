"""A review of a plan: written down by its practitioner, seen by its client."""

from typing import Any

from fastapi import APIRouter, Request, Response

from services.common.errors import DifferentContent, NotFound
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Party
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.reviews import AcknowledgeReview, Decision, RecordReview
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.measures import ReviewForm
from services.gateway.forms.reading import Flawed, Sent, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web.ids import kept_form_id
from services.gateway.web.page import page, redirect
from services.gateway.web.plans import other_name, plan_id_of
from services.gateway.web.treating import ask_plans

router = APIRouter(prefix="/plans/{plan_id}/reviews")
WRITTEN = "This review is written down already, in other words. These here are not kept."
NOT_NOW = "A review is written down while it is under way. Begin it first."
DONE = {
    Decision.GO_ON: "Written down. The plan goes on.",
    Decision.CHANGE: "Written down. Now edit the draft and propose it to your client.",
    Decision.END: "Written down. The plan has ended.",
}
CHOICES = (
    (Decision.GO_ON, "Go on as it is"),
    (Decision.CHANGE, "Change the plan: a new version to agree to"),
    (Decision.END, "End the plan"),
)


@router.get("/new")
async def review_page(
    request: Request, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The form for what was found and decided."""
    plan = await _kept_plan(backend, visitor, plan_id)
    if not plan.may_record_review:
        return redirect(request, f"/plans/{plan.id}", notice=NOT_NOW, kind="warn")
    return await _page(request, backend, visitor, plan, {}, {})


@router.post("/new")
async def record_review(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """Write it down and do what was decided, once for each form."""
    try:
        form = parsed(ReviewForm, sent)
    except Flawed as flawed:
        plan = await _kept_plan(backend, visitor, plan_id)
        return await _page(request, backend, visitor, plan, sent, flawed.errors, 422)
    id_ = plan_id_of(plan_id)
    command = RecordReview(
        id=form.form_id,
        plan_id=id_,
        went_well=form.went_well,
        to_change=form.to_change,
        decision=form.decision,
    )
    try:
        await ask_plans(backend, visitor, command, PlanView)
    except DifferentContent:
        plan = await _kept_plan(backend, visitor, plan_id)
        return await _page(request, backend, visitor, plan, sent, {"form": WRITTEN}, 409)
    except MoveRefused:
        await _kept_plan(backend, visitor, plan_id)
        return redirect(request, f"/plans/{id_}", notice=NOT_NOW, kind="warn")
    return redirect(request, f"/plans/{id_}", notice=DONE[form.decision])


@router.post("/{review_id}/seen")
async def acknowledge_review(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str, review_id: str
) -> Response:
    """The client says that they have seen it."""
    id_ = plan_id_of(plan_id)
    command = AcknowledgeReview(plan_id=id_, review_id=plan_id_of(review_id))
    await ask_plans(backend, visitor, command, PlanView)
    return redirect(
        request, f"/plans/{id_}#reviews", notice="Thank you. Your practitioner sees it."
    )


async def _kept_plan(backend: Backend, visitor: Visitor, plan_id: str) -> PlanView:
    """The plan, for its practitioner; to its client this page does not exist."""
    asked = GetPlan(plan_id=plan_id_of(plan_id))
    plan = await ask_plans(backend, visitor, asked, PlanView)
    if plan.party is not Party.PRACTITIONER:
        raise NotFound("There is no such page.")
    return plan


async def _page(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan: PlanView,
    values: dict[str, Any],
    errors: dict[str, str],
    status: int = 200,
) -> Response:
    context = {
        "back_url": f"/plans/{plan.id}",
        "ends_sessions": bool(plan.dates.course_ids),
        "action": f"/plans/{plan.id}/reviews/new",
        "who": await other_name(backend, visitor, plan),
        "form_id": kept_form_id(values.get("form_id", "")),
        "choices": [{"value": one.value, "label": label} for one, label in CHOICES],
        "values": values,
        "errors": errors,
    }
    return await page(request, "plan_review.html", context, active="plans", status=status)
