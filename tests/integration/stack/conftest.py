"""Servers of our own: these tests kill and restart them, so they never join a running stack."""

from collections.abc import Iterator

import pytest

from deploy.local.servers import Servers, running_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL, RabbitMQ and Redis as the product has them."""
    with running_servers() as running:
        yield running
