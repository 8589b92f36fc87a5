"""All five schemas, migrated; connections that may look at everything."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from deploy.local import database_roles
from deploy.local.names import SERVICES
from deploy.local.stack import Stack
from services.common.database import driver_url


@pytest.fixture(scope="session")
def server_names() -> tuple[str, ...]:
    """The database alone."""
    return ("postgres",)


@pytest.fixture(scope="session")
def administrator(servers: Stack, migrate: Callable[[str], None]) -> Iterator[Engine]:
    """The database's own administrator, to lay rows out and to take walls down for a while."""
    for service in SERVICES:
        migrate(service)
    engine = create_engine(driver_url(database_roles.target_url(servers)))
    yield engine
    engine.dispose()


@pytest.fixture
def scratch(administrator: Engine) -> Iterator[Connection]:
    """A transaction that leaves no trace; foreign keys and triggers sleep in it."""
    with administrator.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.rollback()
