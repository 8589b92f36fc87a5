"""What a client's ending of a plan costs: the sessions that are too near to be given back whole."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import NotFound, ServiceUnavailable
from services.contracts.booking.bookings import (
    BookingView,
    CancellationPreview,
    PreviewCancellation,
)
from services.contracts.booking.planned import PlannedCourseView
from services.contracts.booking.refusals import NotCancellable, TermsChanged
from services.contracts.plans.commands import GetPlan
from services.contracts.plans.content import Move, Party
from services.contracts.plans.views import PlanView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import labels
from services.gateway.web.plan_course import shown_course
from services.gateway.web.terms import share_words
from services.gateway.web.treating import ask_plans
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
WHOLE = 100


async def costs(
    backend: Backend,
    actor: Actor,
    plan: PlanView,
    course: PlannedCourseView | None,
    now: datetime,
) -> list[CancellationPreview]:
    """The sessions of which not everything comes back, by start; for a client who may end it.

    Only those are asked for whose free time has passed.
    """
    if plan.party is not Party.CLIENT or Move.END not in plan.may or course is None:
        return []
    near = [one for one in course.bookings if one.can_cancel and not _is_free(one, now)]
    found = await asyncio.gather(*(_preview(backend, actor, one) for one in near))
    return [one for one in found if one is not None and one.refund_percent < WHOLE]


def context(found: Sequence[CancellationPreview], shown: ShownZone, now: datetime) -> Context:
    """Each of them in words, and all as the form sends them back."""
    return {
        "lines": [_line(one, shown, now) for one in found],
        "seen": _as_sent(found),
    }


async def check_seen(backend: Backend, visitor: Visitor, plan_id: UUID, seen: str) -> None:
    """Raises TermsChanged unless ending costs a client what they saw, and ServiceUnavailable where
    that cannot be asked; a practitioner's ending costs nobody anything."""
    plan = await ask_plans(backend, visitor, GetPlan(plan_id=plan_id), PlanView)
    if plan.party is not Party.CLIENT or Move.END not in plan.may:
        return
    actor = visitor.actor(plan.practice_id)
    course = (await shown_course(backend, actor, plan)).course
    if course is None and plan.dates.current and plan.dates.course_ids:
        raise ServiceUnavailable("The sessions cannot be asked for just now.")
    found = await costs(backend, actor, plan, course, utc_now())
    if _as_sent(found) != seen:
        raise TermsChanged("What is owed has changed since you saw it.")


def _as_sent(found: Sequence[CancellationPreview]) -> str:
    return ",".join(f"{one.booking.id}:{one.refund_percent}" for one in found)


def _is_free(booking: BookingView, now: datetime) -> bool:
    return booking.free_until is not None and now < booking.free_until


async def _preview(
    backend: Backend, actor: Actor, booking: BookingView
) -> CancellationPreview | None:
    """What cancelling it gives back now; None where it was given back meanwhile."""
    with suppress(NotCancellable, NotFound):
        asked = PreviewCancellation(booking_id=booking.id)
        return await backend.ask(actor, asked, CancellationPreview)
    return None


def _line(one: CancellationPreview, shown: ShownZone, now: datetime) -> str:
    at = labels.moment_label(one.booking.starts_at, shown.info, now)
    if one.booking.is_on_account:
        return f"{at}: the practice may ask for {share_words(WHOLE - one.refund_percent)}."
    return f"{at}: {share_words(one.refund_percent)} comes back."
