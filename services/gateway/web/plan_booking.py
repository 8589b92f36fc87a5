"""Agreeing to dates: the page waits some seconds for what booking makes of them.

The wait asks for the dates alone, so that it is no look into the client's record.
"""

import asyncio
from typing import Literal
from uuid import UUID

from fastapi import Request, Response

from services.common.errors import ServiceUnavailable
from services.common.messages import Command
from services.contracts.plans.courses import CourseState, GetDates, PlanCourses
from services.contracts.plans.refusals import MoveRefused, PlanChanged
from services.contracts.plans.views import PlanView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web.page import redirect
from services.gateway.web.plans import show_plan
from services.gateway.web.treating import ask_plans

WAIT_SECONDS = 5.0
PAUSE_SECONDS = 0.25
CHANGED = "The plan or its dates were changed in the meantime. This is how they stand now."
Notice = tuple[str, Literal["good", "warn", "info"]]
OUTCOMES: dict[CourseState, Notice] = {
    CourseState.BOOKED: ("You have both agreed, and all sessions are booked.", "good"),
    CourseState.REFUSED: ("You have both agreed, but some dates have just gone.", "warn"),
}
UNDER_WAY: Notice = ("You have both agreed. The sessions are being booked.", "info")


async def agree(
    request: Request, backend: Backend, visitor: Visitor, plan_id: UUID, command: Command
) -> Response:
    """Agree, wait for the booking, and lead back to the plan with what became of it."""
    try:
        await ask_plans(backend, visitor, command, PlanView)
    except (MoveRefused, PlanChanged):
        return await show_plan(request, backend, visitor, plan_id, {}, {"form": CHANGED}, 409)
    notice, kind = await _outcome(backend, visitor, plan_id)
    return redirect(request, f"/plans/{plan_id}", notice=notice, kind=kind)


async def _outcome(backend: Backend, visitor: Visitor, plan_id: UUID) -> Notice:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            return await _settled(backend, visitor, plan_id)
    except (TimeoutError, ServiceUnavailable):
        return UNDER_WAY


async def _settled(backend: Backend, visitor: Visitor, plan_id: UUID) -> Notice:
    asked = GetDates(plan_id=plan_id)
    while True:
        current = (await ask_plans(backend, visitor, asked, PlanCourses)).current
        if current is None or current.state is not CourseState.AGREED:
            return OUTCOMES.get(current.state, UNDER_WAY) if current else UNDER_WAY
        await asyncio.sleep(PAUSE_SECONDS)
