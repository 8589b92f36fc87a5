"""Servers as for the integration tests, and a database with a connection for each racer."""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.stack import Stack
from services.common.database import Database
from tests.races.billing.paid import Paid

RACERS = 16


@pytest.fixture(scope="session")
def race_database(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Database]:
    migrate("billing")
    opened = Database(servers.database_url("billing"), pool_size=RACERS)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def paid(race_database: Database) -> Paid:
    """A payment of 90 € in a practice of its own."""
    return Paid.of(race_database)
