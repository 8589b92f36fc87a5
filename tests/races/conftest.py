"""A database for the races within one service, as the integration tests have it."""

import pytest

from tests.integration.conftest import database, migrate, servers

__all__ = ["database", "migrate", "servers"]


@pytest.fixture(scope="session")
def server_names() -> tuple[str, ...]:
    """The database alone."""
    return ("postgres",)
