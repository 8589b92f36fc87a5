"""pytest fixtures for suites that need servers or the product; import what you use.

    from deploy.local.fixtures import product, server_stack

Both join the stack that ATTUNE_TEST_STACK names (the run directory of a running `make run`, or of
another suite), and start their own otherwise.
"""

from collections.abc import Iterator

import pytest

from deploy.local.product import Product, running_product
from deploy.local.servers import joined_stack, running_servers
from deploy.local.stack import Stack


@pytest.fixture(scope="session")
def server_stack() -> Iterator[Stack]:
    """PostgreSQL, RabbitMQ and Redis with users, roles and schemas; no applications."""
    joined = joined_stack()
    if joined is not None:
        yield joined
        return
    with running_servers() as servers:
        yield servers.stack


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product, ready."""
    with running_product() as running:
        yield running
