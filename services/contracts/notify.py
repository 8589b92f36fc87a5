"""What notify offers: links in mails; it hears of everything else by events."""

from uuid import UUID

from services.common.errors import Refusal
from services.common.messages import Command, Instant, View
from services.contracts.base import Key


class ResolveLink(Command):
    """Whom a mail's link stands for; the gateway hashes the token first."""

    link_key: Key


class LinkView(View):
    """A living link, bound to one booking."""

    booking_id: UUID
    practice_id: UUID
    client_id: UUID
    expires_at: Instant


class LinkUnknown(Refusal):
    """The link is unknown, revoked or past its time."""


class RevokeLinks(Command):
    """End every link of a booking, as when a mail went astray; later mails bring new ones."""

    booking_id: UUID


class LinksRevoked(View):
    """How many living links have ended."""

    count: int
