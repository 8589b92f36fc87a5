"""Who a booking is with: practitioners by id, whether or not they can be booked at present."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.contracts.booking.bookings import BookingView
from services.contracts.profiles.directory import (
    ListPractitioners,
    PractitionerName,
    PractitionersView,
)
from services.gateway.backend import Backend
from services.gateway.web.people import person, tone

Context = dict[str, Any]
MOST = 100
"""As many ids as one call takes."""
Roster = dict[UUID, PractitionerName]


async def of_bookings(backend: Backend, bookings: Iterable[BookingView]) -> Roster:
    """Whom these bookings of one page are with, asked for in one call; by id."""
    return await of_ids(backend, (one.practitioner_id for one in bookings))


async def of_ids(backend: Backend, practitioner_ids: Iterable[UUID]) -> Roster:
    """These practitioners, asked for in one call; by id."""
    ids = list(dict.fromkeys(practitioner_ids))[:MOST]
    if not ids:
        return {}
    asked = ListPractitioners(practitioner_ids=ids)
    found = await backend.ask(Actor(), asked, PractitionersView)
    return {one.id: one for one in found.practitioners}


def named(card: PractitionerName | None, practitioner_id: UUID) -> Context:
    """The person of a page, also where they are not published any more."""
    if card is not None:
        return person(card)
    return {
        "name": "your practitioner",
        "title": "",
        "url": None,
        "photo_url": None,
        "initials": "",
        "tone": tone(practitioner_id),
        "is_verified": False,
        "verified_label": "",
    }
