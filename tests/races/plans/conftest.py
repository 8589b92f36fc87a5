"""Servers as for the integration tests, and plans' database with a connection for each racer."""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.stack import Stack
from services.common.database import Database
from tests.integration.plans.desk import Desk
from tests.integration.plans.note_desk import NoteDesk
from tests.races.booking.racing import RACERS


@pytest.fixture(scope="session")
def race_database(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Database]:
    migrate("plans")
    opened = Database(servers.database_url("plans"), pool_size=RACERS)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def notes(race_database: Database) -> NoteDesk:
    """A practitioner's desk; its client has a chart already."""
    found = NoteDesk(Desk(race_database))
    found.start(kind="private")
    return found
