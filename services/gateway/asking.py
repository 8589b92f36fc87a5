"""What route functions ask for: the backend, the visitor, the form's guards."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from services.common.auth import Actor
from services.common.errors import InvalidInput
from services.gateway.backend import Backend
from services.gateway.config import GatewayConfig
from services.gateway.limits import DAY, Tally
from services.gateway.networks import network_of
from services.gateway.visitors import Doorkeeper, Visitor

KEPT_PER_MINUTE = 120
TOKEN = HTTPBearer(
    scheme_name="token",
    description=(
        "`Authorization: Bearer …` with the token of a login (`POST /api/v1/logins`) or, for a "
        "guest, of a booking (`POST /api/v1/bookings`). Cookies do not count here."
    ),
    auto_error=False,
)
"""For the OpenAPI document; the doorkeeper reads the header and refuses what is none of ours."""


# Coroutines, although they wait for nothing: of anything else FastAPI asks a thread.
async def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


def _settings(request: Request) -> GatewayConfig:
    settings: GatewayConfig = request.app.state.settings
    return settings


def _doorkeeper(request: Request) -> Doorkeeper:
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    return doorkeeper


async def visitor_of(request: Request) -> Visitor:
    """Who sends this web request, looked up once: routes and the frame of the page ask for it."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = request.state.visitor = await _doorkeeper(request).visitor(request)
    return known


async def _bearer(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(TOKEN)]
) -> Visitor:
    return await _doorkeeper(request).bearer(request)


async def _told(request: Request) -> GatewayConfig:
    return _settings(request)


async def _door(request: Request) -> Doorkeeper:
    return _doorkeeper(request)


Asked = Annotated[Backend, Depends(_backend)]
Settings = Annotated[GatewayConfig, Depends(_told)]
Door = Annotated[Doorkeeper, Depends(_door)]
WebVisitor = Annotated[Visitor, Depends(visitor_of)]
ApiVisitor = Annotated[Visitor, Depends(_bearer)]


async def limit_bookings(request: Request) -> None:
    """At most so many holds and changes a minute from one network address."""
    settings = _settings(request)
    await request.app.state.limits.count("book", address_of(request), settings.bookings_per_minute)


async def limit_keeping(request: Request) -> None:
    """At most so many drafts a minute from one network address: a script keeps what is typed."""
    await request.app.state.limits.count("keep", address_of(request), KEPT_PER_MINUTE)


async def count_change(request: Request, actor: Actor, booking_id: UUID) -> None:
    """At most so many moves of a booking in a day by one who may move it: each writes to people.

    Counted apart for each actor, or a stranger could use up the moves of whose id they know.
    """
    subject = f"{booking_id}:{actor.kind}:{actor.account_id}"
    most = _settings(request).changes_per_day
    await request.app.state.limits.count("change", subject, most, DAY)


def tally_of(request: Request) -> Tally:
    """The holds of whoever sends this request."""
    return Tally(request.app.state.holds, address_of(request), _settings(request))


async def _tally(request: Request) -> Tally:
    return tally_of(request)


Counted = Annotated[Tally, Depends(_tally)]


def address_of(request: Request) -> str:
    """The network address that asks, as the server in front saw it, for limits."""
    if request.client is None:
        raise InvalidInput("No address.", {"address": "unknown"})
    return network_of(request.client.host)
