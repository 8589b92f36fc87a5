"""The real services on real servers, as the integration tests have them."""

from collections.abc import Callable, Iterator

import pytest
from redis import Redis

from deploy.local.names import SERVICES
from deploy.local.stack import Stack
from tests.integration.conftest import (
    caller,
    database,
    exchanges,
    migrate,
    server_names,
    servers,
    serving,
)
from tests.integration.mailbox.running import Mailbox
from tests.security.holding import play, redis_url

__all__ = [
    "caller",
    "database",
    "exchanges",
    "migrate",
    "play",
    "redis_url",
    "server_names",
    "servers",
    "serving",
]


@pytest.fixture(scope="session")
def house(serving: Callable[..., None], servers: Stack) -> Stack:
    """Every service of the house, at work."""
    for service in SERVICES:
        serving(service)
    return servers


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailbox]:
    """What was sent, in a process of its own."""
    running = Mailbox(tmp_path_factory.mktemp("mailbox")).start()
    yield running
    running.end()


@pytest.fixture(scope="session")
def redis(servers: Stack) -> Iterator["Redis"]:
    """Redis with all that lies in it."""
    with Redis.from_url(servers.redis_url, decode_responses=True) as client:
        yield client
