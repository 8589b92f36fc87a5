"""Who a booking is with: practitioners by id, as the directory lists them now.

profiles has no question for practitioners by id yet, so the directory's first page is read: it
names up to 50. Pages stay calm about who is not among them.
"""

from typing import Any
from uuid import UUID

from services.common.auth import Actor
from services.contracts.profiles import DirectoryPage, PractitionerCard, SearchDirectory
from services.gateway.backend import Backend
from services.gateway.web.people import person, tone

MOST = 50
Context = dict[str, Any]
Roster = dict[UUID, PractitionerCard]


async def listed(backend: Backend) -> dict[UUID, PractitionerCard]:
    """The practitioners that the directory names, by id."""
    found = await backend.ask(Actor(), SearchDirectory(limit=MOST), DirectoryPage)
    return {card.practitioner_id: card for card in found.practitioners}


def named(card: PractitionerCard | None, practitioner_id: UUID) -> Context:
    """The person of a page, also where the directory does not name them."""
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
