"""A client's intake for the practitioner who treats them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.common.auth import Actor
from services.common.clock import utc_now
from services.common.errors import Forbidden, NotFound
from services.contracts.plans.intake import (
    ClientIntakeView,
    GetClientIntake,
)
from services.gateway.asking import Asked, WebVisitor
from services.gateway.backend import Backend
from services.gateway.web import intake_context
from services.gateway.web.day_desk import today_url
from services.gateway.web.intake_setup import setup_url
from services.gateway.web.page import page
from services.gateway.web.treating import client_names
from services.gateway.web.zones import shown_zone

router = APIRouter(prefix="/practices/{practice_id}/clients/{client_id}/intake")
Context = dict[str, Any]


@router.get("")
async def client_intake_page(
    request: Request, backend: Asked, visitor: WebVisitor, practice_id: UUID, client_id: UUID
) -> Response:
    """What the client answered and signed; who does not treat them finds nothing here."""
    visitor.require_login()
    actor = visitor.actor(practice_id)
    if "practitioner" not in actor.roles:
        raise NotFound("There is no such client.")
    seen = await _intake(backend, actor, client_id)
    names = await client_names(backend, actor, [client_id])
    now, shown = utc_now(), shown_zone(request, visitor)
    context = {
        "back_url": today_url(visitor, practice_id),
        "client_name": names.get(client_id, "Client"),
        "status": intake_context.STATES.get(seen.state),
        "given": [intake_context.given(one, shown, now) for one in seen.given],
        "consents": [intake_context.consent(one, "", shown, now) for one in seen.consents],
        "zone_label": shown.name,
        "setup_url": setup_url(practice_id) if seen.may_keep_form else None,
    }
    return await page(request, "client_intake.html", context, active="today")


async def _intake(backend: Backend, actor: Actor, client_id: UUID) -> ClientIntakeView:
    try:
        return await backend.ask(actor, GetClientIntake(client_id=client_id), ClientIntakeView)
    except Forbidden:
        raise NotFound("There is no such client.") from None
