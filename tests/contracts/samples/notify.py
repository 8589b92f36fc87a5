"""Samples of what notify offers."""

from pydantic import BaseModel

from services.contracts.notify import LinksRevoked, LinkView, ResolveLink, RevokeLinks
from tests.contracts.samples.values import BOOKING, CLIENT, KEY, LATER, PRACTICE

COMMANDS: list[BaseModel] = [ResolveLink(link_key=KEY), RevokeLinks(booking_id=BOOKING)]

VIEWS: list[BaseModel] = [
    LinkView(booking_id=BOOKING, practice_id=PRACTICE, client_id=CLIENT, expires_at=LATER),
    LinksRevoked(count=2),
]
