"""What the two people of a plan do with it, each a button: propose, agree, begin, end."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.messages import Command
from services.contracts.booking.refusals import TermsChanged
from services.contracts.plans.commands import (
    AgreePlan,
    AskForChanges,
    MovePlan,
    ProposePlan,
    WithdrawProposal,
)
from services.contracts.plans.content import Move
from services.contracts.plans.refusals import (
    ClientHasNoAccount,
    MoveRefused,
    PlanChanged,
    PlanIncomplete,
)
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.plans import NumberForm, RevisionForm, WishForm
from services.gateway.forms.reading import F, Flawed, Sent, SentLong, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import plan_booking, plan_endings
from services.gateway.web.page import redirect
from services.gateway.web.plans import plan_id_of, show_plan
from services.gateway.web.treating import ask_plans

router = APIRouter(prefix="/plans/{plan_id}")
CHANGED = "This plan was changed in the meantime. This is how it stands now."
REFUSED = "This is not possible as the plan stands now."
COSTS_CHANGED = (
    "What you owe if you end this plan has changed since you saw it. The plan goes on; please look "
    "at it once more, below “End this plan”."
)
NO_ACCOUNT = (
    "This client booked without an account, so they could not read the plan. Ask them to register "
    "and to book their next session signed in; then begin the plan for that record."
)


@router.post("/propose")
async def propose(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The practitioner signs the draft."""
    form, id_ = parsed_or_gone(RevisionForm, sent), plan_id_of(plan_id)
    command = ProposePlan(plan_id=id_, revision=form.revision)
    done = "Proposed. Your client finds it on their pages; you can take it back until they answer."
    return await act(request, backend, visitor, id_, command, done)


@router.post("/withdraw")
async def withdraw(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The practitioner takes the proposal back."""
    form, id_ = parsed_or_gone(NumberForm, sent), plan_id_of(plan_id)
    command = WithdrawProposal(plan_id=id_, number=form.number)
    return await act(request, backend, visitor, id_, command, "The proposal is a draft again.")


@router.post("/agree")
async def agree(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The client signs; with dates the page waits for what becomes of them."""
    form, id_ = parsed_or_gone(NumberForm, sent), plan_id_of(plan_id)
    command = AgreePlan(
        plan_id=id_,
        number=form.number,
        text=form.wording,
        dates=form.dates,
        surplus=form.surplus,
    )
    done = "You have both agreed to this plan."
    if form.dates is None:
        return await act(request, backend, visitor, id_, command, done)
    return await plan_booking.agree(request, backend, visitor, id_, command)


@router.post("/changes")
async def ask_for_changes(
    request: Request, sent: SentLong, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The client gives the proposal back with a wish."""
    id_ = plan_id_of(plan_id)
    try:
        form = parsed(WishForm, sent)
    except Flawed as flawed:
        return await show_plan(request, backend, visitor, id_, dict(sent), flawed.errors, 422)
    command = AskForChanges(plan_id=id_, number=form.number, text=form.wording, wish=form.wish)
    done = "Your wish is with your practitioner, who will answer with a new version."
    return await act(request, backend, visitor, id_, command, done)


@router.post("/begin")
async def begin(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The practitioner begins without a booked course."""
    return await _move(request, backend, visitor, plan_id, Move.BEGIN, "The plan is active.")


@router.post("/review")
async def review(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """The practitioner begins a review."""
    done = "The plan is in review. Look at it together, then write down what you decided."
    return await _move(request, backend, visitor, plan_id, Move.REVIEW, done)


@router.post("/end")
async def end(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """Either of the two ends it, the client at the costs that were shown."""
    id_ = plan_id_of(plan_id)
    try:
        await plan_endings.check_seen(backend, visitor, id_, sent.get("owed", ""))
    except TermsChanged:
        return await show_plan(request, backend, visitor, id_, {}, {"form": COSTS_CHANGED}, 409)
    return await _move(request, backend, visitor, plan_id, Move.END, "The plan has ended.")


def parsed_or_gone(form: type[F], sent: dict[str, str]) -> F:
    """The hidden fields of a button's form; raises PlanChanged where they are not ours."""
    try:
        return parsed(form, sent)
    except Flawed:
        raise PlanChanged(CHANGED) from None


async def _move(
    request: Request, backend: Backend, visitor: Visitor, plan_id: str, move: Move, done: str
) -> Response:
    id_ = plan_id_of(plan_id)
    return await act(request, backend, visitor, id_, MovePlan(plan_id=id_, move=move), done)


async def act(
    request: Request, backend: Backend, visitor: Visitor, plan_id: UUID, command: Command, done: str
) -> Response:
    """Do it and lead back to the plan; where it is not possible, the page says why."""
    try:
        await ask_plans(backend, visitor, command, PlanView)
    except PlanIncomplete as incomplete:
        errors = {"form": " ".join(incomplete.detail.values())}
        return await show_plan(request, backend, visitor, plan_id, {}, errors, 422)
    except (MoveRefused, PlanChanged, ClientHasNoAccount) as refused:
        errors = {"form": _words(refused)}
        return await show_plan(request, backend, visitor, plan_id, {}, errors, 409)
    return redirect(request, f"/plans/{plan_id}", notice=done)


def _words(refused: MoveRefused | PlanChanged | ClientHasNoAccount) -> str:
    if isinstance(refused, ClientHasNoAccount):
        return NO_ACCOUNT
    return CHANGED if isinstance(refused, PlanChanged) else REFUSED
