"""The migrated database of plans; each test has a practice of its own."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from deploy.local.stack import Stack
from services.common.database import Database
from tests.integration.plans.desk import Desk, forget_keys


@pytest.fixture
def desk(database: Callable[[str], Database]) -> Desk:
    """A practitioner and a client; charts of earlier tests are out of the way of their keys."""
    opened = database("plans")
    forget_keys(opened)
    return Desk(opened)


@pytest.fixture
def owner(desk: Desk, servers: Stack) -> Iterator[Desk]:
    """The same practice as the owner of the tables sees it, who may change every row."""
    opened = Database(servers.database_url("owner"), pool_size=1)
    yield replace(desk, database=opened)
    opened.engine.dispose()
