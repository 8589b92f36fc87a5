"""What every service offers and hears, found by looking at its class."""

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR

from deploy.local.names import SERVICES
from services.common.events import Handles
from services.common.messages import Command, Event
from services.common.rpc.server import Rpc
from services.common.serve import service_class


@dataclass(frozen=True, slots=True)
class Method:
    """A method that may be called, and by whom."""

    service: str
    name: str
    by: frozenset[str]
    command: type[Command]


@dataclass(frozen=True, slots=True)
class Consumer:
    """A handler of a service: the queue it hears on, and the class that its body names."""

    service: str
    name: str
    publisher: str
    event_type: str
    kind: type[Event]
    run: Callable[..., None]

    @property
    def queue(self) -> str:
        return f"evt-{self.publisher}-{self.event_type}--{self.service}.{self.name}"


def methods() -> list[Method]:
    """Every method of every service."""
    return [
        Method(service, name, entrypoint.by, entrypoint.command)
        for service, name, _, entrypoint in _entrypoints(Rpc)
    ]


def consumers() -> list[Consumer]:
    """Every handler of every service."""
    return [
        Consumer(
            service,
            name,
            entrypoint.source_service,
            entrypoint.event_type,
            typing.get_type_hints(inspect.unwrap(function))["event"],
            function,
        )
        for service, name, function, entrypoint in _entrypoints(Handles)
    ]


def _entrypoints(kind: type[Any]) -> Iterator[tuple[str, str, Callable[..., Any], Any]]:
    for service in SERVICES:
        for name, function in inspect.getmembers(service_class(service), inspect.isfunction):
            for entrypoint in getattr(function, ENTRYPOINT_EXTENSIONS_ATTR, ()):
                if isinstance(entrypoint, kind):
                    yield service, name, function, entrypoint
