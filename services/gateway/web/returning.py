"""Who has been with a practice before: what they typed last there, and what they agreed to.

Consent is asked for once for each practice and version of the words (GDPR, article 7(1): kept
with its moment). Staff book for others, so they are asked each time, and so is who says that
somebody else comes.
"""

from collections.abc import Mapping
from uuid import UUID

from services.contracts.profiles.clients import OwnClientView
from services.gateway.backend import Backend
from services.gateway.forms.booking import Comes
from services.gateway.visitors import Visitor
from services.gateway.wishes import agreed_at, own_client


async def known_client(
    backend: Backend, visitor: Visitor, sent: Mapping[str, str]
) -> OwnClientView | None:
    """The record of who sends a checkout form, where it is they who come and are known there."""
    try:
        practice_id = UUID(sent.get("practice", ""))
    except ValueError:
        return None
    if sent.get("comes") == Comes.ANOTHER:
        return None
    return await own_client(backend, visitor, practice_id)


def with_consent(sent: Mapping[str, str], known: OwnClientView | None) -> dict[str, str]:
    """What was sent, the tick added for who was not asked for it because it is remembered.

    A form cannot say by itself that somebody agreed before, and what it says stays as it was sent.
    """
    is_remembered = not sent.get("consent") and agreed_at(known) is not None
    return dict(sent) | ({"consent": "yes"} if is_remembered else {})
