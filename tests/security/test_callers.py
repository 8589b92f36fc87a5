"""Who may call what is a committed table; a method that is not in it fails the build."""

import json
from pathlib import Path

import pytest

from deploy.local.names import SIGNERS
from tests.contracts.models import commands
from tests.contracts.surface import Method, methods

TABLE = Path(__file__).with_name("callers.json")
METHODS = methods()
OF_EVERY_SERVICE = {"answer_together", "check_health"}


def matrix(found: list[Method]) -> dict[str, list[str]]:
    """Each method with the services that may call it."""
    return {f"{one.service}.{one.name}": sorted(one.by) for one in found}


def listed() -> dict[str, list[str]]:
    """The table as it was committed."""
    table: dict[str, list[str]] = json.loads(TABLE.read_text())
    return table


def test_every_method_is_listed_with_exactly_its_callers() -> None:
    """A wider `by` is a decision that somebody sees."""
    assert matrix(METHODS) == listed()


@pytest.mark.parametrize("by", [frozenset({"gateway", "plans"}), frozenset()])
def test_a_method_with_other_callers_is_found(by: frozenset[str]) -> None:
    """The twin: one more caller, or none."""
    first, *others = METHODS
    changed = Method(first.service, first.name, by, first.command)
    assert matrix([changed, *others]) != listed()


@pytest.mark.parametrize("method", METHODS, ids=lambda one: f"{one.service}.{one.name}")
def test_callers_are_parts_of_the_house(method: Method) -> None:
    """A name with a typing error would shut out its caller; an empty list everybody."""
    assert method.by
    assert method.by <= set(SIGNERS) - {method.service}


@pytest.mark.parametrize("method", METHODS, ids=lambda one: f"{one.service}.{one.name}")
def test_a_method_takes_the_command_of_its_name(method: Method) -> None:
    """`GetBooking` of booking's contracts is `booking.get_booking`: callers rely on it."""
    words = "".join(word.capitalize() for word in method.name.split("_"))
    assert method.command.__name__ == words
    if method.name not in OF_EVERY_SERVICE:
        assert method.command.__module__.split(".")[:3] == ["services", "contracts", method.service]


def test_every_command_has_its_method() -> None:
    """Nothing is promised that nobody does."""
    offered = {method.command for method in METHODS}
    assert [kind.__name__ for kind in commands() if kind not in offered] == []
