"""Exercises beside a session, for its practitioner: what was tried, and what was rehearsed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.common.auth import Actor
from services.common.errors import Busy, NotFound
from services.contracts.plans.beside import (
    GetSessionExercises,
    SessionExercise,
    SessionExercises,
)
from services.contracts.plans.refusals import MoveRefused
from services.contracts.plans.rehearsals import MarkRehearsed
from services.gateway.asking import Asked, limit_bookings
from services.gateway.backend import Backend
from services.gateway.forms.plans import RehearsedForm
from services.gateway.forms.reading import STALE, Flawed, Sent, parsed
from services.gateway.web import plan_context
from services.gateway.web.access import Granted, booking_of
from services.gateway.web.page import redirect
from services.gateway.web.treating import ask_each
from services.gateway.web.zones import ShownZone

pages = APIRouter()
Context = dict[str, Any]
REHEARSED = "Marked as rehearsed. Your client reads it beside the exercise."
TAKEN_BACK = "The mark is taken back."
NOT_NOW = "Exercises are rehearsed in a session that has begun, while the plan holds."


async def exercises_of(
    backend: Backend, actors: Sequence[Actor], booking_id: UUID
) -> SessionExercises | None:
    """Exercises as they matter in the session; None where no plan holds, or plans are away."""
    asked = GetSessionExercises(booking_id=booking_id)
    try:
        return await ask_each(backend, actors, asked, SessionExercises)
    except (Busy, NotFound):
        return None


def exercises_context(
    told: SessionExercises, base: str | None, shown: ShownZone, now: datetime
) -> Context:
    """What was tried since the last session, and each exercise with its mark; without the `base`
    of the session's page to be read alone."""
    return {
        "action": f"{base}/rehearsed" if base else None,
        "plan_url": f"/plans/{told.plan_id}",
        "since": plan_context.day(told.since, shown, now) if told.since else None,
        "entries": [plan_context.entry(one, shown, now) for one in told.entries],
        "exercises": [_exercise(one, shown, now) for one in told.exercises],
        "may_mark": told.may_mark,
    }


@pages.post("/rehearsed", dependencies=[Depends(limit_bookings)])
async def mark_rehearsed(request: Request, sent: Sent, backend: Asked, access: Granted) -> Response:
    """Mark an exercise as rehearsed in this session, or take that back."""
    try:
        form = parsed(RehearsedForm, sent)
        command = MarkRehearsed(
            booking_id=access.booking_id,
            exercise_id=form.exercise,
            is_rehearsed=form.is_rehearsed,
        )
        await backend.ask(access.actor, command, SessionExercises)
    except MoveRefused:
        return redirect(request, access.base, notice=NOT_NOW, kind="warn")
    except Flawed:
        # Booking says first whether there is such a session for who asks.
        await booking_of(backend, access)
        return redirect(request, access.base, notice=STALE, kind="warn")
    notice = REHEARSED if form.is_rehearsed else TAKEN_BACK
    return redirect(request, f"{access.base}#exercises", notice=notice)


def _exercise(one: SessionExercise, shown: ShownZone, now: datetime) -> Context:
    return {
        "id": str(one.exercise.id),
        "situation": one.exercise.situation,
        "new_way": one.exercise.new_way,
        "is_rehearsed": one.is_rehearsed,
        "rehearsed": plan_context.day(one.rehearsed_at, shown, now) if one.rehearsed_at else None,
    }
