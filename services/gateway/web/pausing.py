"""Pausing a plan, for its practitioner: what that cancels comes first, the pause after it."""

from datetime import datetime, time

from fastapi import APIRouter, Request, Response

from services.common.clock import utc_now
from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.booking.bookings import BookingView
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Party
from services.contracts.plans.courses import PausePlan
from services.contracts.plans.views import PlanView
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.forms.plan_dates import PauseForm
from services.gateway.forms.reading import Flawed, Sent, parsed
from services.gateway.visitors import Visitor
from services.gateway.web import labels, plan_pauses
from services.gateway.web.page import page, redirect
from services.gateway.web.plan_course import shown_course
from services.gateway.web.plan_moves import act
from services.gateway.web.plans import other_name, plan_id_of, show_plan
from services.gateway.web.treating import ask_plans
from services.gateway.web.zones import ShownZone, shown_zone

router = APIRouter(prefix="/plans/{plan_id}/dates/pause")
NOTHING_BOOKED = "There are no booked sessions to pause."
PAST = "This day is over. Choose today or a later day."
TOO_LATE = "Sessions are not booked that far ahead. Choose {} or an earlier day."


@router.post("")
async def pause(
    request: Request, sent: Sent, backend: Asked, visitor: WebVisitor, plan_id: str
) -> Response:
    """Show what a pause from a day on cancels; pause the plan where that was seen as it is.

    The day begins on the clock that the page shows.
    """
    id_ = plan_id_of(plan_id)
    plan = await ask_plans(backend, visitor, GetPlan(plan_id=id_), PlanView)
    if plan.party is not Party.PRACTITIONER:
        raise NotFound("There is no such page.")
    if not plan.dates.may_pause:
        return redirect(request, f"/plans/{id_}", notice=NOTHING_BOOKED, kind="warn")
    shown = shown_zone(request, visitor)
    try:
        form = parsed(PauseForm, sent)
        from_at = _begin(form, plan, shown)
    except Flawed as flawed:
        return await show_plan(request, backend, visitor, id_, dict(sent), flawed.errors, 422)
    going = await _going(backend, visitor, plan, from_at)
    if form.seen != plan_pauses.as_sent(going) or plan_pauses.is_paused(plan, from_at):
        return await _asked(request, backend, visitor, plan, form, from_at, going)
    command = PausePlan(plan_id=id_, revision=form.revision, from_at=from_at)
    return await act(request, backend, visitor, id_, command, plan_pauses.done(len(going)))


def _begin(form: PauseForm, plan: PlanView, shown: ShownZone) -> datetime:
    """When the pause begins; raises Flawed for a day that is over, or after all that is booked."""
    from_at, until = datetime.combine(form.pause_from, time(), shown.info), plan.dates.pause_until
    if form.pause_from < utc_now().astimezone(shown.info).date():
        raise Flawed({"pause_from": PAST})
    if until is not None and from_at > until and not plan_pauses.is_paused(plan, from_at):
        last_on = until.astimezone(shown.info).date()
        raise Flawed({"pause_from": TOO_LATE.format(labels.full_date_label(last_on))})
    return from_at


async def _going(
    backend: Backend, visitor: Visitor, plan: PlanView, from_at: datetime
) -> list[BookingView]:
    """The sessions that the pause cancels, by start; raises ServiceUnavailable where that cannot be
    asked."""
    course = (await shown_course(backend, visitor.actor(plan.practice_id), plan)).course
    if course is None:
        raise ServiceUnavailable("The sessions cannot be asked for just now.")
    return [one for one in course.bookings if one.can_cancel and one.starts_at >= from_at]


async def _asked(
    request: Request,
    backend: Backend,
    visitor: Visitor,
    plan: PlanView,
    form: PauseForm,
    from_at: datetime,
    going: list[BookingView],
) -> Response:
    """What the pause cancels, and the button; once it was seen otherwise, that it has changed."""
    shown, is_changed = shown_zone(request, visitor), form.seen is not None
    context = plan_pauses.context(plan, from_at, going, shown, utc_now()) | {
        "who": await other_name(backend, visitor, plan),
        "action": f"/plans/{plan.id}/dates/pause",
        "back_url": f"/plans/{plan.id}",
        "revision": form.revision,
        "pause_from": form.pause_from.isoformat(),
        "is_changed": is_changed,
    }
    status = 409 if is_changed else 200
    return await page(request, "plan_pause.html", context, active="plans", status=status)
