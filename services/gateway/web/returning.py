"""Who has been with a practice before: what they typed last there, and what they agreed to.

Consent is asked for once for each practice and version of the words (GDPR, article 7(1): kept
with its moment). Staff book for others, so they are asked each time, and so is who comes under
another name than before.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.common.errors import NotFound
from services.contracts.profiles import BOOKING_WORDS, GetOwnClient, OwnClientView
from services.gateway.backend import Backend
from services.gateway.visitors import Visitor


async def known_client(
    backend: Backend, visitor: Visitor, practice_id: UUID
) -> OwnClientView | None:
    """The visitor's own record in the practice; None for guests, newcomers and its staff."""
    actor = visitor.actor(practice_id)
    if visitor.login is None or actor.roles:
        return None
    try:
        return await backend.ask(actor, GetOwnClient(practice_id=practice_id), OwnClientView)
    except NotFound:
        return None


def agreed_at(known: OwnClientView | None, name: str) -> datetime | None:
    """When who comes under this name agreed to the words that the booking page shows now."""
    if known is None or known.agreed_to != BOOKING_WORDS:
        return None
    # As profiles has it: under another name somebody else comes.
    return known.agreed_at if known.name.casefold() == name.strip().casefold() else None


async def with_consent(
    backend: Backend, visitor: Visitor, sent: Mapping[str, str]
) -> dict[str, str]:
    """What was sent, the tick added for who was not asked for it because it is remembered.

    The server looks it up anew: a form cannot say by itself that somebody agreed before.
    """
    if sent.get("consent") or visitor.login is None:
        return dict(sent)
    try:
        practice_id = UUID(sent.get("practice", ""))
    except ValueError:
        return dict(sent)
    known = await known_client(backend, visitor, practice_id)
    is_given = agreed_at(known, sent.get("name", "")) is not None
    return dict(sent) | ({"consent": "yes"} if is_given else {})
