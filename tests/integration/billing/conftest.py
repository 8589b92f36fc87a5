"""The twin once for all of billing's tests; a world of its own for each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.common.database import Database
from tests.integration.billing.desk import MoneyDesk
from tests.integration.billing.twin import Twin, running_twin, webhook_door
from tests.integration.billing.world import World


@pytest.fixture(scope="session")
def server_names() -> tuple[str, ...]:
    """The database alone."""
    return ("postgres",)


@pytest.fixture(scope="session")
def billing(database: Callable[[str], Database]) -> Database:
    """Billing's migrated database, as its runtime role."""
    return database("billing")


@pytest.fixture(scope="session")
def shared_twin(billing: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    place: Path = tmp_path_factory.mktemp("twin")
    with webhook_door(billing) as door, running_twin(place, door) as twin:
        yield twin


@pytest.fixture
def twin(shared_twin: Twin) -> Iterator[Twin]:
    """The twin without faults."""
    yield shared_twin
    shared_twin.heal()


@pytest.fixture
def make_world(billing: Database, twin: Twin) -> Callable[..., World]:
    """A practice, connected, with a price and a held booking."""

    def make(**settings: Any) -> World:
        return World(billing, twin, **settings)

    return make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def desk(world: World) -> MoneyDesk:
    """A practice in Berlin that has said who it is on an invoice."""
    made = MoneyDesk(world)
    made.settle()
    return made
