"""What route functions ask for: the backend, the visitor, the form's guards."""

from typing import Annotated

from fastapi import Depends, Request

from services.common.errors import InvalidInput
from services.gateway.backend import Backend
from services.gateway.config import GatewayConfig
from services.gateway.visitors import Doorkeeper, Visitor


def _backend(request: Request) -> Backend:
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


async def _bearer(request: Request) -> Visitor:
    return await _doorkeeper(request).bearer(request)


Asked = Annotated[Backend, Depends(_backend)]
Settings = Annotated[GatewayConfig, Depends(_settings)]
Door = Annotated[Doorkeeper, Depends(_doorkeeper)]
WebVisitor = Annotated[Visitor, Depends(visitor_of)]
ApiVisitor = Annotated[Visitor, Depends(_bearer)]


async def limit_bookings(request: Request) -> None:
    """At most so many holds and changes a minute from one network address."""
    settings = _settings(request)
    await request.app.state.limits.count("book", address_of(request), settings.bookings_per_minute)


def address_of(request: Request) -> str:
    """The network address that asks, as the server in front saw it."""
    if request.client is None:
        raise InvalidInput("No address.", {"address": "unknown"})
    return request.client.host
