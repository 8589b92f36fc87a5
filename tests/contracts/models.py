"""Every command, view and event of the contracts, and every refusal, found by looking."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from pydantic import BaseModel

import services.contracts
from services.common.errors import Refusal
from services.common.messages import Command, Event, View

#: Bases of others that are sent themselves as well.
ALSO_SENT = {"BookingView", "InvoiceSummary", "NoteLine", "PracticeTemplateLine", "SlotsView"}


def modules() -> list[str]:
    """The names of the contracts modules; one may be a package."""
    return sorted(found.name for found in pkgutil.iter_modules(services.contracts.__path__))


def models(module: str) -> dict[str, type[BaseModel]]:
    """What the module defines and sends; bases that only others extend are left out."""
    return {
        name: kind
        for part in _parts(module)
        for name, kind in vars(part).items()
        if inspect.isclass(kind)
        and kind.__module__ == part.__name__
        and issubclass(kind, Command | View)
        and not _is_a_base(kind)
    }


def _parts(module: str) -> list[ModuleType]:
    """The module, and those within it where it is a package."""
    whole = importlib.import_module(f"services.contracts.{module}")
    inner = pkgutil.iter_modules(getattr(whole, "__path__", []))
    return [whole, *(importlib.import_module(f"{whole.__name__}.{it.name}") for it in inner)]


def events() -> list[type[Event]]:
    """Every event of the house, by publisher and type."""
    found = {kind for module in modules() for kind in models(module).values()}
    kinds = [kind for kind in found if issubclass(kind, Event)]
    return sorted(kinds, key=lambda kind: (kind.publisher, kind.type))


def commands() -> list[type[Command]]:
    """Every command of the house, by name."""
    found = {kind for module in modules() for kind in models(module).values()}
    return sorted((kind for kind in found if issubclass(kind, Command)), key=str)


def refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every refusal that the kit and the contracts know; tests' own are left out."""
    for module in modules():
        _parts(module)
    for kind in base.__subclasses__():
        if kind.__module__.startswith("services."):
            yield kind
        yield from refusals(kind)


def _is_a_base(kind: type[BaseModel]) -> bool:
    if issubclass(kind, Event):
        return not kind.type
    is_extended = any(issubclass(other, kind) for other in kind.__subclasses__())
    return is_extended and kind.__name__ not in ALSO_SENT
