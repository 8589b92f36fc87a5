"""Servers as for the integration tests, and a database with a connection for each racer."""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.stack import Stack
from services.common.database import Database
from tests.integration.booking.practice import Practice

RACERS = 16


@pytest.fixture(scope="session")
def race_database(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Database]:
    migrate("booking")
    opened = Database(servers.database_url("booking"), pool_size=RACERS)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def practice(race_database: Database) -> Practice:
    return Practice(race_database).open()
