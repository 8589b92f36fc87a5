"""Servers of our own: these tests kill and restart them, so they never join a running stack."""

from collections.abc import Iterator

import pytest

from deploy.local.servers import Servers, running_servers


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: left out of the short form of the suites")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL, RabbitMQ and Redis as the product has them."""
    with running_servers() as running:
        yield running
