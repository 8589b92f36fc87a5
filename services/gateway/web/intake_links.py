"""Where pages lead to intake: from a booking, and from home."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.common.errors import Busy, NotFound
from services.contracts.booking.bookings import BookingView
from services.contracts.plans.intake import (
    GetIntakeState,
    IntakeState,
    IntakeStateView,
    ListOwnIntakes,
    OwnIntakesView,
)
from services.contracts.profiles.clients import GetOwnClient, OwnClientView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor
from services.gateway.web import labels, sessions
from services.gateway.web.access import Access
from services.gateway.web.roster import Roster
from services.gateway.web.zones import ShownZone

Context = dict[str, Any]
OPEN: Context = {
    "is_open": True,
    "text": "A few things to read and to answer, when you have a quiet moment.",
    "label": "Go on",
}
COMPLETE: Context = {
    "is_open": False,
    "text": "All is there. Thank you.",
    "label": "See what you signed",
}


async def intake_state(backend: Backend, access: Access) -> IntakeStateView | None:
    """Where the intake of who comes stands; None for who does not come themselves, and while
    plans is away, for a booking's page has more to tell."""
    try:
        asked = GetIntakeState(booking_id=access.booking_id)
        return await backend.ask(access.actor, asked, IntakeStateView)
    except (NotFound, Busy):
        return None


def intake_url(access: Access, seen: IntakeStateView | None) -> str | None:
    """Where the intake is answered, while something is asked still."""
    is_open = seen is not None and seen.state is IntakeState.OPEN
    return f"{access.base}/intake" if is_open else None


def intake_panel(access: Access, seen: IntakeStateView | None) -> Context | None:
    """What a booking's page says of intake; None where nothing is asked or can be done."""
    if seen is None or seen.state is IntakeState.NOT_ASKED:
        return None
    if seen.state is IntakeState.COMPLETE:
        return COMPLETE | {"url": f"{access.base}/intake"}
    is_late = not (seen.may_write or seen.is_given)
    return None if is_late else OPEN | {"url": f"{access.base}/intake"}


async def open_intakes(
    backend: Backend, visitor: Visitor, bookings: Sequence[BookingView]
) -> list[BookingView]:
    """Those that are firm and in a practice where something is asked of the person still; none
    while plans is away."""
    firm = [one for one in bookings if one.state in sessions.FIRM]
    practices = list(dict.fromkeys(one.practice_id for one in firm))
    if not practices:
        return []
    try:
        asked = ListOwnIntakes(practice_ids=practices)
        found = await backend.ask(visitor.actor(), asked, OwnIntakesView)
    except Busy:
        return []
    waiting = {one.practice_id for one in found.intakes if one.state is IntakeState.OPEN}
    return [one for one in firm if one.practice_id in waiting]


async def own_ids(
    backend: Backend, visitor: Visitor, bookings: Iterable[BookingView]
) -> set[UUID | None]:
    """The person's own records in these practices: who booked for another is not asked."""
    practices = dict.fromkeys(one.practice_id for one in bookings)
    return set(await asyncio.gather(*(_client_id(backend, visitor, one) for one in practices)))


def intake_to_dos(
    bookings: Sequence[BookingView], cards: Roster, shown: ShownZone, now: datetime
) -> list[Context]:
    """What is asked before the next of these sessions in each practice, with when it is due."""
    first = {one.practice_id: one for one in reversed(bookings)}
    return [_to_do(one, cards, shown, now) for one in first.values()]


async def _client_id(backend: Backend, visitor: Visitor, practice_id: UUID) -> UUID | None:
    try:
        asked = GetOwnClient(practice_id=practice_id)
        return (await backend.ask(visitor.actor(practice_id), asked, OwnClientView)).id
    except (NotFound, Busy):
        return None


def _to_do(booking: BookingView, cards: Roster, shown: ShownZone, now: datetime) -> Context:
    card = cards.get(booking.practitioner_id)
    due = labels.moment_label(booking.starts_at, shown.info, now)
    who = f" with {card.name}" if card else ""
    return {
        "label": "Before your session",
        "detail": f"A few things to read and to answer, until your session{who}: {due}.",
        "url": f"/bookings/{booking.id}/intake",
        "action_label": "Go on",
    }
