"""Marks of intake on the staff's pages: whether all is there, and where it is read and kept."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.common.errors import Busy
from services.contracts.booking.bookings import BookingView
from services.contracts.plans.intake import IntakeState, IntakeStatesView, ListIntakeStates
from services.contracts.profiles.accounts import Membership, Role
from services.gateway.backend import Backend
from services.gateway.web import intake_context

Context = dict[str, Any]
States = dict[UUID, IntakeState]
MOST = 100
"""As many ids as one call takes."""
#: What is missing stands out; what is there keeps quiet.
MARKS = intake_context.STATES | {
    IntakeState.COMPLETE: {"kind": "", "label": "Intake complete"},
}
KEEPERS = frozenset({Role.OWNER, Role.ADMIN})


async def states(backend: Backend, actor: Actor, client_ids: Iterable[UUID]) -> States:
    """Where the intake of these clients stands; of none while plans is away, for a day has more
    to tell."""
    ids = list(dict.fromkeys(client_ids))[:MOST]
    if not ids:
        return {}
    try:
        found = await backend.ask(actor, ListIntakeStates(client_ids=ids), IntakeStatesView)
    except Busy:
        return {}
    return {one.client_id: one.state for one in found.states}


def mark(booking: BookingView, state: IntakeState | None, *, is_own: bool) -> Context | None:
    """The mark beside a session; who treats the client finds the answers behind it."""
    told = MARKS.get(state) if state else None
    url = client_intake_url(booking.practice_id, booking.client_id)
    return told and told | {"url": url if is_own else None}


def client_intake_url(practice_id: UUID, client_id: UUID) -> str:
    """Where a client's intake is read."""
    return f"/practices/{practice_id}/clients/{client_id}/intake"


def kept(memberships: Iterable[Membership]) -> list[Context]:
    """What clients are asked in the practices whose form somebody keeps."""
    return [
        {"label": one.practice_name, "url": f"/practices/{one.practice_id}/intake"}
        for one in memberships
        if KEEPERS.intersection(one.roles)
    ]
